import { guidOf, isGuid } from "../ids";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { folded } from "./arm-api";
import { type AzureRole, guidOfRoleId } from "./azure-roles";
import { readDenial } from "./deny-assignments";
import { assignAzureRole } from "./role-assignments";
import { normalScope, type Scope } from "./scopes";
import { idOf } from "./wire";

/** Azure objects to enter. */
export interface AzureSeed {
  /** `id`; where wanted `displayName`, `parent` (of management groups and subscriptions), `location`, `tags`. Scopes above are made too. */
  scopes?: Json[];
  /** Custom roles: `roleName`, `assignableScopes`; where wanted `id`, `description`, `actions`. */
  azureRoles?: Json[];
  /** Plain assignments: `principalId`, `roleDefinitionId` (id, guid or name), `scope`; where wanted `id`, `condition`, `conditionVersion`. */
  azureRoleAssignments?: Json[];
  /** Deny assignments that Azure made: `scope` and the properties of one; where wanted `id`. */
  denyAssignments?: Json[];
}

/** Enters Azure objects at once, visible to readers without delay. */
export function seedAzure(tenant: Tenant, given: AzureSeed): Record<keyof AzureSeed, Json[]> {
  return {
    scopes: (given.scopes ?? []).map((scope) => ({ ...seedScope(tenant, scope) })),
    azureRoles: (given.azureRoles ?? []).map((role) => ({ ...seedRole(tenant, role) })),
    azureRoleAssignments: (given.azureRoleAssignments ?? []).map((row) =>
      seedAssignment(tenant, row),
    ),
    denyAssignments: (given.denyAssignments ?? []).map((row) => seedDenial(tenant, row)),
  };
}

/** The guid of an Azure role given by full id, guid or name. */
export function azureRoleGuid(tenant: Tenant, idOrName: string): string {
  const { roles } = tenant.arm.catalog;
  const role =
    roles.get(guidOfRoleId(idOrName) ?? idOrName) ?? [...roles.by("roleName", idOrName)][0];
  if (role === undefined) throw new RangeError(`unknown Azure role: ${idOrName}`);
  return role.id;
}

/** The id of a scope of the tree, however it is spelled. */
export function knownScope(tenant: Tenant, text: string): string {
  const scope = tenant.arm.tree.scopes.get(normalScope(text));
  if (scope === undefined) throw new RangeError(`unknown scope: ${text}`);
  return scope.id;
}

function seedScope(tenant: Tenant, given: Json): Scope {
  const { displayName, parent, location, tags } = given;
  return tenant.arm.tree.grow(
    normalScope(String(given["id"])),
    {
      ...(typeof displayName === "string" && { displayName }),
      ...(typeof parent === "string" && { parent: normalScope(parent) }),
      ...(typeof location === "string" && { location }),
      ...(typeof tags === "object" && tags !== null && { tags: tags as Record<string, string> }),
    },
    true,
  );
}

function seedRole(tenant: Tenant, given: Json): AzureRole {
  const now = tenant.clock.now();
  const roleName = String(given["roleName"]);
  const scopes = (given["assignableScopes"] ?? [tenant.arm.tree.rootGroup]) as string[];
  return tenant.arm.catalog.roles.put(
    {
      id:
        typeof given["id"] === "string"
          ? given["id"].toLowerCase()
          : guidOf(`azure role ${roleName}`),
      roleName,
      description: typeof given["description"] === "string" ? given["description"] : "",
      isBuiltIn: false,
      permissions: [
        {
          actions: (given["actions"] ?? []) as string[],
          notActions: [],
          dataActions: [],
          notDataActions: [],
        },
      ],
      assignableScopes: scopes.map(normalScope),
      createdOn: now,
      updatedOn: now,
      createdBy: null,
    },
    true,
  );
}

function seedAssignment(tenant: Tenant, given: Json): Json {
  const tuple = {
    principalId: String(given["principalId"]).toLowerCase(),
    roleId: azureRoleGuid(tenant, String(given["roleDefinitionId"])),
    scopeId: knownScope(tenant, String(given["scope"])),
    isAppScope: false,
  };
  const { condition, conditionVersion } = given;
  const name = isGuid(given["id"]) ? given["id"].toLowerCase() : tenant.newId();
  assignAzureRole(
    tenant,
    {
      ...tuple,
      ...(typeof condition === "string" && {
        condition: { text: condition, version: String(conditionVersion ?? "2.0") },
      }),
    },
    name,
    true,
  );
  return { ...given, name, id: idOf(tuple.scopeId, "roleAssignments", name) };
}

function seedDenial(tenant: Tenant, given: Json): Json {
  const scopeId = knownScope(tenant, String(given["scope"]));
  const name = isGuid(given["id"]) ? given["id"].toLowerCase() : tenant.newId();
  const now = tenant.clock.now();
  tenant.arm.denials.put(
    {
      ...readDenial(folded(given)),
      id: name,
      scopeId,
      isSystemProtected: true,
      createdAt: now,
      updatedAt: now,
      createdBy: null,
    },
    true,
  );
  return { ...given, name, id: idOf(scopeId, "denyAssignments", name) };
}
