import type { Call } from "../../api";
import { readTime } from "../../clock";
import type { EntitySet } from "../../respond";
import type { Json } from "../../schema";
import {
  type DecisionItem,
  itemsOf,
  type Review,
  type ReviewInstance,
  type ReviewStage,
} from "../review";
import { actorToWire, insightsOf, itemToWire } from "./decision-wire";

/** Base path of access reviews. */
export const REVIEWS_PATH = "identityGovernance/accessReviews";

/** Definitions of reviews. */
export const DEFINITION_SET: EntitySet<Review> = {
  context: `${REVIEWS_PATH}/definitions`,
  type: "accessReviewScheduleDefinition",
  service: "directory",
  toWire: definitionToWire,
  filter: { displayName: "eq startswith contains", status: "eq", "scope/query": "eq contains" },
  expand: {
    instances: (review) => review.instances.map(instanceToWire),
  },
  contained: ["instances"],
};

/** Occurrences of a review. */
export function instanceSet(review: Review): EntitySet<ReviewInstance> {
  return {
    context: `${DEFINITION_SET.context}('${review.id}')/instances`,
    type: "accessReviewInstance",
    service: "directory",
    toWire: instanceToWire,
    filter: {
      id: "eq",
      status: "eq",
      "scope/query": "contains",
      startDateTime: "eq ge gt le lt",
      endDateTime: "eq ge gt le lt",
    },
    expand: {
      definition: (_instance, call) => definitionToWire(review, call),
      decisions: (instance, call) =>
        itemsOf(instance).map((item) => itemToWire(call, review, instance, item)),
      stages: (instance) => stagesOf(instance).map((one) => stageToWire(instance, one)),
      contactedReviewers: (instance, call) => contacted(call, instance),
    },
    contained: ["decisions", "stages", "contactedReviewers"],
  };
}

/** Rounds of an occurrence; one round alone is told as none. */
export function stageSet(review: Review, instance: ReviewInstance): EntitySet<ReviewStage> {
  return {
    context: `${instanceSet(review).context}('${instance.id}')/stages`,
    type: "accessReviewStage",
    service: "directory",
    toWire: (stage) => stageToWire(instance, stage),
    filter: { id: "eq", status: "eq" },
    typed: true,
    expand: {
      decisions: (stage, call) =>
        stage.items.map((item) => itemToWire(call, review, instance, item)),
    },
    contained: ["decisions"],
  };
}

/** What decisions are filtered by. */
export const DECISION_FILTER = {
  id: "eq",
  accessReviewId: "eq",
  decision: "eq",
  recommendation: "eq",
  applyResult: "eq",
  "principal/id": "eq",
  "resource/id": "eq",
};

/** Decisions of an occurrence, or of one of its rounds. */
export function decisionSet(
  review: Review,
  instance: ReviewInstance,
  stage?: ReviewStage,
): EntitySet<DecisionItem> {
  const owner =
    stage === undefined
      ? `${instanceSet(review).context}('${instance.id}')`
      : `${stageSet(review, instance).context}('${stage.id}')`;
  return {
    context: `${owner}/decisions`,
    type: "accessReviewInstanceDecisionItem",
    service: "directory",
    toWire: (item, call) => itemToWire(call, review, instance, item),
    filter: DECISION_FILTER,
    expand: {
      insights: (item, call) => insightsOf(call, item),
      instance: (_item, call, nested) => ({
        ...instanceToWire(instance),
        ...(nested.expand.some(({ name }) => name === "definition") && {
          definition: definitionToWire(review, call),
        }),
      }),
    },
    contained: ["insights"],
  };
}

/** What a recommendation about a decision is based on. */
export function insightSet(of: EntitySet<DecisionItem>, item: DecisionItem): EntitySet<Json> {
  return {
    context: `${of.context}('${item.id}')/insights`,
    type: "governanceInsight",
    service: "directory",
    toWire: (wire) => wire,
    filter: { id: "eq" },
  };
}

/** Those who were asked to review. */
export function contactedSet(review: Review, instance: ReviewInstance): EntitySet<Json> {
  return {
    context: `${instanceSet(review).context}('${instance.id}')/contactedReviewers`,
    type: "accessReviewReviewer",
    service: "directory",
    toWire: (wire) => wire,
    filter: { id: "eq", displayName: "eq", userPrincipalName: "eq" },
  };
}

/** The rounds of an occurrence that are told: those that were asked for. */
export function stagesOf(instance: ReviewInstance): readonly ReviewStage[] {
  return (instance.facts["stageSettings"] as unknown[]).length === 0 ? [] : instance.stages;
}

/** Everybody who was asked to review an occurrence. */
export function contacted(call: Call, instance: ReviewInstance): Json[] {
  const ids = instance.stages.flatMap(({ items }) => items.flatMap(({ reviewers }) => reviewers));
  return [...new Set(ids)].map((id) => {
    const user = call.tenant.directory.users.read(id);
    return {
      id,
      displayName: user?.["displayName"] ?? null,
      userPrincipalName: user?.["userPrincipalName"] ?? null,
      createdDateTime: readTime(instance.startAt),
    };
  });
}

function definitionToWire(review: Review, call: Call): Json {
  const { stageSettings, fallbackReviewers, ...facts } = review.facts;
  return {
    id: review.id,
    createdDateTime: readTime(review.createdAt),
    lastModifiedDateTime: readTime(review.modifiedAt),
    status: call.tenant.reviews.book.statusOf(review),
    createdBy: actorToWire(call, review.createdBy),
    ...facts,
    settings: appliedSettings(facts["settings"] as Json),
    fallbackReviewers,
    backupReviewers: fallbackReviewers,
    stageSettings,
  };
}

// Reads name the action that is taken where decisions apply by themselves and none was chosen (reference samples).
function appliedSettings(settings: Json): Json {
  const isChosen = (settings["applyActions"] as unknown[]).length > 0;
  if (isChosen || settings["autoApplyDecisionsEnabled"] !== true) return settings;
  return {
    ...settings,
    applyActions: [{ "@odata.type": "#microsoft.graph.removeAccessApplyAction" }],
  };
}

function instanceToWire(instance: ReviewInstance): Json {
  const { scope, reviewers, fallbackReviewers } = instance.facts;
  return {
    id: instance.id,
    startDateTime: readTime(instance.startAt),
    endDateTime: readTime(instance.endAt),
    status: instance.status,
    scope: rooted(scope),
    reviewers: rooted(reviewers),
    fallbackReviewers: rooted(fallbackReviewers),
    errors: [],
  };
}

function stageToWire(instance: ReviewInstance, stage: ReviewStage): Json {
  const named = { ...instance.facts, ...stage.plan.facts, ...stage.facts };
  return {
    id: stage.id,
    startDateTime: readTime(stage.startAt),
    endDateTime: readTime(stage.endAt),
    status: stage.status,
    reviewers: named["reviewers"],
    fallbackReviewers: named["fallbackReviewers"],
  };
}

// An occurrence tells its queries from the root of the service.
function rooted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rooted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [
      member,
      member === "query" && typeof inner === "string" ? rootedQuery(inner) : rooted(inner),
    ]),
  );
}

function rootedQuery(query: string): string {
  if (!query.startsWith("/") || /^\/(v1\.0|beta)\//.test(query)) return query;
  return query.startsWith("/roleManagement/") ? `/beta${query}` : `/v1.0${query}`;
}
