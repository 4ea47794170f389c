import { type Operation, param, type Reply } from "../../api";
import { isReviewer, type Review, type ReviewInstance } from "../../reviews/review";
import type { Json } from "../../schema";
import { authorize } from "../access";
import {
  type ArmCall,
  armOperation,
  filterOf,
  listReply,
  type ResourceType,
  scopeOf,
} from "../arm-api";
import { refuseArm } from "../arm-errors";

/** Access reviews and the versions of their interface. */
export const REVIEW_TYPE: ResourceType = {
  name: "accessReviewScheduleDefinitions",
  versions: [
    "2018-05-01-preview",
    "2021-03-01-preview",
    "2021-07-01-preview",
    "2021-11-16-preview",
    "2021-12-01-preview",
  ],
};

/** What reviews need at a scope, as Azure names it. */
export const REVIEW_ACTIONS = {
  read: "Microsoft.Authorization/accessReviewScheduleDefinitions/read",
  write: "Microsoft.Authorization/accessReviewScheduleDefinitions/write",
  delete: "Microsoft.Authorization/accessReviewScheduleDefinitions/delete",
  readHistory: "Microsoft.Authorization/accessReviewHistoryDefinitions/read",
  writeHistory: "Microsoft.Authorization/accessReviewHistoryDefinitions/write",
  readSettings: "Microsoft.Authorization/accessReviewScheduleSettings/read",
  writeSettings: "Microsoft.Authorization/accessReviewScheduleSettings/write",
} as const;

/** One operation of reviews at a scope below the tenant, for callers who may do an action there; null where it asks itself. */
export function reviewOperation(
  method: Operation["method"],
  suffix: string,
  action: string | null,
  run: (arm: ArmCall) => Reply,
): Operation {
  const path = `/{scope+}/providers/Microsoft.Authorization/${suffix}`;
  return armOperation(method, path, REVIEW_TYPE, (call, apiVersion) => {
    const arm: ArmCall = { call, apiVersion, scope: scopeOf(call, param(call, "scope")) };
    if (action !== null) authorize(call.tenant, call.caller, action, arm.scope.id);
    return run(arm);
  });
}

/** The review that a request names, at its scope. */
export function reviewOf(arm: ArmCall): Review {
  const name = param(arm.call, "definition");
  const review = arm.call.tenant.arm.reviews.book.reviews.read(name);
  if (review === undefined || review.place !== arm.scope.id) throw refuseArm.resourceNotFound(name);
  return review;
}

/** The occurrence that a request names. */
export function instanceOf(arm: ArmCall, review: Review): ReviewInstance {
  const name = param(arm.call, "instance").toLowerCase();
  const found = review.instances.find(({ id }) => id === name);
  if (found === undefined) throw refuseArm.resourceNotFound(name);
  return found;
}

/** Whether only what the caller reviews is asked for. */
export function isOwnOnly(arm: ArmCall): boolean {
  return filterOf(arm.call, ["assignedToMeToReview()"]).functions.has("assignedtometoreview");
}

/** As before; whoever asks for more needs the right to read. */
export function isOwnOrReader(arm: ArmCall): boolean {
  const isOwn = isOwnOnly(arm);
  const { tenant, caller } = arm.call;
  if (!isOwn) authorize(tenant, caller, REVIEW_ACTIONS.read, arm.scope.id);
  return isOwn;
}

/** Whether the caller reviews something in a definition. */
export function reviewsAny(arm: ArmCall, review: Review): boolean {
  return review.instances.some((instance) => isReviewer(instance, arm.call.caller.id));
}

/** A list of what is already at hand and never shrinks. */
export function pageOf(arm: ArmCall, wires: readonly Json[]): Reply {
  return listReply(
    arm.call,
    wires.map((wire, index) => ({ seq: index + 1, wire: () => wire })),
  );
}
