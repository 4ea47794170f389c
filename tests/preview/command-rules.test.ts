import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewCommand } from "../../src/cli/preview";
import { RULE_IDS } from "../../src/guardrails";
import { printBaseline } from "../../src/preview";
import { CASES, type RuleCase } from "../guardrails/rule-cases";
import { type Bag, documentOf, NOW } from "./plan-builder";

interface JsonReport {
  findings: { rule: string; severity: string; message: string }[];
  notEvaluated: { rule: string }[];
}

describe("entra-pim preview judges by every rule, from files as pipelines have them", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entra-pim-rules-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, one] of CASES.entries()) {
    const { rule, severity, message, fails, passes, facts } = one;

    it(`${rule} (${index}) is found`, async () => {
      const report = await run(fails, one);
      const found = report.findings.filter((finding) => finding.rule === rule);
      const matching = found.filter((finding) => message.test(finding.message));
      assert.equal(matching[0]?.severity, severity, JSON.stringify(found));
      if (facts === undefined) return;
      const blind = report.notEvaluated.map(({ rule: id }) => id);
      assert.ok(!blind.includes(rule), `${rule} was given what it asks for`);
    });

    if (passes.length === 0 || (rule === "PIM001" && severity === "warn")) continue;
    it(`${rule} (${index}) is not found where nothing is wrong`, async () => {
      const { findings } = await run(passes, one);
      const found = findings.filter((finding) => finding.rule === rule);
      assert.deepEqual(
        found.filter((finding) => message.test(finding.message)),
        [],
      );
    });
  }

  it("has a case of each", () => {
    assert.deepEqual([...new Set(CASES.map(({ rule }) => rule))], RULE_IDS);
  });

  async function run(steps: readonly Bag[], { config = {}, facts }: RuleCase): Promise<JsonReport> {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const out = join(folder, "report.json");
    const args = [
      file("preview.json", documentOf(steps)),
      "--config",
      file("config.json", JSON.stringify(config)),
      ...(facts === undefined ? [] : ["--baseline", file("baseline.json", printBaseline(facts))]),
      ...["--now", new Date(NOW).toISOString(), "--format", "json", "--out", out],
    ];
    await previewCommand().parseAsync(["node", "entra-pim-preview", ...args]);
    // The command says how it ended to the process; this one is the tests'.
    process.exitCode = 0;
    return JSON.parse(readFileSync(out, "utf8")) as JsonReport;
  }
});
