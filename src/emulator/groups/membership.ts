import type { Directory, LinkKind } from "../directory/directory";
import { guidOf } from "../ids";
import { assignedRow, type Schedule, type Tuple } from "../pim/grant";
import type { Tenant } from "../tenant";

/** Keeps the assignments true to memberships that others change: an addition is a row, a removal ends it. */
export function followMemberships(tenant: Tenant): void {
  const { directory } = tenant;
  directory.onLink = (from, kind, to, settled) => {
    const tuple = tupleOf(directory, from, kind, to);
    if (tuple !== undefined && !isInForce(tenant, tuple)) enterOutsidePim(tenant, tuple, settled);
  };
  directory.onUnlink = (from, kind, to) => {
    const tuple = tupleOf(directory, from, kind, to);
    if (tuple === undefined) return;
    for (const row of inForce(tenant, tuple)) tenant.groupPim.end(row);
  };
}

/** Whether ending this row would leave the group without an owner, which PIM refuses. */
export function isOnlyOwner(tenant: Tenant, row: Schedule): boolean {
  if (row.kind !== "active" || row.roleId !== "owner" || row.status !== "Provisioned") return false;
  return tenant.directory.linked(row.scopeId, "owners").every((id) => id === row.principalId);
}

/** Id of a group's schedule, and of its instance. */
export function groupScheduleId(tuple: Tuple, guid: string): string {
  return `${tuple.scopeId}_${tuple.roleId}_${guid}`;
}

/** The reference that one side of a group is. */
export function linkKindOf(tuple: Tuple): "members" | "owners" {
  return tuple.roleId === "owner" ? "owners" : "members";
}

function tupleOf(
  directory: Directory,
  from: string,
  kind: LinkKind,
  to: string,
): Tuple | undefined {
  if (kind === "unitMembers" || directory.groups.get(from) === undefined) return undefined;
  const roleId = kind === "owners" ? "owner" : "member";
  return {
    principalId: to.toLowerCase(),
    roleId,
    scopeId: from.toLowerCase(),
    isAppScope: false,
  };
}

function inForce(tenant: Tenant, tuple: Tuple): Schedule[] {
  return tenant.groupPim
    .of("active", tuple)
    .filter((row) => row.status === "Provisioned" && row.memberType === "Direct");
}

/** Whether somebody is a direct member or owner now. */
export function isInForce(tenant: Tenant, tuple: Tuple): boolean {
  return inForce(tenant, tuple).length > 0;
}

// Members and owners made by others are assignments too: without request, without end.
function enterOutsidePim(tenant: Tenant, tuple: Tuple, settled: boolean): void {
  const guid = guidOf(`link ${tuple.scopeId} ${tuple.roleId} ${tuple.principalId}`);
  tenant.groupPim.add(assignedRow(tuple, groupScheduleId(tuple, guid)), settled);
}
