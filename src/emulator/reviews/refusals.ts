import { ServiceError } from "../errors";

/** Refusals of access reviews. Only their reasons are published: status, code and wording are the emulator's. */
export const refuseReview = {
  notReviewer: () =>
    new ServiceError(403, "Forbidden", "The caller is not a reviewer of this access review."),
  notOpen: () =>
    new ServiceError(400, "InvalidAccessReviewState", "The access review is not in progress."),
  notCompleted: () =>
    new ServiceError(
      400,
      "InvalidAccessReviewState",
      "The status of the access review must be Completed to apply its decisions.",
    ),
  noJustification: () =>
    new ServiceError(
      400,
      "JustificationRequired",
      "The access review requires a justification of each approval.",
    ),
  fallbackRemoved: () =>
    new ServiceError(409, "Conflict", "Existing fallback reviewers cannot be removed."),
  invalidDecision: (decision: string) =>
    new ServiceError(400, "InvalidDecision", `'${decision}' is not a decision.`),
} as const;
