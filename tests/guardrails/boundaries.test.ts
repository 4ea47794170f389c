import assert from "node:assert/strict";
import { RULE_IDS, readGuardrailConfig } from "../../src/guardrails";
import type { LiveFacts } from "../../src/model/access-facts";
import {
  assignment,
  type Bag,
  creates,
  granted,
  guid,
  NOW,
  reportOf,
  settings,
  step,
} from "../preview/plan-builder";
import { active, byGroup, eligible, GA, group, permanent } from "./rule-cases";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Severities with which a rule objects. */
function says(
  rule: string,
  steps: readonly Bag[],
  config: object = {},
  facts?: LiveFacts,
): string[] {
  const report = reportOf(steps, {
    config: readGuardrailConfig(config, RULE_IDS),
    ...(facts === undefined ? {} : { facts }),
  });
  return report.findings.filter((one) => one.rule === rule).map(({ severity }) => severity);
}

const rules = (tree: Bag, more: Bag = {}, name = "s") =>
  step("create", "RoleSettings", name, undefined, {
    inputs: settings(tree, { found: {}, ...more }),
  });
const gone = (name: string, more: Bag = {}, endsAt: string | null = "2027-02-01T00:00:00Z") => {
  const inputs = assignment(more);
  return step("delete", "ActiveAssignment", name, { inputs, outputs: granted(inputs, endsAt) });
};
const same = (name: string, more: Bag = {}) => {
  const inputs = assignment(more);
  const state = { inputs, outputs: granted(inputs, "2027-02-01T00:00:00Z") };
  return step("same", "EligibleAssignment", name, state, state);
};
const instant = (ms: number) => new Date(NOW + ms).toISOString();

describe("guard rails at their boundaries", () => {
  it("PIM005: as many approvers as are asked for", () => {
    const users = (count: number) =>
      rules({
        activation: {
          requireApproval: true,
          approvers: Array.from({ length: count }, (_, index) => ({ user: guid(index) })),
        },
      });
    assert.deepEqual(says("PIM005", [users(1)]), ["warn"]);
    assert.deepEqual(says("PIM005", [users(2)]), []);
    assert.deepEqual(says("PIM005", [users(2)], { thresholds: { minApprovers: 3 } }), ["warn"]);
  });

  it("PIM009: an hour on a critical role warns from there, and blocks beyond eight", () => {
    const hours = (text: string) =>
      says("PIM009", [rules({ activation: { maximumDuration: text } }, GA)]);
    assert.deepEqual(
      [hours("PT1H"), hours("PT1H30M"), hours("PT8H"), hours("PT8H30M")],
      [[], ["warn"], ["warn"], ["block"]],
    );
  });

  it("PIM011: four in the stack, and two in the tenant", () => {
    const people = (count: number) =>
      creates(count, (index) => ({ ...GA, principalId: guid(index) }));
    assert.deepEqual([says("PIM011", people(4)), says("PIM011", people(5))], [[], ["warn"]]);
    const tenant = (count: number) =>
      says(
        "PIM011",
        [eligible({ principalId: guid(1) })],
        {},
        {
          globalAdministrators: Array.from({ length: count }, (_, index) => guid(index)),
        },
      );
    assert.deepEqual([tenant(1), tenant(2), tenant(4), tenant(5)], [["block"], [], [], ["warn"]]);
  });

  it("PIM012: as many Global Administrators as others", () => {
    const global = (index: number) => eligible({ ...GA, principalId: guid(index) }, `g${index}`);
    const other = (index: number) => eligible({ principalId: guid(50 + index) }, `o${index}`);
    assert.deepEqual(says("PIM012", [global(1), global(2), other(1), other(2)]), []);
    assert.deepEqual(says("PIM012", [global(1), global(2), other(1)]), ["note"]);
  });

  it("PIM013: ten assignments", () => {
    const many = (count: number) =>
      says(
        "PIM013",
        creates(count, () => ({ ...GA })),
      );
    assert.deepEqual([many(10), many(11)], [[], ["note"]]);
  });

  it("PIM019: an authentication context is no less than MFA", () => {
    const role = rules({ activation: { requireMfa: true } });
    const member = (activation: Bag) => rules({ activation }, group, "g");
    const weaker = { requireMfa: false };
    const steps = (activation: Bag) => [active(byGroup), role, member(activation)];
    assert.deepEqual(says("PIM019", steps(weaker)), ["warn"]);
    assert.deepEqual(says("PIM019", steps({ ...weaker, authenticationContext: "c1" })), []);
  });

  it("PIM020: whoever stands in a unit alone is not the last", () => {
    const unit = { role: GA.directoryRole.role, scope: `/administrativeUnits/${guid(7)}` };
    const inUnit = { ...GA, ...permanent, directoryRole: unit };
    assert.deepEqual(says("PIM020", [gone("x", inUnit, null)]), []);
    assert.deepEqual(says("PIM020", [gone("x", { ...GA, ...permanent }, null)]), ["block"]);
  });

  it("PIM021: two accounts are listed, and taking one over changes nothing about it", () => {
    const listed = (count: number) => ({
      breakGlass: Array.from({ length: count }, (_, index) => guid(70 + index)),
    });
    assert.deepEqual(says("PIM021", [eligible(GA)], listed(1)), ["note"]);
    assert.deepEqual(says("PIM021", [eligible(GA)], listed(2)), []);
    const own = { breakGlass: ["ann@contoso.example", guid(71)] };
    const existing = { startsAt: null, endsAt: "2027-02-01T00:00:00Z" };
    const expiration = { endsAt: "2027-02-01T00:00:00Z" };
    assert.deepEqual(says("PIM021", [eligible({ ...GA, existing, expiration })], own), []);
    assert.deepEqual(says("PIM021", [eligible({ ...GA, expiration })], own), ["block"]);
  });

  it("PIM024: one of two approvers is not the only one", () => {
    const approvers = (...ids: number[]) =>
      rules({
        activation: { requireApproval: true, approvers: ids.map((id) => ({ user: guid(id) })) },
      });
    assert.deepEqual(says("PIM024", [eligible(), approvers(1)]), ["warn"]);
    assert.deepEqual(says("PIM024", [eligible(), approvers(1, 2)]), []);
  });

  it("PIM026: three, and a quarter", () => {
    const lost = (count: number, kept: number) =>
      says("PIM026", [
        ...Array.from({ length: count }, (_, i) => gone(`x${i}`, { principalId: guid(i) })),
        ...Array.from({ length: kept }, (_, i) => same(`s${i}`, { principalId: guid(100 + i) })),
      ]);
    assert.deepEqual([lost(2, 0), lost(3, 9), lost(3, 8)], [[], [], ["warn"]]);
  });

  it("PIM030: now, five minutes, and the longest that the settings allow with five more", () => {
    const until = (from: number, to: number, more: Bag = {}) =>
      says("PIM030", [
        active({ startsAt: instant(from), expiration: { endsAt: instant(to) }, ...more }),
      ]);
    assert.deepEqual([until(-HOUR, 0), until(-HOUR, 1)], [["block"], []]);
    assert.deepEqual(
      [until(HOUR, HOUR + 5 * MINUTE - 1), until(HOUR, HOUR + 5 * MINUTE)],
      [["block"], []],
    );
    const limits = { limits: { maximumDuration: "PT8H" } };
    const longest = 8 * HOUR + 5 * MINUTE;
    assert.deepEqual(
      [until(HOUR, HOUR + longest, limits), until(HOUR, HOUR + longest + 1, limits)],
      [[], ["block"]],
    );
  });

  it("waivers hold to the end of their last day", () => {
    const waivers = [
      { rule: "PIM001", principal: "ann@contoso.example", reason: "x", expires: "2026-12-01" },
    ];
    const waived = (now: number) =>
      reportOf([active({ ...GA, ...permanent })], {
        config: readGuardrailConfig({ waivers }, RULE_IDS),
        now,
      }).findings.some((one) => one.rule === "PIM001" && one.waived !== undefined);
    const midnight = Date.parse("2026-12-02T00:00:00Z");
    assert.deepEqual([waived(midnight - 1), waived(midnight)], [true, false]);
  });

  it("PIM025: somebody who can no longer say no, whoever comes in their place", () => {
    const approvers = (...ids: number[]) => ids.map((id) => ({ user: guid(id) }));
    const change = (before: Bag[], after: Bag[]) => {
      const tree = (list: Bag[]) =>
        settings({ activation: { requireApproval: true, approvers: list } }, GA);
      const old = tree(before);
      return says("PIM025", [
        step("update", "RoleSettings", "s", { inputs: old, outputs: old }, { inputs: tree(after) }),
      ]);
    };
    assert.deepEqual(change(approvers(1, 2), approvers(1)), ["block"]);
    assert.deepEqual(change(approvers(1, 2), approvers(3, 4)), ["block"]);
    assert.deepEqual(change(approvers(1, 2), approvers(2, 1, 3)), []);
    assert.deepEqual(change([], approvers(1, 2)), []);
  });

  it("PIM025: a place inside the old one is less access, one that holds it is more", () => {
    const subscription = "/subscriptions/11111111-0000-4000-8000-000000000001";
    const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    const at = (scope: string) =>
      assignment({
        directoryRole: undefined,
        azureRole: { role: owner, scope },
        roleDefinitionId: owner,
      });
    const move = (from: string, to: string) => {
      const before = at(from);
      const outputs = granted(before, "2027-02-01T00:00:00Z");
      const { changes } = reportOf([
        step("delete", "EligibleAssignment", "a", { inputs: before, outputs }),
        step("create", "EligibleAssignment", "b", undefined, {
          inputs: { ...at(to), expiration: { endsAt: "2027-02-01T00:00:00Z" } },
        }),
      ]);
      return changes.map(({ direction }) => direction);
    };
    const group_ = `${subscription}/resourceGroups/a`;
    assert.deepEqual(move(group_, subscription), ["broadening"]);
    assert.deepEqual(move(subscription, group_), ["narrowing"]);
    assert.deepEqual(move(group_, `${group_}b`), ["broadening"]);
  });
});
