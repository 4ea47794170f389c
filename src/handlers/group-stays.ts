import type { RoleKey } from "../model/identity";
import type { Tenant } from "../tenant/tenant";

/** Says once in a run that a group whose settings or assignments were taken out of the program stays in PIM. */
export async function sayGroupStays(
  tenant: Tenant,
  role: RoleKey,
  groupName: string | undefined,
): Promise<void> {
  if (role.surface !== "groups") return;
  // Each kind of resource has a process of its own: the first one says it.
  const other = await tenant.ledger.claim(`${role.groupId}|stays in PIM`, `process ${process.pid}`);
  if (other !== undefined || saidIn(tenant).has(role.groupId)) return;
  saidIn(tenant).add(role.groupId);
  tenant.voice(
    `group ${groupName ?? role.groupId} stays managed by PIM: what is taken away are assignments and settings, a group cannot be taken out of PIM`,
  );
}

const said = new WeakMap<Tenant, Set<string>>();

function saidIn(tenant: Tenant): Set<string> {
  const groups = said.get(tenant) ?? new Set<string>();
  said.set(tenant, groups);
  return groups;
}
