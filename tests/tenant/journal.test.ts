import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal } from "../../src/tenant/journal";

describe("journal", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "entra-pim-journal-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("is kept beside Pulumi's own files, for the next process too", () => {
    openJournal({ PULUMI_HOME: home }).write("a role", { found: 1 });
    const next = openJournal({ PULUMI_HOME: home });
    assert.deepEqual(next.read("a role"), { found: 1 });
    assert.equal(next.read("another role"), undefined);
    next.remove("a role");
    assert.equal(openJournal({ PULUMI_HOME: home }).read("a role"), undefined);
  });

  it("believes no entry that is older than a week", () => {
    const journal = openJournal({ ENTRA_PIM_JOURNAL: home });
    journal.write("a role", { found: 1 });
    const [name] = readdirSync(home);
    assert.ok(name !== undefined);
    const old = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(join(home, name), old, old);
    assert.equal(journal.read("a role"), undefined);
  });

  it("keeps nothing when it is off", () => {
    const journal = openJournal({ ENTRA_PIM_JOURNAL: "off", PULUMI_HOME: home });
    journal.write("a role", { found: 1 });
    assert.equal(journal.read("a role"), undefined);
    assert.deepEqual(readdirSync(home), []);
  });
});
