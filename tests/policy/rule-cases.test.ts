import assert from "node:assert/strict";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { RULES } from "../../src/guardrails";
import { policies } from "../../src/policy";
import { CASES, type RuleCase } from "../guardrails/rule-cases";
import { type Bag, NOW } from "../preview/plan-builder";

// The very proxy that the SDK gives to policies; its types keep it to themselves.
const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as {
  unknownCheckingProxy(props: Bag): Bag;
};

/** What a pack can see of a case: resources as they will be, and neither a before nor the tenant. */
const VISIBLE = CASES.filter(
  ({ rule, facts, fails, needsClock }) =>
    needsClock !== true &&
    ["resource", "stack"].includes(placeOf(rule)) &&
    facts === undefined &&
    fails.some((step) => step["newState"] !== undefined),
);

describe("the policy pack judges by every rule that needs neither a before nor the tenant", () => {
  for (const [index, one] of VISIBLE.entries()) {
    const { rule, severity, message } = one;

    it(`${rule} (${index}) is a violation, ${severity === "block" ? "mandatory" : "advisory"}`, () => {
      const said = violations(one.fails, one).filter(({ text }) => message.test(text));
      assert.equal(said[0]?.level, severity === "block" ? "mandatory" : "advisory");
    });

    if (one.passes.length === 0 || (rule === "PIM001" && severity === "warn")) continue;
    it(`${rule} (${index}) lets pass what it should`, () => {
      assert.deepEqual(
        violations(one.passes, one).filter(({ text }) => message.test(text)),
        [],
      );
    });
  }

  it("has a case of each", () => {
    const judgeable = RULES.filter(({ place }) => place === "resource" || place === "stack");
    assert.deepEqual(
      [...new Set(VISIBLE.map(({ rule }) => rule))].sort(),
      judgeable.map(({ id }) => id).sort(),
    );
  });
});

function placeOf(id: string): string {
  return RULES.find((rule) => rule.id === id)?.place ?? "";
}

function violations(
  steps: readonly Bag[],
  { rule, config }: RuleCase,
): { level: string; text: string }[] {
  const subjects = steps.flatMap(({ urn, newState }) => {
    const state = newState as { type: string; inputs: Bag } | undefined;
    if (state === undefined) return [];
    return [{ type: state.type, urn, props: unknownCheckingProxy(state.inputs) }];
  });
  const said: { level: string; text: string }[] = [];
  for (const policy of policies({ now: NOW, config, rules: [rule] })) {
    const level = String(policy.enforcementLevel);
    const report = (text: string) => said.push({ level, text });
    if ("validateStack" in policy)
      void (policy as StackValidationPolicy).validateStack(
        { resources: subjects } as never,
        report,
      );
    const { validateResource } = policy as ResourceValidationPolicy;
    if (typeof validateResource !== "function") continue;
    for (const subject of subjects) void validateResource(subject as never, report);
  }
  return said;
}
