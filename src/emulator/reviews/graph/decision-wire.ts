import type { Call } from "../../api";
import { readTime } from "../../clock";
import { lastSignIn } from "../../directory/last-sign-in";
import type { Requestor } from "../../pim/grant";
import type { Json } from "../../schema";
import type { DecisionItem, Review, ReviewInstance } from "../review";
import { targetOfReview } from "./subjects";

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Who did something; nobody is told with empty names, the service with its own. */
export function actorToWire(call: Call, actor: Requestor | null): Json {
  const object = actor === null ? undefined : call.tenant.directory.read(actor.id)?.value;
  return {
    id: actor?.id ?? NOBODY,
    displayName: object?.["displayName"] ?? "",
    userPrincipalName: object?.["userPrincipalName"] ?? "",
  };
}

/** One decision. */
export function itemToWire(
  call: Call,
  review: Review,
  instance: ReviewInstance,
  item: DecisionItem,
): Json {
  return {
    id: item.id,
    accessReviewId: instance.id,
    reviewedDateTime: item.reviewedAt === null ? null : readTime(item.reviewedAt),
    decision: item.decision,
    justification: item.justification ?? "",
    appliedDateTime: item.appliedAt === null ? null : readTime(item.appliedAt),
    applyResult: item.applyResult,
    recommendation: item.recommendation,
    principalLink: `${call.origin}/v1.0/${item.kind}s/${item.principalId}`,
    ...resourceToWire(call, review, item),
    reviewedBy: actorToWire(call, item.reviewedBy),
    appliedBy: actorToWire(call, item.appliedBy),
    ...principalToWire(call, item),
    principalResourceMembership: { membershipType: item.membership },
  };
}

function resourceToWire(call: Call, review: Review, { resourceId: id }: DecisionItem): Json {
  if (targetOfReview(review)?.resource.kind === "group") {
    const displayName = call.tenant.directory.groups.read(id)?.["displayName"] ?? null;
    return {
      resourceLink: `${call.origin}/v1.0/groups/${id}`,
      resource: { id, displayName, type: "group" },
    };
  }
  const displayName = call.tenant.roles.definitions.read(id)?.displayName ?? null;
  return {
    resourceLink: `${call.origin}/beta/roleManagement/directory/roleDefinitions/${id}`,
    resource: { id, displayName, type: "directoryRole" },
  };
}

// Some samples say more of a principal than the metadata has: its type and its last sign-in are left out.
function principalToWire(call: Call, { principalId: id, kind }: DecisionItem): Json {
  const object = call.tenant.directory.read(id)?.value;
  const displayName = object?.["displayName"] ?? null;
  if (kind === "group") return { principal: { id, displayName } };
  const [namespace, appId] = ["#microsoft.graph.", object?.["appId"] ?? null];
  const userPrincipalName = object?.["userPrincipalName"] ?? null;
  const item = `${namespace}accessReviewInstanceDecisionItem`;
  if (kind === "servicePrincipal")
    return {
      principal: { "@odata.type": `${namespace}servicePrincipalIdentity`, id, displayName, appId },
      target: {
        "@odata.type": `${item}ServicePrincipalTarget`,
        servicePrincipalId: id,
        servicePrincipalDisplayName: displayName,
        appId,
      },
    };
  return {
    principal: { "@odata.type": `${namespace}userIdentity`, id, displayName, userPrincipalName },
    target: {
      "@odata.type": `${item}UserTarget`,
      userId: id,
      userDisplayName: displayName,
      userPrincipalName,
    },
  };
}

/** What a recommendation is based on. */
export function insightsOf(call: Call, item: DecisionItem): Json[] {
  const last = item.kind === "user" ? lastSignIn(call.tenant, item.principalId) : null;
  if (last === null) return [];
  return [
    {
      "@odata.type": "#microsoft.graph.userSignInInsight",
      id: NOBODY,
      insightCreatedDateTime: null,
      lastSignInDateTime: readTime(last),
    },
  ];
}
