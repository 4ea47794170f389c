import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import type { ReviewInstance, ReviewStage, Subject } from "../review";
import { queryOf } from "./query-scope";

/** Ids of the people who decide about a subject: the fallback's where nobody else is there. */
export function graphReviewersOf(
  tenant: Tenant,
  instance: ReviewInstance,
  stage: ReviewStage,
  subject: Subject,
): string[] {
  const named = { ...instance.facts, ...stage.plan.facts, ...stage.facts };
  const reviewers = scopesOf(named["reviewers"]);
  const fallback = scopesOf(named["fallbackReviewers"]);
  if (reviewers.length === 0 && fallback.length === 0) return selfOf(subject);
  const found = peopleIn(tenant, reviewers, subject);
  return found.length > 0 ? found : peopleIn(tenant, fallback, subject);
}

// Nobody named: everybody reviews their own access, which a group cannot.
function selfOf({ kind, principalId }: Subject): string[] {
  return kind === "user" ? [principalId] : [];
}

function scopesOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function peopleIn(tenant: Tenant, scopes: readonly Json[], subject: Subject): string[] {
  return [...new Set(scopes.flatMap((scope) => peopleOf(tenant, queryOf(scope), subject)))];
}

const USER = /^\/users\/([^/?]+)/i;
const MEMBERS = /^\/groups\/([^/?]+)\/(?:transitiveM|m)embers/i;
const OWNERS = /^\/(?:groups|servicePrincipals)\/([^/?]+)\/owners/i;

// "./manager" finds nobody: the emulated directory has no managers.
function peopleOf(tenant: Tenant, query: string, subject: Subject): string[] {
  const rooted = query.startsWith("./owners") ? `/groups/${subject.resourceId}/owners` : query;
  const user = USER.exec(rooted)?.[1]?.toLowerCase();
  if (user !== undefined) return tenant.directory.users.get(user) === undefined ? [] : [user];
  const group = MEMBERS.exec(rooted)?.[1];
  if (group !== undefined) return tenant.peopleOf(group.toLowerCase()).map(({ id }) => id);
  const owned = OWNERS.exec(rooted)?.[1]?.toLowerCase();
  if (owned === undefined) return [];
  return tenant.directory
    .linked(owned, "owners")
    .filter((id) => tenant.directory.users.get(id) !== undefined);
}
