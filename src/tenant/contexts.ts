import type { Tenant } from "./tenant";

const known = new WeakMap<Tenant, Promise<string[]>>();

/** The ids of the tenant's published authentication contexts (`c1`, …); read once. */
export function readContexts(tenant: Tenant): Promise<string[]> {
  const reading = known.get(tenant) ?? read(tenant);
  known.set(tenant, reading);
  reading.catch(() => known.delete(tenant));
  return reading;
}

async function read(tenant: Tenant): Promise<string[]> {
  const contexts = await tenant.graph.list<{ id: string; isAvailable?: boolean }>(
    "/identity/conditionalAccess/authenticationContextClassReferences",
    { purpose: "reading authentication contexts" },
  );
  return contexts
    .filter(({ isAvailable }) => isAvailable !== false)
    .map(({ id }) => id.toLowerCase());
}
