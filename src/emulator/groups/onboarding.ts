import { writeAudit } from "../audit";
import { parseDuration } from "../clock";
import type { DirectoryObject } from "../directory/directory";
import { refuse, ServiceError } from "../errors";
import { guidOf } from "../ids";
import type { Tenant } from "../tenant";

/** The sides of a group that PIM keeps apart. */
export const ACCESS_IDS = ["member", "owner"] as const;

/** A group that PIM manages, for good: there is no way back. */
export interface ManagedGroup {
  readonly id: string;
  readonly onboardedAt: number;
}

/** The group PIM is to manage, or the refusal of one it cannot: unknown, dynamic, synced, without security. */
export function manageableGroup(tenant: Tenant, groupId: string): DirectoryObject {
  const group = tenant.directory.groups.get(groupId);
  if (group === undefined) throw refuse.scopeNotFound();
  const types = (group["groupTypes"] ?? []) as string[];
  const isSynced = group["onPremisesSyncEnabled"] === true;
  const isMailOnly = group["securityEnabled"] !== true && !types.includes("Unified");
  if (types.includes("DynamicMembership") || isSynced || isMailOnly)
    throw new ServiceError(
      400,
      "ResourceTypeNotSupported",
      "The resource type is not supported for privileged access.",
    );
  return group;
}

/** Takes a group into PIM with its first write; the ids of its policies change by it. */
export function onboardGroup(
  tenant: Tenant,
  groupId: string,
  by: { kind: "app" | "user"; id: string },
): void {
  const id = groupId.toLowerCase();
  if (tenant.managedGroups.get(id) !== undefined) return;
  tenant.managedGroups.put({ id, onboardedAt: tenant.clock.now() });
  for (const access of ACCESS_IDS) {
    const policy = tenant.policies.current("Group", id, access);
    tenant.policies.replace({ ...policy, guid: guidOf(`${policy.guid} onboarded`) });
  }
  writeAudit(tenant, {
    activityDisplayName: "Onboarded resource to PIM",
    category: "GroupManagement",
    initiatedBy: { kind: by.kind, id: by.id },
  });
}

/** Whether a group's policies can be found yet: a fresh group's appear after a while, and again after onboarding. */
export function hasVisiblePolicies(tenant: Tenant, groupId: string): boolean {
  const delay = parseDuration(tenant.settings.groupPolicyDelay) ?? 0;
  if (delay === 0) return true;
  const id = groupId.toLowerCase();
  const born = tenant.freshGroups.get(id) ?? Number.NEGATIVE_INFINITY;
  const onboarded = tenant.managedGroups.get(id)?.onboardedAt ?? Number.NEGATIVE_INFINITY;
  return tenant.clock.now() - Math.max(born, onboarded) >= delay;
}
