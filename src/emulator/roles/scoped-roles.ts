import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { navigated } from "../directory/sets";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import type { Schedule } from "../pim/grant";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import { objectId, roleWithObjectId, scopedMembershipId } from "./directory-roles";
import { assign, unassign } from "./role-assignments";

/** Roles over administrative units, the old view on them: the same assignments, by directory role and unit. */
export const scopedRoleOperations: readonly Operation[] = [
  ...unitOperations("/directory/administrativeUnits/{unit}/scopedRoleMembers"),
  ...unitOperations("/administrativeUnits/{unit}/scopedRoleMembers", ["beta"]),
  {
    method: "GET",
    path: "/users/{user}/scopedRoleMemberOf",
    permission: PERMISSIONS.roleAssignmentsRead,
    run: (call) => listOf(call, (row) => row.principalId === param(call, "user").toLowerCase()),
  },
  {
    method: "GET",
    path: "/me/scopedRoleMemberOf",
    permission: PERMISSIONS.roleAssignmentsRead,
    run: (call) => listOf(call, (row) => row.principalId === call.caller.id),
  },
];

function unitOperations(path: string, versions?: Operation["versions"]): Operation[] {
  const operations: Operation[] = [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.roleAssignmentsRead,
      run: (call) => {
        const scopeId = scopeOf(call);
        return listOf(call, (row) => row.scopeId.toLowerCase() === scopeId.toLowerCase());
      },
    },
    { method: "POST", path, permission: PERMISSIONS.roleAssignmentsWrite, run: create },
    {
      method: "GET",
      path: `${path}/{id}`,
      permission: PERMISSIONS.roleAssignmentsRead,
      run: (call) => entity(call, SET, memberOf(call)),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      permission: PERMISSIONS.roleAssignmentsWrite,
      run: (call) => {
        unassign(call, memberOf(call));
        return noContent();
      },
    },
  ];
  return versions === undefined
    ? operations
    : operations.map((operation) => ({ ...operation, versions }));
}

const SET: EntitySet<Schedule> = {
  context: "scopedRoleMemberships",
  type: "scopedRoleMembership",
  service: "directory",
  toWire: (row, call) => ({
    id: idOf(call, row),
    roleId: roleIdOf(call, row),
    administrativeUnitId: unitOf(row),
    roleMemberInfo: memberInfo(call, row.principalId),
  }),
  filter: { roleId: "eq", administrativeUnitId: "eq" },
};

function listOf(call: Call, keep: (row: Schedule) => boolean) {
  return list(call, SET, sourceOf(rows(call).filter(keep)));
}

// What holds over a unit now, by a built-in role: others have no directory role.
function rows(call: Call): Schedule[] {
  const { directoryPim, roles } = call.tenant;
  return [...directoryPim.schedules.active.scan()]
    .map(({ value }) => value)
    .filter(
      (row) =>
        unitOf(row) !== undefined &&
        row.status === "Provisioned" &&
        row.memberType === "Direct" &&
        roles.definitions.get(row.roleId)?.isBuiltIn === true,
    );
}

function unitOf(row: Schedule): string | undefined {
  return /^\/administrativeUnits\/([^/]+)$/i.exec(row.scopeId)?.[1];
}

function scopeOf(call: Call): string {
  const unit = call.tenant.directory.units.read(param(call, "unit"));
  if (unit === undefined) throw refuse.resourceNotFound(param(call, "unit"));
  return `/administrativeUnits/${unit.id}`;
}

function roleIdOf(call: Call, row: Schedule): string {
  const role = call.tenant.roles.definitions.get(row.roleId);
  return role === undefined ? row.roleId : objectId(call, role);
}

function idOf(call: Call, row: Schedule): string {
  const member = navigated(call, row.principalId) ?? { id: row.principalId };
  return scopedMembershipId(roleIdOf(call, row), unitOf(row) ?? "", member);
}

function memberInfo(call: Call, principalId: string): Json {
  const { displayName = null, userPrincipalName } = (call.tenant.directory.read(principalId)
    ?.value ?? {}) as Json;
  return {
    id: principalId,
    displayName,
    ...(userPrincipalName !== undefined && { userPrincipalName }),
  };
}

function memberOf(call: Call): Schedule {
  const scopeId = scopeOf(call).toLowerCase();
  const id = param(call, "id");
  const found = rows(call).find(
    (row) => row.scopeId.toLowerCase() === scopeId && idOf(call, row) === id,
  );
  if (found === undefined) throw refuse.resourceNotFound(id);
  return found;
}

function create(call: Call) {
  const { roleId, roleMemberInfo } = objectBody(call);
  const member = (roleMemberInfo as Json | undefined)?.["id"];
  if (typeof roleId !== "string") throw refuse.missingProperty("roleId");
  if (typeof member !== "string") throw refuse.missingProperty("roleMemberInfo");
  const row = assign(call, {
    principalId: member.toLowerCase(),
    roleId: roleWithObjectId(call, roleId).id,
    scopeId: scopeOf(call),
    isAppScope: false,
  });
  return entity(call, SET, row, 201);
}
