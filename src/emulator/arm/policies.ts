import { created, noContent, type Operation, ok, param, type Reply } from "../api";
import { writeAudit } from "../audit";
import { guidOf } from "../ids";
import { ACTIONS, authorize } from "./access";
import {
  type ArmCall,
  atScope,
  filterOf,
  listReply,
  type Placed,
  propertiesOf,
  TYPES,
} from "./arm-api";
import { refuseArm } from "./arm-errors";
import { guidOfRoleId, isAssignableAt } from "./azure-roles";
import type { ArmPolicy } from "./policy-book";
import { changedArmPolicy } from "./policy-change";
import { policyAssignmentToWire, policyToWire } from "./policy-wire";

const POLICIES = "roleManagementPolicies";
const ASSIGNMENTS = "roleManagementPolicyAssignments";
const ASSIGNMENT_TYPE = { ...TYPES.policies, name: ASSIGNMENTS };

/** Policies (role settings) of Azure roles, one per role and scope, and which role each belongs to. */
export const azurePolicyOperations: readonly Operation[] = [
  ...atScope("GET", POLICIES, TYPES.policies, (arm) => list(arm, policyToWire)),
  ...atScope("GET", `${POLICIES}/{name}`, TYPES.policies, get),
  ...atScope("PATCH", `${POLICIES}/{name}`, TYPES.policies, patch),
  ...atScope("DELETE", `${POLICIES}/{name}`, TYPES.policies, remove),
  ...atScope("GET", ASSIGNMENTS, ASSIGNMENT_TYPE, (arm) => list(arm, policyAssignmentToWire)),
  ...atScope("GET", `${ASSIGNMENTS}/{name}`, ASSIGNMENT_TYPE, getAssignment),
  ...atScope("PUT", `${ASSIGNMENTS}/{name}`, ASSIGNMENT_TYPE, putAssignment),
  ...atScope("DELETE", `${ASSIGNMENTS}/{name}`, ASSIGNMENT_TYPE, removeAssignment),
];

// The filter by role is in no published interface, yet every client sends it.
function list(arm: ArmCall, toWire: typeof policyToWire): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
  const filter = filterOf(arm.call, ["roleDefinitionId", "atScope()"]);
  const wanted = filter.equals
    .get("roledefinitionid")
    ?.map((id) => guidOfRoleId(id) ?? id.toLowerCase());
  return listReply(arm.call, policiesAt(arm, wanted, toWire));
}

function* policiesAt(
  arm: ArmCall,
  wanted: readonly string[] | undefined,
  toWire: typeof policyToWire,
): Generator<Placed> {
  const { tenant } = arm.call;
  const { catalog, policies, tree } = tenant.arm;
  for (const { seq, value: role } of catalog.roles.scan()) {
    if (wanted !== undefined && !wanted.includes(role.id)) continue;
    if (!isAssignableAt(role, tree, arm.scope.id)) continue;
    yield { seq, wire: () => toWire(tenant, policies.read(arm.scope.id, role.id), arm.apiVersion) };
  }
}

function policyOf(arm: ArmCall): ArmPolicy {
  const policy = findPolicy(arm);
  if (policy === undefined) throw refuseArm.policyNotFound(param(arm.call, "name"));
  return policy;
}

function findPolicy(arm: ArmCall): ArmPolicy | undefined {
  const name = param(arm.call, "name");
  const policy = arm.call.tenant.arm.policies.byGuid(name) ?? unmet(arm, name);
  return policy?.scopeId === arm.scope.id ? policy : undefined;
}

// Policies are made when first asked for: an unknown guid may belong to one nobody has met yet.
function unmet(arm: ArmCall, name: string): ArmPolicy | undefined {
  const { catalog, policies } = arm.call.tenant.arm;
  for (const role of catalog.roles.all()) {
    const policy = policies.read(arm.scope.id, role.id);
    if (policy.guid === name.toLowerCase()) return policy;
  }
  return undefined;
}

function get(arm: ArmCall): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
  return ok(policyToWire(arm.call.tenant, policyOf(arm), arm.apiVersion));
}

const RULE_COUNT = 17;

function patch(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.writePolicies, arm.scope.id);
  const { arm: azure } = tenant;
  const named = policyOf(arm);
  const sent = propertiesOf(arm.call).get("rules") ?? [];
  if (!Array.isArray(sent)) throw refuseArm.invalidPolicy();
  const current = azure.policies.current(named.scopeId, named.roleId);
  const changed = changedArmPolicy(tenant, current, sent, arm.apiVersion);
  const isIgnored = tenant.settings.armIgnoresPartialPolicies && sent.length < RULE_COUNT;
  if (isIgnored) return ok(policyToWire(tenant, current, arm.apiVersion));
  writeAudit(tenant, {
    activityDisplayName: "Update role setting in PIM",
    category: "ResourceManagement",
    initiatedBy: { kind: caller.kind, id: caller.id },
    roleId: named.roleId,
  });
  const stored = azure.policies.replace({
    ...changed,
    guid: tenant.settings.armPolicyIdChanges ? guidOf(`${current.guid} changed`) : current.guid,
    lastModifiedAt: tenant.clock.now(),
    lastModifiedBy: String(tenant.directory.read(caller.id)?.value["displayName"] ?? caller.id),
  });
  return ok(policyToWire(tenant, stored, arm.apiVersion));
}

// Published as possible; the service answers this where there is one (azure-rest-api-specs#28050).
function remove(arm: ArmCall): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.writePolicies, arm.scope.id);
  if (findPolicy(arm) === undefined) return noContent();
  throw refuseArm.policyNotDeletable();
}

function assignmentOf(arm: ArmCall): ArmPolicy {
  const policy = findAssignment(arm);
  if (policy === undefined) throw refuseArm.policyNotFound(param(arm.call, "name"));
  return policy;
}

function findAssignment(arm: ArmCall): ArmPolicy | undefined {
  const [guid = "", roleGuid = ""] = param(arm.call, "name").toLowerCase().split("_");
  const { catalog, policies } = arm.call.tenant.arm;
  const role = catalog.roles.get(roleGuid);
  const policy = role === undefined ? undefined : policies.read(arm.scope.id, role.id);
  return policy?.guid === guid ? policy : undefined;
}

function getAssignment(arm: ArmCall): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
  return ok(policyAssignmentToWire(arm.call.tenant, assignmentOf(arm), arm.apiVersion));
}

// Every role has its assignment already: putting the same one changes nothing, another is refused.
function putAssignment(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.writePolicies, arm.scope.id);
  const policy = assignmentOf(arm);
  const policyId = String(propertiesOf(arm.call).get("policyid") ?? "");
  if (policyId.split("/").at(-1)?.toLowerCase() !== policy.guid) throw refuseArm.invalidPolicy();
  return created(policyAssignmentToWire(tenant, policy, arm.apiVersion));
}

// Whether the service does anything here is not known; a role is never left without a policy.
function removeAssignment(arm: ArmCall): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.writePolicies, arm.scope.id);
  return findAssignment(arm) === undefined ? noContent() : { status: 200 };
}
