import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { assertExactShape, resourceShape, type Shape } from "./arm-shapes";
import { clientOf, type Send } from "./emulator-client";

const SUBSCRIPTION = "/subscriptions/129ff972-28f8-46b8-a726-e497be039368";
const AUTHORIZATION = `${SUBSCRIPTION}/providers/Microsoft.Authorization`;
const ROLE = "a1705bd2-3a8f-45a5-8683-466fcfd5cc24";
const UNKNOWN = "570c3619-7688-4b34-b290-2b8bb3ccab2a";
const APPROVERS = ["2385b0f3-5fa9-43cf-8ca4-b01dc97298cd", "2f4913c9-d15b-406a-9946-1d66a28f2690"];
const PIM_ONLY = "PIMOnlyMode_Admin_Assignment";

interface Rule extends Shape {
  id: string;
  target: Shape;
}

function rule(id: string, type: string, facts: Shape): Rule {
  const [, ...place] = id.split("_");
  return {
    ...facts,
    id,
    ruleType: `RoleManagementPolicy${type}Rule`,
    target: {
      caller: place.at(-2),
      operations: ["All"],
      level: place.at(-1),
      targetObjects: null,
      inheritableSettings: null,
      enforcedSettings: null,
    },
  };
}

function expiration(id: string, isExpirationRequired: boolean, maximumDuration: string): Rule {
  const facts = { isExpirationRequired, maximumDuration, exceptionMembers: null };
  return rule(`Expiration_${id}`, "Expiration", facts);
}

function notifications(place: string): Rule[] {
  return ["Admin", "Requestor", "Approver"].map((recipientType) => {
    const isMailed = place !== "EndUser_Assignment" || recipientType !== "Approver";
    return rule(`Notification_${recipientType}_${place}`, "Notification", {
      notificationType: "Email",
      recipientType,
      isDefaultRecipientsEnabled: !isMailed,
      notificationLevel: "Critical",
      notificationRecipients: isMailed ? [`${recipientType}_${place}@test.com`] : null,
    });
  });
}

// The rules of PatchRoleManagementPolicy.
const RULES: readonly Rule[] = [
  expiration("Admin_Eligibility", false, "P180D"),
  ...notifications("Admin_Eligibility"),
  rule("Enablement_Admin_Eligibility", "Enablement", { enabledRules: [] }),
  expiration("Admin_Assignment", false, "P90D"),
  rule("Enablement_Admin_Assignment", "Enablement", {
    enabledRules: ["Justification", "MultiFactorAuthentication"],
  }),
  ...notifications("Admin_Assignment"),
  expiration("EndUser_Assignment", true, "PT7H"),
  rule("Enablement_EndUser_Assignment", "Enablement", {
    enabledRules: ["Justification", "MultiFactorAuthentication", "Ticketing"],
  }),
  rule("Approval_EndUser_Assignment", "Approval", {
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
          primaryApprovers: APPROVERS.map((id) => ({
            id,
            description: "approvers",
            isBackup: false,
            userType: "Group",
          })),
          isEscalationEnabled: false,
          escalationApprovers: null,
        },
      ],
    },
  }),
  rule("AuthenticationContext_EndUser_Assignment", "AuthenticationContext", {
    isEnabled: false,
    claimValue: "",
  }),
  ...notifications("EndUser_Assignment"),
];

const PIM_ONLY_RULE: Rule = {
  id: PIM_ONLY,
  ruleType: "RoleManagementPolicyPimOnlyModeRule",
  pimOnlyModeSettings: {
    excludedAssignmentTypes: ["ServicePrincipalsAsTarget"],
    mode: "Enabled",
    excludes: [{ id: "ec42a424-a0c0-4418-8788-d19bdeb03704", type: "User" }],
  },
  target: {
    caller: "Admin",
    level: "Assignment",
    operations: ["all"],
    enforcedSettings: ["all"],
    inheritableSettings: ["all"],
    targetObjects: [],
  },
};

const MODIFIED_BY = { id: null, displayName: "", type: null, email: null };
const SCOPE = { id: "", displayName: "", type: "subscription" };
const POLICY = resourceShape({
  scope: "",
  displayName: null,
  description: null,
  isOrganizationDefault: false,
  lastModifiedDateTime: "",
  lastModifiedBy: MODIFIED_BY,
  rules: [],
  effectiveRules: [],
  policyProperties: { scope: SCOPE },
});
const ASSIGNMENT = resourceShape({
  scope: "",
  roleDefinitionId: "",
  policyId: "",
  effectiveRules: [],
  policyAssignmentProperties: {
    scope: SCOPE,
    roleDefinition: { id: "", displayName: "", type: "BuiltInRole" },
    policy: { id: "", lastModifiedBy: MODIFIED_BY, lastModifiedDateTime: null },
  },
});

describe("emulator: Microsoft's examples of role management policies", () => {
  let emulator: Emulator;
  let send: Send;
  let name: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    emulator.control.seed({
      groups: APPROVERS.map((id) => ({ id, displayName: `approvers ${id}` })),
      scopes: [{ id: SUBSCRIPTION, displayName: "Pay-As-You-Go" }],
    });
    send = await clientOf(emulator, { audience: "arm" });
    const filter = `roleDefinitionId eq '${AUTHORIZATION}/roleDefinitions/${ROLE}'`;
    const path = `${AUTHORIZATION}/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${filter}`;
    name = (await send("GET", path)).body.value[0].properties.policyId.split("/").at(-1);
  });
  afterEach(() => emulator.close());

  const at = (rest: string, version: string) =>
    `/providers/Microsoft.Subscription${AUTHORIZATION}/${rest}?api-version=${version}`;
  const patch = (rules: readonly Rule[], version: string) =>
    send("PATCH", at(`roleManagementPolicies/${name}`, version), { properties: { rules } });
  const byId = (rules: readonly Rule[]) =>
    [...rules].sort((left, right) => left.id.localeCompare(right.id));

  for (const version of [
    "2020-10-01",
    "2020-10-01-preview",
    "2024-02-01-preview",
    "2024-09-01-preview",
  ]) {
    it(`patches, gets and lists policies and their assignments in version ${version}`, async () => {
      const partial = await patch(RULES.slice(0, 2), version);
      assert.equal(partial.status, 200, JSON.stringify(partial.body));
      const patched = await patch(RULES, version);
      const got = await send("GET", at(`roleManagementPolicies/${name}`, version));
      const list = await send("GET", at("roleManagementPolicies", version));
      const listed = list.body.value.find((row: { name: string }) => row.name === name);
      for (const policy of [patched.body, got.body, listed]) {
        assertExactShape(POLICY, policy);
        assert.equal(policy.id, `${AUTHORIZATION}/roleManagementPolicies/${name}`);
        assert.equal(policy.type, "Microsoft.Authorization/RoleManagementPolicies");
        for (const rules of [policy.properties.rules, policy.properties.effectiveRules])
          assert.deepEqual(byId(rules), byId(RULES));
      }
      const path = at(`roleManagementPolicyAssignments/${name}_${ROLE}`, version);
      const { scope, id: policyId } = { scope: SUBSCRIPTION, id: got.body.id };
      const roleDefinitionId = `${AUTHORIZATION}/roleDefinitions/${ROLE}`;
      const put = await send("PUT", path, { properties: { scope, roleDefinitionId, policyId } });
      assert.equal(put.status, 201);
      for (const { body } of [put, await send("GET", path)]) {
        assertExactShape(ASSIGNMENT, body);
        assert.equal(body.type, "Microsoft.Authorization/RoleManagementPolicyAssignment");
      }
    });
  }

  it("deletes assignments that are there or not, and no policy that is", async () => {
    const remove = (path: string) => send("DELETE", at(path, "2020-10-01"));
    for (const [path, status] of [
      [`roleManagementPolicyAssignments/${name}_${ROLE}`, 200],
      [`roleManagementPolicyAssignments/${UNKNOWN}_${ROLE}`, 204],
      [`roleManagementPolicies/${UNKNOWN}`, 204],
      [`roleManagementPolicies/${name}`, 400],
    ] as const)
      assert.equal((await remove(path)).status, status, path);
    const left = at(`roleManagementPolicyAssignments/${name}_${ROLE}`, "2020-10-01");
    assert.equal((await send("GET", left)).status, 200);
  });

  for (const version of ["2024-02-01-preview", "2024-09-01-preview"]) {
    it(`keeps assignments inside PIM in version ${version}`, async () => {
      const { status, body } = await patch([PIM_ONLY_RULE], version);
      assert.equal(status, 200, JSON.stringify(body));
      for (const rules of [body.properties.rules, body.properties.effectiveRules])
        assert.deepEqual(
          rules.find(({ id }: Rule) => id === PIM_ONLY),
          PIM_ONLY_RULE,
        );
      assert.equal((await patch([PIM_ONLY_RULE], "2020-10-01")).status, 400);
      const older = await send("GET", at(`roleManagementPolicies/${name}`, "2020-10-01"));
      assert.equal(older.body.properties.rules.length, 17);
    });
  }
});
