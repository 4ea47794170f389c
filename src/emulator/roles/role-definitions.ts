import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import { type Json, project, readAs } from "../schema";
import type { RoleDefinition } from "./catalog";

const PATH = "/roleManagement/directory/roleDefinitions";

/** Role definitions: the built-in ones, and custom ones to make, change and delete. */
export const roleDefinitionOperations: readonly Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => list(call, ROLE_SET, call.tenant.roles.definitions),
  },
  { method: "POST", path: PATH, permission: PERMISSIONS.roleDefinitionsWrite, run: create },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => entity(call, ROLE_SET, roleOf(call)),
  },
  {
    method: "PATCH",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.roleDefinitionsWrite,
    run: update,
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.roleDefinitionsWrite,
    run: remove,
  },
  {
    method: "GET",
    path: `${PATH}/{id}/inheritsPermissionsFrom`,
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => list(call, ROLE_SET, sourceOf(inheritedRoles(call, roleOf(call)))),
  },
];

/** How role definitions are listed. */
export const ROLE_SET: EntitySet<RoleDefinition> = {
  context: "roleManagement/directory/roleDefinitions",
  type: "unifiedRoleDefinition",
  service: "directory",
  toWire: roleToWire,
  filter: {
    id: "eq in",
    displayName: "eq in startswith",
    templateId: "eq in",
    isBuiltIn: "eq in",
    isEnabled: "eq",
    isPrivileged: "eq",
  },
  indexed: { displayName: "displayName", templateId: "templateId" },
  expand: {
    inheritsPermissionsFrom: (role, call) =>
      inheritedRoles(call, role).map((from) => wireOf(call, from)),
  },
  always: {
    inheritsPermissionsFrom: (role, call) => inheritedRoles(call, role).map(({ id }) => ({ id })),
  },
};

/** A role definition in wire form, with every member that any version has. */
export function roleToWire(role: RoleDefinition): Json {
  return {
    id: role.id,
    description: role.description,
    displayName: role.displayName,
    isBuiltIn: role.isBuiltIn,
    isEnabled: role.isEnabled,
    isPrivileged: role.isPrivileged,
    allowedPrincipalTypes: null,
    resourceScopes: ["/"],
    templateId: role.templateId,
    version: role.version,
    rolePermissions: role.rolePermissions,
  };
}

/** A role as `$expand=roleDefinition` sends it: null for one that is gone. */
export function expandedRole(call: Call, id: string): Json | null {
  const role = call.tenant.roles.definitions.read(id);
  return role === undefined ? null : wireOf(call, role);
}

function wireOf(call: Call, role: RoleDefinition): Json {
  return project(call.version, "unifiedRoleDefinition", roleToWire(role));
}

// The reference shows built-in roles to have what Directory Readers may do, and custom roles to have nothing.
function inheritedRoles(call: Call, role: RoleDefinition): RoleDefinition[] {
  const readers = call.tenant.roles.named("Directory Readers");
  const isHeir = role.isBuiltIn && !role.isSystemAssigned && role.id !== readers?.id;
  return isHeir && readers !== undefined ? [readers] : [];
}

function roleOf(call: Call): RoleDefinition {
  const role = call.tenant.roles.definitions.read(param(call, "id"));
  if (role === undefined) throw refuse.resourceNotFound(param(call, "id"));
  return role;
}

function create(call: Call) {
  const body = readAs(call.version, "unifiedRoleDefinition", objectBody(call));
  for (const required of ["displayName", "isEnabled", "rolePermissions"]) {
    if (body[required] === undefined) throw refuse.missingProperty(required);
  }
  if (!call.tenant.settings.licensed) throw refuse.licence();
  const { tenant } = call;
  // Seen live: a custom role's template id is a guid of its own unless the caller gives one.
  const templateId = typeof body["templateId"] === "string" ? body["templateId"] : tenant.newId();
  const role: RoleDefinition = {
    id: tenant.newId(),
    templateId,
    displayName: String(body["displayName"]),
    description: textOrNull(body["description"]),
    isBuiltIn: false,
    isEnabled: body["isEnabled"] === true,
    isPrivileged: false,
    isSystemAssigned: false,
    version: textOrNull(body["version"]),
    rolePermissions: permissionsOf(body["rolePermissions"]),
  };
  checkNameFree(call, role.displayName, undefined);
  return entity(call, ROLE_SET, tenant.roles.definitions.put(role), 201);
}

function update(call: Call) {
  const role = roleOf(call);
  const body = readAs(call.version, "unifiedRoleDefinition", objectBody(call));
  if (role.isBuiltIn) throw refuse.builtInRole();
  const displayName =
    typeof body["displayName"] === "string" ? body["displayName"] : role.displayName;
  checkNameFree(call, displayName, role.id);
  call.tenant.roles.definitions.put({
    ...role,
    displayName,
    description: "description" in body ? textOrNull(body["description"]) : role.description,
    isEnabled: typeof body["isEnabled"] === "boolean" ? body["isEnabled"] : role.isEnabled,
    version: "version" in body ? textOrNull(body["version"]) : role.version,
    rolePermissions:
      body["rolePermissions"] === undefined
        ? role.rolePermissions
        : permissionsOf(body["rolePermissions"]),
  });
  return noContent();
}

function remove(call: Call) {
  const role = roleOf(call);
  if (role.isBuiltIn) throw refuse.builtInRole();
  const { eligible, active } = call.tenant.directoryPim.schedules;
  for (const _ of [...eligible.by("roleId", role.id), ...active.by("roleId", role.id)])
    throw refuse.roleInUse();
  call.tenant.roles.definitions.remove(role.id);
  return noContent();
}

function checkNameFree(call: Call, displayName: string, own: string | undefined): void {
  const other = call.tenant.roles.named(displayName);
  if (other !== undefined && other.id !== own) throw refuse.conflictingObject("displayName");
}

function permissionsOf(value: unknown): Json[] {
  if (!Array.isArray(value)) return [];
  return value.map((permission: Json) => ({
    allowedResourceActions: permission["allowedResourceActions"] ?? [],
    condition: permission["condition"] ?? null,
  }));
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
