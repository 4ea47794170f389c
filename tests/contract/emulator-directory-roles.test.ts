import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { type Answer, clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

const ROLES = "/v1.0/roleManagement/directory";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const GLOBAL = "62e90394-69f5-4237-9190-012177145e10";

describe("emulator: PIM of directory roles", () => {
  let emulator: Emulator;
  let send: Send;
  let ann: string;
  let bob: string;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true, now: "2026-11-22T08:00:00Z" });
    send = await clientOf(emulator);
    ann = await userId("ann");
    bob = await userId("bob");
  });

  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  const userId = async (name: string): Promise<string> =>
    (await send("GET", `/v1.0/users/${name}@contoso.com`)).body.id;

  const request = (kind: "Eligibility" | "Assignment", body: object, as = send): Promise<Answer> =>
    as("POST", `${ROLES}/role${kind}ScheduleRequests`, {
      action: "adminAssign",
      principalId: ann,
      roleDefinitionId: EXCHANGE,
      directoryScopeId: "/",
      justification: "CHG-1",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
      ...body,
    });

  it("makes a schedule and an instance with the documented ids", async () => {
    const made = await request("Eligibility", { action: "AdminAssign" });
    assert.equal(made.status, 201);
    assert.equal(made.body.status, "Provisioned");
    assert.equal(made.body.action, "adminAssign");
    assert.equal(made.body.targetScheduleId, made.body.id);
    assert.match(made.body.createdDateTime, /\.\d{7}Z$/);
    const [schedule] = (
      await send("GET", `${ROLES}/roleEligibilitySchedules?$filter=principalId eq '${ann}'`)
    ).body.value;
    assert.equal(schedule.id, made.body.id);
    assert.equal(schedule.createdUsing, made.body.id);
    const [instance] = (
      await send(
        "GET",
        `${ROLES}/roleEligibilityScheduleInstances?$expand=principal,roleDefinition`,
      )
    ).body.value;
    assert.match(instance.id, /^[\w-]{43}-1-e$/);
    assert.equal(instance.roleEligibilityScheduleId, schedule.id);
    assert.equal(instance.principal["@odata.type"], "#microsoft.graph.user");
    assert.equal(
      (await send("GET", `${ROLES}/roleEligibilityScheduleInstances/${instance.id}`)).status,
      200,
    );
  });

  it("computes the id of Microsoft's own sample", async () => {
    const principalId = "071cc716-8147-4397-a5ba-b2105951cc0b";
    emulator.control.seed({ users: [{ id: principalId, userPrincipalName: "adams@contoso.com" }] });
    await request("Eligibility", {
      principalId,
      roleDefinitionId: "8424c6f0-a189-499e-bbd0-26c1753c96d4",
    });
    const [instance] = (await send("GET", `${ROLES}/roleEligibilityScheduleInstances`)).body.value;
    assert.equal(instance.id, "8MYkhImhnkm70CbBdTyW1BbHHAdHgZdDpbqyEFlRzAs-1-e");
  });

  it("refuses a second one, updates, then removes", async () => {
    await request("Eligibility", {});
    assert.equal(codeOf(await request("Eligibility", {})), "RoleAssignmentExists");
    const updated = await request("Eligibility", {
      action: "adminUpdate",
      scheduleInfo: { expiration: { type: "noExpiration" } },
    });
    assert.equal(updated.status, 201);
    const { value } = (await send("GET", `${ROLES}/roleEligibilitySchedules`)).body;
    assert.equal(value.length, 1);
    assert.equal(value[0].scheduleInfo.expiration.type, "noExpiration");
    const removed = await request("Eligibility", {
      action: "adminRemove",
      scheduleInfo: undefined,
    });
    assert.deepEqual(
      [
        removed.status,
        removed.body.status,
        removed.body.scheduleInfo,
        removed.body.targetScheduleId,
        removed.body.completedDateTime,
      ],
      [201, "Revoked", null, null, null],
    );
    assert.equal(
      codeOf(await request("Eligibility", { action: "adminRemove" })),
      "RoleAssignmentDoesNotExist",
    );
  });

  it("shows an active assignment as schedule, instance and role assignment until its end", async () => {
    await request("Assignment", {
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT8H" } },
    });
    const paths = ["roleAssignmentSchedules", "roleAssignmentScheduleInstances", "roleAssignments"];
    const count = async () =>
      Promise.all(
        paths.map(
          async (path) =>
            (await send("GET", `${ROLES}/${path}?$filter=principalId eq '${ann}'`)).body.value
              .length,
        ),
      );
    assert.deepEqual(await count(), [1, 1, 1]);
    emulator.control.clock({ advance: "PT8H1S" });
    assert.deepEqual(await count(), [0, 0, 0]);
  });

  it("starts a future assignment at its start and purges requests after 45 days", async () => {
    const made = await request("Assignment", {
      scheduleInfo: {
        startDateTime: "2026-12-01T00:00:00Z",
        expiration: { type: "afterDateTime", endDateTime: "2027-05-01T00:00:00Z" },
      },
    });
    assert.equal(made.body.status, "Granted");
    assert.match(made.body.completedDateTime, /^2026-12-01T00:00:00/);
    const instances = async () =>
      (
        await send(
          "GET",
          `${ROLES}/roleAssignmentScheduleInstances?$filter=principalId eq '${ann}'`,
        )
      ).body.value;
    assert.equal((await instances()).length, 0);
    emulator.control.clock({ set: "2026-12-01T00:00:01Z" });
    assert.equal((await instances()).length, 1);
    assert.equal(
      (await send("GET", `${ROLES}/roleAssignmentScheduleRequests/${made.body.id}`)).body.status,
      "Provisioned",
    );
    emulator.control.clock({ set: "2027-01-10T00:00:00Z" });
    assert.equal(
      (await send("GET", `${ROLES}/roleAssignmentScheduleRequests/${made.body.id}`)).status,
      404,
    );
    assert.equal((await instances()).length, 1);
  });

  it("refuses what the policy forbids, in the service's words", async () => {
    const [assignment] = (
      await send(
        "GET",
        `/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${EXCHANGE}'`,
      )
    ).body.value;
    const patched = await send(
      "PATCH",
      `/v1.0/policies/roleManagementPolicies/${assignment.policyId}`,
      {
        rules: [
          {
            "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule",
            id: "Expiration_Admin_Eligibility",
            isExpirationRequired: true,
            maximumDuration: "P15D",
          },
        ],
      },
    );
    assert.equal(patched.status, 200);
    const permanent = await request("Eligibility", {
      scheduleInfo: { expiration: { type: "noExpiration" } },
    });
    assert.equal(
      permanent.body.error.message,
      "The following policy rules failed: ExpirationRule - The policy does not allow permanent assignment",
    );
    const long = await request("Eligibility", {});
    assert.match(long.body.error.message, /greater than maximum allowed duration$/);
    const silent = await request("Assignment", { justification: undefined });
    assert.equal(
      silent.body.error.message,
      'The following policy rules failed: ["JustificationRule"]',
    );
    assert.equal(
      (await send("GET", `${ROLES}/roleEligibilityScheduleRequests`)).body.value.length,
      0,
    );
  });

  it("refuses durations in months, unknown subjects and roles, eligible applications", async () => {
    const months = await request("Eligibility", {
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P6M" } },
    });
    assert.equal(codeOf(months), "InvalidRoleAssignmentRequest");
    const nobody = "00000000-0000-4000-8000-000000000000";
    assert.deepEqual(codesOf(await request("Eligibility", { principalId: nobody })), [
      404,
      "SubjectNotFound",
    ]);
    assert.deepEqual(codesOf(await request("Eligibility", { roleDefinitionId: nobody })), [
      404,
      "RoleNotFound",
    ]);
    assert.deepEqual(
      codesOf(await request("Eligibility", { directoryScopeId: `/administrativeUnits/${nobody}` })),
      [404, "ResourceNotFound"],
    );
    const [application] = (
      await send("GET", "/v1.0/servicePrincipals?$filter=displayName eq 'Pipeline'")
    ).body.value;
    assert.equal((await request("Eligibility", { principalId: application.id })).status, 400);
    assert.equal((await request("Assignment", { principalId: application.id })).status, 201);
  });

  it("holds active assignments for five minutes", async () => {
    await request("Assignment", {});
    assert.equal(
      codeOf(await request("Assignment", { action: "adminRemove" })),
      "ActiveDurationTooShort",
    );
    emulator.control.clock({ advance: "PT5M" });
    assert.equal((await request("Assignment", { action: "adminRemove" })).status, 201);
  });

  it("keeps the last Global Administrator", async () => {
    const [admin] = (
      await send("GET", `${ROLES}/roleAssignments?$filter=roleDefinitionId eq '${GLOBAL}'`)
    ).body.value;
    const remove = {
      action: "adminRemove",
      principalId: admin.principalId,
      roleDefinitionId: GLOBAL,
    };
    assert.equal(codeOf(await request("Assignment", remove)), "CannotDeleteLastAdminAssignment");
    emulator.control.seed({ roleAssignments: [{ principalId: ann, roleDefinitionId: GLOBAL }] });
    assert.equal((await request("Assignment", remove)).status, 201);
  });

  it("validates without a trace", async () => {
    assert.equal((await request("Eligibility", { isValidationOnly: true })).status, 201);
    assert.equal((await send("GET", `${ROLES}/roleEligibilitySchedules`)).body.value.length, 0);
    assert.equal(
      (await send("GET", `${ROLES}/roleEligibilityScheduleRequests`)).body.value.length,
      0,
    );
  });

  it("leaves ghosts of deleted principals, which cannot be removed", async () => {
    await request("Eligibility", {});
    assert.equal((await send("DELETE", `/v1.0/users/${ann}`)).status, 204);
    const [ghost] = (await send("GET", `${ROLES}/roleEligibilitySchedules?$expand=principal`)).body
      .value;
    assert.deepEqual([ghost.principalId, ghost.principal], [ann, null]);
    assert.equal(
      codeOf(await request("Eligibility", { action: "adminRemove" })),
      "SubjectNotFound",
    );
  });

  it("stands in the way of a foreign pending request, and cancels what is yet to start", async () => {
    const { id } = emulator.control.plantPending({
      kind: "eligible",
      principalId: ann,
      roleDefinitionId: EXCHANGE,
      createdBy: bob,
    });
    assert.equal(codeOf(await request("Eligibility", {})), "PendingRoleAssignmentRequest");
    assert.equal(
      (await send("POST", `${ROLES}/roleEligibilityScheduleRequests/${id}/cancel`)).status,
      204,
    );
    const future = await request("Eligibility", {
      scheduleInfo: { startDateTime: "2026-12-01T00:00:00Z", expiration: { type: "noExpiration" } },
    });
    assert.equal(
      (await send("POST", `${ROLES}/roleEligibilityScheduleRequests/${future.body.id}/cancel`))
        .status,
      204,
    );
    assert.equal((await send("GET", `${ROLES}/roleEligibilitySchedules`)).body.value.length, 0);
  });

  it("shows writes after the delay, and checks against them at once", async () => {
    emulator.control.settings({ visibilityDelay: "PT45S" });
    const made = await request("Eligibility", {});
    const seen = async () =>
      (await send("GET", `${ROLES}/roleEligibilitySchedules`)).body.value.length;
    assert.equal(await seen(), 0);
    assert.equal(
      (await send("GET", `${ROLES}/roleEligibilitySchedules/${made.body.id}`)).status,
      404,
    );
    assert.equal(codeOf(await request("Eligibility", {})), "RoleAssignmentExists");
    emulator.control.clock({ advance: "PT46S" });
    assert.equal(await seen(), 1);
    await request("Eligibility", { action: "adminRemove" });
    assert.equal(await seen(), 1);
    emulator.control.clock({ advance: "PT46S" });
    assert.equal(await seen(), 0);
  });

  it("learns of new principals after a while", async () => {
    emulator.control.settings({ replicationDelay: "PT15S" });
    const body = {
      accountEnabled: true,
      displayName: "New",
      mailNickname: "new",
      userPrincipalName: "new@contoso.com",
      passwordProfile: { password: "xWwvJ]6NMw" },
    };
    const { id } = (await send("POST", "/v1.0/users", body)).body;
    assert.equal(codeOf(await request("Eligibility", { principalId: id })), "SubjectNotFound");
    emulator.control.clock({ advance: "PT15S" });
    assert.equal((await request("Eligibility", { principalId: id })).status, 201);
  });

  it("activates with approval, on both sides of it", async () => {
    await request("Eligibility", {});
    const policyId = (
      await send(
        "GET",
        `/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${EXCHANGE}'`,
      )
    ).body.value[0].policyId;
    await send("PATCH", `/v1.0/policies/roleManagementPolicies/${policyId}`, {
      rules: [
        {
          "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule",
          id: "Approval_EndUser_Assignment",
          setting: {
            isApprovalRequired: true,
            approvalMode: "SingleStage",
            approvalStages: [
              {
                approvalStageTimeOutInDays: 1,
                primaryApprovers: [{ "@odata.type": "#microsoft.graph.singleUser", userId: bob }],
              },
            ],
          },
        },
      ],
    });
    const scopes = [
      "RoleAssignmentSchedule.ReadWrite.Directory",
      "PrivilegedAccess.ReadWrite.AzureAD",
    ];
    const asAnn = await clientOf(emulator, { user: ann, scopes, mfa: true });
    const asBob = await clientOf(emulator, { user: bob, scopes, mfa: true });
    const activation = {
      action: "selfActivate",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
    };
    const weak = await clientOf(emulator, { user: ann, scopes });
    assert.match((await request("Assignment", activation, weak)).body.error.message, /MfaRule/);
    const asked = await request("Assignment", activation, asAnn);
    assert.deepEqual(
      [asked.status, asked.body.status, asked.body.approvalId],
      [201, "PendingApproval", asked.body.id],
    );
    const mine = await asBob(
      "GET",
      `${ROLES}/roleAssignmentScheduleRequests/filterByCurrentUser(on='approver')?$filter=status eq 'PendingApproval'`,
    );
    assert.equal(mine.body.value.length, 1);
    const step = `/beta/roleManagement/directory/roleAssignmentApprovals/${asked.body.id}/steps/${asked.body.id}`;
    assert.equal((await asAnn("PATCH", step, { reviewResult: "Approve" })).status, 403);
    assert.equal(
      (await asBob("PATCH", step, { reviewResult: "Approve", justification: "ok" })).status,
      204,
    );
    assert.equal((await asBob("PATCH", step, { reviewResult: "Approve" })).status, 409);
    const [active] = (
      await send("GET", `${ROLES}/roleAssignmentScheduleInstances?$filter=principalId eq '${ann}'`)
    ).body.value;
    assert.deepEqual([active.assignmentType, active.memberType], ["Activated", "Direct"]);
    assert.equal(codeOf(await request("Assignment", activation, asAnn)), "RoleAssignmentExists");
  });

  it("refuses applications that act for themselves or meet MFA", async () => {
    assert.equal((await request("Assignment", { action: "selfActivate" })).status, 400);
    const noToken = await fetch(`${emulator.info.graph}${ROLES}/roleDefinitions`);
    assert.equal(noToken.status, 401);
  });
});

function codesOf(answer: Answer): [number, string] {
  return [answer.status, codeOf(answer)];
}
