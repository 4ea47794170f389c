import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Guard } from "../../src/tenant/guard";
import { processMark } from "../../src/tenant/process-mark";

describe("guard", () => {
  let folder: string;
  let guard: Guard;
  const another = () =>
    new Guard({ folder: async () => folder, assertAlive: async () => undefined });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entra-pim-guard-"));
    guard = another();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one work at a time, and shows it what was removed before", async () => {
    const order: string[] = [];
    // Of two that ask at the same moment either may be the first.
    let second: Promise<void> | undefined;
    const first = guard.alone(async (removed) => {
      order.push("first begins");
      second = another().alone(async (after) => {
        order.push(`second sees ${[...after.identities].join()}`);
      });
      await removed.add("ann");
      await sleep(20);
      order.push("first ends");
    });
    await first;
    await second;
    assert.deepEqual(order, ["first begins", "first ends", "second sees ann"]);
  });

  for (const [name, mark] of [
    ["a process that has ended", "999999999"],
    ["an earlier process of the same id", `${process.ppid}-1`],
  ] as const) {
    it(`takes over the turn of ${name}, and forgets what it removed`, async () => {
      locked(mark);
      mkdirSync(join(folder, "removed"));
      const removal = { identity: "ann", process: mark };
      writeFileSync(join(folder, "removed", "x"), JSON.stringify(removal));
      assert.equal(await guard.alone(async ({ identities }) => identities.size), 0);
    });
  }

  it("takes over a turn that nobody marked, not one that was taken just now", async () => {
    const lock = locked(undefined);
    let isDone = false;
    const work = guard.alone(async () => {
      isDone = true;
    });
    await sleep(150);
    assert.equal(isDone, false);
    const old = Date.now() / 1000 - 11;
    utimesSync(lock, old, old);
    await work;
  });

  it("waits for a process that lives", async () => {
    const lock = locked(processMark(process.ppid));
    let isDone = false;
    const work = guard.alone(async () => {
      isDone = true;
    });
    await sleep(150);
    assert.equal(isDone, false);
    rmSync(lock, { recursive: true });
    await work;
  });

  function locked(mark: string | undefined): string {
    const lock = join(folder, "lock");
    mkdirSync(lock);
    if (mark !== undefined) writeFileSync(join(lock, "process"), mark);
    return lock;
  }
});
