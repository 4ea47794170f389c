import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";

const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const ROLES = "/v1.0/roleManagement/directory";
const SCOPES = [
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleEligibilitySchedule.ReadWrite.Directory",
];

describe("emulator: mails", () => {
  let emulator: Emulator;
  let send: Send;
  let person: Send;
  let ann: string;
  let bob: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    send = await clientOf(emulator);
    const { body } = await send(
      "GET",
      "/v1.0/users?$filter=displayName in ('Ann','Bob')&$select=id",
    );
    [{ id: ann }, { id: bob }] = body.value;
    person = await clientOf(emulator, { user: ann, mfa: true, scopes: SCOPES });
    await approve(true);
    await ask(send, "Eligibility", "adminAssign", "P30D");
  });
  afterEach(() => emulator.close());

  it("ask an approver for a decision, never about an assignment", async () => {
    assert.deepEqual(told(), [
      "eligibleAssigned Notification_Admin_Admin_Eligibility admin",
      "eligibleAssigned Notification_Requestor_Admin_Eligibility ann",
    ]);
    emulator.control.clearMails();
    await ask(person, "Assignment", "selfActivate", "PT1H");
    assert.deepEqual(told(), ["approvalRequested Notification_Approver_EndUser_Assignment bob"]);
  });

  it("ask administrators about an extension, by the approver rule of assignments", async () => {
    emulator.control.clearMails();
    await ask(person, "Eligibility", "selfExtend", "P60D");
    assert.deepEqual(told(), ["extensionRequested Notification_Approver_Admin_Eligibility admin"]);
  });

  it("tell administrators and the person of an activation that nobody has to approve", async () => {
    await approve(false);
    emulator.control.clearMails();
    await ask(person, "Assignment", "selfActivate", "PT1H");
    assert.deepEqual(told(), [
      "activated Notification_Admin_EndUser_Assignment admin",
      "activated Notification_Requestor_EndUser_Assignment ann",
    ]);
  });

  it("keep only those that ask somebody to act when a rule says critical", async () => {
    await patch("Notification_Admin_EndUser_Assignment", "Notification", {
      notificationLevel: "Critical",
    });
    await patch("Notification_Approver_EndUser_Assignment", "Notification", {
      notificationLevel: "Critical",
      notificationRecipients: ["soc@contoso.com"],
    });
    emulator.control.clearMails();
    await ask(person, "Assignment", "selfActivate", "PT1H");
    assert.deepEqual(told(), [
      "approvalRequested Notification_Approver_EndUser_Assignment bob",
      "approvalRequested Notification_Approver_EndUser_Assignment soc",
    ]);
  });

  function told(): string[] {
    return emulator.control
      .mails()
      .mails.map(({ event, rule, to }) => `${event} ${rule} ${to.split("@")[0]}`);
  }

  async function ask(by: Send, side: string, action: string, duration: string) {
    const answer = await by("POST", `${ROLES}/role${side}ScheduleRequests`, {
      action,
      principalId: ann,
      roleDefinitionId: EXCHANGE,
      directoryScopeId: "/",
      justification: "x",
      scheduleInfo: { expiration: { type: "afterDuration", duration } },
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
  }

  async function approve(isApprovalRequired: boolean): Promise<void> {
    const approvers = [{ "@odata.type": "#microsoft.graph.singleUser", userId: bob }];
    const { setting } = await rule("Approval_EndUser_Assignment");
    setting.isApprovalRequired = isApprovalRequired;
    setting.approvalStages[0].primaryApprovers = approvers;
    await patch("Approval_EndUser_Assignment", "Approval", { setting });
  }

  async function patch(id: string, kind: string, change: Record<string, unknown>): Promise<void> {
    const found = await rule(id);
    const { status, body } = await send("PATCH", `${await policy()}/rules/${id}`, {
      ...found,
      "@odata.context": undefined,
      "@odata.type": `#microsoft.graph.unifiedRoleManagementPolicy${kind}Rule`,
      ...change,
    });
    assert.equal(status, 204, JSON.stringify(body));
  }

  async function rule(id: string) {
    return (await send("GET", `${await policy()}/rules/${id}`)).body;
  }

  async function policy(): Promise<string> {
    const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${EXCHANGE}'`;
    const path = `/v1.0/policies/roleManagementPolicyAssignments?$filter=${filter}`;
    return `/v1.0/policies/roleManagementPolicies/${(await send("GET", path)).body.value[0].policyId}`;
  }
});
