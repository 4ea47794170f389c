import type { AssignmentKind } from "./constants";
import type { Leaves } from "./settings-leaves";

/** What a role's settings ask of an assignment; a missing property is not declared, or not known. */
export interface AssignmentLimits {
  allowPermanent?: boolean | string;
  maximumDuration?: string;
  requireJustification?: boolean | string;
  requireMfa?: boolean | string;
}

/** The part of the settings that limits assignments of a kind. */
export function limitsOf(leaves: Leaves, kind: AssignmentKind): AssignmentLimits {
  const stage = kind === "eligible" ? "eligibleAssignment" : "activeAssignment";
  const limits: AssignmentLimits = {};
  const allowPermanent = leaves[`${stage}.allowPermanent`];
  const maximumDuration = leaves[`${stage}.maximumDuration`];
  const requireJustification = leaves[`${stage}.requireJustification`];
  const requireMfa = leaves[`${stage}.requireMfa`];
  if (allowPermanent !== undefined) limits.allowPermanent = allowPermanent as boolean;
  if (maximumDuration !== undefined) limits.maximumDuration = maximumDuration as string;
  if (requireJustification !== undefined)
    limits.requireJustification = requireJustification as boolean;
  if (requireMfa !== undefined) limits.requireMfa = requireMfa as boolean;
  return limits;
}
