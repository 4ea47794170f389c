import { type Call, created, type Operation, objectBody, ok, param } from "../api";
import { navigated } from "../directory/sets";
import { refuse } from "../errors";
import { guidOf } from "../ids";
import { PERMISSIONS } from "../permissions";
import type { Schedule } from "../pim/grant";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import type { RoleDefinition } from "./catalog";

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
  {
    method: "GET",
    path: "/directoryRoles(roleTemplateId='{template}')",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: (call) => entity(call, ROLE_SET, templateOf(call, param(call, "template"))),
  },
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
  {
    method: "GET",
    path: "/directoryRoles/{id}/members",
    permission: PERMISSIONS.roleDefinitionsRead,
    run: members,
  },
];

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

// A directory role has an object id besides its template id; PIM uses only the latter.
function objectId(call: Call, role: RoleDefinition): string {
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

function members(call: Call) {
  const role = roleOf(call, (candidate) => objectId(call, candidate));
  const value: Json[] = [];
  for (const row of call.tenant.directoryPim.schedules.active.scan({
    key: "roleId",
    value: role.id,
  })) {
    const member = isMember(row.value) ? navigated(call, row.value.principalId) : null;
    if (member !== null) value.push(member);
  }
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects`,
    value,
  });
}

function isMember(row: Schedule): boolean {
  return row.status === "Provisioned" && row.scopeId === "/";
}
