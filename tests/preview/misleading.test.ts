import assert from "node:assert/strict";
import { exitCode } from "../../src/preview/exit-code";
import { PreviewInputError, readPlan } from "../../src/preview/read-plan";
import { renderHtml } from "../../src/preview/render-html";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { renderText } from "../../src/preview/render-text";
import type { Report } from "../../src/preview/report";
import {
  assignment,
  type Bag,
  documentOf,
  GLOBAL_ADMINISTRATOR,
  granted,
  guid,
  reportOf,
  settings,
  step,
  TENANT,
} from "./plan-builder";

const GLOBAL = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};
const PERMANENT = assignment({ ...GLOBAL, expiration: { permanent: true } });
const OTHER_TENANT = "22222222-0000-4000-8000-000000000002";
const RENDERERS = [renderMarkdown, renderText, renderHtml];

const grant = (name: string, inputs: Bag) =>
  step("create", "ActiveAssignment", name, undefined, { inputs });
const held = (inputs: Bag) => ({ inputs, outputs: granted(inputs, "2027-02-01T00:00:00Z") });
const blocks = ({ findings }: Report) =>
  findings.filter(({ severity }) => severity === "block").map(({ rule }) => rule);

describe("a document of a preview among others", () => {
  const real = documentOf([grant("x", PERMANENT)]);
  const pretty = JSON.stringify(JSON.parse(real), null, 2);
  const decoys = ['{"steps":[]}', '{\n  "steps": []\n}', '{"duration":1}', '{\n  "config": {}\n}'];

  for (const decoy of decoys) {
    for (const document of [real, pretty]) {
      for (const text of [`${decoy}\n${document}`, `${document}\n${decoy}`]) {
        it(`is rejected, not chosen: ${JSON.stringify(text.slice(0, 18))}`, () => {
          assert.throws(
            () => readPlan(text),
            (error) => error instanceof PreviewInputError && /more than one/.test(error.message),
          );
        });
      }
    }
  }

  it("is found behind braces that are none, and with braces and quotes in its texts", () => {
    const odd = documentOf([grant("x", assignment({ justification: 'a "}{\\" b\\\\' }))]);
    for (const text of [`{ not json }\n${odd}`, `{"some":"log"}\n${odd}\n}`, `{\n${odd}`]) {
      if (text.startsWith("{\n")) assert.equal(readPlan(text).steps.length, 1);
      else assert.equal(readPlan(text).steps[0]?.after?.inputs["justification"], 'a "}{\\" b\\\\');
    }
  });
});

describe("a step that this release does not know", () => {
  it("is read like an update", () => {
    const report = reportOf([
      step("reshuffle", "ActiveAssignment", "x", undefined, { inputs: PERMANENT }),
    ]);
    assert.deepEqual(blocks(report), ["PIM001"]);
    assert.equal(exitCode(report, { failOn: "block" }), 2);
  });

  it("is nothing where it only reads", () => {
    const report = reportOf([
      step("read", "ActiveAssignment", "x", undefined, { inputs: PERMANENT }),
    ]);
    assert.deepEqual([report.gains.length, blocks(report)], [0, []]);
  });
});

describe("two resources that declare the same", () => {
  it("do not hide each other", () => {
    const short = assignment({ ...GLOBAL, expiration: { duration: "PT1H" } });
    for (const pair of [
      [grant("a", PERMANENT), grant("b", short)],
      [grant("a", short), grant("b", PERMANENT)],
    ]) {
      const report = reportOf(pair);
      assert.deepEqual([report.gains.length, blocks(report)], [2, ["PIM001"]]);
    }
  });
});

describe("access that seems to move", () => {
  const unit = (number: number, more: Bag = {}) =>
    assignment({
      directoryRole: { role: GLOBAL_ADMINISTRATOR, scope: `/administrativeUnits/${guid(number)}` },
      roleDefinitionId: GLOBAL_ADMINISTRATOR,
      ...more,
    });

  it("and stays behind is left behind and gained", () => {
    const report = reportOf([
      step("delete", "EligibleAssignment", "e", held(assignment({ onDelete: "keep" }))),
      grant("a", assignment({ expiration: { duration: "P1D" } })),
    ]);
    assert.deepEqual([report.changes.length, report.stays.length, report.gains.length], [0, 1, 1]);
  });

  it("to a place where it was already is lost and taken over", () => {
    const existing = { startsAt: null, endsAt: "2027-03-01T00:00:00Z" };
    const report = reportOf([
      step("delete", "EligibleAssignment", "e", held(unit(1))),
      step("create", "EligibleAssignment", "a", undefined, { inputs: unit(2, { existing }) }),
    ]);
    assert.deepEqual(
      [report.changes.length, report.losses.length, report.adopted.length],
      [0, 1, 1],
    );
  });
});

describe("the same role in two tenants or at two scopes", () => {
  it("is told apart in every row", () => {
    const eligible = (name: string, tenantId: string) =>
      step("create", "EligibleAssignment", name, undefined, {
        inputs: assignment({ ...GLOBAL, tenantId }),
      });
    const tree = { activation: { requireMfa: false } };
    const change = (name: string, tenantId: string) => {
      const inputs = settings(tree, {
        ...GLOBAL,
        tenantId,
        found: { activation: { requireMfa: true } },
      });
      return step("create", "RoleSettings", name, undefined, { inputs });
    };
    const report = reportOf([
      eligible("a", TENANT),
      eligible("b", OTHER_TENANT),
      change("c", TENANT),
      change("d", OTHER_TENANT),
    ]);
    const places = ["directory of tenant 22222222…0002", "directory of tenant 99999999…0001"];
    assert.deepEqual(report.gains.map(({ role }) => role.scopeName).sort(), places);
    assert.deepEqual(report.conditions.map(({ role }) => role.scopeName).sort(), places);
    for (const render of RENDERERS)
      assert.ok(render(report).split("tenant 22222222…0002").length > 2, render.name);
    const one = reportOf([eligible("a", TENANT)]);
    assert.equal(one.gains[0]?.role.scopeName, "directory");
  });

  it("names the scope of an Azure role's settings", () => {
    const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    const scope = "/subscriptions/11111111-0000-4000-8000-000000000001";
    const inputs = settings(
      { activation: { requireMfa: false }, found: { activation: { requireMfa: true } } },
      { directoryRole: undefined, azureRole: { role: owner, scope }, roleDefinitionId: owner },
    );
    const report = reportOf([step("create", "RoleSettings", "x", undefined, { inputs })]);
    assert.deepEqual(
      report.conditions.map(({ role }) => role.scopeName),
      [scope],
    );
    const line = /^.*MFA.*(?:required|off).*$/m;
    for (const render of [renderMarkdown, renderText])
      assert.ok(line.exec(render(report))?.[0].includes(scope), render.name);
    assert.match(renderHtml(report), /Conditions changed[\s\S]*at <bdi>\/subscriptions\/11111111/);
  });
});

describe("a custom role that looks like one of Microsoft's", () => {
  it("is told apart on Azure too, in every format", () => {
    const azureRole = { role: "x", scope: "/subscriptions/11111111-0000-4000-8000-000000000001" };
    const inputs = assignment({
      directoryRole: undefined,
      azureRole,
      roleDefinitionId: guid(88),
      roleName: "Rеader",
    });
    const report = reportOf([step("create", "EligibleAssignment", "x", undefined, { inputs })]);
    assert.equal(report.gains[0]?.role.looksLike, "Reader");
    for (const render of RENDERERS)
      assert.match(render(report).replaceAll("*", ""), /custom, not Reader/, render.name);
  });
});
