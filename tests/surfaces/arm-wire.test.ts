import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeLeaves } from "../../src/model/settings-leaves";
import { ignoredRules, readRules, writeAllRules } from "../../src/surfaces/arm-wire/policy-codec";
import {
  readOutcome,
  readRequest,
  readSchedule,
  writeRequest,
} from "../../src/surfaces/arm-wire/schedule-codec";
import { isOf, readScope, roleDefinitionIdAt } from "../../src/surfaces/arm-wire/scope";
import { RULE_IDS, RULE_KEYS } from "../../src/surfaces/pim-wire/rule-ids";
import type { WireRule } from "../../src/surfaces/pim-wire/rules-codec";
import type { AssignmentRequest } from "../../src/surfaces/surface";

const FOLDER = join(__dirname, "../fixtures/samples/arm-examples");
const SUBSCRIPTION = "/subscriptions/dfa2a084-766f-4003-8ae1-c4aeb893a99f";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

describe("schedules on ARM", () => {
  it("reads Microsoft's eligible schedule", () => {
    const [wire] = sample("2020-10-01/GetRoleEligibilitySchedulesByScope.json").responses["200"]
      .body.value;
    assert.deepEqual(readSchedule("eligible", wire), {
      kind: "eligible",
      role: { surface: "azureRoles", roleDefinitionId: CONTRIBUTOR, scope: SUBSCRIPTION },
      principalId: "a3bb8764-cb92-4276-9d2a-ca1e895e55ea",
      scheduleId: "b1477448-2cc6-4ceb-93b4-54a202a89413",
      requestId: "64caffb6-55c0-4deb-a585-68e948ea1ad6",
      startsAt: "2020-09-09T21:33:14.557Z",
      endsAt: "2021-09-09T21:32:28.490Z",
      memberType: "direct",
      assignmentType: "assigned",
      status: "Provisioned",
      condition:
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:ContainerName] StringEqualsIgnoreCase 'foo_storage_container'",
      principal: {
        id: "a3bb8764-cb92-4276-9d2a-ca1e895e55ea",
        kind: "user",
        name: "user@my-tenant.com",
        displayName: "User Account",
      },
    });
  });

  it("reads the other name of a subscription in an active schedule", () => {
    const [wire] = sample("2020-10-01/GetRoleAssignmentSchedulesByScope.json").responses["200"].body
      .value;
    const row = readSchedule("active", wire);
    assert.equal(row.role.surface === "azureRoles" && row.role.scope, SUBSCRIPTION);
    assert.equal(row.requestId, "fea7a502-9a96-4806-a26f-eee560e52045");
  });

  it("reads Microsoft's answer to a request", () => {
    const wire = sample("2020-10-01/PutRoleAssignmentScheduleRequest.json").responses["201"].body;
    assert.deepEqual(readOutcome(wire), {
      requestId: "fea7a502-9a96-4806-a26f-eee560e52045",
      status: "Provisioned",
      scheduleId: "c9e264ff-3133-4776-a81a-ebc7c33c8ec6",
      startsAt: "2020-09-09T21:35:27.910Z",
      endsAt: "2020-09-10T05:35:27.910Z",
    });
    const request = readRequest(wire);
    assert.equal(request.action, "selfactivate");
    assert.equal(request.createdBy?.id, "a3bb8764-cb92-4276-9d2a-ca1e895e55ea");
  });

  it("writes the same members as Microsoft's request", () => {
    const { properties } = sample("2020-10-01/PutRoleAssignmentScheduleRequest.json").parameters
      .parameters;
    const { properties: written } = writeRequest(roleAt(SUBSCRIPTION), assign("active"));
    const known = Object.keys(properties);
    for (const member of Object.keys(written)) {
      assert.ok([...known, "justification", "ticketInfo"].includes(member), member);
    }
    assert.deepEqual(written, {
      principalId: properties.principalId,
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}`,
      requestType: "AdminAssign",
      justification: "because",
      ticketInfo: { ticketNumber: "CHG-1", ticketSystem: null },
      scheduleInfo: { expiration: { type: "AfterDuration", duration: "PT8H" } },
      condition: "@Resource[x] StringEquals 'y'",
      conditionVersion: "2.0",
    });
  });

  it("names the schedule in an update, and nothing but the assignment in a removal", () => {
    const update = writeRequest(roleAt(SUBSCRIPTION), {
      ...assign("eligible"),
      action: "update",
      scheduleId: "s",
    });
    assert.equal(
      (update.properties as Record<string, unknown>).targetRoleEligibilityScheduleId,
      "s",
    );
    const {
      expiration: _none,
      ticket: _ticket,
      justification: _text,
      ...removal
    } = assign("eligible");
    const remove = writeRequest(roleAt(SUBSCRIPTION), { ...removal, action: "remove" });
    assert.deepEqual(Object.keys(remove.properties), [
      "principalId",
      "roleDefinitionId",
      "requestType",
    ]);
  });
});

describe("scopes on ARM", () => {
  it("gives role ids a subscription's prefix below it, and none at a management group", () => {
    const at = (scope: string) => roleDefinitionIdAt(scope, CONTRIBUTOR);
    const plain = `/providers/Microsoft.Authorization/roleDefinitions/${CONTRIBUTOR}`;
    assert.equal(at(`${SUBSCRIPTION}/resourceGroups/rg/providers/a/b/c`), SUBSCRIPTION + plain);
    assert.equal(at("/providers/Microsoft.Management/managementGroups/mg"), plain);
  });

  it("tells a row of the scope itself from one of its parent", () => {
    const row = {
      scope: SUBSCRIPTION.toUpperCase(),
      roleDefinitionId: `/x/roleDefinitions/${CONTRIBUTOR.toUpperCase()}`,
    };
    assert.ok(isOf(row, `providers/Microsoft.Subscription${SUBSCRIPTION}`, CONTRIBUTOR));
    assert.ok(!isOf(row, `${SUBSCRIPTION}/resourceGroups/rg`, CONTRIBUTOR));
    assert.ok(!isOf(row, SUBSCRIPTION, "00000000-0000-4000-8000-000000000000"));
    assert.equal(readScope(`providers/Microsoft.Subscription${SUBSCRIPTION}`), SUBSCRIPTION);
  });
});

describe("settings on ARM", () => {
  const wire: WireRule[] = [
    ...RULE_KEYS.map((key) => ({
      id: RULE_IDS[key],
      ruleType: "x",
      target: { targetObjects: null },
    })),
    { id: "PIMOnlyMode_Admin_Assignment", pimOnlyModeSettings: { mode: "Enabled" } },
  ];

  it("sends all rules, changed where they differ, others as they were met", () => {
    const before = readRules(wire);
    const after = writeLeaves(before, {
      "activation.requireMfa": true,
      "activation.maximumDuration": "PT2H",
    });
    const sent = writeAllRules(wire, before, after);
    assert.deepEqual(
      sent.map(({ id }) => id),
      wire.map(({ id }) => id),
    );
    const changed = sent.filter((rule, index) => rule !== wire[index]).map(({ id }) => id);
    assert.deepEqual(changed.sort(), [
      "Enablement_EndUser_Assignment",
      "Expiration_EndUser_Assignment",
    ]);
    assert.deepEqual(readRules(sent), after);
  });

  it("adds the rule of PIM-only mode, whole, to a policy where nobody has set it", () => {
    const fresh = wire.filter(({ id }) => id !== "PIMOnlyMode_Admin_Assignment");
    const before = readRules(fresh, RULE_KEYS);
    assert.equal(before.pimOnlyMode?.mode, "disabled");
    assert.deepEqual(writeAllRules(fresh, before, before), fresh);
    const after = writeLeaves(before, { "pimOnlyMode.mode": "enabled" });
    const sent = writeAllRules(fresh, before, after);
    assert.deepEqual(sent.slice(0, -1), fresh);
    assert.deepEqual(sent.at(-1), {
      id: "PIMOnlyMode_Admin_Assignment",
      ruleType: "RoleManagementPolicyPimOnlyModeRule",
      pimOnlyModeSettings: { mode: "Enabled", excludes: [], excludedAssignmentTypes: [] },
      target: {
        caller: "Admin",
        level: "Assignment",
        operations: ["all"],
        enforcedSettings: ["all"],
        inheritableSettings: ["all"],
        targetObjects: [],
      },
    });
    assert.deepEqual(readRules(sent, RULE_KEYS), after);
  });

  it("names the rules that a write did not change", () => {
    const before = readRules(wire);
    const asked = writeLeaves(before, {
      "activation.requireMfa": true,
      "activation.maximumDuration": "PT2H",
    });
    const found = writeLeaves(before, { "activation.maximumDuration": "PT120M" });
    assert.deepEqual(ignoredRules(before, asked, found), ["Enablement_EndUser_Assignment"]);
    assert.deepEqual(ignoredRules(before, asked, asked), []);
  });

  it("reads and writes approvers with their type", () => {
    const before = readRules(wire);
    const approvers = [
      { kind: "group" as const, id: "g" },
      { kind: "user" as const, id: "u" },
    ];
    const after = writeLeaves(before, { "activation.approvers": approvers });
    const sent = writeAllRules(wire, before, after);
    const approval = sent.find(({ id }) => id === "Approval_EndUser_Assignment");
    const setting = approval?.setting as { approvalStages: { primaryApprovers: unknown[] }[] };
    assert.deepEqual(setting.approvalStages[0]?.primaryApprovers, [
      { id: "g", description: null, isBackup: false, userType: "Group" },
      { id: "u", description: null, isBackup: false, userType: "User" },
    ]);
    assert.deepEqual(readRules(sent), after);
  });
});

function roleAt(scope: string) {
  return { surface: "azureRoles", roleDefinitionId: CONTRIBUTOR, scope } as const;
}

function assign(kind: "eligible" | "active"): AssignmentRequest {
  return {
    key: { role: roleAt(SUBSCRIPTION), kind, principalId: "a3bb8764-cb92-4276-9d2a-ca1e895e55ea" },
    action: "assign",
    expiration: { type: "for", duration: "PT8H" },
    justification: "because",
    ticket: { number: "CHG-1" },
    condition: "@Resource[x] StringEquals 'y'",
  };
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape, read by tests only
function sample(path: string): any {
  return JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
}
