import assert from "node:assert/strict";
import { UNKNOWN } from "../../src/model/unknown";
import { exitCode } from "../../src/preview/exit-code";
import { renderHtml } from "../../src/preview/render-html";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { renderText } from "../../src/preview/render-text";
import type { Report } from "../../src/preview/report";
import {
  assignment,
  type Bag,
  GLOBAL_ADMINISTRATOR,
  granted,
  reportOf,
  settings,
  step,
} from "./plan-builder";

const SECRET = "[secret]";
const GLOBAL = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/** Rules that found something new, with their severities. */
function found({ findings }: Report): string[] {
  return findings
    .filter(({ isExisting, severity }) => isExisting !== true && severity !== "note")
    .map(({ rule, severity }) => `${severity} ${rule}`);
}

function created(kind: string, inputs: Bag): Report {
  return reportOf([step("create", kind, "x", undefined, { inputs })]);
}

function updated(kind: string, before: Bag, after: Bag, outputs: Bag = {}): Report {
  const old = { inputs: before, outputs: { ...granted(before, null), ...outputs } };
  return reportOf([step("update", kind, "x", old, { inputs: after })]);
}

describe("a change that keeps secret what it does", () => {
  for (const expiration of [
    SECRET,
    { permanent: SECRET },
    { endsAt: SECRET },
    { duration: SECRET },
  ]) {
    it(`is blocked on a critical role: expiration ${JSON.stringify(expiration)}`, () => {
      const report = created("ActiveAssignment", assignment({ ...GLOBAL, expiration }));
      assert.ok(found(report).includes("block PIM027"), found(report).join());
      assert.equal(report.gains[0]?.window.text, "(secret)");
      assert.equal(exitCode(report, { failOn: "block" }), 2);
      assert.equal(report.verdict.hasUnknown, true);
    });
  }

  it("is blocked where the role is hidden, and a warning on a lesser role", () => {
    const hidden = { directoryRole: { role: SECRET }, roleDefinitionId: SECRET, roleName: SECRET };
    const role = created("EligibleAssignment", assignment(hidden));
    assert.deepEqual(found(role), ["block PIM027"]);
    assert.equal(role.gains[0]?.role.name, "(secret)");
    const lesser = created("EligibleAssignment", assignment({ expiration: { duration: SECRET } }));
    assert.deepEqual(found(lesser), ["warn PIM027"]);
  });

  it("counts although the value was secret before", () => {
    const inputs = assignment({ ...GLOBAL, expiration: { duration: SECRET } });
    const report = updated("EligibleAssignment", inputs, inputs, {
      granted: SECRET,
      endsAt: SECRET,
    });
    assert.equal(report.changes.length, 1);
    assert.ok(found(report).includes("block PIM027"));
  });

  it("is a loss and a gain where somebody secret takes the place of somebody secret", () => {
    const who = { principal: { user: SECRET }, principalId: SECRET, principalName: SECRET };
    const inputs = assignment({ ...GLOBAL, ...who, expiration: { permanent: true } });
    const report = reportOf([
      step(
        "replace",
        "ActiveAssignment",
        "x",
        { inputs, outputs: granted(inputs, null) },
        { inputs },
      ),
    ]);
    assert.deepEqual(
      [report.gains.length, report.losses.length, report.recreated.length],
      [1, 1, 0],
    );
    assert.deepEqual(found(report), ["block PIM001", "block PIM027"]);
  });

  it("shows conditions that are secret before and after, and nothing while they stay", () => {
    const tree = { activation: { requireMfa: SECRET, requireApproval: SECRET, approvers: SECRET } };
    const inputs = settings(tree, { ...GLOBAL, found: { activation: { requireMfa: true } } });
    const state = { inputs, outputs: { ...inputs, observed: {}, written: SECRET } };
    const report = reportOf([step("update", "RoleSettings", "x", state, { inputs })]);
    const mfa = report.conditions.find(({ path }) => path === "activation.requireMfa");
    assert.deepEqual([mfa?.before, mfa?.after], [["required"], ["(secret)"]]);
    assert.deepEqual(found(report), ["block PIM027"]);
    const same = reportOf([step("same", "RoleSettings", "x", state, state)]);
    assert.deepEqual([same.conditions.length, found(same)], [0, []]);
  });

  it("may be a renewal where onExpired is secret", () => {
    const inputs = assignment({ ...GLOBAL, onExpired: SECRET });
    const outputs = granted(inputs, "2026-11-20T00:00:00Z", { status: "expired" });
    const report = reportOf([
      step("update", "EligibleAssignment", "x", { inputs, outputs }, { inputs }),
    ]);
    assert.deepEqual(
      report.gains.map(({ reason }) => reason),
      ["renewed"],
    );
  });

  it("may leave access behind where onDelete is secret", () => {
    const inputs = assignment({ onDelete: SECRET });
    const report = reportOf([
      step("delete", "EligibleAssignment", "x", {
        inputs,
        outputs: granted(inputs, "2027-02-01T00:00:00Z"),
      }),
    ]);
    assert.deepEqual([report.stays.length, report.losses.length], [1, 0]);
  });
});

describe("settings that are created with values known only after the update", () => {
  it("are not what was there before", () => {
    const tree = { activation: { requireMfa: UNKNOWN } };
    const report = created("RoleSettings", settings(tree, { found: {} }));
    assert.deepEqual(found(report), ["warn PIM027"]);
  });
});

describe("a condition on an Azure role", () => {
  const azure = (more: Bag = {}) =>
    assignment({
      directoryRole: undefined,
      azureRole: { role: OWNER, scope: "/subscriptions/11111111-0000-4000-8000-000000000001" },
      roleDefinitionId: OWNER,
      ...more,
    });
  const long = `@Resource[x] StringEquals '${"a".repeat(900)}'`;

  it("that becomes another one is more access, shown whole before and after", () => {
    const before = azure({ condition: long });
    const report = updated("EligibleAssignment", before, azure({ condition: `${long} || 1 == 1` }));
    const [row] = report.changes;
    assert.equal(row?.direction, "broadening");
    assert.deepEqual([row?.before?.condition, row?.condition], [long, `${long} || 1 == 1`]);
    assert.ok(found(report).includes("block PIM025"));
    for (const render of [renderMarkdown, renderText, renderHtml]) {
      const text = render(report)
        .replaceAll("&#39;", "'")
        .replaceAll("\\¦", "|")
        .replaceAll("\\|", "|");
      assert.ok(text.includes(`${long} || 1 == 1`), render.name);
      assert.ok(text.split(long).length > 2, render.name);
    }
  });

  it("that goes, or is hidden, is more access; a first one is less", () => {
    const one = azure({ condition: "1 == 1" });
    const direction = (before: Bag, after: Bag) =>
      updated("EligibleAssignment", before, after).changes[0]?.direction;
    assert.equal(direction(one, azure()), "broadening");
    assert.equal(direction(one, azure({ condition: UNKNOWN })), "broadening");
    const hidden = azure({ condition: SECRET });
    assert.equal(direction(hidden, hidden), "broadening");
    assert.equal(direction(azure(), one), "narrowing");
  });
});
