import type { Call } from "../../api";
import { readTime } from "../../clock";
import type { Json } from "../../schema";
import type { DecisionItem, Review, ReviewInstance } from "../review";
import { actorToWire, itemToWire } from "./decision-wire";

/** Whether a review is one of Azure roles, which is defined in Azure and shown to its reviewers here too. */
export function isOfAzure(review: Review): boolean {
  return review.place !== "";
}

/** A decision about an Azure role, as Graph tells it. */
export function azureItemToWire(
  call: Call,
  review: Review,
  instance: ReviewInstance,
  item: DecisionItem,
): Json {
  const { catalog, tree } = call.tenant.arm;
  const { resourceId: id } = item;
  const scope = tree.scopes.get(review.place);
  return {
    ...itemToWire(call, review, instance, item),
    resourceLink: null,
    resource: {
      "@odata.type": "#microsoft.graph.accessReviewInstanceDecisionItemAzureRoleResource",
      id,
      displayName: catalog.roles.get(id)?.roleName ?? null,
      type: "azureRole",
      scope: {
        id: review.place,
        displayName: scope?.displayName ?? null,
        type: scope?.kind ?? null,
      },
    },
  };
}

/** The occurrence of such a decision, with its definition where that is asked for. */
export function azureInstanceToWire(
  call: Call,
  review: Review,
  instance: ReviewInstance,
  withDefinition: boolean,
): Json {
  return {
    id: instance.id,
    startDateTime: readTime(instance.startAt),
    endDateTime: readTime(instance.endAt),
    status: instance.status,
    ...(withDefinition && { definition: azureDefinitionToWire(call, review) }),
  };
}

// What it reviews and who does is told in the words of Azure, there.
function azureDefinitionToWire(call: Call, review: Review): Json {
  const { displayName, descriptionForAdmins, descriptionForReviewers } = review.facts;
  return {
    id: review.id,
    displayName,
    descriptionForAdmins,
    descriptionForReviewers,
    createdDateTime: readTime(review.createdAt),
    lastModifiedDateTime: readTime(review.modifiedAt),
    status: call.tenant.arm.reviews.book.statusOf(review),
    createdBy: actorToWire(call, review.createdBy),
  };
}
