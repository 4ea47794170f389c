import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { writeAudit } from "../audit";
import { linkingTo } from "../directory/collections";
import { navigated } from "../directory/sets";
import { refuse } from "../errors";
import { isGuid, partsOfAssignmentId, roleAssignmentId } from "../ids";
import { fixedValues } from "../odata-filter";
import { PERMISSIONS } from "../permissions";
import { assignedRow, type Schedule, type Tuple } from "../pim/grant";
import { isEventual } from "../query-check";
import { type EntitySet, entity, list } from "../respond";
import { type Json, readAs } from "../schema";
import type { Tenant } from "../tenant";
import { checkRoleScope } from "./assignable";
import { directorySurface } from "./directory-surface";
import { instanceId } from "./pim-wire";
import { expandedRole } from "./role-definitions";

const PATH = "/roleManagement/directory/roleAssignments";

/** Plain role assignments: the active rows in force, and the way around PIM. */
export const roleAssignmentOperations: readonly Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: PERMISSIONS.roleAssignmentsRead,
    run: (call) => list(call, setOf(call), call.tenant.directoryPim.schedules.active, isShown),
  },
  {
    method: "GET",
    path: "/roleManagement/directory/transitiveRoleAssignments",
    versions: ["beta"],
    permission: PERMISSIONS.roleAssignmentsRead,
    run: listTransitive,
  },
  { method: "POST", path: PATH, permission: PERMISSIONS.roleAssignmentsWrite, run: create },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.roleAssignmentsRead,
    run: (call) => entity(call, SET, assignmentOf(call)),
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.roleAssignmentsWrite,
    run: remove,
  },
];

/** Enters an assignment made outside PIM: permanent, without request. */
export function assignOutsidePim(tenant: Tenant, tuple: Tuple, settled = false): Schedule {
  const id = roleAssignmentId(tuple.roleId, tuple.principalId, tuple.scopeId);
  return tenant.directoryPim.add(assignedRow(tuple, id), settled);
}

// Those of a principal and of the groups that it is in; only an index that lags knows them.
function listTransitive(call: Call) {
  if (!isEventual(call) || !call.query.count) throw refuse.countUnsupported();
  const { filter } = call.query;
  const fixed = fixedValues(filter);
  const principalId = fixed.get("principalId");
  if (principalId === undefined) return list(call, SET, activeRows(call), isShown);
  const groups = linkingTo(call, principalId, "members", true).map((group) => group["id"]);
  const roleId = fixed.get("roleDefinitionId");
  const isTheirs = (row: Schedule) =>
    isShown(row) &&
    [principalId, ...groups].includes(row.principalId) &&
    (roleId === undefined || row.roleId === roleId);
  const { filter: _, ...query } = call.query;
  return list({ ...call, query }, SET, activeRows(call), isTheirs);
}

function activeRows(call: Call) {
  return call.tenant.directoryPim.schedules.active;
}

const SET: EntitySet<Schedule> = {
  context: "roleManagement/directory/roleAssignments",
  type: "unifiedRoleAssignment",
  service: "directory",
  toWire: (row, call) => ({
    id: instanceId(row),
    principalId: row.principalId,
    principalOrganizationId: call.tenant.id,
    resourceScope: row.scopeId,
    directoryScopeId: row.isAppScope ? null : row.scopeId,
    appScopeId: row.isAppScope ? row.scopeId : null,
    condition: null,
    roleDefinitionId: row.roleId,
  }),
  filter: {
    id: "eq",
    principalId: "eq in",
    roleDefinitionId: "eq in",
    directoryScopeId: "eq",
    appScopeId: "eq",
  },
  indexed: { principalId: "principalId", roleDefinitionId: "roleId" },
  expand: {
    principal: (row, call) => navigated(call, row.principalId),
    roleDefinition: (row, call) => expandedRole(call, row.roleId),
    directoryScope: (row, call) => navigated(call, row.scopeId.split("/").at(-1) ?? ""),
    appScope: () => null,
  },
};

// Only beta knows which roles are privileged, and finds assignments by it.
function setOf(call: Call): EntitySet<Schedule> {
  if (call.version === "v1.0") return SET;
  return {
    ...SET,
    toWire: (row) => ({ ...SET.toWire(row, call), roleDefinition: expandedRole(call, row.roleId) }),
    filter: { ...SET.filter, "roleDefinition/isPrivileged": "eq" },
  };
}

function isShown(row: Schedule): boolean {
  return row.status === "Provisioned" && row.memberType === "Direct";
}

function assignmentOf(call: Call): Schedule {
  const id = param(call, "id");
  const value = partsOfAssignmentId(id)?.principalId ?? "";
  for (const row of call.tenant.directoryPim.schedules.active.scan({ key: "principalId", value })) {
    if (isShown(row.value) && instanceId(row.value) === id) return row.value;
  }
  throw refuse.resourceNotFound(id);
}

function create(call: Call) {
  const body = readAs(call.version, "unifiedRoleAssignment", objectBody(call));
  return entity(call, SET, assign(call, readTuple(body)), 201);
}

/** Assigns a role outside PIM, as its caller asks. */
export function assign(call: Call, tuple: Tuple): Schedule {
  const { tenant } = call;
  if (tenant.directory.kindOf(tuple.principalId) === undefined)
    throw refuse.resourceNotFound(tuple.principalId);
  if (tenant.roles.definitions.get(tuple.roleId) === undefined)
    throw refuse.resourceNotFound(tuple.roleId);
  checkRoleScope(tenant, "active", tuple, "adminAssign");
  if (tenant.directoryPim.of("active", tuple).some((row) => row.memberType === "Direct"))
    throw refuse.conflictingAssignment();
  const row = assignOutsidePim(tenant, tuple);
  writeAudit(tenant, {
    activityDisplayName: "Add member to role outside of PIM (permanent)",
    initiatedBy: { kind: call.caller.kind, id: call.caller.id },
    roleId: row.roleId,
    principalId: row.principalId,
  });
  return row;
}

function readTuple(body: Json): Tuple {
  const { principalId, roleDefinitionId, directoryScopeId, appScopeId, resourceScope } = body;
  const scope = directoryScopeId ?? resourceScope;
  if (!isGuid(principalId) || !isGuid(roleDefinitionId)) throw refuse.invalidValue("principalId");
  if (typeof scope !== "string" && typeof appScopeId !== "string")
    throw refuse.missingProperty("directoryScopeId");
  return {
    principalId: principalId.toLowerCase(),
    roleId: roleDefinitionId.toLowerCase(),
    scopeId: String(scope ?? appScopeId),
    isAppScope: typeof scope !== "string",
  };
}

function remove(call: Call) {
  unassign(call, assignmentOf(call));
  return noContent();
}

/** Ends an assignment outside PIM, as its caller asks. */
export function unassign(call: Call, row: Schedule): void {
  directorySurface(call.tenant).checkEnd(row, call.caller);
  call.tenant.directoryPim.end(row);
  writeAudit(call.tenant, {
    activityDisplayName: "Remove permanent direct role assignment",
    initiatedBy: { kind: call.caller.kind, id: call.caller.id },
    roleId: row.roleId,
    principalId: row.principalId,
  });
}
