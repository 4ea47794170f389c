import { type Call, type Operation, param, type Reply } from "../../api";
import { refuse } from "../../errors";
import type { Filter } from "../../odata-filter";
import { unknownOn } from "../../pim/own";
import { type EntitySet, list, type Source } from "../../respond";
import type { Json } from "../../schema";
import { refuseReview } from "../refusals";
import type { DecisionItem, Review, ReviewInstance, ReviewStage } from "../review";
import { REVIEWS_PATH, stagesOf } from "./review-sets";

/** One operation of access reviews. */
export function reviewOperation(
  method: Operation["method"],
  path: string,
  permission: Operation["permission"],
  run: Operation["run"],
): Operation {
  return { method, path: `/${REVIEWS_PATH}/${path}`, permission, takesSkip: true, run };
}

/** The definition that a path names. */
export function reviewOf(call: Call): Review {
  const review = call.tenant.reviews.book.reviews.read(param(call, "definition"));
  if (review === undefined) throw refuse.scopeNotFound();
  return review;
}

/** The occurrence that a path names, with its definition. */
export function instanceOf(call: Call): { review: Review; instance: ReviewInstance } {
  const review = reviewOf(call);
  const id = param(call, "instance").toLowerCase();
  const instance = review.instances.find((one) => one.id === id);
  if (instance === undefined) throw refuse.scopeNotFound();
  return { review, instance };
}

/** The round that a path names, with its occurrence. */
export function stageOf(call: Call): {
  review: Review;
  instance: ReviewInstance;
  stage: ReviewStage;
} {
  const { review, instance } = instanceOf(call);
  const id = param(call, "stage").toLowerCase();
  const stage = stagesOf(instance).find((one) => one.id === id);
  if (stage === undefined) throw refuse.scopeNotFound();
  return { review, instance, stage };
}

/** The decision that a path names, among some. */
export function itemOf(call: Call, items: readonly DecisionItem[]): DecisionItem {
  const id = param(call, "decision").toLowerCase();
  const found = items.find((item) => item.id === id);
  if (found === undefined) throw refuse.scopeNotFound();
  return found;
}

/** Lists as this service does: with how many there are, whether asked for or not. */
export function listAll<T>(
  call: Call,
  set: EntitySet<T>,
  source: Source<T>,
  keep?: (value: T) => boolean,
): Reply {
  const { filter } = call.query;
  const query = {
    ...call.query,
    count: true,
    ...(filter !== undefined && { filter: withoutCasts(filter) }),
  };
  return list({ ...call, query }, set, source, keep);
}

/** Refuses a function that is not about reviewers. */
export function checkOn(call: Call): void {
  if (param(call, "on").toLowerCase() !== "reviewer") throw unknownOn(call);
}

/** Who calls, as it is written down. */
export function callerOf({ caller }: Call) {
  return { kind: caller.kind, id: caller.id };
}

/** Whether an item is the caller's to review. */
export function isMine(call: Call): (item: DecisionItem) => boolean {
  return ({ reviewers }) => reviewers.includes(call.caller.id);
}

/** Refuses new fallback reviewers among whom one of the old is missing. */
export function checkFallback(before: unknown, after: readonly Json[]): void {
  const kept = new Set(after.map(({ query }) => bare(query)));
  const old = Array.isArray(before) ? (before as Json[]) : [];
  if (old.some(({ query }) => !kept.has(bare(query)))) throw refuseReview.fallbackRemoved();
}

function bare(query: unknown): string {
  return String(query).replace(/^\/(v1\.0|beta)(?=\/)/i, "");
}

// The path to a query may name the type of its scope.
function withoutCasts(filter: Filter): Filter {
  if (filter.op === "and" || filter.op === "or")
    return { ...filter, left: withoutCasts(filter.left), right: withoutCasts(filter.right) };
  if (filter.op === "not") return { ...filter, inner: withoutCasts(filter.inner) };
  return { ...filter, path: filter.path.replace(/\/microsoft\.graph\.\w+(?=\/)/g, "") };
}
