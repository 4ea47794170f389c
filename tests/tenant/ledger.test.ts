import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ledger } from "../../src/tenant/ledger";
import { processMark } from "../../src/tenant/process-mark";

const OURS = "project/prod/RoleSettings/ours";
const IDENTITY = "a role|settings";

describe("ledger", () => {
  let folder: string;
  let ledger: Ledger;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entra-pim-ledger-"));
    ledger = new Ledger({ folder: async () => folder, assertAlive: async () => undefined });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("tells of a claim that another process of the run made", async () => {
    const theirs = "project/prod/RoleSettings/theirs";
    claimedBy(processMark(process.ppid), theirs);
    assert.equal(await ledger.claim(IDENTITY, OURS), theirs);
    assert.equal(await ledger.ownerOf(IDENTITY), theirs);
  });

  it("tells whether another process has come to hold what it claimed", async () => {
    const theirs = new Ledger({ folder: async () => folder, assertAlive: async () => undefined });
    await theirs.claim(IDENTITY, OURS);
    // The same as it is written, under the mark of a process of its own.
    const mark = join(folder, "claims", processMark());
    const other = join(folder, "claims", processMark(process.ppid));
    copyFileSync(mark, other);
    assert.equal(await ledger.ownerOf(IDENTITY), OURS);
    assert.equal(ledger.isHeld(IDENTITY), false);
    theirs.hold(IDENTITY);
    copyFileSync(mark, other);
    assert.equal(ledger.isHeld(IDENTITY), true);
    assert.equal(ledger.isHeld("nobody's|settings"), true);
  });

  it("knows no claim of another stack, which an earlier run at the same address left", async () => {
    claimedBy(processMark(process.ppid), "project/test/RoleSettings/theirs");
    assert.equal(await ledger.claim("another role|settings", OURS), undefined);
    assert.equal(await ledger.ownerOf(IDENTITY), undefined);
    assert.equal(await ledger.claim(IDENTITY, OURS), undefined);
    assert.equal(await ledger.ownerOf(IDENTITY), OURS);
  });

  it("tells a process that claimed nothing who declares what, whatever stack a state names", async () => {
    const theirs = "project/renamed/RoleSettings/theirs";
    claimedBy(processMark(process.ppid), theirs);
    assert.equal(await ledger.ownerOf(IDENTITY), theirs);
  });

  it("knows no claim of a process that has ended, also when its id has come back", async () => {
    claimedBy("999999999", "project/prod/RoleSettings/ended");
    claimedBy(`${process.ppid}-1`, "project/prod/RoleSettings/before");
    assert.equal(await ledger.claim(IDENTITY, OURS), undefined);
  });

  function claimedBy(mark: string, owner: string): void {
    const claims = join(folder, "claims");
    mkdirSync(claims, { recursive: true });
    writeFileSync(join(claims, mark), `${JSON.stringify([IDENTITY, owner])}\n`);
  }
});
