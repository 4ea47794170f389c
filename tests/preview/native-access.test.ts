import assert from "node:assert/strict";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { UNKNOWN } from "../../src/model/unknown";
import { exitCode } from "../../src/preview/exit-code";
import { redactReport } from "../../src/preview/redact";
import { renderHtml } from "../../src/preview/render-html";
import { REPORT_SCHEMA, renderJson } from "../../src/preview/render-json";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { renderText } from "../../src/preview/render-text";
import type { Report } from "../../src/preview/report";
import { type Bag, GLOBAL_ADMINISTRATOR, guid, reportOf } from "./plan-builder";

const SUBSCRIPTION = "/subscriptions/11111111-0000-4000-8000-000000000001";
const OWNER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const ENTRA = "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment";

function native(op: string, type: string, inputs: Bag, more: Bag = {}): Bag {
  const urn = `urn:pulumi:dev::entra-pim::${type}::sneaky`;
  const state = { urn, type, custom: true, inputs, sourcePosition: "project:///x.ts#3,1", ...more };
  return { op, urn, ...(op === "delete" ? { oldState: state } : { newState: state }) };
}

function rules({ findings }: Report): string[] {
  return findings.filter(({ rule }) => rule === "PIM022").map(({ severity }) => severity);
}

describe("access that a plan gives by resources of other packages", () => {
  it("is named, with who and what, and blocks where a critical role stands open", () => {
    const report = reportOf(
      [native("create", ENTRA, { roleId: GLOBAL_ADMINISTRATOR, principalObjectId: guid(7) })],
      { names: { [guid(7)]: { displayName: "Eve" } } },
    );
    const [row] = report.native;
    assert.deepEqual(
      [row?.who?.name, row?.role?.name, row?.role?.tier, row?.role?.scopeName, row?.source?.line],
      ["Eve", "Global Administrator", "critical", "directory", 3],
    );
    assert.deepEqual(rules(report), ["block"]);
    assert.equal(report.verdict.direction, "broadening");
    assert.equal(exitCode(report, { failOn: "block" }), 2);
    assert.deepEqual(report.otherResources, {});
    for (const render of [renderMarkdown, renderText, renderHtml]) {
      const text = render(report);
      assert.match(text, /By resources of other packages/, render.name);
      assert.match(text, /standing assignment of a directory role/, render.name);
      assert.doesNotMatch(text, /Nobody gains|not about access/, render.name);
    }
    const json = renderJson(report);
    assert.ok(addFormats(new Ajv({ strict: true })).validate(REPORT_SCHEMA, JSON.parse(json)));
    assert.doesNotMatch(renderMarkdown(redactReport(report, "all")), /Eve/);
  });

  it("is followed to the role that the same program activates", () => {
    const role = "urn:pulumi:dev::entra-pim::azuread:index/directoryRole:DirectoryRole::ga";
    const report = reportOf([
      { op: "create", urn: role, newState: { inputs: { displayName: "Global Administrator" } } },
      native(
        "create",
        ENTRA,
        { roleId: UNKNOWN, principalObjectId: guid(7) },
        { propertyDependencies: { roleId: [role] } },
      ),
    ]);
    assert.equal(report.native[0]?.role?.name, "Global Administrator");
    assert.deepEqual(rules(report), ["block"]);
  });

  it("is a warning elsewhere", () => {
    const azure = { roleDefinitionId: OWNER, principalId: guid(7), scope: SUBSCRIPTION };
    const cases: [string, Bag, string][] = [
      ["azure-native:authorization:RoleAssignment", azure, "Owner"],
      ["azure-native:authorization/v20220401:RoleAssignment", azure, "Owner"],
      ["azure-native:authorization:PimRoleEligibilitySchedule", azure, "Owner"],
      ["azure:authorization/assignment:Assignment", azure, "Owner"],
      [
        "azure-native:authorization:RoleManagementPolicy",
        { scope: SUBSCRIPTION },
        "(known after apply)",
      ],
      [
        "azuread:index/groupMember:GroupMember",
        { groupObjectId: guid(9), memberObjectId: guid(7) },
        "eeeeeeee…0009",
      ],
      ["azuread:index/group:Group", { displayName: "Ops", members: [guid(7)] }, "Ops"],
      [
        "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest",
        { roleDefinitionId: GLOBAL_ADMINISTRATOR, principalId: guid(7), directoryScopeId: "/" },
        "Global Administrator",
      ],
    ];
    for (const [type, inputs, role] of cases) {
      const report = reportOf([native("create", type, inputs)]);
      assert.equal(report.native[0]?.role?.name, role, type);
      assert.deepEqual(rules(report), ["warn"], type);
      assert.equal(report.verdict.direction, "broadening", type);
    }
  });

  it("is shown without a finding where it goes, is another kind of permission, or code", () => {
    const gone = reportOf([
      native("delete", ENTRA, { roleId: GLOBAL_ADMINISTRATOR, principalObjectId: guid(7) }),
    ]);
    assert.deepEqual(
      [gone.native.length, rules(gone), gone.verdict.direction],
      [1, [], "narrowing"],
    );
    for (const type of [
      "azuread:index/appRoleAssignment:AppRoleAssignment",
      "pulumi-nodejs:dynamic:Resource",
      "pulumi-nodejs:dynamic/entra-pim:Eligible2",
      "command:local:Command",
    ]) {
      const report = reportOf([native("create", type, {})]);
      assert.deepEqual([report.native.length, rules(report)], [1, []], type);
      assert.equal(report.verdict.direction, "none", type);
    }
  });

  it("leaves out what stays, groups without members and what is not about access", () => {
    const report = reportOf([
      native("same", ENTRA, { roleId: GLOBAL_ADMINISTRATOR, principalObjectId: guid(7) }),
      native("create", "azuread:index/group:Group", { displayName: "Ops" }),
    ]);
    assert.deepEqual(report.native, []);
    assert.deepEqual(report.otherResources, { create: 1 });
  });

  it("is one row for a replacement", () => {
    const inputs = { roleId: GLOBAL_ADMINISTRATOR, principalObjectId: guid(7) };
    const report = reportOf([
      native("create-replacement", ENTRA, inputs),
      native("replace", ENTRA, inputs),
      native("delete-replaced", ENTRA, { ...inputs, principalObjectId: guid(8) }),
    ]);
    assert.deepEqual(
      report.native.map(({ op, who }) => [op, who?.id]),
      [["replace", guid(8)]],
    );
  });
});
