import assert from "node:assert/strict";
import { type Clock, tryUntil } from "../../src/tenant/clock";

describe("tryUntil", () => {
  it("pauses longer and longer, at most 15 seconds, and tries a last time at the bound", async () => {
    const { clock, pauses } = steppedClock();
    assert.equal(await tryUntil(clock, { until: 60_000 }, async () => undefined), undefined);
    assert.deepEqual(pauses, [2_000, 3_000, 4_500, 6_750, 10_125, 15_000, 15_000, 3_625]);
  });

  it("ends with the first answer", async () => {
    const { clock, pauses } = steppedClock();
    const answers = [undefined, undefined, "yes"];
    const bound = { until: 60_000, firstPauseMs: 1_000 };
    assert.equal(await tryUntil(clock, bound, async () => answers.shift()), "yes");
    assert.deepEqual(pauses, [1_000, 1_500]);
  });

  it("tries once when the bound has passed already", async () => {
    const { clock } = steppedClock();
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
    };
    await tryUntil(clock, { until: 0 }, attempt);
    assert.equal(attempts, 1);
  });

  it("ends soon after whoever waits breaks off", async () => {
    const stop = new AbortController();
    const never: Clock = { now: () => 0, sleep: () => new Promise(() => undefined) };
    const wait = tryUntil(never, { until: 60_000, signal: stop.signal }, async () => undefined);
    stop.abort();
    assert.equal(await wait, undefined);
  });
});

/** A clock that moves only while somebody sleeps. */
function steppedClock(): { clock: Clock; pauses: number[] } {
  const pauses: number[] = [];
  let now = 0;
  const sleep = async (ms: number) => {
    pauses.push(ms);
    now += ms;
  };
  return { clock: { now: () => now, sleep }, pauses };
}
