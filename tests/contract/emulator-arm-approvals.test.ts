import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { assertExactShape, resourceShape } from "./arm-shapes";
import { clientOf, type Send } from "./emulator-client";

const SUBSCRIPTION = "/subscriptions/69356bc4-b3be-441a-b12f-503b745e0dea";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const PERSON = "a3bb8764-cb92-4276-9d2a-ca1e895e55ea";
const APPROVER = "a6c7aecb-cbfd-4763-87ef-e91b4bd509d9";
const APPROVALS = "/providers/Microsoft.Authorization/roleAssignmentApprovals";

const REVIEWER = {
  principalType: "user",
  principalId: "",
  principalName: "",
  userPrincipalName: "",
};
const STAGE = resourceShape({
  displayName: "",
  status: "InProgress",
  assignedToMe: true,
  reviewedBy: REVIEWER,
  reviewedDateTime: "",
  reviewResult: "NotReviewed",
  justification: "",
});
const APPROVAL = resourceShape({ stages: [STAGE] });

describe("emulator: Microsoft's examples of approvals of Azure roles", () => {
  let emulator: Emulator;
  let approver: Send;

  beforeEach(async () => {
    emulator = await startEmulator();
    const named = (id: string, name: string) => ({
      id,
      displayName: name,
      userPrincipalName: `${name}@my-tenant.com`,
    });
    emulator.control.seed({
      users: [named(PERSON, "person"), named(APPROVER, "approver")],
      scopes: [{ id: SUBSCRIPTION }],
    });
    await requireApproval();
    approver = await clientOf(emulator, { user: APPROVER, audience: "arm" });
  });
  afterEach(() => emulator.close());

  const ask = () =>
    emulator.control.plantPending({
      principalId: PERSON,
      roleDefinitionId: CONTRIBUTOR,
      scope: SUBSCRIPTION,
      action: "selfActivate",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "PT1H" } },
    }).id;
  const at = (path: string) => `${path}?api-version=2021-01-01-preview`;

  for (const [scope, part, method] of [
    ["", "stages", "PATCH"],
    ["", "steps", "PUT"],
    [SUBSCRIPTION, "stages", "PUT"],
    [SUBSCRIPTION, "steps", "PATCH"],
  ] as const) {
    it(`lists, gets and decides (${method}) ${part} ${scope === "" ? "at the tenant" : "at a scope"}`, async () => {
      const id = ask();
      const approvals = `${scope}${APPROVALS}`;
      const [listed] = (await approver("GET", at(approvals))).body.value;
      const got = (await approver("GET", at(`${approvals}/${id}`))).body;
      for (const approval of [listed, got]) {
        assertExactShape(APPROVAL, approval);
        assert.equal(approval.id, `${approvals}/${id}`);
        assert.equal(approval.type, "Microsoft.Authorization/roleAssignmentApprovals/stages");
      }
      const path = `${approvals}/${id}/${part}`;
      const [first] = (await approver("GET", at(path))).body.value;
      const stage = (await approver("GET", at(`${path}/${first.name}`))).body;
      for (const one of [first, stage]) {
        assertExactShape(STAGE, one);
        assert.equal(one.id, `${path}/${one.name}`);
        assert.equal(one.type, `Microsoft.Authorization/roleAssignmentApprovals/${part}`);
        const { reviewedBy, reviewedDateTime } = one.properties;
        assert.deepEqual([reviewedBy, reviewedDateTime], [null, null]);
      }
      const decision = { reviewResult: "Approve", justification: "I trust this person." };
      const properties = method === "PUT" ? { ...stage.properties, ...decision } : decision;
      const decided = await approver(method, at(`${path}/${first.name}`), { properties });
      assert.equal(decided.status, 200, JSON.stringify(decided.body));
      assertExactShape(STAGE, decided.body);
      assert.equal(decided.body.properties.status, "Completed");
      assert.equal(decided.body.properties.reviewedBy.principalId, APPROVER);
    });
  }

  it("lists all that the caller may see, where no filter is given", async () => {
    ask();
    const all = await clientOf(emulator, { audience: "arm" });
    const list = async (send: Send, filter = "") =>
      (await send("GET", `${at(APPROVALS)}${filter && `&$filter=${filter}`}`)).body.value.length;
    assert.deepEqual([await list(all), await list(all, "asApprover()")], [1, 0]);
    const person = await clientOf(emulator, { user: PERSON, audience: "arm" });
    assert.deepEqual([await list(person), await list(person, "asTarget()")], [1, 1]);
    const stranger = emulator.control.seed({
      users: [{ displayName: "stranger", userPrincipalName: "stranger@my-tenant.com" }],
    }).users[0];
    const nobody = await clientOf(emulator, { user: String(stranger?.["id"]), audience: "arm" });
    assert.equal(await list(nobody), 0);
  });

  async function requireApproval(): Promise<void> {
    const send = await clientOf(emulator, { audience: "arm" });
    const of = `${SUBSCRIPTION}/providers/Microsoft.Authorization`;
    const filter = `roleDefinitionId eq '${of}/roleDefinitions/${CONTRIBUTOR}'`;
    const path = `${of}/roleManagementPolicyAssignments?api-version=2020-10-01&$filter=${filter}`;
    const { policyId } = (await send("GET", path)).body.value[0].properties;
    const policy = `${policyId}?api-version=2020-10-01`;
    const { rules } = (await send("GET", policy)).body.properties;
    const rule = rules.find(({ id }: { id: string }) => id === "Approval_EndUser_Assignment");
    rule.setting.isApprovalRequired = true;
    rule.setting.approvalStages[0].primaryApprovers = [{ id: APPROVER, userType: "User" }];
    assert.equal((await send("PATCH", policy, { properties: { rules: [rule] } })).status, 200);
  }
});
