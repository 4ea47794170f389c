import type { AssignmentLimits } from "./assignment-limits";
import type { PrincipalKind } from "./constants";
import type { PrincipalInput } from "./principal";
import type { RoleInput } from "./role-target";
import type { ExpirationInput } from "./window";

/** An assignment as declared, plain: leaves may be the unknown text. */
export interface AssignmentInput extends RoleInput {
  principal: PrincipalInput;
  expiration: ExpirationInput;
  startsAt?: string;
  justification?: string;
  ticket?: { number: string; system?: string };
  condition?: string;
  onExpired?: string;
  onRemoved?: string;
  onDelete?: string;
  adopt?: string;
  timeouts?: TimeoutsInput;
}

/** How long to wait, as ISO 8601 durations. */
export interface TimeoutsInput {
  create?: string;
  update?: string;
  delete?: string;
}

/** What is known beside the declaration at the place where it is checked. */
export interface AssignmentFacts {
  /** The role's settings: declared ones in the constructor and in `check`, live ones just before the write. */
  limits?: AssignmentLimits;
  /** Where the limits come from, for the message: "the settings declared for this role". */
  limitsSource?: string;
  /** The clock; absent where none may be read. */
  now?: number;
  /** Whether the window is new or changed: only then may it not lie in the past. */
  windowIsNew?: boolean;
  /** Whether the start is: another part of the window may change long after the start has passed. @default - windowIsNew */
  startIsNew?: boolean;
  /** What the directory says of the principal. */
  principal?: {
    kind: PrincipalKind;
    /** Users: whether it is a guest. */
    isGuest?: boolean;
    /** Groups: whether it was made role-assignable. */
    isAssignableToRole?: boolean;
  };
  /** Whether the caller is an application, which can never satisfy MFA. */
  appOnly?: boolean;
}
