import {
  type Call,
  created,
  noContent,
  type Operation,
  objectBody,
  param,
  type Reply,
} from "../api";
import { mixedOperations } from "../directory/collections";
import { referencedId } from "../directory/objects";
import { navigated } from "../directory/sets";
import { refuse } from "../errors";
import { guidOf, joinedGuids } from "../ids";
import { PERMISSIONS } from "../permissions";
import type { Schedule } from "../pim/grant";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import type { RoleDefinition } from "./catalog";
import { assign, unassign } from "./role-assignments";
import { roleDelta } from "./role-delta";

/** The old view on roles: templates, and the roles activated in the tenant with their members. */
export const directoryRoleOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/directoryRoleTemplates",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => list(call, TEMPLATE_SET, sourceOf(builtInRoles(call))),
  },
  {
    method: "GET",
    path: "/directoryRoleTemplates/{id}",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) =>
      entity(
        call,
        TEMPLATE_SET,
        roleOf(call, (role) => role.id),
      ),
  },
  {
    method: "GET",
    path: "/directoryRoles",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => list(call, ROLE_SET, sourceOf(builtInRoles(call))),
  },
  {
    method: "POST",
    path: "/directoryRoles",
    permission: PERMISSIONS.roleDefinitionsWrite,
    run: activate,
  },
  ...["/directoryRoles/delta", "/directoryRoles/delta()"].map(
    (path): Operation => ({
      method: "GET",
      path,
      permission: PERMISSIONS.roleDefinitionsRead,
      run: (call) => roleDelta(call, ROLE_SET, builtInRoles(call), (role) => membersOf(call, role)),
    }),
  ),
  ...[
    "/directoryRoles(roleTemplateId='{template}')",
    "/directoryRoles/roleTemplateId={template}",
  ].flatMap((path): Operation[] => [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.roleDefinitionsRead,
      run: (call) => entity(call, ROLE_SET, templateOf(call, param(call, "template"))),
    },
    ...memberOperations(path, (call) => templateOf(call, param(call, "template"))),
  ]),
  {
    method: "GET",
    path: "/directoryRoles/{id}",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) =>
      entity(
        call,
        ROLE_SET,
        roleOf(call, (role) => objectId(call, role)),
      ),
  },
  ...memberOperations("/directoryRoles/{id}", (call) =>
    roleOf(call, (role) => objectId(call, role)),
  ),
];

/** Who has a role: in the whole tenant, to read and to write, and in administrative units. */
function memberOperations(path: string, roleAt: (call: Call) => RoleDefinition): Operation[] {
  return [
    ...mixedOperations(`${path}/members`, PERMISSIONS.roleDefinitionsRead, (call) =>
      membersOf(call, roleAt(call)),
    ),
    {
      method: "POST",
      path: `${path}/members/$ref`,
      permission: PERMISSIONS.roleAssignmentsWrite,
      run: (call) => addMember(call, roleAt(call)),
    },
    {
      method: "DELETE",
      path: `${path}/members/{member}/$ref`,
      permission: PERMISSIONS.roleAssignmentsWrite,
      run: (call) => removeMember(call, roleAt(call)),
    },
    {
      method: "GET",
      path: `${path}/scopedMembers`,
      permission: PERMISSIONS.roleDefinitionsRead,
      run: (call) => list(call, SCOPED_SET, sourceOf(scopedMembersOf(call, roleAt(call)))),
    },
  ];
}

const TEMPLATE_SET: EntitySet<RoleDefinition> = {
  context: "directoryRoleTemplates",
  type: "directoryRoleTemplate",
  service: "directory",
  toWire: (role) => ({
    id: role.id,
    deletedDateTime: null,
    description: role.description,
    displayName: role.displayName,
  }),
  filter: { id: "eq", displayName: "eq" },
};

const ROLE_SET: EntitySet<RoleDefinition> = {
  context: "directoryRoles",
  type: "directoryRole",
  service: "directory",
  toWire: (role, call) => ({
    id: objectId(call, role),
    deletedDateTime: null,
    description: role.description,
    displayName: role.displayName,
    roleTemplateId: role.templateId,
  }),
  filter: { id: "eq", displayName: "eq", roleTemplateId: "eq" },
};

/** A directory role has an object id besides its template id; PIM uses only the latter. */
export function objectId(call: Call, role: RoleDefinition): string {
  return guidOf(`directoryRole ${call.tenant.id} ${role.templateId}`);
}

function builtInRoles(call: Call): RoleDefinition[] {
  return [...call.tenant.roles.definitions.all()].filter((role) => role.isBuiltIn);
}

function roleOf(call: Call, idOf: (role: RoleDefinition) => string): RoleDefinition {
  const id = param(call, "id");
  const role = builtInRoles(call).find((candidate) => idOf(candidate) === id);
  if (role === undefined) throw refuse.resourceNotFound(id);
  return role;
}

/** The directory role with an object id. */
export function roleWithObjectId(call: Call, id: string): RoleDefinition {
  const role = builtInRoles(call).find((candidate) => objectId(call, candidate) === id);
  if (role === undefined) throw refuse.resourceNotFound(id);
  return role;
}

function templateOf(call: Call, templateId: string): RoleDefinition {
  const role = call.tenant.roles.byTemplate(templateId);
  if (role?.isBuiltIn !== true) throw refuse.resourceNotFound(templateId);
  return role;
}

function activate(call: Call) {
  const templateId = objectBody(call)["roleTemplateId"];
  if (typeof templateId !== "string") throw refuse.missingProperty("roleTemplateId");
  const role = templateOf(call, templateId);
  return created({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryRoles/$entity`,
    ...ROLE_SET.toWire(role, call),
  });
}

function membersOf(call: Call, role: RoleDefinition): Json[] {
  const value: Json[] = [];
  for (const { value: row } of call.tenant.directoryPim.schedules.active.scan({
    key: "roleId",
    value: role.id,
  })) {
    const member = isMember(row) ? navigated(call, row.principalId) : null;
    if (member !== null) value.push(member);
  }
  return value;
}

function addMember(call: Call, role: RoleDefinition): Reply {
  const principalId = referencedId(objectBody(call)["@odata.id"]).toLowerCase();
  if (call.tenant.directory.kindOf(principalId) === undefined)
    throw refuse.resourceNotFound(principalId);
  if (memberRows(call, role, principalId).length > 0) throw refuse.referenceExists("members");
  assign(call, { principalId, roleId: role.id, scopeId: "/", isAppScope: false });
  return noContent();
}

function removeMember(call: Call, role: RoleDefinition): Reply {
  const id = param(call, "member");
  const rows = memberRows(call, role, id);
  if (rows.length === 0) throw refuse.resourceNotFound(id);
  for (const row of rows) unassign(call, row);
  return noContent();
}

function memberRows(call: Call, role: RoleDefinition, principalId: string): Schedule[] {
  return call.tenant.directoryPim
    .of("active", { principalId, roleId: role.id, scopeId: "/", isAppScope: false })
    .filter((row) => row.memberType === "Direct" && isMember(row));
}

const SCOPED_SET: EntitySet<Json> = {
  context: "scopedRoleMemberships",
  type: "scopedRoleMembership",
  service: "directory",
  toWire: (value) => value,
  filter: {},
};

function scopedMembersOf(call: Call, role: RoleDefinition): Json[] {
  const value: Json[] = [];
  for (const { value: row } of call.tenant.directoryPim.schedules.active.scan({
    key: "roleId",
    value: role.id,
  })) {
    const unit = /^\/administrativeUnits\/([^/]+)$/i.exec(row.scopeId)?.[1];
    const member = navigated(call, row.principalId);
    if (unit === undefined || member === null || row.status !== "Provisioned") continue;
    value.push({
      id: scopedMembershipId(objectId(call, role), unit, member),
      roleId: objectId(call, role),
      administrativeUnitId: unit,
      roleMemberInfo: { id: row.principalId, displayName: member["displayName"] },
    });
  }
  return value;
}

/** As published for a user: the three guids in .NET byte order, and which kind of principal it is. */
export function scopedMembershipId(roleId: string, unitId: string, member: Json): string {
  const kind = String(member["@odata.type"]).replace("#microsoft.graph.", "");
  const guids = joinedGuids([roleId, unitId, String(member["id"])]);
  return `${guids}${kind.charAt(0).toUpperCase()}`;
}

/** Directory roles that a principal holds now in the whole tenant, as objects of the directory. */
export function rolesHeldBy(call: Call, principalId: string): Json[] {
  const roles = new Map<string, Json>();
  for (const { value: row } of call.tenant.directoryPim.schedules.active.scan({
    key: "principalId",
    value: principalId,
  })) {
    const role = call.tenant.roles.definitions.get(row.roleId);
    if (role?.isBuiltIn !== true || !isMember(row)) continue;
    roles.set(role.id, {
      "@odata.type": "#microsoft.graph.directoryRole",
      ...ROLE_SET.toWire(role, call),
    });
  }
  return [...roles.values()];
}

function isMember(row: Schedule): boolean {
  return row.status === "Provisioned" && row.scopeId === "/";
}
