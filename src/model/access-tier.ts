import { Tier } from "./constants";
import type { RoleKey } from "./identity";
import { AzureBuiltInRole } from "./roles-azure";
import { tierOf } from "./roles-tier";

/** Azure roles that can give any access at their scope to anybody. */
const GIVES_ACCESS: readonly string[] = [
  AzureBuiltInRole.Owner,
  AzureBuiltInRole.UserAccessAdministrator,
  AzureBuiltInRole.RoleBasedAccessControlAdministrator,
];

const BUILT_IN: ReadonlySet<string> = new Set(Object.values(AzureBuiltInRole));
const ORDER: readonly Tier[] = ["critical", "high", "privileged", "standard"];

/**
 * How much harm a role can do. A group has the tier of the highest role that it holds; one of which nothing is known
 * counts as privileged, as custom roles do.
 */
export function roleTier(role: RoleKey, overrides: TierOverrides = {}): Tier {
  const id = (role.surface === "groups" ? role.groupId : role.roleDefinitionId).toLowerCase();
  const given = overrides.byId?.[id];
  if (given !== undefined) return given;
  if (role.surface === "directoryRoles") return tierOf(id);
  if (role.surface === "groups") return overrides.held?.[id] ?? Tier.Privileged;
  return azureTier(id, role.scope);
}

/** What is known beyond the tables. */
export interface TierOverrides {
  /** By role definition id or group id, as the configuration says. */
  byId?: Readonly<Record<string, Tier>>;
  /** Highest tier of the roles that a group holds, by group id. */
  held?: Readonly<Record<string, Tier>>;
}

/** The highest tier that is given for each id. */
export function highestTiers(
  given: Iterable<readonly [id: string, tier: Tier]>,
): Record<string, Tier> {
  const highest: Record<string, Tier> = {};
  for (const [id, tier] of given) {
    const known = highest[id];
    highest[id] = known !== undefined && tierRank(known) <= tierRank(tier) ? known : tier;
  }
  return highest;
}

/** 0 for critical, 3 for standard: the order of reports. */
export function tierRank(tier: Tier): number {
  return ORDER.indexOf(tier);
}

function azureTier(id: string, scope: string): Tier {
  if (GIVES_ACCESS.includes(id)) return isBroad(scope) ? Tier.Critical : Tier.High;
  if (id === AzureBuiltInRole.Contributor) return isBroad(scope) ? Tier.High : Tier.Privileged;
  return BUILT_IN.has(id) ? Tier.Standard : Tier.Privileged;
}

/** Whether the scope is a management group or a whole subscription. */
function isBroad(scope: string): boolean {
  return /^\/(?:subscriptions\/[^/]+|providers\/microsoft\.management\/managementgroups\/[^/]+)$/i.test(
    scope,
  );
}
