import type { Tenant } from "./tenant";

/**
 * The restricted management administrative units that a user is in, by name; by id where this identity may not read
 * units.
 */
export async function restrictedUnitsOf(tenant: Tenant, userId: string): Promise<string[]> {
  try {
    const containers = await tenant.graph.list<Container>(`/users/${userId}/memberOf`, {
      purpose: "looking for restricted management administrative units",
    });
    return containers.filter(mayRestrict).map(({ id, displayName }) => displayName ?? id);
  } catch {
    return []; // a fact to tell, for which nothing that was done may fail
  }
}

interface Container {
  "@odata.type"?: string;
  id: string;
  displayName?: string | null;
  isMemberManagementRestricted?: boolean | null;
}

/** Whoever may not read units is shown that there is one, and nothing of it. */
function mayRestrict(container: Container): boolean {
  const isUnit = (container["@odata.type"] ?? "").toLowerCase().endsWith("administrativeunit");
  const { isMemberManagementRestricted: isRestricted, displayName } = container;
  return isUnit && (isRestricted === true || (isRestricted == null && displayName == null));
}
