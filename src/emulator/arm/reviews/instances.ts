import { noContent, type Operation, ok, type Reply } from "../../api";
import { openItems, readDecision, record, reset } from "../../reviews/decisions";
import {
  type DecisionItem,
  isReviewer,
  itemsOf,
  type Review,
  type ReviewInstance,
} from "../../reviews/review";
import { authorize, isAllowed } from "../access";
import { type ArmCall, propertiesOf, textOf } from "../arm-api";
import {
  instanceOf,
  isOwnOrReader,
  pageOf,
  REVIEW_ACTIONS,
  reviewOf,
  reviewOperation,
} from "./review-call";
import { contactedToWire, DEFINITIONS, decisionToWire, instanceToWire } from "./review-wire";
import { readReviewers } from "./reviewers";

const INSTANCES = `${DEFINITIONS}/{definition}/instances`;
const INSTANCE = `${INSTANCES}/{instance}`;

/** Occurrences of reviews, and what an administrator does with them. */
export const reviewInstanceOperations: readonly Operation[] = [
  reviewOperation("GET", INSTANCES, null, list),
  onInstance("GET", "", REVIEW_ACTIONS.read, answer),
  onInstance("PUT", "", REVIEW_ACTIONS.write, put),
  onInstance("POST", "/stop", REVIEW_ACTIONS.write, (arm, _review, instance) => {
    arm.call.tenant.arm.reviews.book.stop(instance);
    return noContent();
  }),
  onInstance("POST", "/resetDecisions", REVIEW_ACTIONS.write, (_arm, _review, instance) => {
    reset(instance);
    return noContent();
  }),
  onInstance("POST", "/applyDecisions", REVIEW_ACTIONS.write, apply),
  onInstance("POST", "/sendReminders", REVIEW_ACTIONS.write, (arm, review, instance) => {
    const { reviews } = arm.call.tenant.arm;
    reviews.book.remind(review, instance, arm.call.tenant.clock.now());
    return noContent();
  }),
  onInstance("POST", "/recordAllDecisions", null, recordAll),
  onInstance("GET", "/decisions", null, listDecisions),
  onInstance("GET", "/contactedReviewers", REVIEW_ACTIONS.read, (arm, review, instance) =>
    pageOf(arm, contacted(arm, review, instance, arm.scope.id)),
  ),
];

/** Who was asked to review an occurrence. */
export function contacted(arm: ArmCall, review: Review, instance: ReviewInstance, scopeId: string) {
  const ids = instance.stages.flatMap(({ items }) => items.flatMap(({ reviewers }) => reviewers));
  return [...new Set(ids)].map((id) =>
    contactedToWire(arm.call.tenant, review, instance, id, scopeId),
  );
}

function onInstance(
  method: Operation["method"],
  suffix: string,
  action: string | null,
  run: (arm: ArmCall, review: Review, instance: ReviewInstance) => Reply,
): Operation {
  return reviewOperation(method, `${INSTANCE}${suffix}`, action, (arm) => {
    const review = reviewOf(arm);
    return run(arm, review, instanceOf(arm, review));
  });
}

function list(arm: ArmCall): Reply {
  const review = reviewOf(arm);
  const isOwn = isOwnOrReader(arm);
  const shown = review.instances.filter(
    (instance) => !isOwn || isReviewer(instance, arm.call.caller.id),
  );
  return pageOf(
    arm,
    shown.map((instance) => instanceToWire(review, instance, arm.scope.id)),
  );
}

function answer(arm: ArmCall, review: Review, instance: ReviewInstance): Reply {
  return ok(instanceToWire(review, instance, arm.scope.id));
}

// Of an occurrence only its reviewers can be changed.
function put(arm: ArmCall, review: Review, instance: ReviewInstance): Reply {
  const { tenant } = arm.call;
  instance.facts = { ...instance.facts, ...readReviewers(tenant, propertiesOf(arm.call, true)) };
  tenant.arm.reviews.book.reassign(instance);
  return answer(arm, review, instance);
}

function apply(arm: ArmCall, _review: Review, instance: ReviewInstance): Reply {
  const { tenant, caller } = arm.call;
  const by = { kind: caller.kind, id: caller.id };
  tenant.arm.reviews.book.apply(instance, by, tenant.clock.now());
  return noContent();
}

// Whoever may change the review decides about everything, a reviewer about what is theirs.
function decidable(arm: ArmCall, instance: ReviewInstance): DecisionItem[] {
  const { tenant, caller } = arm.call;
  const { write } = REVIEW_ACTIONS;
  if (!isReviewer(instance, caller.id)) authorize(tenant, caller, write, arm.scope.id);
  const isAdmin = isAllowed(tenant, caller, write, arm.scope.id);
  return openItems(instance).filter((item) => isAdmin || item.reviewers.includes(caller.id));
}

// One decision about all that are open, or about one principal's or one role's.
function recordAll(arm: ArmCall, _review: Review, instance: ReviewInstance): Reply {
  const { tenant, caller } = arm.call;
  const properties = propertiesOf(arm.call, true);
  const principalId = textOf(properties, "principalId")?.toLowerCase();
  const resourceId = textOf(properties, "resourceId")?.toLowerCase().split("/").at(-1);
  const items = decidable(arm, instance).filter(
    (item) =>
      (principalId === undefined || item.principalId === principalId) &&
      (resourceId === undefined || item.resourceId === resourceId),
  );
  const verdict = {
    decision: readDecision(textOf(properties, "decision")),
    justification: textOf(properties, "justification"),
  };
  record(instance, items, verdict, { kind: caller.kind, id: caller.id }, tenant.clock.now());
  return noContent();
}

function listDecisions(arm: ArmCall, review: Review, instance: ReviewInstance): Reply {
  const isOwn = isOwnOrReader(arm);
  const isShown = ({ reviewers }: DecisionItem) => !isOwn || reviewers.includes(arm.call.caller.id);
  return pageOf(
    arm,
    itemsOf(instance)
      .filter(isShown)
      .map((item) => decisionToWire(arm.call.tenant, review, instance, item, arm.scope.id)),
  );
}
