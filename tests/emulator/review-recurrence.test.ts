import assert from "node:assert/strict";
import { occurrence, type Recurrence } from "../../src/emulator/reviews/recurrence";

describe("occurrence", () => {
  const startAt = Date.parse("2026-01-31T08:00:00Z");
  const once: Recurrence = { startAt, every: null, endAt: null, count: null };
  const starts = (recurrence: Recurrence, count = 4) =>
    Array.from({ length: count }, (_, index) => occurrence(recurrence, index)).map((at) =>
      at === null ? null : new Date(at).toISOString().slice(0, 10),
    );

  it("is one without a pattern", () => {
    assert.deepEqual(starts(once, 2), ["2026-01-31", null]);
  });

  it("comes each number of weeks", () => {
    const every = { unit: "week" as const, interval: 2 };
    assert.deepEqual(starts({ ...once, every }, 3), ["2026-01-31", "2026-02-14", "2026-02-28"]);
  });

  it("is on the last day of a month that is too short", () => {
    const every = { unit: "month" as const, interval: 1 };
    assert.deepEqual(starts({ ...once, every }), [
      "2026-01-31",
      "2026-02-28",
      "2026-03-31",
      "2026-04-30",
    ]);
  });

  it("ends after a count, and at a date", () => {
    const every = { unit: "month" as const, interval: 3 };
    const [first, second] = ["2026-01-31", "2026-04-30"];
    assert.deepEqual(starts({ ...once, every, count: 2 }, 3), [first, second, null]);
    const endAt = Date.parse("2026-05-01T00:00:00Z");
    assert.deepEqual(starts({ ...once, every, endAt }, 3), [first, second, null]);
  });

  it("ends with the calendar", () => {
    const every = { unit: "month" as const, interval: 2_147_483_647 };
    assert.deepEqual(starts({ ...once, every }, 2), ["2026-01-31", null]);
  });
});
