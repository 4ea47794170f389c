import assert from "node:assert/strict";
import {
  type Attempt,
  DEFAULT_BUDGETS,
  decide,
  pauseAfter,
  untilReached,
} from "../../src/http/retry";

const fresh = { failures: 1, serverErrors: 1, throttledMs: 0, failingMs: 0 };
const answer = (status: number, retryAfterMs?: number): Attempt => ({
  kind: "answer",
  status,
  retryAfterMs,
});
const verdict = (repeatable: boolean, attempt: Attempt, trouble = fresh) =>
  decide(repeatable, attempt, trouble, DEFAULT_BUDGETS, 1);

describe("decide", () => {
  it("takes answers that are final", () => {
    for (const status of [200, 204, 400, 401, 403, 404, 409, 501]) {
      assert.deepEqual(verdict(false, answer(status)), { kind: "take" });
    }
  });

  it("repeats everything that was throttled, also a POST", () => {
    assert.equal(verdict(false, answer(429, 1000)).kind, "again");
    assert.equal(verdict(false, answer(503, 1000)).kind, "again");
  });

  it("repeats what may be repeated after 408, 500, 502, 503, 504 and a dropped connection", () => {
    for (const status of [408, 500, 502, 503, 504]) {
      assert.equal(verdict(true, answer(status)).kind, "again", String(status));
    }
    assert.equal(verdict(true, { kind: "dropped", sent: true }).kind, "again");
  });

  it("leaves the fate of a POST open after 5xx and a dropped connection", () => {
    for (const status of [408, 500, 502, 503, 504]) {
      assert.equal(verdict(false, answer(status)).kind, "unknown-fate", String(status));
    }
    assert.equal(verdict(false, { kind: "dropped", sent: true }).kind, "unknown-fate");
  });

  it("repeats a POST that never left", () =>
    assert.equal(verdict(false, { kind: "dropped", sent: false }).kind, "again"));

  it("takes what no other attempt can change", () =>
    assert.deepEqual(verdict(true, { kind: "dropped", sent: false, hopeless: true }), {
      kind: "take",
    }));

  it("tries for twenty seconds at most while nothing was ever reached", () => {
    const dropped: Attempt = { kind: "dropped", sent: false };
    const budgets = untilReached(DEFAULT_BUDGETS);
    const verdictAt = (failingMs: number) =>
      decide(true, dropped, { ...fresh, failingMs }, budgets, 1).kind;
    assert.deepEqual([verdictAt(19_000), verdictAt(20_000)], ["again", "give-up"]);
  });

  it("takes the third 500", () =>
    assert.deepEqual(verdict(true, answer(500), { ...fresh, failures: 3, serverErrors: 3 }), {
      kind: "take",
    }));

  it("gives up when a budget is used up", () => {
    const throttled = verdict(true, answer(429, 60_000), { ...fresh, throttledMs: 590_000 });
    assert.deepEqual(throttled, { kind: "give-up", because: "throttled" });
    const failing = verdict(true, answer(502), { ...fresh, failures: 20, failingMs: 119_000 });
    assert.deepEqual(failing, { kind: "give-up", because: "failing" });
  });

  it("waits as long as a failing service asks", () =>
    assert.deepEqual(verdict(true, answer(502, 7000)), {
      kind: "again",
      waitMs: 7000,
      because: "failing",
    }));
});

describe("pauseAfter", () => {
  it("doubles up to 15 seconds and spreads by a half", () => {
    assert.deepEqual(
      [1, 2, 3, 6, 50].map((failures) => pauseAfter(failures, 1)),
      [500, 1000, 2000, 15_000, 15_000],
    );
    assert.equal(pauseAfter(1, 0), 250);
  });
});
