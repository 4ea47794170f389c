import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { type Answer, clientOf, type Send } from "./emulator-client";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const LANDING_ZONES = "/providers/Microsoft.Management/managementGroups/landing-zones";

interface Rule {
  id: string;
  [member: string]: unknown;
}

describe("emulator: Azure Resource Manager", () => {
  let emulator: Emulator;
  let send: Send;
  let subscription: string;
  let group: string;
  let users: string[];
  let names = 0;

  beforeEach(async () => {
    emulator = await startEmulator({ seed: 5 });
    send = await clientOf(emulator, { audience: "arm" });
    subscription = (await send("GET", "/subscriptions?api-version=2022-12-01")).body.value[0].id;
    group = `${subscription}/resourceGroups/app-prod`;
    const graph = await clientOf(emulator);
    users = (await graph("GET", "/v1.0/users")).body.value.map(({ id }: { id: string }) => id);
  });
  afterEach(() => emulator.close());

  const newName = () => `00000000-0000-4000-9000-${String(++names).padStart(12, "0")}`;
  const at = (scope: string, rest: string, version = "2020-10-01") =>
    `${scope}/providers/Microsoft.Authorization/${rest}${rest.includes("?") ? "&" : "?"}api-version=${version}`;
  const roleAt = (scope: string, guid = CONTRIBUTOR) => {
    const prefix = /^\/subscriptions\/[^/]+/.exec(scope)?.[0] ?? "";
    return `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  };
  const person = (user = users[1] ?? "", more = {}) =>
    clientOf(emulator, { user, audience: "arm", ...more });
  const put = (kind: "Eligibility" | "Assignment", scope: string, properties: object, by = send) =>
    by("PUT", at(scope, `role${kind}ScheduleRequests/${newName()}`), {
      properties: {
        principalId: users[1],
        roleDefinitionId: roleAt(scope),
        requestType: "AdminAssign",
        justification: "test",
        scheduleInfo: { expiration: { type: "AfterDuration", duration: "P30D" } },
        ...properties,
      },
    });
  const rows = async (collection: string, scope: string, filter = "") =>
    (await send("GET", at(scope, `${collection}?$filter=${filter}`))).body.value;
  const codeOf = (answer: Answer) => answer.body.error.code;
  const activate = {
    requestType: "SelfActivate",
    scheduleInfo: { expiration: { type: "AfterDuration", duration: "PT1H" } },
  };
  const policyOf = async (scope: string, guid = CONTRIBUTOR) => {
    const filter = encodeURIComponent(`roleDefinitionId eq '${roleAt(scope, guid)}'`);
    const [assignment] = await rows("roleManagementPolicyAssignments", scope, filter);
    const id: string = assignment.properties.policyId;
    const { body } = await send("GET", `${id}?api-version=2020-10-01`);
    return { id, rules: body.properties.rules as Rule[] };
  };
  const changeRules = async (scope: string, change: Record<string, object>) => {
    const { id, rules } = await policyOf(scope);
    const changed = rules.map((rule) => ({ ...rule, ...change[rule.id] }));
    return send("PATCH", `${id}?api-version=2020-10-01`, { properties: { rules: changed } });
  };
  const askApprover = (approver: string) =>
    changeRules(subscription, {
      Approval_EndUser_Assignment: {
        setting: {
          isApprovalRequired: true,
          isApprovalRequiredForExtension: false,
          isRequestorJustificationRequired: true,
          approvalMode: "SingleStage",
          approvalStages: [
            {
              approvalStageTimeOutInDays: 1,
              isApproverJustificationRequired: true,
              escalationTimeInMinutes: 0,
              isEscalationEnabled: false,
              primaryApprovers: [
                { id: approver, userType: "User", isBackup: false, description: "" },
              ],
              escalationApprovers: null,
            },
          ],
        },
      },
    });

  it("wants a token for itself and a version of the resource type", async () => {
    const path = at(subscription, "roleEligibilitySchedules");
    const anonymous = await fetch(emulator.info.arm + path);
    assert.equal(anonymous.status, 401);
    const other = await clientOf(emulator, { audience: "https://vault.azure.net" });
    assert.equal(codeOf(await other("GET", path)), "InvalidAuthenticationTokenAudience");
    for (const audience of [
      "https://management.azure.com/",
      "https://management.core.windows.net",
    ]) {
      const client = await clientOf(emulator, { audience });
      assert.equal((await client("GET", path)).status, 200);
    }
    const none = await send("GET", path.replace(/\?.*/, ""));
    assert.equal(codeOf(none), "MissingApiVersionParameter");
    const old = await send("GET", at(subscription, "roleEligibilitySchedules", "2015-07-01"));
    assert.match(old.body.error.message, /2020-10-01/);
    const unknown = await send("GET", at(subscription, "roleWishes"));
    assert.equal(unknown.status, 501);
  });

  it("answers with its own headers and counts requests", async () => {
    const path = at(subscription, "roleAssignments", "2022-04-01");
    const first = await send("GET", path, undefined, { "x-ms-correlation-request-id": "abc" });
    assert.equal(first.headers.get("x-ms-correlation-request-id"), "abc");
    assert.ok(first.headers.get("x-ms-request-id"));
    assert.ok(first.headers.get("x-ms-routing-request-id"));
    assert.equal(first.headers.get("content-type"), "application/json; charset=utf-8");
    assert.ok(Number(first.headers.get("x-ms-ratelimit-remaining-subscription-reads")) < 250);
    emulator.control.settings({ armThrottling: true });
    const answers = await Promise.all(Array.from({ length: 300 }, () => send("GET", path)));
    const refused = answers.find(({ status }) => status === 429);
    assert.equal(codeOf(refused as Answer), "TooManyRequests");
    assert.ok(Number(refused?.headers.get("retry-after")) >= 1);
  });

  it("accepts every spelling of a scope, and names those that do not exist", async () => {
    const guid = subscription.split("/").at(-1);
    for (const scope of [
      `/providers/Microsoft.Subscription/subscriptions/${guid}`,
      `//subscriptions/${guid?.toUpperCase()}`,
      `/SUBSCRIPTIONS/${guid}`,
    ]) {
      const answer = await put("Eligibility", scope, {
        roleDefinitionId: roleAt(subscription),
        requestType: "AdminAssign",
        principalId: users[names % 5],
      });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.equal(answer.body.properties.scope, subscription);
    }
    const missing = {
      "/subscriptions/00000000-0000-4000-8000-000000000000": "SubscriptionNotFound",
    };
    Object.assign(missing, { [`${subscription}/resourceGroups/none`]: "ResourceGroupNotFound" });
    Object.assign(missing, { [`${group}/providers/Microsoft.Web/sites/none`]: "ResourceNotFound" });
    for (const [scope, code] of Object.entries(missing))
      assert.equal(codeOf(await send("GET", at(scope, "roleEligibilitySchedules"))), code);
  });

  it("shows rows of scopes above as inherited, with their own scope, and those below", async () => {
    const storage = `${group}/providers/Microsoft.Storage/storageAccounts/contosoappprod`;
    for (const [index, scope] of [LANDING_ZONES, subscription, group, storage].entries()) {
      const made = await put("Eligibility", scope, { principalId: users[index + 1] });
      assert.equal(made.status, 201, JSON.stringify(made.body));
    }
    const seen = await rows("roleEligibilitySchedules", group);
    const told = seen.map((row: { properties: { scope: string; memberType: string } }) => [
      row.properties.scope,
      row.properties.memberType,
    ]);
    assert.deepEqual(told, [
      [LANDING_ZONES, "Inherited"],
      [subscription, "Inherited"],
      [group, "Direct"],
      [storage, "Direct"],
    ]);
    assert.equal((await rows("roleEligibilitySchedules", group, "atScope()")).length, 3);
    const filter = encodeURIComponent(`(principalId eq '${users[4]}') and atScope()`);
    assert.equal((await rows("roleEligibilitySchedules", storage, filter)).length, 1);
    assert.equal((await rows("roleEligibilitySchedules", group, filter)).length, 0);
    emulator.control.settings({ armInheritedRowsAreDirect: true });
    const [above] = await rows("roleEligibilitySchedules", group);
    assert.equal(above.properties.memberType, "Direct");
    const other = await send("GET", at(group, "roleEligibilitySchedules?$filter=colour eq 'red'"));
    assert.equal(codeOf(other), "InvalidFilter");
  });

  it("refuses what PIM refuses, in Azure's words", async () => {
    const forever = { scheduleInfo: { expiration: { type: "NoExpiration" } } };
    const failed = await put("Eligibility", subscription, forever);
    assert.equal(
      failed.body.error.message,
      'The following policy rules failed: ["ExpirationRule"]',
    );
    const silent = await put("Assignment", subscription, { justification: null, ...forever });
    assert.equal(
      silent.body.error.message,
      'The following policy rules failed: ["ExpirationRule","JustificationRule"]',
    );
    const nobody = await put("Eligibility", subscription, { principalId: newName() });
    assert.deepEqual([nobody.status, codeOf(nobody)], [400, "SubjectNotFound"]);
    const noRole = await put("Eligibility", subscription, {
      roleDefinitionId: roleAt(subscription, newName()),
    });
    assert.deepEqual([noRole.status, codeOf(noRole)], [400, "RoleNotFound"]);
    const foreign = roleAt("/subscriptions/00000000-0000-4000-8000-000000000000");
    const mismatch = await put("Eligibility", subscription, { roleDefinitionId: foreign });
    assert.equal(codeOf(mismatch), "ScopeDoesNotMatchRoleDefinition");
    assert.equal((await put("Eligibility", subscription, {})).status, 201);
    assert.equal(codeOf(await put("Eligibility", subscription, {})), "RoleAssignmentExists");
    const gone = await put("Eligibility", group, { requestType: "AdminRemove" });
    assert.equal(codeOf(gone), "RoleAssignmentDoesNotExist");
    const wish = await put("Eligibility", subscription, { requestType: "AdminWish" });
    assert.equal(codeOf(wish), "InvalidRoleAssignmentRequest");
    const halfCondition = await put("Assignment", subscription, { condition: "x" });
    assert.equal(codeOf(halfCondition), "InvalidRoleAssignmentRequest");
    emulator.control.settings({ licensed: false });
    const free = await put("Eligibility", group, {});
    assert.equal(codeOf(free), "AadPremiumLicenseRequired");
    const deleted = await send(
      "DELETE",
      at(subscription, `roleEligibilityScheduleRequests/${newName()}`),
    );
    assert.deepEqual(
      [deleted.status, deleted.body],
      [405, { message: "The requested resource does not support http method 'DELETE'." }],
    );
  });

  it("keeps conditions, reads role ids back in their own form, changes ids with updates", async () => {
    const condition = { condition: "@Resource[x] StringEquals 'y'", conditionVersion: "2.0" };
    const made = await put("Eligibility", subscription, {
      ...condition,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}`,
    });
    assert.equal(made.body.properties.roleDefinitionId, roleAt(subscription));
    const [schedule] = await rows("roleEligibilitySchedules", subscription);
    assert.equal(schedule.properties.condition, condition.condition);
    assert.equal(schedule.name, made.body.properties.targetRoleEligibilityScheduleId);
    assert.equal(schedule.properties.roleEligibilityScheduleRequestId, made.body.id);
    const scheduleInfo = { expiration: { type: "AfterDuration", duration: "P60D" } };
    const updated = await put("Eligibility", subscription, {
      requestType: "AdminUpdate",
      ...condition,
      scheduleInfo,
    });
    assert.notEqual(updated.body.properties.targetRoleEligibilityScheduleId, schedule.name);
    assert.equal((await send("GET", `${schedule.id}?api-version=2020-10-01`)).status, 404);
    const ann = await person();
    await put("Assignment", group, { ...activate, roleDefinitionId: roleAt(group) }, ann);
    const plain = (await send("GET", at(group, "roleAssignments", "2022-04-01"))).body.value[0];
    assert.equal(plain.properties.condition, condition.condition);
    assert.equal(plain.properties.scope, group);
  });

  it("takes members in any case, and purges requests after 45 days", async () => {
    const name = newName();
    const answer = await send("PUT", at(subscription, `roleEligibilityScheduleRequests/${name}`), {
      Properties: {
        PrincipalId: users[1],
        RoleDefinitionId: roleAt(subscription),
        RequestType: "adminassign",
        ScheduleInfo: {
          StartDateTime: null,
          Expiration: { Type: "AfterDuration", EndDateTime: null, Duration: "P90D" },
        },
        TicketInfo: { TicketNumber: "1", TicketSystem: "desk" },
      },
    });
    assert.equal(answer.status, 201);
    assert.deepEqual(answer.body.properties.ticketInfo, {
      ticketNumber: "1",
      ticketSystem: "desk",
    });
    assert.equal(answer.body.properties.requestType, "AdminAssign");
    const path = at(subscription, `roleEligibilityScheduleRequests/${name}`);
    assert.equal((await send("GET", path)).status, 200);
    emulator.control.clock({ advance: "P46D" });
    assert.equal((await send("GET", path)).status, 404);
    assert.equal((await rows("roleEligibilitySchedules", subscription)).length, 1);
    emulator.control.clock({ advance: "P46D" });
    assert.equal((await rows("roleEligibilitySchedules", subscription)).length, 0);
  });

  it("lets a person activate: linked, for a while, never shorter than five minutes", async () => {
    const made = await put("Eligibility", subscription, {});
    const ann = await person();
    const linked = {
      linkedRoleEligibilityScheduleId: made.body.properties.targetRoleEligibilityScheduleId,
    };
    const refused = await ann("GET", at(subscription, "roleEligibilitySchedules"));
    assert.deepEqual([refused.status, codeOf(refused)], [403, "InsufficientPermissions"]);
    const mine = await ann("GET", at("", "roleEligibilityScheduleInstances?$filter=asTarget()"));
    assert.equal(mine.body.value.length, 1);
    const denied = await put("Eligibility", group, {}, ann);
    assert.deepEqual([denied.status, codeOf(denied)], [403, "AuthorizationFailed"]);
    const { body } = await put("Assignment", subscription, { ...activate, ...linked }, ann);
    assert.equal(body.properties.status, "Provisioned");
    const [instance] = await rows("roleAssignmentScheduleInstances", subscription);
    assert.equal(instance.properties.assignmentType, "Activated");
    assert.equal(instance.properties.originRoleAssignmentId.split("/").at(-1), instance.name);
    const early = await put("Assignment", subscription, { requestType: "SelfDeactivate" }, ann);
    assert.equal(codeOf(early), "ActiveDurationTooShort");
    assert.equal((await ann("GET", at(subscription, "roleEligibilitySchedules"))).status, 200);
    emulator.control.clock({ advance: "PT6M" });
    const done = await put("Assignment", subscription, { requestType: "SelfDeactivate" }, ann);
    assert.equal(done.body.properties.status, "Revoked");
    assert.deepEqual(await rows("roleAssignmentSchedules", subscription), []);
    const byApp = await put("Assignment", subscription, activate);
    assert.equal(byApp.status, 400);
    const bob = await person(users[2]);
    const not = await put("Assignment", subscription, { ...activate, principalId: users[2] }, bob);
    assert.match(not.body.error.message, /"EligibilityRule"/);
  });

  it("asks approvers: stages and steps, wrapped and bare bodies, denial and time-out", async () => {
    assert.equal((await askApprover(users[2] ?? "")).status, 200);
    await put("Eligibility", subscription, {});
    const ann = await person();
    const bob = await person(users[2]);
    const validation = await ann(
      "POST",
      at(subscription, `roleAssignmentScheduleRequests/${newName()}/validate`),
      {
        properties: {
          principalId: users[1],
          roleDefinitionId: roleAt(subscription),
          justification: "x",
          ...activate,
        },
      },
    );
    assert.equal(validation.body.properties.status, "PendingEvaluation");
    const { body: request } = await put("Assignment", subscription, activate, ann);
    assert.equal(request.properties.status, "PendingApproval");
    const { approvalId } = request.properties;
    assert.match(approvalId, /^\/subscriptions\/.*\/roleAssignmentApprovals\//i);
    const waiting = await bob(
      "GET",
      at("", "roleAssignmentScheduleRequests?$filter=asApprover()", "2020-10-01-preview"),
    );
    assert.deepEqual(
      waiting.body.value.map(({ id }: { id: string }) => id),
      [request.id],
    );
    const approvals = await bob(
      "GET",
      at("", "roleAssignmentApprovals?$filter=asApprover()", "2021-01-01-preview"),
    );
    assert.equal(approvals.body.value[0].properties.stages[0].properties.assignedToMe, true);
    const { body: stages } = await bob(
      "GET",
      `${approvalId}/stages?api-version=2021-01-01-preview`,
    );
    const stage = `${stages.value[0].id}?api-version=2021-01-01-preview`;
    const approve = { reviewResult: "Approve", justification: "fine" };
    assert.equal((await ann("PUT", stage, { properties: approve })).status, 403);
    const decided = await bob("PUT", stage, { properties: approve });
    assert.equal(decided.body.properties.status, "Completed");
    assert.equal(decided.body.properties.reviewedBy.principalId, users[2]);
    assert.equal((await bob("PATCH", stage.replace("/stages/", "/steps/"), approve)).status, 409);
    assert.equal((await rows("roleAssignmentSchedules", subscription)).length, 1);
    emulator.control.clock({ advance: "PT2H" });
    const second = await put("Assignment", subscription, activate, ann);
    const step = second.body.properties.approvalId;
    const name = step.split("/").at(-1);
    const denied = await bob("PATCH", `${step}/steps/${name}?api-version=2021-01-01-preview`, {
      ...approve,
      reviewResult: "Deny",
    });
    assert.equal(denied.body.properties.reviewResult, "Deny");
    assert.equal(
      (await ann("GET", `${second.body.id}?api-version=2020-10-01`)).body.properties.status,
      "Denied",
    );
    const third = await put("Assignment", subscription, activate, ann);
    emulator.control.clock({ advance: "P2D" });
    assert.equal(
      (await ann("GET", `${third.body.id}?api-version=2020-10-01`)).body.properties.status,
      "TimedOut",
    );
  });

  it("keeps policies per scope and role, with both beliefs about ids and partial updates", async () => {
    const before = await policyOf(subscription);
    assert.equal(before.rules.length, 17);
    assert.notEqual((await policyOf(group)).id, before.id);
    const again = await policyOf(subscription);
    assert.notDeepEqual(
      again.rules.map(({ id }) => id),
      before.rules.map(({ id }) => id),
    );
    const changed = { isExpirationRequired: false };
    assert.equal(
      (await changeRules(subscription, { Expiration_Admin_Eligibility: changed })).status,
      200,
    );
    assert.equal((await policyOf(subscription)).id, before.id);
    const forever = { scheduleInfo: { expiration: { type: "NoExpiration" } } };
    assert.equal((await put("Eligibility", subscription, forever)).status, 201);
    assert.equal((await put("Eligibility", group, forever)).status, 400);
    emulator.control.settings({ armPolicyIdChanges: true });
    await changeRules(subscription, { Expiration_Admin_Eligibility: changed });
    assert.notEqual((await policyOf(subscription)).id, before.id);
    assert.equal((await send("GET", `${before.id}?api-version=2020-10-01`)).status, 404);
    emulator.control.settings({ armIgnoresPartialPolicies: true });
    const { id, rules } = await policyOf(subscription);
    const one = rules.filter((rule) => rule.id === "Expiration_EndUser_Assignment");
    const patch = { properties: { rules: [{ ...one[0], maximumDuration: "PT1H" }] } };
    assert.equal((await send("PATCH", `${id}?api-version=2020-10-01`, patch)).status, 200);
    const still = await policyOf(subscription);
    assert.equal(still.id, id);
    const rule = still.rules.find((each) => each.id === "Expiration_EndUser_Assignment");
    assert.equal(rule?.["maximumDuration"], "PT8H");
  });

  it("refuses policies that are incomplete or contradict themselves", async () => {
    const { id, rules } = await policyOf(subscription);
    const patch = (body: object[]) =>
      send("PATCH", `${id}?api-version=2020-10-01`, { properties: { rules: body } });
    const [rule] = rules.filter((each) => each.id === "Expiration_EndUser_Assignment");
    for (const bad of [
      { ...rule, target: undefined },
      { ...rule, maximumDuration: "PT48H" },
      { ...rule, isExpirationRequired: undefined },
      { ...rule, id: "Expiration_Nobody" },
      { ...rule, ruleType: "RoleManagementPolicyEnablementRule" },
    ])
      assert.equal(codeOf(await patch([bad])), "InvalidPolicy");
    assert.equal(codeOf(await askApprover(newName())), "InvalidPolicy");
    const both = await changeRules(subscription, {
      Enablement_EndUser_Assignment: { enabledRules: ["MultiFactorAuthentication"] },
      AuthenticationContext_EndUser_Assignment: { isEnabled: true, claimValue: "c1" },
    });
    assert.equal(codeOf(both), "MfaAndAcrsConflict");
    const removed = await send("DELETE", `${id}?api-version=2020-10-01`);
    assert.deepEqual(
      [removed.status, removed.body.error.message],
      [400, "Not implemented exception"],
    );
  });

  it("keeps plain assignments out where PIM only is allowed", async () => {
    const { id } = await policyOf(subscription);
    const preview = `${id}?api-version=2024-09-01-preview`;
    const count = async () => (await send("GET", preview)).body.properties.rules.length;
    // As published: what nobody has set is not told.
    assert.equal(await count(), 17);
    const rule = {
      id: "PIMOnlyMode_Admin_Assignment",
      ruleType: "RoleManagementPolicyPimOnlyModeRule",
      pimOnlyModeSettings: {
        mode: "Enabled",
        excludes: [{ id: users[3], type: "User" }],
        excludedAssignmentTypes: ["ServicePrincipalsAsTarget"],
      },
      target: { caller: "Admin", level: "Assignment", operations: ["all"] },
    };
    const early = await send("PATCH", `${id}?api-version=2020-10-01`, {
      properties: { rules: [rule] },
    });
    assert.equal(codeOf(early), "InvalidPolicy");
    assert.equal((await send("PATCH", preview, { properties: { rules: [rule] } })).status, 200);
    assert.equal(await count(), 18);
    const assign = (principalId?: string) =>
      send("PUT", at(subscription, `roleAssignments/${newName()}`, "2022-04-01"), {
        properties: { principalId, roleDefinitionId: roleAt(subscription), principalType: "User" },
      });
    assert.equal((await assign(users[2])).status, 403);
    assert.equal((await assign(users[3])).status, 201);
    assert.equal((await put("Assignment", subscription, {})).status, 201);
  });

  it("follows the roles of the caller, unless it is the pipeline", async () => {
    emulator.control.settings({ armPipelineIsPrivileged: false });
    assert.equal((await put("Eligibility", subscription, {})).status, 403);
    const graph = await clientOf(emulator);
    const [self] = (await graph("GET", "/v1.0/servicePrincipals?$filter=displayName eq 'Pipeline'"))
      .body.value;
    emulator.control.seed({
      scopes: [
        {
          id: "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/mine",
          displayName: "Mine",
        },
      ],
      azureRoleAssignments: [
        { principalId: self.id, roleDefinitionId: "User Access Administrator", scope: group },
      ],
    });
    const seen = (await send("GET", "/subscriptions?api-version=2022-12-01")).body.value;
    assert.deepEqual(
      seen.map(({ id }: { id: string }) => id),
      [subscription],
    );
    assert.equal((await put("Eligibility", subscription, {})).status, 403);
    assert.equal(
      (await put("Eligibility", group, { roleDefinitionId: roleAt(group, OWNER) })).status,
      201,
    );
  });

  it("makes resource groups, resources and management groups", async () => {
    const made = await send("PUT", `${subscription}/resourceGroups/new?api-version=2021-04-01`, {
      location: "westeurope",
    });
    assert.equal(made.status, 201);
    const site = `${subscription}/resourceGroups/new/providers/Microsoft.Web/sites/one`;
    const resource = await send("PUT", `${site}?api-version=2023-01-01`, {
      location: "westeurope",
      properties: { httpsOnly: true },
    });
    assert.equal(resource.body.type, "Microsoft.Web/sites");
    assert.equal((await put("Eligibility", site, {})).status, 201);
    const exists = (name: string) =>
      send("HEAD", `${subscription}/resourceGroups/${name}?api-version=2021-04-01`);
    assert.deepEqual([(await exists("new")).status, (await exists("old")).status], [204, 404]);
    const child = "/providers/Microsoft.Management/managementGroups/sandbox";
    await send("PUT", `${child}?api-version=2020-05-01`, {
      properties: { displayName: "Sandbox", details: { parent: { id: LANDING_ZONES } } },
    });
    const tree = await send("GET", `${LANDING_ZONES}?api-version=2020-05-01&$expand=children`);
    assert.equal(tree.body.properties.children.length, 3);
    const removed = await send(
      "DELETE",
      `${subscription}/resourceGroups/new?api-version=2021-04-01`,
    );
    assert.equal(removed.status, 200);
    assert.equal((await send("GET", `${site}?api-version=2023-01-01`)).status, 404);
  });

  it("lists 1,000 rows over 50 scopes quickly", async () => {
    emulator.control.generate({ users: 200, scopes: 50, azureEligible: 1000 });
    const { value } = (await send("GET", "/subscriptions?api-version=2022-12-01")).body;
    const startedAt = performance.now();
    let seen = 0;
    for (const { id } of value) seen += (await rows("roleEligibilitySchedules", id)).length;
    assert.equal(seen, 1000);
    assert.ok(performance.now() - startedAt < 2000);
    emulator.control.settings({ armPageSize: 100 });
    let path: string | undefined = at("", "roleEligibilitySchedules");
    for (seen = 0; path !== undefined; ) {
      const { body }: Answer = await send("GET", path);
      seen += body.value.length;
      path = body.nextLink?.slice(emulator.info.arm.length);
    }
    assert.equal(seen, 1000);
  });

  it("moves a subscription into a management group and out of it", async () => {
    const name = subscription.split("/").at(-1);
    const sandbox = "/providers/Microsoft.Management/managementGroups/sandbox";
    const version = "?api-version=2020-05-01";
    await send("PUT", `${sandbox}${version}`, { properties: { displayName: "Sandbox" } });
    const path = `${sandbox}/subscriptions/${name}${version}`;
    assert.equal((await send("GET", path)).status, 404);
    const moved = await send("PUT", path);
    assert.equal(moved.status, 200);
    assert.equal(moved.body.properties.parent.id, sandbox);
    assert.deepEqual((await send("GET", path)).body, moved.body);
    const listed = await send("GET", `${sandbox}/subscriptions${version}`);
    assert.deepEqual(listed.body.value, [moved.body]);
    const statuses = [(await send("DELETE", path)).status, (await send("DELETE", path)).status];
    assert.deepEqual(statuses, [200, 204]);
    assert.equal((await send("GET", path)).status, 404);
  });
});
