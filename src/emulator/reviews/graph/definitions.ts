import { type Call, created, noContent, type Operation, ok, type Reply } from "../../api";
import { refuse } from "../../errors";
import { entity, functionResult } from "../../respond";
import type { Json } from "../../schema";
import { isReviewer, type Review } from "../review";
import { readChange, readDefinition } from "./definition-body";
import { REVIEW_PERMISSIONS } from "./permissions";
import { callerOf, checkOn, listAll, reviewOf, reviewOperation } from "./review-call";
import { DEFINITION_SET } from "./review-sets";

const { read, write, mine } = REVIEW_PERMISSIONS;

/** Definitions of reviews. */
export const definitionOperations: readonly Operation[] = [
  reviewOperation("GET", "definitions", read, (call) =>
    withoutInstances(call, listAll(call, DEFINITION_SET, call.tenant.reviews.book.reviews)),
  ),
  reviewOperation("POST", "definitions", write, create),
  reviewOperation("GET", "definitions/filterByCurrentUser(on='{on}')", mine, listMine),
  reviewOperation("GET", "definitions/{definition}", read, (call) =>
    entity(call, DEFINITION_SET, reviewOf(call)),
  ),
  reviewOperation("PUT", "definitions/{definition}", write, change),
  reviewOperation("DELETE", "definitions/{definition}", write, (call) => {
    call.tenant.reviews.book.remove(reviewOf(call));
    return noContent();
  }),
  reviewOperation("POST", "definitions/{definition}/stop", write, (call) => {
    call.tenant.reviews.book.stopSeries(reviewOf(call));
    return noContent();
  }),
];

function listMine(call: Call): Reply {
  checkOn(call);
  const isMine = (review: Review) =>
    review.instances.some((instance) => isReviewer(instance, call.caller.id));
  const set = functionResult(DEFINITION_SET);
  return withoutInstances(call, listAll(call, set, call.tenant.reviews.book.reviews, isMine));
}

// Lists show an empty collection in place of the occurrences (reference samples).
function withoutInstances(call: Call, reply: Reply): Reply {
  if (call.query.select !== undefined || call.query.expand.length > 0) return reply;
  const body = reply.body as Json & { value: Json[] };
  return ok({ ...body, value: body.value.map((row) => ({ ...row, instances: [] })) });
}

// The answer to a creation comes before anything began, and before its dates are known.
function create(call: Call): Reply {
  const { tenant } = call;
  if (!tenant.settings.licensed) throw refuse.licence();
  const now = tenant.clock.now();
  const review: Review = {
    ...readDefinition(call),
    id: tenant.newId(),
    place: "",
    createdAt: now,
    createdBy: callerOf(call),
    modifiedAt: now,
    instances: [],
    isStopped: false,
    revision: 0,
  };
  const { body } = entity(call, DEFINITION_SET, review);
  tenant.reviews.book.add(review);
  const never = "0001-01-01T00:00:00Z";
  return created({
    ...(body as Json),
    createdDateTime: never,
    lastModifiedDateTime: never,
    status: "NotStarted",
    settings: review.facts["settings"],
  });
}

function change(call: Call): Reply {
  const review = reviewOf(call);
  call.tenant.reviews.book.change(Object.assign(review, readChange(call, review)));
  return noContent();
}
