import { noContent, type Operation, ok, param, type Reply } from "../../api";
import { acceptRecommendations, openItems, readDecision, record } from "../../reviews/decisions";
import { refuseReview } from "../../reviews/refusals";
import {
  type DecisionItem,
  isReviewer,
  itemsOf,
  type Review,
  type ReviewInstance,
} from "../../reviews/review";
import { type ArmCall, armOperation, listReply, propertiesOf, scopeOf, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import { contacted } from "./instances";
import { instanceOf, isOwnOnly, pageOf, REVIEW_TYPE, reviewsAny } from "./review-call";
import { DEFINITIONS, decisionToWire, definitionToWire, instanceToWire } from "./review-wire";

const TENANT = "/";
const INSTANCE = `${DEFINITIONS}/{definition}/instances/{instance}`;

/** A reviewer's own reviews, whatever scope they are of: no assignment in Azure is needed. */
export const ownReviewOperations: readonly Operation[] = [
  own("GET", DEFINITIONS, listDefinitions),
  own("GET", `${DEFINITIONS}/{definition}/instances`, listInstances),
  onInstance("GET", "", (_arm, review, instance) => ok(instanceToWire(review, instance, TENANT))),
  onInstance("GET", "/contactedReviewers", (arm, review, instance) =>
    pageOf(arm, contacted(arm, review, instance, TENANT)),
  ),
  onInstance("POST", "/acceptRecommendations", accept),
  onInstance("GET", "/decisions", listDecisions),
  onInstance("GET", "/decisions/{decision}", (arm, review, instance) =>
    ok(toWire(arm, review, instance, itemOf(arm, itemsOf(instance)))),
  ),
  onInstance("PATCH", "/decisions/{decision}", decide),
];

function own(method: Operation["method"], suffix: string, run: (arm: ArmCall) => Reply): Operation {
  const path = `/providers/Microsoft.Authorization/${suffix}`;
  return armOperation(method, path, REVIEW_TYPE, (call, apiVersion) =>
    run({ call, apiVersion, scope: scopeOf(call, "") }),
  );
}

function onInstance(
  method: Operation["method"],
  suffix: string,
  run: (arm: ArmCall, review: Review, instance: ReviewInstance) => Reply,
): Operation {
  return own(method, `${INSTANCE}${suffix}`, (arm) => {
    const review = reviewNamed(arm);
    const instance = instanceOf(arm, review);
    if (!isReviewer(instance, arm.call.caller.id)) throw refuseReview.notReviewer();
    return run(arm, review, instance);
  });
}

function reviewNamed(arm: ArmCall): Review {
  const name = param(arm.call, "definition");
  const review = arm.call.tenant.arm.reviews.book.reviews.read(name);
  if (review === undefined) throw refuseArm.resourceNotFound(name);
  return review;
}

// With or without the filter only what the caller reviews is told.
function listDefinitions(arm: ArmCall): Reply {
  isOwnOnly(arm);
  const { tenant } = arm.call;
  const rows = [...tenant.arm.reviews.book.reviews.scan()].filter(({ value }) =>
    reviewsAny(arm, value),
  );
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({
      seq,
      wire: () => definitionToWire(tenant, value, TENANT, true),
    })),
  );
}

function listInstances(arm: ArmCall): Reply {
  isOwnOnly(arm);
  const review = reviewNamed(arm);
  const shown = review.instances.filter((instance) => isReviewer(instance, arm.call.caller.id));
  return pageOf(
    arm,
    shown.map((instance) => instanceToWire(review, instance, TENANT)),
  );
}

function listDecisions(arm: ArmCall, review: Review, instance: ReviewInstance): Reply {
  isOwnOnly(arm);
  return pageOf(
    arm,
    mine(arm, itemsOf(instance)).map((item) => toWire(arm, review, instance, item)),
  );
}

function accept(arm: ArmCall, _review: Review, instance: ReviewInstance): Reply {
  const { tenant, caller } = arm.call;
  const by = { kind: caller.kind, id: caller.id };
  acceptRecommendations(mine(arm, openItems(instance)), by, tenant.clock.now());
  return noContent();
}

function decide(arm: ArmCall, review: Review, instance: ReviewInstance): Reply {
  const { tenant, caller } = arm.call;
  const item = itemOf(arm, openItems(instance));
  const properties = propertiesOf(arm.call, true);
  const verdict = {
    decision: readDecision(textOf(properties, "decision")),
    justification: textOf(properties, "justification"),
  };
  record(instance, [item], verdict, { kind: caller.kind, id: caller.id }, tenant.clock.now());
  return ok(toWire(arm, review, instance, item));
}

function mine(arm: ArmCall, items: readonly DecisionItem[]): DecisionItem[] {
  return items.filter(({ reviewers }) => reviewers.includes(arm.call.caller.id));
}

function itemOf(arm: ArmCall, items: readonly DecisionItem[]): DecisionItem {
  const name = param(arm.call, "decision").toLowerCase();
  const found = mine(arm, items).find(({ id }) => id === name);
  if (found === undefined) throw refuseArm.resourceNotFound(name);
  return found;
}

function toWire(arm: ArmCall, review: Review, instance: ReviewInstance, item: DecisionItem) {
  return decisionToWire(arm.call.tenant, review, instance, item, TENANT);
}
