import { lastSignIn } from "../../directory/last-sign-in";
import { guidOf } from "../../ids";
import type { Requestor } from "../../pim/grant";
import type { DecisionItem, Review, ReviewInstance } from "../../reviews/review";
import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import { instant, resource } from "../wire";
import { type AzureReviewScope, scopeToWire } from "./review-scope";

/** Collection of the definitions of reviews. */
export const DEFINITIONS = "accessReviewScheduleDefinitions";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** A definition, as it is told at its scope, or to a reviewer without one. */
export function definitionToWire(
  tenant: Tenant,
  review: Review,
  scopeId: string,
  withInstances: boolean,
): Json {
  const { scope, ...facts } = review.facts;
  const instances = review.instances.map((instance) => instanceToWire(review, instance, scopeId));
  return resource(scopeId, DEFINITIONS, review.id, {
    displayName: facts["displayName"],
    status: tenant.arm.reviews.book.statusOf(review),
    createdBy: actorToWire(tenant, review.createdBy),
    ...facts,
    scope: scopeToWire(scope as AzureReviewScope),
    ...(withInstances && { instances }),
  });
}

/** One occurrence. */
export function instanceToWire(review: Review, instance: ReviewInstance, scopeId: string): Json {
  const { reviewers, backupReviewers, reviewersType } = instance.facts;
  const wire = resource(scopeId, `${DEFINITIONS}/${review.id}/instances`, instance.id, {
    status: instance.status,
    startDateTime: instant(instance.startAt),
    endDateTime: instant(instance.endAt),
    reviewers,
    backupReviewers,
    reviewersType,
  });
  return { ...wire, type: `Microsoft.Authorization/${DEFINITIONS}/instances` };
}

/** One decision. */
export function decisionToWire(
  tenant: Tenant,
  review: Review,
  instance: ReviewInstance,
  item: DecisionItem,
  scopeId: string,
): Json {
  const role = tenant.arm.catalog.roles.get(item.resourceId);
  const isDecided = item.decision !== "NotReviewed";
  const wire = below(review, instance, "decisions", item.id, scopeId, {
    principal: principalToWire(tenant, item),
    resource: { type: "azureRole", id: item.resourceId, displayName: role?.roleName ?? null },
    recommendation: item.recommendation,
    decision: item.decision,
    justification: item.justification,
    reviewedDateTime: isDecided ? instant(item.reviewedAt) : null,
    reviewedBy: actorToWire(tenant, item.reviewedBy),
    applyResult: item.applyResult,
    appliedDateTime: instant(item.appliedAt),
    appliedBy: actorToWire(tenant, item.appliedBy),
    insights: insightsOf(tenant, item),
    principalResourceMembership: { membershipTypes: [item.membership] },
  });
  return wire;
}

/** Somebody who was asked to review. */
export function contactedToWire(
  tenant: Tenant,
  review: Review,
  instance: ReviewInstance,
  userId: string,
  scopeId: string,
): Json {
  const user = tenant.directory.read(userId)?.value;
  return below(review, instance, "contactedReviewers", userId, scopeId, {
    userDisplayName: user?.["displayName"] ?? null,
    userPrincipalName: user?.["userPrincipalName"] ?? null,
    createdDateTime: instant(instance.startAt),
  });
}

/** Who did something; nobody is told with empty names. */
export function actorToWire(tenant: Tenant, actor: Requestor | null): Json {
  const object = actor === null ? undefined : tenant.directory.read(actor.id)?.value;
  return {
    principalId: actor?.id ?? NOBODY,
    principalType: actor === null ? null : actor.kind === "user" ? "user" : "servicePrincipal",
    principalName: object?.["displayName"] ?? "",
    userPrincipalName: object?.["userPrincipalName"] ?? "",
  };
}

function principalToWire(tenant: Tenant, item: DecisionItem): Json {
  const object = tenant.directory.read(item.principalId)?.value;
  return {
    type: item.kind,
    id: item.principalId,
    displayName: object?.["displayName"] ?? null,
    ...(item.kind === "servicePrincipal"
      ? { appId: object?.["appId"] ?? null }
      : { userPrincipalName: object?.["userPrincipalName"] ?? null }),
  };
}

function insightsOf(tenant: Tenant, item: DecisionItem): Json[] {
  const last = item.kind === "user" ? lastSignIn(tenant, item.principalId) : null;
  if (last === null) return [];
  const name = guidOf(`insight ${item.id}`);
  return [
    {
      id: name,
      name,
      type: "Microsoft.Authorization/accessReviewScheduleDefinitions/instances/decisions/insights",
      properties: { type: "userSignInInsight", lastSignInDateTime: instant(last) },
    },
  ];
}

function below(
  review: Review,
  instance: ReviewInstance,
  collection: string,
  name: string,
  scopeId: string,
  properties: Json,
): Json {
  const path = `${DEFINITIONS}/${review.id}/instances/${instance.id}/${collection}`;
  return {
    ...resource(scopeId, path, name, properties),
    type: `Microsoft.Authorization/${DEFINITIONS}/instances/${collection}`,
  };
}
