import { type Call, param } from "../../api";
import type { PermissionRule } from "../../permissions";
import type { Json } from "../../schema";
import { isReviewer, type Review } from "../review";
import { targetOf } from "./query-scope";
import { targetOfReview } from "./subjects";

const READ = ["AccessReview.Read.All", "AccessReview.ReadWrite.All"];
const WRITE = ["AccessReview.ReadWrite.All"];

const READ_ROLES = [
  "Global Administrator",
  "Global Reader",
  "Identity Governance Administrator",
  "Privileged Role Administrator",
  "Security Administrator",
  "Security Reader",
];
const ROLE_WRITERS = [
  "Global Administrator",
  "Identity Governance Administrator",
  "Privileged Role Administrator",
];

/** Who may call what about access reviews. */
export const REVIEW_PERMISSIONS = {
  read: (call: Call) =>
    rule(READ, isInvolved(call) ? undefined : [...READ_ROLES, "User Administrator"]),
  write: (call: Call) => rule(WRITE, writersOf(call)),
  /** What only a reviewer does: never an application. */
  review: { ...rule(WRITE), app: [] },
  /** What a reviewer does, and an application. */
  reviewMany: rule(WRITE),
  mine: rule(READ),
  history: rule(WRITE, [...READ_ROLES, "User Administrator"]),
  policyRead: rule(["Policy.Read.All", "Policy.ReadWrite.AccessReview"]),
  policyWrite: rule(["Policy.ReadWrite.AccessReview"]),
};

function rule(permissions: readonly string[], roles?: readonly string[]): PermissionRule {
  return {
    app: permissions,
    delegated: permissions,
    deny: "directory",
    ...(roles && { roles }),
  };
}

// Reviewers and whoever made a review see it without a role.
function isInvolved(call: Call): boolean {
  const review = call.tenant.reviews.book.reviews.get(param(call, "definition"));
  if (review === undefined) return false;
  const { id } = call.caller;
  return review.createdBy.id === id || review.instances.some((one) => isReviewer(one, id));
}

// Groups are also a user administrator's; roles are not.
function writersOf(call: Call): readonly string[] {
  const review = call.tenant.reviews.book.reviews.get(param(call, "definition"));
  return concernsGroup(call, review) ? [...ROLE_WRITERS, "User Administrator"] : ROLE_WRITERS;
}

function concernsGroup(call: Call, review: Review | undefined): boolean {
  if (review !== undefined) return targetOfReview(review)?.resource.kind !== "role";
  const scope = (call.body as Json | undefined)?.["scope"];
  if (typeof scope !== "object" || scope === null) return false;
  return targetOf(scope as Json, null)?.resource.kind !== "role";
}
