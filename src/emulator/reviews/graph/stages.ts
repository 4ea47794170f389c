import { type Call, noContent, type Operation, objectBody, type Reply } from "../../api";
import { entity, functionResult, sourceOf } from "../../respond";
import { refuseReview } from "../refusals";
import type { ReviewStage } from "../review";
import { readReviewers } from "./definition-body";
import { REVIEW_PERMISSIONS } from "./permissions";
import {
  checkFallback,
  checkOn,
  instanceOf,
  isMine,
  listAll,
  reviewOperation,
  stageOf,
} from "./review-call";
import { stageSet, stagesOf } from "./review-sets";

const STAGES = "definitions/{definition}/instances/{instance}/stages";
const { read, write, mine } = REVIEW_PERMISSIONS;

/** Rounds of occurrences: each is there once the one before is over. */
export const stageOperations: readonly Operation[] = [
  reviewOperation("GET", STAGES, read, (call) => {
    const { review, instance } = instanceOf(call);
    return listAll(call, stageSet(review, instance), sourceOf(stagesOf(instance)));
  }),
  reviewOperation("GET", `${STAGES}/filterByCurrentUser(on='{on}')`, mine, listMine),
  reviewOperation("GET", `${STAGES}/{stage}`, read, (call) => {
    const { review, instance, stage } = stageOf(call);
    return entity(call, stageSet(review, instance), stage);
  }),
  reviewOperation("PATCH", `${STAGES}/{stage}`, write, change),
  reviewOperation("POST", `${STAGES}/{stage}/stop`, write, (call) => {
    const { review, instance, stage } = stageOf(call);
    call.tenant.reviews.book.closeStage(review, instance, stage, call.tenant.clock.now());
    return noContent();
  }),
];

function listMine(call: Call): Reply {
  checkOn(call);
  const { review, instance } = instanceOf(call);
  const isOwn = (stage: ReviewStage) => stage.items.some(isMine(call));
  const set = functionResult(stageSet(review, instance));
  return listAll(call, set, sourceOf(stagesOf(instance)), isOwn);
}

function change(call: Call): Reply {
  const { review, instance, stage } = stageOf(call);
  const body = objectBody(call);
  if (stage.status !== "InProgress") throw refuseReview.notOpen();
  const facts = { ...stage.plan.facts, ...stage.facts };
  const asked = readReviewers(call, body);
  if (body["fallbackReviewers"] !== undefined)
    checkFallback(facts["fallbackReviewers"], asked.fallbackReviewers);
  stage.facts = {
    ...stage.facts,
    ...(body["reviewers"] !== undefined && { reviewers: asked.reviewers }),
    ...(body["fallbackReviewers"] !== undefined && { fallbackReviewers: asked.fallbackReviewers }),
  };
  call.tenant.reviews.book.reassign(instance, stage);
  return entity(call, stageSet(review, instance), stage);
}
