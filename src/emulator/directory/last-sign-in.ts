import type { Tenant } from "../tenant";

/** When a person signed in last, by the directory's record; null where there is none. */
export function lastSignIn(tenant: Tenant, principalId: string): number | null {
  const activity = tenant.directory.users.get(principalId)?.["signInActivity"];
  if (typeof activity !== "object" || activity === null) return null;
  const { lastSignInDateTime } = activity as { lastSignInDateTime?: unknown };
  const at = typeof lastSignInDateTime === "string" ? Date.parse(lastSignInDateTime) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** Whether somebody did not sign in for so long; who never did counts. */
export function isInactive(tenant: Tenant, principalId: string, forMs: number): boolean {
  const last = lastSignIn(tenant, principalId);
  return last === null || tenant.clock.now() - last >= forMs;
}
