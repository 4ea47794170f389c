import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineRun } from "../../src/tenant/run";

const DAY_S = 24 * 3600;

describe("engineRun", () => {
  const before = process.env["TMPDIR"];
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "entra-pim-temporary-"));
    process.env["TMPDIR"] = temporary;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(temporary, { recursive: true, force: true });
  });

  it("has one folder for all processes of a run, of its own for each tenant", async () => {
    const folder = await engineRun("127.0.0.1:1234", "a").folder();
    assert.equal(await engineRun("127.0.0.1:1234", "a").folder(), folder);
    assert.notEqual(await engineRun("127.0.0.1:1234", "b").folder(), folder);
    assert.notEqual(await engineRun("127.0.0.1:1235", "a").folder(), folder);
  });

  it("removes what runs left a week ago, and nothing else", async () => {
    const aged = (name: string, days: number) => {
      const path = join(temporary, name);
      mkdirSync(path);
      const at = Date.now() / 1000 - days * DAY_S;
      utimesSync(path, at, at);
      return path;
    };
    const old = aged("entra-pim-run-old", 8);
    const kept = [aged("entra-pim-run-recent", 6), aged("entra-pim-emulator-old", 8)];
    await engineRun("127.0.0.1:1234", "a").folder();
    for (let tries = 0; existsSync(old) && tries < 100; tries++) await sleep(20);
    assert.equal(existsSync(old), false);
    assert.deepEqual(kept.map(existsSync), [true, true]);
  });
});
