import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { type Answer, clientOf, codeOf, type Send } from "./emulator-client";
import { countWalked, walkAnswers } from "./schema-walk";

const POLICIES = "/v1.0/policies/roleManagementPolicies";
const ASSIGNMENTS = "/v1.0/policies/roleManagementPolicyAssignments";
const TENANT_WIDE = "$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const TYPE = "#microsoft.graph.unifiedRoleManagementPolicy";

describe("emulator: policies", () => {
  let emulator: Emulator;
  let send: Send;
  let policyId: string;

  before(async () => {
    emulator = await startEmulator({ keepAnswers: true });
  });

  after(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
    assert.ok(countWalked(answers) > 10);
  });

  beforeEach(async () => {
    send = await clientOf(emulator);
    const found = await send(
      "GET",
      `${ASSIGNMENTS}?${TENANT_WIDE} and roleDefinitionId eq '${EXCHANGE}'`,
    );
    policyId = found.body.value[0].policyId;
  });

  const rule = async (id: string) =>
    (await send("GET", `${POLICIES}/${policyId}/rules/${id}`)).body;
  const patch = (body: object): Promise<Answer> => send("PATCH", `${POLICIES}/${policyId}`, body);
  const enable = (...enabledRules: string[]) => ({
    "@odata.type": `${TYPE}EnablementRule`,
    id: "Enablement_EndUser_Assignment",
    enabledRules,
  });
  const context = (isEnabled: boolean) => ({
    "@odata.type": `${TYPE}AuthenticationContextRule`,
    id: "AuthenticationContext_EndUser_Assignment",
    isEnabled,
    claimValue: isEnabled ? "c1" : "",
  });

  it("gives every assignable role one policy of 17 rules, paged by 100", async () => {
    const first = await send(
      "GET",
      `${ASSIGNMENTS}?${TENANT_WIDE}&$expand=policy($expand=rules)&$top=999`,
    );
    assert.equal(first.body.value.length, 100);
    assert.equal(first.body.value[0].policy.rules.length, 17);
    const second = await send(
      "GET",
      first.body["@odata.nextLink"].replace(emulator.info.graph, ""),
    );
    const roles = await countRoles();
    assert.equal(100 + second.body.value.length, roles - 3);
    assert.equal(second.body["@odata.nextLink"], undefined);
  });

  const countRoles = async () => {
    let count = 0;
    for (
      let path: string | undefined = "/v1.0/roleManagement/directory/roleDefinitions";
      path !== undefined;
    ) {
      const { body } = await send("GET", path);
      count += body.value.length;
      path = body["@odata.nextLink"]?.replace(emulator.info.graph, "");
    }
    return count;
  };

  it("refuses lists without provider", async () => {
    const answer = await send("GET", POLICIES);
    assert.equal(answer.body.error.code, "UnknownError");
    assert.equal(codeOf(answer), "MissingProvider");
    assert.equal(codeOf(await send("GET", `${POLICIES}/Nonsense_1_2`)), "MissingProvider");
    assert.equal(
      (
        await send("GET", `${POLICIES}?$filter=scopeId eq '/' and scopeType eq 'Directory'`)
      ).body.value[0].id.split("_")[0],
      "Directory",
    );
  });

  it("changes only the rules sent, and says who and when", async () => {
    const answer = await patch({
      id: policyId,
      scopeId: "/",
      scopeType: "DirectoryRole",
      lastModifiedBy: null,
      rules: [
        {
          "@odata.type": `${TYPE}ExpirationRule`,
          id: "Expiration_EndUser_Assignment",
          isExpirationRequired: true,
          maximumDuration: "PT2H",
        },
      ],
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.rules, undefined);
    assert.equal(answer.body.lastModifiedBy.displayName, "Pipeline");
    assert.equal((await rule("Expiration_EndUser_Assignment")).maximumDuration, "PT2H");
    assert.equal((await rule("Expiration_Admin_Eligibility")).maximumDuration, "P365D");
  });

  it("patches one rule with 204 and needs its derived type", async () => {
    const path = `${POLICIES}/${policyId}/rules/Notification_Admin_Admin_Eligibility`;
    const body = {
      "@odata.type": `${TYPE}NotificationRule`,
      notificationRecipients: ["soc@contoso.com"],
      isDefaultRecipientsEnabled: false,
    };
    assert.equal((await send("PATCH", path, body)).status, 204);
    assert.deepEqual((await rule("Notification_Admin_Admin_Eligibility")).notificationRecipients, [
      "soc@contoso.com",
    ]);
    assert.equal(
      codeOf(await send("PATCH", path, { notificationRecipients: [] })),
      "InvalidPolicy",
    );
    assert.equal(
      codeOf(
        await send("PATCH", path, { ...body, target: { caller: "EndUser", level: "Assignment" } }),
      ),
      "InvalidPolicy",
    );
  });

  it("refuses MFA beside a context, but takes a context beside MFA", async () => {
    assert.equal(
      (await patch({ rules: [enable("MultiFactorAuthentication", "Justification")] })).status,
      200,
    );
    assert.equal((await patch({ rules: [context(true)] })).status, 200);
    assert.equal(
      codeOf(await patch({ rules: [enable("MultiFactorAuthentication")] })),
      "MfaAndAcrsConflict",
    );
    assert.equal(
      codeOf(await patch({ rules: [enable("MultiFactorAuthentication"), context(false)] })),
      "MfaAndAcrsConflict",
    );
    assert.equal(
      (await patch({ rules: [context(false), enable("MultiFactorAuthentication")] })).status,
      200,
    );
    assert.equal((await rule("AuthenticationContext_EndUser_Assignment")).claimValue, null);
  });

  it("names approvers as each version does, and refuses strangers", async () => {
    const { id } = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    const approval = (approver: object) => ({
      rules: [
        {
          "@odata.type": `${TYPE}ApprovalRule`,
          id: "Approval_EndUser_Assignment",
          setting: {
            isApprovalRequired: true,
            approvalStages: [
              { primaryApprovers: [{ "@odata.type": "#microsoft.graph.singleUser", ...approver }] },
            ],
          },
        },
      ],
    });
    assert.equal((await patch(approval({ id }))).status, 200);
    const [v1] = (await rule("Approval_EndUser_Assignment")).setting.approvalStages[0]
      .primaryApprovers;
    assert.deepEqual(v1, {
      "@odata.type": "#microsoft.graph.singleUser",
      userId: id,
      description: "Ann",
    });
    const beta = await send(
      "GET",
      `/beta/policies/roleManagementPolicies/${policyId}/rules/Approval_EndUser_Assignment`,
    );
    assert.equal(beta.body.setting.approvalStages[0].primaryApprovers[0].id, id);
    assert.equal(
      codeOf(await patch(approval({ userId: "00000000-0000-4000-8000-000000000000" }))),
      "InvalidPolicy",
    );
  });

  it("answers 500 to expanded lists while a role is poisoned", async () => {
    emulator.control.poison("Exchange Administrator");
    assert.equal((await send("GET", `${ASSIGNMENTS}?${TENANT_WIDE}`)).status, 200);
    const pages = await Promise.all(
      [EXCHANGE, "62e90394-69f5-4237-9190-012177145e10"].map((role) =>
        send(
          "GET",
          `${ASSIGNMENTS}?${TENANT_WIDE} and roleDefinitionId eq '${role}'&$expand=policy($expand=rules)`,
        ),
      ),
    );
    assert.deepEqual(
      pages.map((page) => page.status),
      [500, 200],
    );
    emulator.control.poison("Exchange Administrator", false);
  });

  it("keeps the policy of a custom role by its template id", async () => {
    const made = await send("POST", "/v1.0/roleManagement/directory/roleDefinitions", {
      displayName: "Application support",
      isEnabled: true,
      rolePermissions: [
        { allowedResourceActions: ["microsoft.directory/applications/basic/update"] },
      ],
    });
    assert.equal(made.status, 201);
    assert.notEqual(made.body.id, made.body.templateId);
    const of = async (id: string) =>
      (await send("GET", `${ASSIGNMENTS}?${TENANT_WIDE} and roleDefinitionId eq '${id}'`)).body
        .value.length;
    assert.deepEqual([await of(made.body.id), await of(made.body.templateId)], [0, 1]);
  });

  it("serves a group's two policies, whose ids change with every write", async () => {
    const [group] = (await send("GET", "/v1.0/groups?$filter=isAssignableToRole eq true")).body
      .value;
    const path = `${ASSIGNMENTS}?$filter=scopeId eq '${group.id}' and scopeType eq 'Group'`;
    const before = (await send("GET", path)).body.value;
    assert.deepEqual(
      before.map((row: { roleDefinitionId: string }) => row.roleDefinitionId),
      ["member", "owner"],
    );
    const body = {
      rules: [
        {
          "@odata.type": `${TYPE}ExpirationRule`,
          id: "Expiration_Admin_Eligibility",
          isExpirationRequired: false,
        },
      ],
    };
    assert.equal((await send("PATCH", `${POLICIES}/${before[0].policyId}`, body)).status, 200);
    assert.notEqual((await send("GET", path)).body.value[0].policyId, before[0].policyId);
  });
});
