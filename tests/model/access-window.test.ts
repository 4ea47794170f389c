import assert from "node:assert/strict";
import { plannedWindow } from "../../src/model/access-window";
import { formatInstant } from "../../src/model/instant";
import type { AssignmentInputs, AssignmentOutputs } from "../../src/model/kinds";

const NOW = Date.parse("2027-01-01T00:00:00Z");
const at = (days: number) => formatInstant(NOW + days * 86_400_000);
const expiration = { duration: "P30D" };

describe("plannedWindow", () => {
  const inputs = (more: object) => ({ expiration, ...more }) as AssignmentInputs;
  const granted = (start: number) => {
    const window = { startsAt: at(start), endsAt: at(start + 30) };
    return { ...window, granted: { ...window, declared: { expiration } } } as AssignmentOutputs;
  };

  it("ends as much later as it begins later", () => {
    assert.deepEqual(plannedWindow(inputs({ startsAt: at(100) }), granted(40), NOW), {
      type: "until",
      startsAt: at(100),
      endsAt: at(130),
    });
  });

  it("counts an edit from the recorded start, which is not moved once it has come", () => {
    const edited = inputs({ expiration: { duration: "P90D" }, startsAt: at(-10) });
    assert.deepEqual(plannedWindow(edited, granted(-10), NOW), {
      type: "until",
      startsAt: at(-10),
      endsAt: at(80),
    });
  });

  it("counts from a start that lies ahead in what is taken over", () => {
    const existing = { startsAt: at(40), endsAt: at(100) };
    assert.deepEqual(plannedWindow(inputs({ existing }), undefined, NOW), {
      type: "until",
      startsAt: at(40),
      endsAt: at(70),
    });
    assert.deepEqual(plannedWindow(inputs({ existing, startsAt: at(50) }), undefined, NOW), {
      type: "for",
      startsAt: at(50),
      duration: "P30D",
    });
  });

  it("never moves a found end later, and counts from the grant where that is earlier", () => {
    const soon = { startsAt: at(-10), endsAt: at(20) };
    assert.deepEqual(plannedWindow(inputs({ existing: soon }), undefined, NOW), {
      type: "until",
      ...soon,
    });
    for (const endsAt of [at(100), null])
      assert.deepEqual(
        plannedWindow(inputs({ existing: { startsAt: at(-10), endsAt } }), undefined, NOW),
        { type: "for", duration: "P30D" },
      );
  });
});
