import assert from "node:assert/strict";
import { RULE_IDS, RULES, readGuardrailConfig } from "../../src/guardrails";
import { AzureBuiltInRole } from "../../src/model/roles-azure";
import { type Bag, creates, reportOf } from "../preview/plan-builder";
import { active, byGroup, CASES, eligible, GA, group, permanent } from "./rule-cases";

describe("guard rails", () => {
  it("have ids PIM001 to PIM031, each with a case here", () => {
    assert.deepEqual(
      RULE_IDS,
      Array.from({ length: 31 }, (_, index) => `PIM${String(index + 1).padStart(3, "0")}`),
    );
    assert.deepEqual([...new Set(CASES.map(({ rule }) => rule))], RULE_IDS);
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
  });

  for (const [
    index,
    { rule, severity, message, fails, passes, config = {}, facts },
  ] of CASES.entries()) {
    const options = {
      config: readGuardrailConfig(config, RULE_IDS),
      ...(facts === undefined ? {} : { facts }),
    };
    const found = (steps: readonly Bag[]) =>
      reportOf(steps, options)
        .findings.filter((finding) => finding.rule === rule)
        .map((finding) => ({
          severity: finding.severity,
          text: finding.message
            .map((part) => (typeof part === "string" ? part : part.value))
            .join(""),
        }));

    it(`${rule} (${index}) objects with ${severity}`, () => {
      const findings = found(fails);
      const matching = findings.filter(({ text }) => message.test(text));
      assert.equal(matching[0]?.severity, severity, JSON.stringify(findings));
    });

    if (passes.length > 0 && !(rule === "PIM001" && severity === "warn")) {
      it(`${rule} (${index}) lets pass what it should`, () => {
        assert.deepEqual(
          found(passes).filter(({ text }) => message.test(text)),
          [],
        );
      });
    }
  }

  it("say of themselves that they are off", () => {
    const config = readGuardrailConfig({ rules: { PIM001: "off" } }, RULE_IDS);
    const report = reportOf([active({ ...GA, ...permanent })], { config });
    assert.deepEqual(
      report.notEvaluated.filter(({ rule }) => rule === "PIM001"),
      [{ rule: "PIM001", name: "permanent-active", reason: "off in the configuration" }],
    );
    assert.ok(!report.findings.some(({ rule }) => rule === "PIM001"));
  });

  it("exempt listed emergency accounts and groups under PIM from standing access, and nobody else", () => {
    const blocks = (steps: readonly Bag[], config: object = {}) =>
      reportOf(steps, { config: readGuardrailConfig(config) }).findings.filter(
        ({ rule }) => rule === "PIM001",
      ).length;
    const steps = [active({ ...GA, ...permanent })];
    assert.equal(blocks(steps, { breakGlass: ["ANN@contoso.example"] }), 0);
    assert.equal(blocks(steps, { breakGlass: ["bob@contoso.example"] }), 1);
    const byTeam = active({ ...GA, ...permanent, ...byGroup });
    assert.equal(blocks([byTeam]), 1);
    assert.equal(blocks([byTeam, eligible(group, "m")]), 0);
  });

  it("judge Azure roles by what their scope holds", () => {
    const owner = (scope: string) =>
      active({
        ...permanent,
        directoryRole: undefined,
        azureRole: { role: AzureBuiltInRole.Owner, scope },
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${AzureBuiltInRole.Owner}`,
      });
    const subscription = "/subscriptions/dddddddd-0000-4000-8000-000000000001";
    const tiers = [subscription, `${subscription}/resourceGroups/rg`].map(
      (scope) => reportOf([owner(scope)]).gains[0]?.role.tier,
    );
    assert.deepEqual(tiers, ["critical", "high"]);
  });

  it("say what they cannot judge without the tenant", () => {
    assert.deepEqual(
      reportOf(creates(1)).notEvaluated.map(({ rule }) => rule),
      ["PIM015", "PIM020", "PIM022", "PIM023"],
    );
  });
});
