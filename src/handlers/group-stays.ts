import type { RoleKey } from "../model/identity";
import type { Tenant } from "../tenant/tenant";

/** Says once in a run that a group whose settings or assignments were taken out of the program stays in PIM. */
export function sayGroupStays(tenant: Tenant, role: RoleKey, groupName: string | undefined): void {
  if (role.surface !== "groups") return;
  const known = said.get(tenant) ?? new Set<string>();
  said.set(tenant, known);
  if (known.has(role.groupId)) return;
  known.add(role.groupId);
  tenant.voice(
    `group ${groupName ?? role.groupId} stays managed by PIM: its settings and assignments can be taken back, being in PIM cannot`,
  );
}

const said = new WeakMap<Tenant, Set<string>>();
