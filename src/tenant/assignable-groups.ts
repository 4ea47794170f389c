import type { Tenant } from "./tenant";

const counted = new WeakMap<Tenant, Promise<number>>();

/** How many groups of the tenant can hold directory roles; counted once. */
export function countAssignableGroups(tenant: Tenant): Promise<number> {
  const counting = counted.get(tenant) ?? count(tenant);
  counted.set(tenant, counting);
  counting.catch(() => counted.delete(tenant));
  return counting;
}

async function count({ graph }: Tenant): Promise<number> {
  const filter = encodeURIComponent("isAssignableToRole eq true");
  const groups = await graph.list<{ id: string }>(`/groups?$filter=${filter}&$select=id&$top=999`, {
    purpose: "counting role-assignable groups",
  });
  return groups.length;
}
