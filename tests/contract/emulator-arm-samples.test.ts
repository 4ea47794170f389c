import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";

interface Example {
  parameters: Record<string, unknown> & { scope: string; "api-version": string; parameters: Body };
  responses: Record<string, { body: Body }>;
}
type Body = Record<string, unknown>;

const FOLDER = join(__dirname, "../fixtures/samples/arm-examples");
const PERSON = "a3bb8764-cb92-4276-9d2a-ca1e895e55ea";
const APPROVER = "a6c7aecb-cbfd-4763-87ef-e91b4bd509d9";
const ROLE = "c8d4ff99-41c3-41a8-9f60-21dfdad59608";
const SUBSCRIPTION = "/subscriptions/dfa2a084-766f-4003-8ae1-c4aeb893a99f";
const OTHER = "/subscriptions/129ff972-28f8-46b8-a726-e497be039368";

describe("emulator: Microsoft's examples of Azure Resource Manager", () => {
  let emulator: Emulator;
  let send: Send;
  let person: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2020-09-09T21:30:00Z" });
    const of = { displayName: "Pay-As-You-Go" };
    emulator.control.seed({
      users: [
        { id: PERSON, displayName: "User Account", userPrincipalName: "user@my-tenant.com" },
        { id: APPROVER, displayName: "Approver", userPrincipalName: "approver@my-tenant.com" },
      ],
      scopes: [
        { id: SUBSCRIPTION, ...of },
        { id: OTHER, ...of },
      ],
      azureRoles: [{ id: ROLE, roleName: "Sampled" }],
    });
    send = await clientOf(emulator, { audience: "arm" });
    person = await clientOf(emulator, { user: PERSON, audience: "arm" });
  });
  afterEach(() => emulator.close());

  const example = (file: string): Example => JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
  const at = (of: Example, rest: string) =>
    `/${of.parameters.scope}/providers/Microsoft.Authorization/${rest}?api-version=${of.parameters["api-version"]}`;
  const condition = { condition: "@Resource[a] StringEquals 'b'", conditionVersion: "1.0" };
  const put = (kind: "Eligibility" | "Assignment", name: string, more: Body = {}) =>
    send(
      "PUT",
      `${SUBSCRIPTION}/providers/Microsoft.Authorization/role${kind}ScheduleRequests/${name}?api-version=2020-10-01`,
      {
        properties: {
          principalId: PERSON,
          roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
          requestType: "AdminAssign",
          justification: "sample",
          scheduleInfo: { expiration: { type: "AfterDuration", duration: "P90D" } },
          ...condition,
          ...more,
        },
      },
    );
  const makeEligible = async () => {
    const made = await put("Eligibility", "64caffb6-55c0-4deb-a585-68e948ea1ad6");
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body.properties.targetRoleEligibilityScheduleId as string;
  };
  const activation = async (file: string) => {
    const sample = example(file);
    const linked = { linkedRoleEligibilityScheduleId: await makeEligible() };
    const properties = { ...(sample.parameters.parameters["properties"] as Body), ...linked };
    return { sample, body: { properties: { ...properties, justification: "sample" } } };
  };

  it("PutRoleAssignmentScheduleRequest", async () => {
    const { sample, body } = await activation("2020-10-01/PutRoleAssignmentScheduleRequest.json");
    const name = sample.parameters["roleAssignmentScheduleRequestName"];
    const answer = await person("PUT", at(sample, `roleAssignmentScheduleRequests/${name}`), body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    assertPublishedShape(sample.responses["201"]?.body, answer.body);
    assert.equal(answer.body.id, sample.responses["201"]?.body["id"]);
    assert.equal(answer.body.type, sample.responses["201"]?.body["type"]);
  });

  it("ValidateRoleAssignmentScheduleRequestByName", async () => {
    const { sample, body } = await activation(
      "2020-10-01/ValidateRoleAssignmentScheduleRequestByName.json",
    );
    const name = sample.parameters["roleAssignmentScheduleRequestName"];
    const path = at(sample, `roleAssignmentScheduleRequests/${name}/validate`);
    const answer = await person("POST", path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assertPublishedShape(sample.responses["200"]?.body, answer.body);
  });

  it("CancelRoleAssignmentScheduleRequestByName", async () => {
    const sample = example("2020-10-01/CancelRoleAssignmentScheduleRequestByName.json");
    const name = String(sample.parameters["roleAssignmentScheduleRequestName"]);
    const startDateTime = "2020-09-20T00:00:00Z";
    const expiration = { type: "AfterDuration", duration: "P1D" };
    await put("Assignment", name, { scheduleInfo: { startDateTime, expiration } });
    const path = at(sample, `roleAssignmentScheduleRequests/${name}/cancel`);
    const answer = await send("POST", path);
    assert.equal(answer.status, 200);
    assert.equal(answer.body, undefined);
  });

  for (const [file, kind, collection] of [
    ["GetRoleAssignmentSchedulesByScope", "Assignment", "roleAssignmentSchedules"],
    ["GetRoleEligibilitySchedulesByScope", "Eligibility", "roleEligibilitySchedules"],
  ] as const) {
    it(file, async () => {
      const sample = example(`2020-10-01/${file}.json`);
      await put(kind, "fea7a502-9a96-4806-a26f-eee560e52045");
      const filter = encodeURIComponent(String(sample.parameters["$filter"]));
      const answer = await send("GET", `${at(sample, collection)}&$filter=${filter}`);
      assert.equal(answer.status, 200);
      assertPublishedShape(sample.responses["200"]?.body, answer.body);
    });
  }

  it("GetRoleAssignmentScheduleByName", async () => {
    const sample = example("2020-10-01/GetRoleAssignmentScheduleByName.json");
    const made = await put("Assignment", "fea7a502-9a96-4806-a26f-eee560e52045");
    const name = made.body.properties.targetRoleAssignmentScheduleId;
    const answer = await send("GET", at(sample, `roleAssignmentSchedules/${name}`));
    assertPublishedShape(sample.responses["200"]?.body, answer.body);
    assert.equal(answer.body.type, sample.responses["200"]?.body["type"]);
  });

  it("PatchRoleAssignmentApprovalStepById", async () => {
    const sample = example("2021-01-01-preview/PatchRoleAssignmentApprovalStepById.json");
    const { id } = emulator.control.plantPending({
      principalId: PERSON,
      roleDefinitionId: ROLE,
      scope: SUBSCRIPTION,
      action: "selfActivate",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
    });
    await nameApprover();
    const approver = await clientOf(emulator, { user: APPROVER, audience: "arm" });
    const path = `/providers/Microsoft.Authorization/roleAssignmentApprovals/${id}/stages/${id}?api-version=2021-01-01-preview`;
    const answer = await approver("PATCH", path, sample.parameters["body"]);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assertPublishedShape(sample.responses["200"]?.body, answer.body);
  });

  it("PatchRoleManagementPolicyToEnablePIMOnlyMode", async () => {
    const sample = example(
      "2024-09-01-preview/PatchRoleManagementPolicyToEnablePIMOnlyMode.request-only.json",
    );
    const name = await policyName(OTHER, "b24988ac-6180-42a0-ab88-20f7382dd24c");
    const path = at(sample, `roleManagementPolicies/${name}`);
    const answer = await send("PATCH", path, sample.parameters.parameters);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.properties.rules.length, 18);
  });

  async function policyName(scope: string, role: string): Promise<string> {
    const filter = encodeURIComponent(
      `roleDefinitionId eq '${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}'`,
    );
    const path = `${scope}/providers/Microsoft.Authorization/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${filter}`;
    const { body } = await send("GET", path);
    return body.value[0].properties.policyId.split("/").at(-1);
  }

  async function nameApprover(): Promise<void> {
    const name = await policyName(SUBSCRIPTION, ROLE);
    const path = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleManagementPolicies/${name}?api-version=2020-10-01`;
    const { body } = await send("GET", path);
    for (const rule of body.properties.rules) {
      if (rule.id !== "Approval_EndUser_Assignment") continue;
      rule.setting.isApprovalRequired = true;
      rule.setting.approvalStages[0].primaryApprovers = [{ id: APPROVER, userType: "User" }];
    }
    const answer = await send("PATCH", path, { properties: { rules: body.properties.rules } });
    assert.equal(answer.status, 200);
  }
});
