import assert from "node:assert/strict";
import { call } from "../emulated/call";
import { PeopleTenant } from "../people/person";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

describe("commands of people on groups", () => {
  let people: PeopleTenant;
  let group: string;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    const [made] = people.control.seed({
      groups: [{ displayName: "Break fix", securityEnabled: true }],
    }).groups;
    group = String(made?.["id"]);
    const ann = await people.at.user("ann");
    await asAdmin(
      people,
      "POST",
      "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests",
      {
        action: "adminAssign",
        principalId: ann,
        groupId: group,
        accessId: "member",
        justification: "r",
        scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
      },
    );
  });
  afterEach(() => people.close());

  it("activates, waits for approval, is approved, ends", async () => {
    const list = await people.run("ann", ["eligible", "--surface", "groups"]);
    assert.match(list.out, /group +member of Break fix/);
    assert.match(list.out, /PT8H +reason/);
    await requireGroupApproval(people, group, "bob");
    const asked = await people.run("ann", [
      "activate",
      "Break fix",
      "--surface",
      "groups",
      "--reason",
      "r",
      "--json",
    ]);
    assert.equal(asked.exitCode, 0, asked.out + asked.err);
    assert.equal(asked.json.results[0].result, "waiting");
    const requests = await people.run("ann", ["requests", "--surface", "groups"]);
    assert.match(requests.out, /waits for approval +bob@contoso\.com/);
    const admins = ["requests", "--surface", "groups", "--open"];
    const unseen = await people.run("admin", [...admins, "--all"]);
    assert.doesNotMatch(unseen.out, /Break fix/);
    const seen = await people.run("admin", [...admins, "--scope", group]);
    assert.match(seen.out, /Break fix/);
    const pending = await people.run("bob", ["approvals", "--surface", "groups"]);
    assert.match(pending.out, /ann@contoso\.com +activate +group +member of Break fix/);
    const decided = await people.run("bob", [
      "approve",
      "--all-from",
      "ann@contoso.com",
      "--surface",
      "groups",
      "--reason",
      "ok",
      "--yes",
    ]);
    assert.equal(decided.exitCode, 0, decided.out + decided.err);
    const active = await people.run("ann", ["active", "--surface", "groups"]);
    assert.match(active.out, /member of Break fix +activated/);
    people.at.advance("PT6M");
    const ended = await people.run("ann", [
      "deactivate",
      "Break fix:member",
      "--surface",
      "groups",
    ]);
    assert.equal(ended.exitCode, 0, ended.out + ended.err);
    const again = await people.run("bob", [
      "deny",
      asked.json.results[0].requestId,
      "--surface",
      "groups",
      "--reason",
      "x",
    ]);
    assert.equal(again.exitCode, 2);
    assert.match(again.out, /approved already by/);
  });

  it("asks to extend, and refuses what is none", async () => {
    const extended = await people.run("ann", [
      "extend",
      "Break fix",
      "--surface",
      "groups",
      "--for",
      "P60D",
      "--reason",
      "r",
    ]);
    assert.equal(extended.exitCode, 0, extended.out + extended.err);
    const owner = await people.run("ann", [
      "activate",
      "Break fix:owner",
      "--surface",
      "groups",
      "--reason",
      "r",
    ]);
    assert.equal(owner.exitCode, 2);
    assert.match(owner.out, /not eligible/);
  });
});

describe("commands of people on Azure roles", () => {
  let people: PeopleTenant;
  let scope: string;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    scope = await firstScope(people);
    await azure(
      people,
      "PUT",
      `${scope}/providers/Microsoft.Authorization/roleEligibilityScheduleRequests/${crypto.randomUUID()}?api-version=2020-10-01`,
      {
        properties: {
          principalId: await people.at.user("ann"),
          roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}`,
          requestType: "AdminAssign",
          justification: "r",
          scheduleInfo: { expiration: { type: "AfterDuration", duration: "P30D" } },
        },
      },
    );
  });
  afterEach(() => people.close());

  it("activates and ends", async () => {
    const list = await people.run("ann", ["eligible", "--surface", "azure"]);
    assert.equal(list.exitCode, 0, list.err);
    assert.match(list.out, /azure +Contributor/);
    const checked = await people.run("ann", [
      "activate",
      "Contributor",
      "--surface",
      "azure",
      "--reason",
      "r",
      "--validate",
    ]);
    assert.match(checked.out, /would be granted/);
    const done = await people.run("ann", [
      "activate",
      "Contributor",
      "--surface",
      "azure",
      "--reason",
      "r",
      "--scope",
      scope,
    ]);
    assert.equal(done.exitCode, 0, done.out + done.err);
    assert.match(done.out, /active until/);
    const twice = await people.run("ann", [
      "activate",
      "Contributor",
      "--surface",
      "azure",
      "--reason",
      "r",
    ]);
    assert.equal(twice.exitCode, 2);
    assert.match(
      (await people.run("ann", ["active", "--surface", "azure"])).out,
      /Contributor.*activated/,
    );
    people.at.advance("PT6M");
    const ended = await people.run("ann", ["deactivate", "Contributor", "--surface", "azure"]);
    assert.equal(ended.exitCode, 0, ended.out + ended.err);
  });

  it("is approved by another person", async () => {
    await requireAzureApproval(people, scope, "bob");
    const asked = await people.run("ann", [
      "activate",
      "Contributor",
      "--surface",
      "azure",
      "--reason",
      "r",
      "--json",
    ]);
    assert.equal(asked.json.results[0].result, "waiting", asked.out);
    const pending = await people.run("bob", ["approvals", "--surface", "azure"]);
    assert.match(pending.out, /azure +Contributor/);
    const id = asked.json.results[0].requestId;
    const decided = await people.run("bob", [
      "approve",
      id,
      "--surface",
      "azure",
      "--reason",
      "ok",
    ]);
    assert.equal(decided.exitCode, 0, decided.out + decided.err);
    const again = await people.run("bob", ["deny", id, "--surface", "azure", "--reason", "x"]);
    assert.match(again.out, /approved already by bob/);
    const mine = await people.run("ann", ["requests", "--surface", "azure"]);
    assert.match(mine.out, /done/);
  });

  it("answers on all surfaces at once, and names the one that cannot", async () => {
    const all = await people.run("ann", ["eligible"]);
    assert.equal(all.exitCode, 0, all.err);
    assert.match(all.out, /azure +Contributor/);
    people.control.fault({
      method: "GET",
      path: "*privilegedAccess/group*",
      status: 403,
      code: "Forbidden",
    });
    const some = await people.run("ann", ["eligible"]);
    assert.equal(some.exitCode, 3);
    assert.match(some.err, /not answered: groups/);
    assert.match(some.out, /Contributor/);
  });
});

async function asAdmin(
  people: PeopleTenant,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const { access_token } = await people.control.token({
    user: "admin@contoso.com",
    mfa: true,
    scopes: [
      "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
      "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
      "RoleManagementPolicy.ReadWrite.AzureADGroup",
    ],
  });
  return call(`${people.at.info.graph}/v1.0${encodeURI(path)}`, access_token, method, body);
}

async function azure(
  people: PeopleTenant,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { access_token } = await people.control.token({ audience: "arm" });
  return call(`${people.at.info.arm}${path}`, access_token, method, body);
}

async function firstScope(people: PeopleTenant): Promise<string> {
  const { value } = (await azure(people, "GET", "/subscriptions?api-version=2022-12-01")) as {
    value: { id: string }[];
  };
  return value[0]?.id ?? "";
}

interface Rule {
  id: string;
  setting?: { approvalStages: { primaryApprovers: unknown[] }[] };
}

async function requireGroupApproval(
  people: PeopleTenant,
  group: string,
  approver: string,
): Promise<void> {
  const filter = `scopeId eq '${group}' and scopeType eq 'Group' and roleDefinitionId eq 'member'`;
  const { value } = (await asAdmin(
    people,
    "GET",
    `/policies/roleManagementPolicyAssignments?$filter=${filter}&$expand=policy($expand=rules)`,
    undefined,
  )) as {
    value: { policyId: string; policy: { rules: Rule[] } }[];
  };
  const rule = value[0]?.policy.rules.find(({ id }) => id === "Approval_EndUser_Assignment");
  const userId = await people.at.user(approver);
  const [stage] = rule?.setting?.approvalStages ?? [];
  await asAdmin(people, "PATCH", `/policies/roleManagementPolicies/${value[0]?.policyId}`, {
    rules: [
      {
        ...rule,
        setting: {
          ...rule?.setting,
          isApprovalRequired: true,
          approvalStages: [
            {
              ...stage,
              primaryApprovers: [{ "@odata.type": "#microsoft.graph.singleUser", userId }],
            },
          ],
        },
      },
    ],
  });
}

async function requireAzureApproval(
  people: PeopleTenant,
  scope: string,
  approver: string,
): Promise<void> {
  const filter = encodeURIComponent(
    `roleDefinitionId eq '${scope}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}'`,
  );
  const { value } = (await azure(
    people,
    "GET",
    `${scope}/providers/Microsoft.Authorization/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${filter}`,
  )) as {
    value: { properties: { policyId: string } }[];
  };
  const id = `/${value[0]?.properties.policyId.replace(/^\//, "")}?api-version=2020-10-01`;
  const { properties } = (await azure(people, "GET", id)) as { properties: { rules: Rule[] } };
  const userId = await people.at.user(approver);
  const rules = properties.rules.map((rule) => {
    if (rule.id !== "Approval_EndUser_Assignment") return rule;
    const [stage] = rule.setting?.approvalStages ?? [];
    const primaryApprovers = [{ id: userId, description: null, isBackup: false, userType: "User" }];
    return {
      ...rule,
      setting: {
        ...rule.setting,
        isApprovalRequired: true,
        approvalStages: [{ ...stage, primaryApprovers }],
      },
    };
  });
  await azure(people, "PATCH", id, { properties: { rules } });
}
