import { env } from "node:process";
import type { SETTINGS } from "../http/credential-sources";
import { MOST_ASSIGNABLE_GROUPS } from "../model/group-limit";
import { findGroups, type GroupFound } from "../surfaces/groups/discovery";
import { localClock } from "./clock";
import { openTenant } from "./open-tenant";
import type { Tenant } from "./tenant";

/** How to reach the tenant: what `entra-pim:` configuration says, without the prefix; the environment completes it. */
export type DiscoveryOptions = Partial<Record<(typeof SETTINGS)[number], string>>;

/** A group that PIM for Groups can manage. */
export interface ManageableGroup {
  /** Object id. */
  id: string;
  /** Name in the directory; not unique. */
  displayName: string;
  /** Whether it can hold directory roles. */
  isAssignableToRole: boolean;
  /** Whether PIM manages it already; undefined when this identity cannot tell. */
  isManaged: boolean | undefined;
}

/** A group that PIM for Groups cannot manage. */
export interface UnmanageableGroup {
  /** Object id. */
  id: string;
  /** Name in the directory; not unique. */
  displayName: string;
  /** Why: `dynamic membership`, `synchronized from on-premises`, `mail only`, `in a restricted management administrative unit`. */
  reasons: string[];
}

/** The groups of a tenant, as far as PIM is concerned. */
export interface GroupDiscovery {
  /** Groups that PIM manages already, or could manage. */
  manageable: ManageableGroup[];
  /** Groups that PIM cannot manage, and why. */
  unmanageable: UnmanageableGroup[];
  /** How many role-assignable groups there are, and how many there can be. */
  roleAssignable: { count: number; limit: number };
}

/**
 * Lists the groups that PIM can manage, which of them it manages already, and why it cannot manage the others. Nothing
 * is written: a group is onboarded by the first settings or assignment declared for it, and that cannot be undone.
 * @example
 * const { manageable } = await discoverGroups({ tenantId: "…" });
 */
export async function discoverGroups(options: DiscoveryOptions = {}): Promise<GroupDiscovery> {
  const named: Readonly<Record<string, string | undefined>> = options;
  const tenant = await openTenant({
    config: (key) => named[key.replace(/^entra-pim:/, "")],
    env,
    clock: localClock(undefined),
    voice: () => undefined,
    engineAddress: undefined,
  });
  return discoverGroupsOf(tenant);
}

/** The same of a tenant that is connected already. */
export async function discoverGroupsOf({ graph }: Pick<Tenant, "graph">): Promise<GroupDiscovery> {
  const groups = await findGroups(graph);
  return {
    manageable: groups.filter(isFit).map(({ obstacles: _none, ...group }) => group),
    unmanageable: groups
      .filter((group) => !isFit(group))
      .map(({ id, displayName, obstacles }) => ({
        id,
        displayName,
        reasons: obstacles.map(({ reason }) => reason),
      })),
    roleAssignable: {
      count: groups.filter(({ isAssignableToRole }) => isAssignableToRole).length,
      limit: MOST_ASSIGNABLE_GROUPS,
    },
  };
}

/** The discovery for people: one line for each group, then what the tenant has left. */
export function describeDiscovery({
  manageable,
  unmanageable,
  roleAssignable: { count, limit },
}: GroupDiscovery): string[] {
  const states = (group: ManageableGroup) =>
    group.isManaged === undefined ? "unknown" : group.isManaged ? "managed" : "can be managed";
  const lines = manageable.map((group) => {
    const kind = group.isAssignableToRole ? " (role-assignable)" : "";
    return `${states(group).padEnd(16)}${group.id}  ${group.displayName}${kind}`;
  });
  const others = unmanageable.map(
    ({ id, displayName, reasons }) =>
      `${"cannot be".padEnd(16)}${id}  ${displayName}: ${reasons.join(", ")}`,
  );
  const isUnclear = manageable.some(({ isManaged }) => isManaged === undefined);
  const full = count >= limit ? ": no more can be made" : "";
  return [
    ...lines,
    ...others,
    `${count} of at most ${limit} role-assignable groups${full}`,
    ...(isUnclear
      ? [
          "unknown: grant this identity PrivilegedAccess.Read.AzureADGroup to see which groups PIM manages",
        ]
      : []),
  ];
}

function isFit({ obstacles }: GroupFound): boolean {
  return obstacles.length === 0;
}
