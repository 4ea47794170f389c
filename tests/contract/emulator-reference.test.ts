import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { roleAssignmentId } from "../../src/emulator/ids";
import { type Answer, clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";
import { walkAnswers } from "./schema-walk";

const DIRECTORY = "roleManagement/directory";
const GROUP = "identityGovernance/privilegedAccess/group";
const ATTRIBUTES = "8424c6f0-a189-499e-bbd0-26c1753c96d4";
const APPLICATIONS = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
const ADAMS = "071cc716-8147-4397-a5ba-b2105951cc0b";
const APPROVER = "10a08e2e-3ea2-4ce0-80cb-d5fdd4b05ea6";
const TEAM = "2b5ed229-4072-478d-9504-a047ebd4b07d";
const SCOPES = [
  "PrivilegedAccess.ReadWrite.AzureAD",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleEligibilitySchedule.ReadWrite.Directory",
];
const STAGE = {
  id: APPROVER,
  displayName: null,
  reviewedDateTime: null,
  reviewResult: "NotReviewed",
  status: "InProgress",
  assignedToMe: true,
  justification: "",
  reviewedBy: null,
};

describe("emulator: what Microsoft's reference pages show", () => {
  let emulator: Emulator;
  let send: Send;
  let adams: Send;
  let approver: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true, now: "2022-04-13T08:00:00Z" });
    emulator.control.seed({
      users: [
        { id: ADAMS, displayName: "Adams", userPrincipalName: "adams@contoso.com" },
        { id: APPROVER, displayName: "Approver", userPrincipalName: "approver@contoso.com" },
      ],
      groups: [{ id: TEAM, displayName: "Team" }],
    });
    send = await clientOf(emulator);
    adams = await clientOf(emulator, { user: ADAMS, scopes: SCOPES, mfa: true });
    approver = await clientOf(emulator, { user: APPROVER, scopes: SCOPES, mfa: true });
  });

  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("shows requests for eligibility of one's own as values of their type, those for assignment as rows", async () => {
    await eligibility();
    const path = (kind: string) =>
      `/v1.0/${DIRECTORY}/role${kind}ScheduleRequests/filterByCurrentUser(on='principal')`;
    const { body: eligible } = await adams("GET", path("Eligibility"));
    const type = "unifiedRoleEligibilityScheduleRequest";
    assert.equal(contextOf(eligible), `Collection(${type})`);
    assert.equal(eligible.value[0]["@odata.type"], `#microsoft.graph.${type}`);
    const { body: active } = await adams("GET", path("Assignment"));
    assert.equal(contextOf(active), `${DIRECTORY}/roleAssignmentScheduleRequests`);
  });

  it("shows when a schedule was never modified, and when one outside PIM starts", async () => {
    await eligibility();
    const { body } = await send("GET", `/v1.0/${DIRECTORY}/roleEligibilitySchedules`);
    assert.equal(body.value[0].modifiedDateTime, "0001-01-01T08:00:00Z");
    emulator.control.seed({ groups: [{ id: TEAM, members: [ADAMS] }] });
    const { body: mine } = await adams(
      "GET",
      `/v1.0/${GROUP}/assignmentSchedules/filterByCurrentUser(on='principal')`,
    );
    const [row] = mine.value;
    assert.deepEqual([row.createdUsing, row.createdDateTime], [null, null]);
    assert.match(row.scheduleInfo.startDateTime, /^2022-04-13T.*\.\d{7}Z$/);
  });

  it("writes the object that is the scope into the id of an assignment", async () => {
    const principalId = "6b937a9d-c731-465b-a844-2d5b5368c161";
    const application = "661e1310-bd76-4795-89a7-8f3c8f855bfc";
    emulator.control.seed({
      users: [{ id: principalId, userPrincipalName: "z@contoso.com" }],
      applications: [{ id: application, displayName: "App" }],
    });
    const made = await send("POST", `/v1.0/${DIRECTORY}/roleAssignments`, {
      "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
      principalId,
      roleDefinitionId: APPLICATIONS,
      directoryScopeId: `/${application}`,
    });
    const published = "kl2Jm9Msx0SdAqasLV6lw516k2sxx1tGqEQtW1NowWEQEx5mdr2VR4mnjzyPhVv8-1";
    assert.deepEqual([made.status, made.body.id], [201, published]);
    const found = await send("GET", `/v1.0/${DIRECTORY}/roleAssignments/${published}`);
    assert.equal(found.body.directoryScopeId, `/${application}`);
    assert.notEqual(roleAssignmentId(APPLICATIONS, principalId, "/"), published);
  });

  it("shows approvals with their steps, and takes decisions in every form that it shows", async () => {
    const waiting = await roleActivation();
    const root = `/beta/${DIRECTORY}/roleAssignmentApprovals`;
    const mine = await approver("GET", `${root}/filterByCurrentUser(on='approver')`);
    const approval = { id: waiting, steps: [STAGE] };
    assertPublishedShape(
      [{ "@odata.type": "#microsoft.graph.approval", ...approval }],
      mine.body.value,
    );
    assert.equal(contextOf(mine.body), "Collection(approval)");
    assertPublishedShape(approval, (await approver("GET", `${root}/${waiting}`)).body);
    const others = await adams("GET", `${root}/filterByCurrentUser(on='approver')`);
    assert.deepEqual(others.body.value, []);
    assert.equal((await approver("GET", `${root}/filterByCurrentUser(on='me')`)).status, 400);
    assert.equal((await approver("GET", `${root}/${waiting}?$expand=stages`)).status, 400);
    assert.equal((await decide("POST", `${root}/${waiting}/steps/${waiting}`)).status, 204);
    assert.equal((await decide("POST", `${root}/${waiting}/steps/${waiting}`)).status, 409);
  });

  for (const [version, part] of [
    ["v1.0", "stages"],
    ["beta", "steps"],
  ]) {
    it(`shows approvals of groups on ${version} with their ${part}`, async () => {
      const waiting = await groupActivation();
      const root = `/${version}/${GROUP}/assignmentApprovals`;
      const approval = { id: waiting, [part as string]: [STAGE] };
      const mine = await approver("GET", `${root}/filterByCurrentUser(on='approver')`);
      assertPublishedShape(
        [{ "@odata.type": "#microsoft.graph.approval", ...approval }],
        mine.body.value,
      );
      assertPublishedShape(approval, (await approver("GET", `${root}/${waiting}`)).body);
      assert.equal((await decide("PATCH", `${root}/${waiting}/steps/${waiting}`)).status, 204);
      assert.equal((await decide("POST", `${root}/${waiting}/${part}/${waiting}`)).status, 409);
    });
  }

  it("chooses members of what is expanded", async () => {
    await eligibility();
    const path = `/v1.0/${DIRECTORY}/roleEligibilityScheduleRequests`;
    const nested =
      "principal($select=id),roleDefinition($select=id,displayName),targetSchedule($select=status)";
    const { body } = await send("GET", `${path}?$select=action&$expand=${nested}`);
    assert.deepEqual(body.value[0], {
      action: "adminAssign",
      principal: { "@odata.type": "#microsoft.graph.user", id: ADAMS },
      roleDefinition: { id: ATTRIBUTES, displayName: "Attribute Definition Administrator" },
      targetSchedule: { status: "Provisioned" },
    });
    const parts = "principal(id),roleDefinition(id,displayName),targetSchedule(status)";
    assert.equal(contextOf(body), `${DIRECTORY}/roleEligibilityScheduleRequests(action,${parts})`);
  });

  it("filters by what each resource says it supports", async () => {
    await eligibility();
    await groupActivation();
    const nobody = "00000000-0000-0000-0000-000000000000";
    const group = `groupId eq '${TEAM}' and`;
    for (const [path, filter] of [
      [`${DIRECTORY}/roleEligibilityScheduleRequests`, `id ne '${nobody}'`],
      [`${DIRECTORY}/roleEligibilityScheduleInstances`, `roleEligibilityScheduleId ne '${nobody}'`],
      [`${DIRECTORY}/roleAssignmentScheduleInstances`, `roleAssignmentOriginId ne '${nobody}'`],
      [`${DIRECTORY}/roleAssignmentScheduleInstances`, `roleAssignmentScheduleId ne '${nobody}'`],
      [`${GROUP}/eligibilitySchedules`, `${group} createdUsing ne null and status ne 'Granted'`],
      [`${GROUP}/eligibilityScheduleRequests`, `${group} principalId ne '${nobody}'`],
      [`${GROUP}/assignmentScheduleRequests`, `${group} targetScheduleId ne '${nobody}'`],
      [
        `${GROUP}/assignmentScheduleRequests`,
        `${group} status ne 'Provisioned' and id ne '${nobody}'`,
      ],
    ]) {
      const found = await send("GET", `/v1.0/${path}?$filter=${filter}`);
      assert.deepEqual(
        [found.status, found.body.value?.length > 0],
        [200, true],
        `${path} ${filter}`,
      );
    }
  });

  const decide = (method: string, path: string): Promise<Answer> =>
    approver(method, path, { reviewResult: "Approve", justification: "OK" });

  async function eligibility(): Promise<void> {
    const made = await send("POST", `/v1.0/${DIRECTORY}/roleEligibilityScheduleRequests`, {
      action: "adminAssign",
      justification: "sample",
      roleDefinitionId: ATTRIBUTES,
      directoryScopeId: "/",
      principalId: ADAMS,
      scheduleInfo: {
        startDateTime: "2022-04-10T00:00:00Z",
        expiration: { type: "afterDateTime", endDateTime: "2024-04-10T00:00:00Z" },
      },
    });
    assert.equal(made.status, 201);
  }

  async function roleActivation(): Promise<string> {
    await eligibility();
    await wantApproval(
      `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${ATTRIBUTES}'`,
    );
    const asked = await adams("POST", `/v1.0/${DIRECTORY}/roleAssignmentScheduleRequests`, {
      action: "selfActivate",
      principalId: ADAMS,
      roleDefinitionId: ATTRIBUTES,
      directoryScopeId: "/",
      justification: "sample",
      scheduleInfo: { expiration: { type: "AfterDuration", duration: "PT5H" } },
    });
    return asked.body.approvalId;
  }

  async function groupActivation(): Promise<string> {
    const wish = { accessId: "member", groupId: TEAM, principalId: ADAMS, justification: "sample" };
    await send("POST", `/v1.0/${GROUP}/eligibilityScheduleRequests`, {
      ...wish,
      action: "adminAssign",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
    });
    await wantApproval(
      `scopeId eq '${TEAM}' and scopeType eq 'Group' and roleDefinitionId eq 'member'`,
    );
    const asked = await adams("POST", `/v1.0/${GROUP}/assignmentScheduleRequests`, {
      ...wish,
      action: "selfActivate",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT2H" } },
    });
    return asked.body.approvalId;
  }

  async function wantApproval(filter: string): Promise<void> {
    const { body } = await send(
      "GET",
      `/v1.0/policies/roleManagementPolicyAssignments?$filter=${filter}`,
    );
    const rule = "Approval_EndUser_Assignment";
    const changed = await send(
      "PATCH",
      `/v1.0/policies/roleManagementPolicies/${body.value[0].policyId}/rules/${rule}`,
      {
        "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule",
        id: rule,
        setting: {
          isApprovalRequired: true,
          approvalStages: [
            {
              primaryApprovers: [
                { "@odata.type": "#microsoft.graph.singleUser", userId: APPROVER },
              ],
            },
          ],
        },
      },
    );
    assert.equal(changed.status, 204);
  }
});

function contextOf(body: Record<string, unknown>): string {
  return String(body["@odata.context"]).replace(/^.*\$metadata#/, "");
}
