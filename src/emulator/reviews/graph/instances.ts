import { type Call, noContent, type Operation, objectBody, type Reply } from "../../api";
import { refuse } from "../../errors";
import { entity, functionResult, sourceOf } from "../../respond";
import { acceptRecommendations, openItems, readDecision, record, reset } from "../decisions";
import { refuseReview } from "../refusals";
import { isReviewer, type ReviewInstance } from "../review";
import { readReviewers } from "./definition-body";
import { REVIEW_PERMISSIONS } from "./permissions";
import {
  callerOf,
  checkFallback,
  checkOn,
  instanceOf,
  isMine,
  listAll,
  reviewOf,
  reviewOperation,
} from "./review-call";
import { contacted, contactedSet, instanceSet } from "./review-sets";

const INSTANCES = "definitions/{definition}/instances";
const INSTANCE = `${INSTANCES}/{instance}`;
const { read, write, mine, review: asReviewer, reviewMany } = REVIEW_PERMISSIONS;

/** Occurrences of reviews, and what is done with them as a whole. */
export const instanceOperations: readonly Operation[] = [
  reviewOperation("GET", INSTANCES, read, (call) => {
    const review = reviewOf(call);
    return listAll(call, instanceSet(review), sourceOf(review.instances));
  }),
  reviewOperation("GET", `${INSTANCES}/filterByCurrentUser(on='{on}')`, mine, listMine),
  reviewOperation("GET", INSTANCE, read, (call) => {
    const { review, instance } = instanceOf(call);
    return entity(call, { ...instanceSet(review), typed: true }, instance);
  }),
  // The page of the update says PUT, its older editions PATCH.
  reviewOperation("PUT", INSTANCE, write, change),
  reviewOperation("PATCH", INSTANCE, write, change),
  reviewOperation("GET", `${INSTANCE}/contactedReviewers`, read, (call) => {
    const { review, instance } = instanceOf(call);
    return listAll(call, contactedSet(review, instance), sourceOf(contacted(call, instance)));
  }),
  reviewOperation("POST", `${INSTANCE}/stop`, write, (call) => {
    call.tenant.reviews.book.stop(instanceOf(call).instance);
    return noContent();
  }),
  reviewOperation("POST", `${INSTANCE}/resetDecisions`, write, (call) => {
    reset(instanceOf(call).instance);
    return noContent();
  }),
  reviewOperation("POST", `${INSTANCE}/applyDecisions`, write, (call) => {
    const { instance } = instanceOf(call);
    call.tenant.reviews.book.apply(instance, callerOf(call), call.tenant.clock.now());
    return noContent();
  }),
  reviewOperation("POST", `${INSTANCE}/sendReminder`, write, (call) => {
    const { review, instance } = instanceOf(call);
    call.tenant.reviews.book.remind(review, instance, call.tenant.clock.now());
    return noContent();
  }),
  reviewOperation("POST", `${INSTANCE}/acceptRecommendations`, asReviewer, accept),
  reviewOperation("POST", `${INSTANCE}/batchRecordDecisions`, reviewMany, recordBatch),
];

function listMine(call: Call): Reply {
  checkOn(call);
  const review = reviewOf(call);
  const isOwn = (instance: ReviewInstance) => isReviewer(instance, call.caller.id);
  return listAll(call, functionResult(instanceSet(review)), sourceOf(review.instances), isOwn);
}

// Its scope has to be sent, but is not changed.
function change(call: Call): Reply {
  const { review, instance } = instanceOf(call);
  const body = objectBody(call);
  if (body["scope"] == null) throw refuse.missingProperty("scope");
  if (instance.status !== "InProgress") throw refuseReview.notOpen();
  const { facts } = instance;
  const asked = readReviewers(call, body);
  const changed = {
    reviewers: body["reviewers"] === undefined ? facts["reviewers"] : asked.reviewers,
    fallbackReviewers:
      body["fallbackReviewers"] === undefined
        ? facts["fallbackReviewers"]
        : asked.fallbackReviewers,
  };
  if (body["fallbackReviewers"] !== undefined)
    checkFallback(facts["fallbackReviewers"], asked.fallbackReviewers);
  instance.facts = { ...facts, ...changed };
  call.tenant.reviews.book.reassign(instance);
  return entity(call, instanceSet(review), instance);
}

function accept(call: Call): Reply {
  const { instance } = instanceOf(call);
  if (!isReviewer(instance, call.caller.id)) throw refuseReview.notReviewer();
  const items = openItems(instance).filter(isMine(call));
  acceptRecommendations(items, callerOf(call), call.tenant.clock.now());
  return noContent();
}

// A person decides about what is theirs to review, an application about everything.
function recordBatch(call: Call): Reply {
  const { instance } = instanceOf(call);
  const body = objectBody(call);
  const isApp = call.caller.kind === "app";
  if (!isApp && !isReviewer(instance, call.caller.id)) throw refuseReview.notReviewer();
  const items = chosenItems(
    openItems(instance).filter((item) => isApp || isMine(call)(item)),
    body,
  );
  record(instance, items, verdictOf(body), callerOf(call), call.tenant.clock.now());
  return noContent();
}

/** Items that a body chooses by principal and resource; all where it names none. */
export function chosenItems<T extends { principalId: string; resourceId: string }>(
  items: readonly T[],
  body: Readonly<Record<string, unknown>>,
): T[] {
  const wanted = (member: string) => {
    const value = body[member] ?? null;
    return value === null ? null : String(value).toLowerCase();
  };
  const [principalId, resourceId] = [wanted("principalId"), wanted("resourceId")];
  return items.filter(
    (item) =>
      (principalId === null || item.principalId === principalId) &&
      (resourceId === null || item.resourceId === resourceId),
  );
}

/** What a body says about decisions. */
export function verdictOf(body: Readonly<Record<string, unknown>>) {
  const justification = body["justification"] ?? null;
  return {
    decision: readDecision(body["decision"]),
    justification: justification === null ? null : String(justification),
  };
}
