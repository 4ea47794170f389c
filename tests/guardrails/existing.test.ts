import assert from "node:assert/strict";
import { exitCode } from "../../src/preview/exit-code";
import {
  assignment,
  type Bag,
  creates,
  GLOBAL_ADMINISTRATOR,
  granted,
  guid,
  reportOf,
  settings,
  step,
} from "../preview/plan-builder";
import { active, byGroup, eligible, GA, group, permanent } from "./rule-cases";

/** A resource that the change leaves as it is. */
function same(kind: string, inputs: Bag, outputs: Bag = {}): Bag {
  const state = { inputs, outputs: { ...inputs, ...outputs } };
  return step("same", kind, "old", state, state);
}

const standing = same(
  "ActiveAssignment",
  assignment({ ...GA, ...permanent }),
  granted(assignment({ ...GA, ...permanent }), null),
);
const findingsOf = (steps: readonly Bag[], rule: string, more: object = {}) =>
  reportOf(steps, more).findings.filter((finding) => finding.rule === rule);

describe("what was wrong before a change", () => {
  it("is said and stops nobody, unless that is asked for", () => {
    const report = reportOf([standing, ...creates(1)]);
    const [finding] = report.findings.filter(({ rule }) => rule === "PIM001");
    assert.deepEqual([finding?.severity, finding?.isExisting], ["block", true]);
    assert.deepEqual([report.verdict.block, report.verdict.existing.block], [0, 1]);
    assert.equal(exitCode(report, { failOn: "block" }), 0);
    assert.equal(exitCode(report, { failOn: "block", failOnExisting: true }), 2);
  });

  it("is not what the change brings, also beside it", () => {
    const found = findingsOf(
      [standing, active({ ...GA, ...permanent, principalId: guid(2) })],
      "PIM001",
    );
    assert.deepEqual(
      found.map(({ isExisting }) => isExisting),
      [undefined, true],
    );
  });

  it("is new when it gets worse: a group is given a role, and becoming its member asks for no MFA", () => {
    const members = same("RoleSettings", settings({ activation: { requireMfa: false } }, group));
    const [before] = findingsOf([members], "PIM006");
    assert.deepEqual([before?.severity, before?.isExisting], ["warn", true]);
    const [after] = findingsOf([members, active({ ...GA, ...byGroup })], "PIM006");
    assert.deepEqual([after?.severity, after?.isExisting], ["block", undefined]);
  });

  it("is new when a program says it for the first time, and was there when it does not say it at all", () => {
    const created = (tree: Bag) =>
      step("create", "RoleSettings", "s", undefined, {
        inputs: settings(tree, { ...GA, found: { activation: { requireApproval: false } } }),
      });
    const key = `directoryRoles|/|${GLOBAL_ADMINISTRATOR}`;
    const facts = { settings: { [key]: { "activation.requireApproval": false } } } as const;
    const said = findingsOf([created({ activation: { requireApproval: false } })], "PIM003");
    assert.deepEqual(
      said.map(({ isExisting }) => isExisting),
      [undefined],
    );
    const unsaid = created({ activation: { maximumDuration: "PT1H" } });
    assert.deepEqual(findingsOf([unsaid], "PIM003"), []);
    assert.deepEqual(
      findingsOf([unsaid], "PIM003", { facts }).map(({ isExisting }) => isExisting),
      [true],
    );
  });

  it("is mended without a word: what is no longer so is no finding", () => {
    const ended = step(
      "update",
      "ActiveAssignment",
      "old",
      {
        inputs: assignment({ ...GA, ...permanent }),
        outputs: granted(assignment({ ...GA, ...permanent }), null),
      },
      { inputs: assignment({ ...GA, expiration: { duration: "P10D" } }) },
    );
    assert.deepEqual(findingsOf([ended], "PIM001"), []);
  });

  it("is noted apart from what the change brings in the facts of a tenant", () => {
    const facts = {
      outsidePim: [
        { principalId: guid(4), principalName: "old", roleDefinitionId: GLOBAL_ADMINISTRATOR },
      ],
    };
    const [finding] = findingsOf([eligible(GA)], "PIM022", { facts });
    assert.equal(finding?.isExisting, true);
  });
});
