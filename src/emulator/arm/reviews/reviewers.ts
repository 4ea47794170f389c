import type { ReviewInstance, Subject } from "../../reviews/review";
import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import { folded, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import { choiceOf } from "./review-scope";

/** Who reviews: people and groups that were named, everybody for themselves, or managers. */
export interface ReviewerFacts {
  reviewers: Json[];
  backupReviewers: Json[];
  reviewersType: "Assigned" | "Self" | "Managers";
}

/** Reads who is to review. Nobody named means that everybody reviews their own access. */
export function readReviewers(
  tenant: Tenant,
  properties: ReadonlyMap<string, unknown>,
): ReviewerFacts {
  const reviewers = peopleNamed(tenant, properties, "reviewers");
  const backupReviewers = peopleNamed(tenant, properties, "backupReviewers");
  const asked = choiceOf(properties, "reviewersType", ["Assigned", "Self", "Managers"] as const);
  const reviewersType = reviewers.length > 0 ? "Assigned" : asked === "Managers" ? asked : "Self";
  return { reviewers, backupReviewers, reviewersType };
}

/** Ids of the people who decide about a subject; the backup's where nobody else is there. */
export function reviewersOf(tenant: Tenant, instance: ReviewInstance, subject: Subject): string[] {
  const facts = instance.facts as unknown as ReviewerFacts;
  const found = firstReviewers(tenant, facts, subject);
  return found.length > 0 ? found : idsOf(tenant, facts.backupReviewers);
}

// Managers are not in the emulated directory: the backup reviews.
function firstReviewers(tenant: Tenant, facts: ReviewerFacts, subject: Subject): string[] {
  if (facts.reviewersType === "Assigned") return idsOf(tenant, facts.reviewers);
  return facts.reviewersType === "Self" && subject.kind === "user" ? [subject.principalId] : [];
}

function idsOf(tenant: Tenant, named: readonly Json[]): string[] {
  const ids = named.flatMap(({ principalId }) => {
    const id = String(principalId).trim().toLowerCase();
    if (tenant.directory.kindOf(id) !== "group") return [id];
    return tenant.peopleOf(id).map((person) => person.id);
  });
  return [...new Set(ids)].filter((id) => tenant.directory.kindOf(id) !== undefined);
}

function peopleNamed(
  tenant: Tenant,
  properties: ReadonlyMap<string, unknown>,
  name: string,
): Json[] {
  const value = properties.get(name.toLowerCase()) ?? [];
  if (!Array.isArray(value))
    throw refuseArm.invalidContent(`The value of '${name}' must be a list.`);
  return value.map((item) => {
    const principalId = textOf(folded(item), "principalId");
    if (principalId === null)
      throw refuseArm.invalidContent(`Required property 'principalId' not found in '${name}'.`);
    const kind = tenant.directory.kindOf(principalId.trim());
    return { principalId, principalType: kind ?? "user" };
  });
}
