import type { AccessRole } from "./access";
import { builtInRoleName, lookedLikeRole } from "./access-role-names";
import { shortId } from "./access-text";
import { roleTier, type TierOverrides } from "./access-tier";
import { type GroupAccess, isGuid, type Surface, Tier } from "./constants";
import type { RoleKey } from "./identity";
import type { ResolvedRole } from "./kinds";
import { azureRoleGuid, normalScope, type RoleInput, surfaceOf } from "./role-target";
import { SECRET } from "./secret-values";
import { isUnknown } from "./unknown";

/** The role that checked inputs name; undefined while a part of it is not known. */
export function checkedRole(inputs: RoleInput & ResolvedRole): RoleKey | undefined {
  const surface = surfaceOf(inputs);
  if (surface === undefined) return undefined;
  const scope = scopeIn(inputs);
  if (surface === "groups") {
    const groupId = known(inputs.groupId);
    const access = known(inputs.group?.access);
    return groupId === undefined || access === undefined
      ? undefined
      : { surface, groupId: groupId.toLowerCase(), access: access as GroupAccess };
  }
  const id = known(inputs.roleDefinitionId);
  if (id === undefined || scope === undefined) return undefined;
  const roleDefinitionId = (surface === "azureRoles" ? azureRoleGuid(id) : undefined) ?? id;
  return { surface, roleDefinitionId: roleDefinitionId.toLowerCase(), scope };
}

/** The role as a reader knows it, also while parts of it are not known. */
export function accessRole(
  inputs: RoleInput & ResolvedRole,
  { tiers: overrides, scopeNames = {}, names }: RoleReading,
): AccessRole {
  const key = checkedRole(inputs);
  const surface = surfaceOf(inputs) ?? "directoryRoles";
  const id = key === undefined ? known(inputs.roleDefinitionId ?? inputs.groupId) : idOf(key);
  const scope = (key !== undefined && key.surface !== "groups" ? key.scope : scopeIn(inputs)) ?? "";
  const access = inputs.group?.access;
  const scopeName = scopeNames[scope.toLowerCase()];
  return {
    surface,
    id,
    ...nameOf(surface, id, inputs, id === undefined ? undefined : names.byId(id)?.displayName),
    scope,
    ...(surface === "groups" && known(access) !== undefined
      ? { access: access as GroupAccess }
      : {}),
    ...(scopeName === undefined ? {} : { scopeName }),
    tier: key === undefined ? unknownTier(surface, id, scope, overrides) : roleTier(key, overrides),
  };
}

/** What reading a role needs besides the inputs. */
export interface RoleReading {
  tiers: TierOverrides;
  scopeNames?: Readonly<Record<string, string>>;
  names: { byId(id: string): { displayName?: string } | undefined };
}

/** A text that is there: neither unknown, nor secret, nor empty. */
export function known(text: unknown): string | undefined {
  if (typeof text !== "string" || text.trim() === "" || isUnknown(text) || text === SECRET) {
    return undefined;
  }
  return text.trim();
}

function nameOf(
  surface: Surface,
  id: string | undefined,
  inputs: RoleInput & ResolvedRole,
  displayName: string | undefined,
): Pick<AccessRole, "name" | "isBuiltIn" | "looksLike"> {
  const builtIn = surface === "groups" || id === undefined ? undefined : builtInRoleName(id);
  if (builtIn !== undefined) return { name: builtIn, isBuiltIn: true };
  const text = inputs.directoryRole?.role ?? inputs.azureRole?.role ?? inputs.group?.group;
  const said = displayName ?? known(inputs.roleName) ?? known(inputs.groupName) ?? known(text);
  const name = said === undefined ? placeholder(text) : isGuid(said) ? shortId(said) : said;
  const looksLike = surface === "groups" ? undefined : lookedLikeRole(surface, name);
  return { name, isBuiltIn: false, ...(looksLike === undefined ? {} : { looksLike }) };
}

function placeholder(text: unknown): string {
  return text === SECRET ? "(secret)" : "(known after apply)";
}

function scopeIn({ directoryRole, azureRole, group }: RoleInput): string | undefined {
  if (group !== undefined) return "/";
  const scope = directoryRole === undefined ? azureRole?.scope : (directoryRole.scope ?? "/");
  const text = known(scope);
  return text === undefined ? undefined : normalScope(text);
}

function idOf(key: RoleKey): string {
  return key.surface === "groups" ? key.groupId : key.roleDefinitionId;
}

/** Without the scope an Azure role counts as if it held for a whole subscription; without an id nothing is known. */
function unknownTier(
  surface: Surface,
  id: string | undefined,
  scope: string,
  overrides: TierOverrides,
): Tier {
  if (id === undefined || !isGuid(id)) return Tier.Privileged;
  if (surface === "groups") return roleTier({ surface, groupId: id, access: "member" }, overrides);
  const place = scope === "" && surface === "azureRoles" ? "/subscriptions/unknown" : scope;
  return roleTier({ surface, roleDefinitionId: id, scope: place }, overrides);
}
