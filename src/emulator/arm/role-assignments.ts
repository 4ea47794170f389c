import { created, noContent, type Operation, ok, param, type Reply } from "../api";
import { writeAudit } from "../audit";
import { ServiceError } from "../errors";
import { knownPrincipal } from "../groups/replication";
import { isGuid } from "../ids";
import { assignedRow, type Schedule, type Tuple } from "../pim/grant";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { ACTIONS, authorize } from "./access";
import { type ArmCall, atScope, listReply, propertiesOf, TYPES, textOf } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { assignmentsShown } from "./assignment-list";
import { guidOfRoleId, isAssignableAt, roleIdAt } from "./azure-roles";
import { shownAt } from "./listing";
import { idOf, instanceName, instant, principalType } from "./wire";

const NAME = "roleAssignments";

/** Plain role assignments: the active rows in force, and the way around PIM. */
export const azureRoleAssignmentOperations: readonly Operation[] = [
  ...atScope("GET", NAME, TYPES.roleAssignments, list),
  ...atScope("GET", `${NAME}/{name}`, TYPES.roleAssignments, get),
  ...atScope("PUT", `${NAME}/{name}`, TYPES.roleAssignments, put),
  ...atScope("DELETE", `${NAME}/{name}`, TYPES.roleAssignments, remove),
  ...atScope("POST", `${NAME}/{name}/validate`, TYPES.roleAssignments, validate),
];

/** Enters an assignment made outside PIM: permanent, without request. */
export function assignAzureRole(
  tenant: Tenant,
  tuple: Tuple & Pick<Schedule, "condition">,
  name: string,
  settled = false,
): Schedule {
  const row = assignedRow(tuple, name, { createdAt: tenant.clock.now() });
  return tenant.arm.pim.add(row, settled);
}

function list(arm: ArmCall): Reply {
  return listReply(
    arm.call,
    assignmentsShown(arm).map(({ seq, value }) => ({ seq, wire: () => toWire(arm, value) })),
  );
}

function get(arm: ArmCall): Reply {
  authorize(arm.call.tenant, arm.call.caller, ACTIONS.readAssignments, arm.scope.id);
  const row = find(arm, param(arm.call, "name"));
  if (row === undefined) throw refuseArm.assignmentNotFound(param(arm.call, "name"));
  return ok(toWire(arm, row));
}

// Everything that a PUT would be refused for.
function readAssignment(arm: ArmCall) {
  const { tenant, caller } = arm.call;
  const name = param(arm.call, "name").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("RoleAssignment", name);
  authorize(tenant, caller, ACTIONS.writeAssignments, arm.scope.id);
  const properties = propertiesOf(arm.call);
  const tuple = readTuple(arm, properties);
  const wantedType = textOf(properties, "principalType");
  checkPrincipal(tenant, tuple.principalId, wantedType);
  checkPimOnly(arm, tuple);
  const condition = readCondition(properties);
  const known = find(arm, name);
  if (known !== undefined) checkSame(known, tuple);
  else checkFree(tenant, tuple);
  return { name, properties, tuple, wantedType, condition, known };
}

// What a PUT would say, as an answer.
function validate(arm: ArmCall): Reply {
  try {
    readAssignment(arm);
    return ok({ isValid: true });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status === 403) throw error;
    // As published: what a PUT says of an unknown role has another code here.
    const code =
      error.code === "RoleDefinitionDoesNotExist" ? "InvalidRoleDefinitionId" : error.code;
    return ok({ isValid: false, errorInfo: { code, message: error.message } });
  }
}

function put(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const { name, properties, tuple, wantedType, condition, known } = readAssignment(arm);
  const row =
    known === undefined
      ? assignAzureRole(tenant, { ...tuple, ...condition }, name)
      : tenant.arm.pim.update({ ...known, ...condition });
  tenant.arm.assignmentFacts.put({
    id: name,
    description: textOf(properties, "description"),
    delegatedManagedIdentityResourceId: textOf(properties, "delegatedManagedIdentityResourceId"),
    principalType: wantedType,
    createdBy: caller.id,
  });
  if (known !== undefined) return ok(toWire(arm, row));
  writeAudit(tenant, {
    activityDisplayName: "Add member to role outside of PIM (permanent)",
    category: "ResourceManagement",
    initiatedBy: { kind: caller.kind, id: caller.id },
    roleId: row.roleId,
    principalId: row.principalId,
  });
  return created(toWire(arm, row));
}

function remove(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.deleteAssignments, arm.scope.id);
  const row = find(arm, param(arm.call, "name"));
  if (row === undefined || row.scopeId !== arm.scope.id) return noContent();
  const body = toWire(arm, row);
  tenant.arm.pim.end(row);
  tenant.arm.assignmentFacts.remove(instanceName(row));
  return ok(body);
}

// A role assignment has the name of the instance: for PIM's rows it differs from the schedule's.
function find(arm: ArmCall, name: string): Schedule | undefined {
  const wanted = name.toLowerCase();
  const { active } = arm.call.tenant.arm.pim.schedules;
  const plain = active.get(wanted);
  if (plain?.createdUsing === null) return shownAt(arm, plain);
  for (const row of active.all()) {
    if (row.status === "Provisioned" && instanceName(row) === wanted) return shownAt(arm, row);
  }
  return undefined;
}

function readTuple(arm: ArmCall, properties: ReadonlyMap<string, unknown>): Tuple {
  const roleDefinitionId = textOf(properties, "roleDefinitionId");
  const principalId = textOf(properties, "principalId");
  const { catalog, tree } = arm.call.tenant.arm;
  const guid = guidOfRoleId(roleDefinitionId);
  const role = guid === undefined ? undefined : catalog.roles.get(guid);
  if (role === undefined) throw refuseArm.roleDefinitionNotFound(guid ?? String(roleDefinitionId));
  if (!isAssignableAt(role, tree, arm.scope.id))
    throw refuseArm.scopeMismatch(String(roleDefinitionId), arm.scope.id);
  if (!isGuid(principalId)) throw refuseArm.invalidName("Principal", String(principalId));
  return {
    principalId: principalId.toLowerCase(),
    roleId: role.id,
    scopeId: arm.scope.id,
    isAppScope: false,
  };
}

// With a type given, a principal that is not there yet is taken on trust.
function checkPrincipal(tenant: Tenant, id: string, wantedType: string | null): void {
  const isKnown = knownPrincipal(tenant, id) !== undefined;
  if (!isKnown && wantedType === null) throw refuseArm.principalNotFound(id, tenant.id);
  const actual = principalType(tenant, id);
  if (isKnown && wantedType !== null && wantedType.toLowerCase() !== actual.toLowerCase())
    throw refuseArm.principalTypeMismatch(id, actual, wantedType);
}

function checkPimOnly(arm: ArmCall, tuple: Tuple): void {
  const { tenant, caller } = arm.call;
  const { mode, excludes, excludedAssignmentTypes } = tenant.arm.policies.current(
    tuple.scopeId,
    tuple.roleId,
  ).pimOnly;
  if (mode !== "Enabled") return;
  const isService = tenant.directory.kindOf(tuple.principalId) === "servicePrincipal";
  if (isService && excludedAssignmentTypes.includes("ServicePrincipalsAsTarget")) return;
  if (caller.kind === "app" && excludedAssignmentTypes.includes("ServicePrincipalsAsRequestor"))
    return;
  if (excludes.some(({ id }) => id.toLowerCase() === tuple.principalId)) return;
  throw refuseArm.pimOnly();
}

function readCondition(properties: ReadonlyMap<string, unknown>): Pick<Schedule, "condition"> {
  const text = textOf(properties, "condition");
  if (text === null) return {};
  return { condition: { text, version: textOf(properties, "conditionVersion") ?? "2.0" } };
}

function checkSame(known: Schedule, tuple: Tuple): void {
  const isSame =
    known.principalId === tuple.principalId &&
    known.roleId === tuple.roleId &&
    known.scopeId === tuple.scopeId;
  if (!isSame) throw refuseArm.assignmentFixed();
}

function checkFree(tenant: Tenant, tuple: Tuple): void {
  const [other] = tenant.arm.pim.of("active", tuple).filter((row) => row.status === "Provisioned");
  if (other !== undefined)
    throw refuseArm.assignmentExists(idOf(other.scopeId, NAME, instanceName(other)));
}

// Since which version the interface has a member, by the date in its name.
const SINCE: Readonly<Record<string, string>> = {
  principalType: "2018-09-01",
  condition: "2020-03-01",
  conditionVersion: "2020-03-01",
  description: "2020-03-01",
  delegatedManagedIdentityResourceId: "2020-04-01",
};

function membersOf(apiVersion: string, properties: Json): Json {
  const date = apiVersion.slice(0, "2015-07-01".length);
  const known = Object.entries(properties).filter(([member]) => (SINCE[member] ?? "") <= date);
  // Told by some previews, and never true since.
  const canDelegate = date >= "2018-01-01" && date <= "2020-04-01" && { canDelegate: false };
  return { ...Object.fromEntries(known), ...canDelegate };
}

function toWire(arm: ArmCall, row: Schedule) {
  const { tenant } = arm.call;
  const name = instanceName(row);
  const facts = tenant.arm.assignmentFacts.get(name);
  const createdBy = facts?.createdBy ?? null;
  return {
    properties: membersOf(arm.apiVersion, {
      roleDefinitionId: roleIdAt(row.roleId, row.scopeId),
      principalId: row.principalId,
      principalType: facts?.principalType ?? principalType(tenant, row.principalId),
      scope: row.scopeId,
      condition: row.condition?.text ?? null,
      conditionVersion: row.condition?.version ?? null,
      createdOn: instant(row.createdAt),
      updatedOn: instant(row.modifiedAt ?? row.createdAt),
      createdBy,
      updatedBy: createdBy,
      delegatedManagedIdentityResourceId: facts?.delegatedManagedIdentityResourceId ?? null,
      description: facts?.description ?? null,
    }),
    id: idOf(row.scopeId, NAME, name),
    type: "Microsoft.Authorization/roleAssignments",
    name,
  };
}
