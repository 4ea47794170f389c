import { lastSignIn } from "../directory/last-sign-in";
import type { Tenant } from "../tenant";
import type { DecisionItem, ReviewRules, Subject } from "./review";

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
