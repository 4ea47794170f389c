import type { RoleKey } from "../model/identity";
import type { CommonInputs, ResolvedRole } from "../model/kinds";
import type { Tenant } from "../tenant/tenant";

/**
 * Says once in a run that a group whose settings or assignments were taken out of the program stays in PIM. A group
 * that the same program made goes with it.
 */
export async function sayGroupStays(
  tenant: Tenant,
  role: RoleKey,
  { groupName, ownGroup }: ResolvedRole & Pick<CommonInputs, "ownGroup">,
): Promise<void> {
  if (role.surface !== "groups" || ownGroup === true) return;
  const known = said.get(tenant) ?? new Set<string>();
  said.set(tenant, known);
  if (known.has(role.groupId)) return;
  known.add(role.groupId);
  const name = groupName ?? (await nameOf(tenant, role.groupId));
  tenant.voice(
    `group ${name} stays managed by PIM: its settings and assignments can be taken back, being in PIM cannot`,
  );
}

const said = new WeakMap<Tenant, Set<string>>();

/** A group that was declared by its id is named all the same, where this identity may read it. */
async function nameOf(tenant: Tenant, groupId: string): Promise<string> {
  const found = await tenant.principals.read("group", groupId).catch(() => undefined);
  return found === undefined ? groupId : `${found.name} (${groupId})`;
}
