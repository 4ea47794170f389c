import assert from "node:assert/strict";
import { Limiter, type LimiterOptions, LimiterTimeout } from "../../src/http/limiter";
import { VirtualTime } from "./virtual-time";

/** A service that takes so many writes in a time and says `Retry-After` in whole seconds. */
interface Service {
  take(now: number): number | undefined;
}

function fixedWindow(limit: number, periodMs: number, aligned: boolean): Service {
  let began = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    take(now) {
      if (now - began >= periodMs) {
        began = aligned ? Math.floor(now / periodMs) * periodMs : now;
        used = 0;
      }
      used += 1;
      return used <= limit ? undefined : Math.ceil((began + periodMs - now) / 1000) * 1000;
    },
  };
}

/** Where it counts refused requests too, early repetitions make it worse. */
function slidingLog(limit: number, periodMs: number, countsRefused: boolean): Service {
  let log: number[] = [];
  return {
    take(now) {
      log = log.filter((at) => at > now - periodMs);
      const isFull = log.length >= limit;
      if (!isFull || countsRefused) log.push(now);
      if (!isFull) return undefined;
      const free = (log[Math.max(0, log.length - limit)] ?? now) + periodMs - now;
      return Math.max(1, Math.ceil(free / 1000)) * 1000;
    },
  };
}

function tokenBucket(capacity: number, perSecond: number): Service {
  let tokens = capacity;
  let last: number | undefined;
  return {
    take(now) {
      tokens = Math.min(capacity, tokens + ((now - (last ?? now)) / 1000) * perSecond);
      last = now;
      if (tokens < 1) return Math.ceil((1 - tokens) / perSecond) * 1000;
      tokens -= 1;
      return undefined;
    },
  };
}

interface Result {
  seconds: number;
  refused: number;
}

/** Sends writes through a limiter, 8 at once as the engine does, each taking `latencyMs`. */
async function sendAll(service: Service, writes: number, latencyMs: number, start = 0) {
  const time = new VirtualTime(start);
  const limiter = limiterOf(time);
  let refused = 0;
  let left = writes;
  const sendOne = async () => {
    for (let repeated = false; ; repeated = true) {
      const permit = await limiter.acquire({ lane: "write", repeated });
      await time.sleep(latencyMs / 2);
      const retryAfterMs = service.take(time.now());
      await time.sleep(latencyMs / 2);
      if (retryAfterMs === undefined) return permit.settle({ accepted: 1, refused: 0 });
      refused += 1;
      permit.settle({ accepted: 0, refused: 1, retryAfterMs });
    }
  };
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await sendOne();
    }
  };
  await time.run(Promise.all(Array.from({ length: 8 }, worker)));
  return { seconds: (time.now() - start) / 1000, refused } satisfies Result;
}

function limiterOf(time: VirtualTime, options: Partial<LimiterOptions> = {}): Limiter {
  return new Limiter({ clock: time.now, sleep: time.sleep, random: () => 1, ...options });
}

describe("Limiter", () => {
  describe("at 20 writes per 10 seconds, 300 writes", () => {
    // A burst of 20 at once, then 2 per second.
    const ideal = (300 - 20) / 2;
    const cases: [string, () => Service, number?][] = [
      ["a window that begins with its first request", () => fixedWindow(20, 10_000, false)],
      ["a window of the clock, met at its end", () => fixedWindow(20, 10_000, true), 7_300],
      ["a sliding window", () => slidingLog(20, 10_000, false)],
      ["a sliding window that counts refusals", () => slidingLog(20, 10_000, true)],
      ["a token bucket", () => tokenBucket(20, 2)],
    ];
    for (const [name, service, start] of cases) {
      for (const latencyMs of [20, 100, 400]) {
        it(`is 0.9 efficient against ${name}, ${latencyMs} ms per request`, async () => {
          const { seconds, refused } = await sendAll(service(), 300, latencyMs, start);
          const efficiency = ideal / seconds;
          assert.ok(
            efficiency >= 0.9,
            `${efficiency.toFixed(3)} in ${seconds} s, ${refused} refused`,
          );
          assert.ok(refused <= 30, `${refused} refused`);
        });
      }
    }
  });

  it("holds everybody during a pause, readers too", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    const first = await limiter.acquire({ lane: "write" });
    first.settle({ accepted: 0, refused: 1, retryAfterMs: 5_000 });
    await time.run(limiter.acquire({ lane: "read" }));
    assert.equal(time.now(), 5_000);
  });

  it("obeys a pause from inside a batch of which most was accepted", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    const batch = await limiter.acquire({ lane: "read", units: 20 });
    batch.settle({ accepted: 18, refused: 2, retryAfterMs: 3_000 });
    await time.run(limiter.acquire({ lane: "read" }));
    assert.ok(time.now() >= 3_000 && time.now() < 3_100);
  });

  it("lets 8 go at once, halves once per pause and grows to 24", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    const permits = await Promise.all(
      Array.from({ length: 8 }, () => limiter.acquire({ lane: "read" })),
    );
    void limiter.acquire({ lane: "read" }).then((permit) => permits.push(permit));
    await Promise.resolve();
    assert.equal(permits.length, 8);
    for (const permit of permits) permit.settle({ accepted: 0, refused: 1, retryAfterMs: 1_000 });
    assert.equal(limiter.state.window, 4);
    time.advance(200_000);
    for (let count = 0; count < 2_000; count += 1) {
      const permit = await time.run(limiter.acquire({ lane: "read" }));
      permit.settle({ accepted: 1, refused: 0 });
    }
    assert.equal(limiter.state.window, 24);
  });

  it("pauses longer and longer when the service names no pause", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    const starts: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const permit = await time.run(limiter.acquire({ lane: "read" }));
      starts.push(time.now());
      permit.settle({ accepted: 0, refused: 1 });
    }
    assert.deepEqual(starts, [0, 1_000, 3_000, 7_000]);
  });

  it("gives up at once when the pause outlasts the patience", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time, { patienceMs: 60_000, startWindow: 1 });
    const permit = await limiter.acquire({ lane: "write" });
    const waiting = limiter.acquire({ lane: "write", giveUpAt: 30_000 });
    permit.settle({ accepted: 0, refused: 1, retryAfterMs: 61_000 });
    await assert.rejects(time.run(waiting), LimiterTimeout);
    await assert.rejects(limiter.acquire({ lane: "read" }), LimiterTimeout);
  });

  it("learns no quota from a refusal after a handful of requests", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    for (const refused of [0, 0, 1]) {
      const permit = await limiter.acquire({ lane: "read" });
      permit.settle({ accepted: 1 - refused, refused, retryAfterMs: refused * 10_000 });
    }
    await time.run(limiter.acquire({ lane: "read" }));
    assert.equal(time.now(), 10_000);
    assert.equal(limiter.state.quotas.read, undefined);
  });

  it("lets go of a request that was cancelled", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time, { startWindow: 1 });
    const permit = await limiter.acquire({ lane: "read" });
    const stop = new AbortController();
    const waiting = limiter.acquire({ lane: "read", signal: stop.signal });
    stop.abort(new Error("stopped"));
    await assert.rejects(waiting, /stopped/);
    permit.settle({ accepted: 1, refused: 0 });
    assert.equal(limiter.state.flying, 0);
  });

  it("recovers within a minute from a storm that had nothing to do with a quota", async () => {
    const time = new VirtualTime(0);
    const limiter = limiterOf(time);
    for (let count = 0; count < 30; count += 1) {
      const permit = await time.run(limiter.acquire({ lane: "write" }));
      await time.run(time.sleep(20));
      const refused = count % 3 === 0;
      permit.settle(
        refused ? { accepted: 0, refused: 1, retryAfterMs: 1_000 } : { accepted: 1, refused: 0 },
      );
    }
    const began = time.now();
    for (let count = 0; count < 300; count += 1) {
      const permit = await time.run(limiter.acquire({ lane: "write" }));
      await time.run(time.sleep(20));
      permit.settle({ accepted: 1, refused: 0 });
    }
    assert.ok(time.now() - began < 60_000, `${time.now() - began} ms`);
  });
});
