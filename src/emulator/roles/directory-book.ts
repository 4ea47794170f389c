import type { Schedule } from "../pim/grant";
import type { Tenant } from "../tenant";

/** Whether ending a schedule would leave the tenant without a Global Administrator. */
export function isLastGlobalAdministrator(tenant: Tenant, schedule: Schedule): boolean {
  const role = tenant.roles.named("Global Administrator");
  if (role === undefined || schedule.roleId !== role.id || !isTenantWide(schedule)) return false;
  return !holdersBesides(tenant, role.id, schedule);
}

/** Whether ending a schedule would leave nobody who can administer roles. */
export function isLastRoleAdministrator(tenant: Tenant, schedule: Schedule): boolean {
  const role = tenant.roles.named("Privileged Role Administrator");
  const global = tenant.roles.named("Global Administrator");
  if (
    role === undefined ||
    global === undefined ||
    schedule.roleId !== role.id ||
    !isTenantWide(schedule)
  )
    return false;
  return !holdersBesides(tenant, role.id, schedule) && !holdersBesides(tenant, global.id, schedule);
}

/** Principals that hold one of the named roles for the whole tenant now. */
export function activePrincipals(tenant: Tenant, roleNames: readonly string[]): string[] {
  const ids = new Set<string>();
  for (const name of roleNames) {
    const role = tenant.roles.named(name);
    if (role === undefined) continue;
    for (const row of tenant.directoryPim.schedules.active.by("roleId", role.id)) {
      if (isTenantWide(row)) ids.add(row.principalId);
    }
  }
  return [...ids];
}

function isTenantWide(row: Schedule): boolean {
  return row.kind === "active" && row.scopeId === "/" && row.status === "Provisioned";
}

// Only people count, themselves or through a group; a deleted holder's ghost row does not.
function holdersBesides(tenant: Tenant, roleId: string, schedule: Schedule): boolean {
  for (const row of tenant.directoryPim.schedules.active.by("roleId", roleId)) {
    if (row.id !== schedule.id && isTenantWide(row) && tenant.peopleOf(row.principalId).length > 0)
      return true;
  }
  return false;
}
