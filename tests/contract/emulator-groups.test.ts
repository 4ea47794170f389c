import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

const GROUP = "/v1.0/identityGovernance/privilegedAccess/group";
const BETA = "/beta/identityGovernance/privilegedAccess/group";
const ASSIGNMENTS = "/v1.0/policies/roleManagementPolicyAssignments";
const PERSON = [
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
];

describe("emulator: PIM for Groups", () => {
  let emulator: Emulator;
  let send: Send;
  let group: string;
  let users: string[];

  beforeEach(async () => {
    emulator = await startEmulator({ seed: 7, keepAnswers: true });
    send = await clientOf(emulator);
    users = (await send("GET", "/v1.0/users")).body.value.map(({ id }: { id: string }) => id);
    group = (await send("GET", "/v1.0/groups")).body.value[0].id;
  });
  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  const post = (kind: "eligibility" | "assignment", body: object, by = send) =>
    by("POST", `${GROUP}/${kind}ScheduleRequests`, {
      accessId: "member",
      groupId: group,
      principalId: users[1],
      action: "adminAssign",
      justification: "test",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
      ...body,
    });
  const rows = async (collection: string, extra = "") =>
    (await send("GET", `${GROUP}/${collection}?$filter=groupId eq '${group}'${extra}`)).body.value;
  const members = async (kind = "members") =>
    (await send("GET", `/v1.0/groups/${group}/${kind}`)).body.value.map(
      ({ id }: { id: string }) => id,
    );
  const policyIds = async (id = group): Promise<Record<string, string>> => {
    const filter = `scopeId eq '${id}' and scopeType eq 'Group'`;
    const { body } = await send("GET", `${ASSIGNMENTS}?$filter=${filter}`);
    return Object.fromEntries(
      body.value.map((row: { roleDefinitionId: string; policyId: string }) => [
        row.roleDefinitionId,
        row.policyId,
      ]),
    );
  };
  const activate = {
    action: "selfActivate",
    scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
  };
  const person = (user: string, scopes = PERSON) => clientOf(emulator, { user, scopes });
  const requireApproval = async (approver: string) => {
    const { member } = await policyIds();
    const answer = await send(
      "PATCH",
      `/v1.0/policies/roleManagementPolicies/${member}/rules/Approval_EndUser_Assignment`,
      {
        "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule",
        id: "Approval_EndUser_Assignment",
        setting: {
          isApprovalRequired: true,
          approvalStages: [
            {
              primaryApprovers: [
                { "@odata.type": "#microsoft.graph.singleUser", userId: approver },
              ],
            },
          ],
        },
      },
    );
    assert.equal(answer.status, 204);
  };

  it("lists by group or principal only", async () => {
    for (const collection of [
      "eligibilitySchedules",
      "eligibilityScheduleInstances",
      "eligibilityScheduleRequests",
      "assignmentSchedules",
      "assignmentScheduleInstances",
      "assignmentScheduleRequests",
    ]) {
      const answer = await send("GET", `${GROUP}/${collection}`);
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), "MissingParameters");
      assert.deepEqual(await rows(collection), []);
    }
    await post("eligibility", {});
    const found = await send(
      "GET",
      `${GROUP}/eligibilitySchedules?$filter=principalId+eq+'${users[1]}'`,
    );
    assert.equal(found.body.value.length, 1);
    const unknown = await send(
      "GET",
      `${GROUP}/eligibilitySchedules?$filter=groupId eq '${users[2]}'`,
    );
    assert.equal(codeOf(unknown), "ResourceNotFound");
  });

  it("answers a request with the schedule it makes, named by group, side and request", async () => {
    const { status, body } = await post("eligibility", {});
    assert.equal(status, 201);
    assert.equal(body.status, "Provisioned");
    assert.equal(body.targetScheduleId, `${group}_member_${body.id}`);
    const [schedule] = await rows("eligibilitySchedules");
    assert.equal(schedule.id, body.targetScheduleId);
    assert.equal(schedule.createdUsing, body.id);
    assert.equal(schedule.modifiedDateTime, "0001-01-01T08:00:00Z");
    const [instance] = await rows("eligibilityScheduleInstances", " and accessId eq 'member'");
    assert.equal(instance.eligibilityScheduleId, schedule.id);
    const again = await post("eligibility", {});
    assert.equal(codeOf(again), "RoleAssignmentExists");
    const updated = await post("eligibility", { action: "adminUpdate" });
    assert.notEqual(updated.body.targetScheduleId, schedule.id);
    assert.equal((await send("GET", `${GROUP}/eligibilitySchedules/${schedule.id}`)).status, 404);
  });

  it("wants an end by default, and takes what was changed in the policy", async () => {
    const forever = { scheduleInfo: { expiration: { type: "noExpiration" } } };
    const refused = await post("eligibility", forever);
    assert.match(refused.body.error.message, /ExpirationRule/);
    const { member } = await policyIds();
    await send("PATCH", `/v1.0/policies/roleManagementPolicies/${member}`, {
      rules: [
        {
          "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule",
          id: "Expiration_Admin_Eligibility",
          isExpirationRequired: false,
          maximumDuration: "P365D",
        },
      ],
    });
    assert.equal((await post("eligibility", forever)).status, 201);
    const owner = await post("eligibility", { ...forever, accessId: "owner" });
    assert.equal(codeOf(owner), "RoleAssignmentRequestPolicyValidationFailed");
  });

  it("changes policy ids on onboarding and with each update", async () => {
    const fresh = await policyIds();
    await post("eligibility", {});
    const onboarded = await policyIds();
    assert.notEqual(onboarded["member"], fresh["member"]);
    assert.notEqual(onboarded["owner"], fresh["owner"]);
    assert.equal(
      (await send("GET", `/v1.0/policies/roleManagementPolicies/${fresh["member"]}`)).status,
      404,
    );
    await requireApproval(users[2] ?? "");
    const changed = await policyIds();
    assert.notEqual(changed["member"], onboarded["member"]);
    assert.equal(changed["owner"], onboarded["owner"]);
  });

  it("shows a fresh group's policies after a while", async () => {
    emulator.control.settings({ groupPolicyDelay: "PT30S" });
    const { body } = await send("POST", "/v1.0/groups", {
      displayName: "Fresh",
      mailEnabled: false,
      mailNickname: "fresh",
      securityEnabled: true,
    });
    assert.deepEqual(await policyIds(body.id), {});
    emulator.control.clock({ advance: "PT31S" });
    assert.deepEqual(Object.keys(await policyIds(body.id)), ["member", "owner"]);
  });

  it("makes members and owners of active assignments, and ends these when the membership goes", async () => {
    assert.equal((await post("assignment", {})).status, 201);
    assert.deepEqual(await members(), [users[1]]);
    const ended = await send("DELETE", `/v1.0/groups/${group}/members/${users[1]}/$ref`);
    assert.equal(ended.status, 204);
    assert.deepEqual(await rows("assignmentSchedules"), []);
    await send("POST", `/v1.0/groups/${group}/owners/$ref`, {
      "@odata.id": `${emulator.info.graph}/v1.0/directoryObjects/${users[2]}`,
    });
    const [outside] = await rows("assignmentSchedules");
    assert.equal(outside.accessId, "owner");
    assert.equal(outside.createdUsing, null);
    assert.equal(outside.scheduleInfo.expiration.type, "noExpiration");
    const removal = { action: "adminRemove", accessId: "owner", principalId: users[2] };
    assert.equal(codeOf(await post("assignment", removal)), "CannotDeleteLastAdminAssignment");
    await post("assignment", { accessId: "owner", principalId: users[3] });
    assert.equal((await post("assignment", removal)).body.status, "Revoked");
    assert.deepEqual(await members("owners"), [users[3]]);
  });

  it("lets a person activate for a while, through a group too", async () => {
    await post("eligibility", {});
    const ann = await person(users[1] ?? "");
    const answer = await post("assignment", activate, ann);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    assert.deepEqual(await members(), [users[1]]);
    assert.equal(codeOf(await post("assignment", activate, ann)), "RoleAssignmentExists");
    const early = await post("assignment", { action: "selfDeactivate", scheduleInfo: null }, ann);
    assert.equal(codeOf(early), "ActiveDurationTooShort");
    emulator.control.clock({ advance: "PT61M" });
    assert.deepEqual(await members(), []);
    const [, team] = (await send("GET", "/v1.0/groups")).body.value;
    await send("POST", `/v1.0/groups/${team.id}/members/$ref`, {
      "@odata.id": `${emulator.info.graph}/v1.0/directoryObjects/${users[4]}`,
    });
    await post("eligibility", { principalId: team.id });
    const through = await person(users[4] ?? "");
    const mine = await through(
      "GET",
      `${GROUP}/eligibilityScheduleInstances/filterByCurrentUser(on='principal')`,
    );
    assert.equal(mine.body.value[0].memberType, "group");
    const done = await post("assignment", { ...activate, principalId: users[4] }, through);
    assert.equal(done.body.status, "Provisioned");
    const stranger = await person(users[5] ?? "");
    const not = await post("assignment", { ...activate, principalId: users[5] }, stranger);
    assert.match(not.body.error.message, /EligibilityRule/);
    const byApp = await post("assignment", activate);
    assert.equal(codeOf(byApp), "InvalidRoleAssignmentRequest");
  });

  it("asks approvers: stages on v1.0, steps on beta", async () => {
    await requireApproval(users[2] ?? "");
    await post("eligibility", {});
    const ann = await person(users[1] ?? "");
    const { body: request } = await post("assignment", activate, ann);
    assert.equal(request.status, "PendingApproval");
    assert.equal(request.approvalId, request.id);
    assert.deepEqual(await members(), []);
    const bob = await person(users[2] ?? "");
    const waiting = await bob(
      "GET",
      `${GROUP}/assignmentScheduleRequests/filterByCurrentUser(on='approver')?$filter=status eq 'PendingApproval'`,
    );
    assert.deepEqual(
      waiting.body.value.map(({ id }: { id: string }) => id),
      [request.id],
    );
    const path = `${GROUP}/assignmentApprovals/${request.id}`;
    const stages = await bob("GET", `${path}/stages`);
    assert.equal(stages.body.value[0].assignedToMe, true);
    assert.equal((await bob("GET", `${path}/steps`)).status, 400);
    assert.equal((await bob("GET", `${BETA}/assignmentApprovals/${request.id}/steps`)).status, 200);
    assert.equal((await send("GET", path)).status, 403);
    const approve = { reviewResult: "Approve", justification: "fine" };
    const own = await ann("PATCH", `${path}/stages/${request.id}`, approve);
    assert.equal(own.status, 403);
    assert.equal((await bob("PATCH", `${path}/stages/${request.id}`, approve)).status, 204);
    assert.deepEqual(await members(), [users[1]]);
    assert.equal((await bob("PATCH", `${path}/stages/${request.id}`, approve)).status, 409);
  });

  it("refuses groups and principals that PIM cannot have", async () => {
    const seeded = emulator.control.seed({
      groups: [
        { displayName: "Dynamic", groupTypes: ["DynamicMembership"] },
        { displayName: "Synced", onPremisesSyncEnabled: true },
        { displayName: "Mail", mailEnabled: true, securityEnabled: false },
        { displayName: "Plain" },
      ],
    });
    const [dynamic, synced, mail, plain] = seeded.groups.map(({ id }) => id);
    for (const groupId of [dynamic, synced, mail])
      assert.equal(codeOf(await post("eligibility", { groupId })), "ResourceTypeNotSupported");
    const nested = await post("assignment", { principalId: plain });
    assert.equal(codeOf(nested), "InvalidRoleAssignmentRequest");
    assert.equal((await post("eligibility", { principalId: plain })).status, 201);
    assert.equal((await post("assignment", { groupId: plain, principalId: group })).status, 201);
    const [application] = (
      await send("GET", "/v1.0/servicePrincipals?$filter=displayName eq 'Pipeline'")
    ).body.value;
    const eligible = await post("eligibility", { principalId: application.id });
    assert.equal(codeOf(eligible), "InvalidRoleAssignmentRequest");
    assert.equal((await post("assignment", { principalId: application.id })).status, 201);
    const nobody = await post("eligibility", {
      principalId: "00000000-0000-4000-8000-000000000000",
    });
    assert.equal(codeOf(nobody), "SubjectNotFound");
  });

  it("wants the permissions of groups, and a person's right to the group", async () => {
    const directory = await clientOf(emulator, { roles: ["RoleManagement.ReadWrite.Directory"] });
    const refused = await post("eligibility", {}, directory);
    assert.equal(codeOf(refused), "PermissionScopeNotGranted");
    const removing = await clientOf(emulator, {
      roles: ["PrivilegedEligibilitySchedule.Remove.AzureADGroup"],
    });
    assert.equal(codeOf(await post("eligibility", {}, removing)), "PermissionScopeNotGranted");
    await post("eligibility", {});
    assert.equal((await post("eligibility", { action: "adminRemove" }, removing)).status, 201);
    const ann = await person(users[1] ?? "");
    assert.equal((await post("eligibility", {}, ann)).status, 403);
    emulator.control.seed({ groups: [] });
    const admin = await person(users[0] ?? "");
    assert.equal((await post("eligibility", {}, admin)).status, 201);
  });

  it("stops at 500 role-assignable groups", async () => {
    emulator.control.generate({ groups: 498 });
    const body = {
      displayName: "One more",
      mailEnabled: false,
      mailNickname: "more",
      securityEnabled: true,
      isAssignableToRole: true,
    };
    const refused = await send("POST", "/v1.0/groups", body);
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.message, /500/);
    assert.equal(
      (await send("POST", "/v1.0/groups", { ...body, isAssignableToRole: false })).status,
      201,
    );
  });

  it("lists managed groups on beta, orders requests, cancels what has not started", async () => {
    const reader = await clientOf(emulator, { roles: ["PrivilegedAccess.Read.AzureADGroup"] });
    assert.deepEqual((await reader("GET", `${BETA}/resources`)).body.value, []);
    const startDateTime = new Date(Date.now() + 86_400_000).toISOString();
    const scheduleInfo = { startDateTime, expiration: { type: "afterDuration", duration: "P1D" } };
    const { body } = await post("eligibility", { scheduleInfo });
    assert.equal(body.status, "Granted");
    assert.equal((await reader("GET", `${BETA}/resources/${group}`)).body.id, group);
    await post("eligibility", { principalId: users[2] });
    const ordered = await rows("eligibilityScheduleRequests", "&$orderby=createdDateTime+desc");
    assert.deepEqual(
      ordered.map(({ principalId }: { principalId: string }) => principalId),
      [users[2], users[1]],
    );
    const path = `${GROUP}/eligibilityScheduleRequests/${body.id}/cancel`;
    assert.equal((await send("POST", path)).status, 204);
    assert.equal((await rows("eligibilitySchedules")).length, 1);
    assert.equal((await send("POST", path)).status, 400);
  });
});
