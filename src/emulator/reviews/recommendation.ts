import type { Tenant } from "../tenant";
import type { DecisionItem, ReviewRules, Subject } from "./review";

/** When a person signed in last, by the directory's record; null where there is none. */
export function lastSignIn(tenant: Tenant, principalId: string): number | null {
  const activity = tenant.directory.users.get(principalId)?.["signInActivity"];
  if (typeof activity !== "object" || activity === null) return null;
  const { lastSignInDateTime } = activity as { lastSignInDateTime?: unknown };
  const at = typeof lastSignInDateTime === "string" ? Date.parse(lastSignInDateTime) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** What is recommended about a subject: whoever signed in within the time looked back at keeps access. */
export function recommendationOf(
  tenant: Tenant,
  rules: ReviewRules,
  subject: Subject,
  at: number,
): DecisionItem["recommendation"] {
  const last = subject.kind === "user" ? lastSignIn(tenant, subject.principalId) : null;
  if (!rules.recommends || last === null) return "NoInfoAvailable";
  return at - last <= rules.lookBackMs ? "Approve" : "Deny";
}
