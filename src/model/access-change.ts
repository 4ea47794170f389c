import type {
  AccessModel,
  AccessPrincipal,
  AccessRole,
  Conditions,
  Grant,
  SourcePosition,
} from "./access";
import type { Strength } from "./leaf-strength";
import type { LeafPath, LeafValue } from "./settings-leaves";

/** What a change means for somebody's access. */
export type ChangeKind =
  | "gains"
  | "loses"
  | "changed"
  | "adopted"
  | "recreated"
  /** Left the program, stays in the tenant. */
  | "stays";

/** Why somebody gains. */
export type GainReason = "granted" | "renewed" | "regranted";

/** Whether access grew, shrank or only differs. */
export type Direction = "broadening" | "narrowing" | "neutral";

/** One thing that is different about somebody's access. */
export type Difference =
  | { type: "kind"; direction: Direction }
  | { type: "scope"; direction: Direction }
  | { type: "end"; direction: Direction }
  | { type: "start"; direction: Direction }
  | { type: "condition"; direction: Direction };

/** A change of one grant. */
export interface GrantChange {
  kind: ChangeKind;
  before?: Grant;
  after?: Grant;
  reason?: GainReason;
  differences: readonly Difference[];
  direction: Direction;
}

/** A change of one condition of a role. */
export interface LeafChange {
  path: LeafPath;
  /** undefined: not known. */
  before: LeafValue | undefined;
  /** undefined: not known yet. */
  after: LeafValue | undefined;
  strength: Strength;
  /** A stronger knob takes this one's place, so nothing got weaker. */
  replacedBy?: LeafPath;
  /** The value stays, but nobody declares it any more. */
  isReleased?: boolean;
}

/** The changes of one role's conditions. */
export interface ConditionsChange {
  kind: "created" | "changed" | "restored" | "stays" | "observed";
  conditions: Conditions;
  leaves: readonly LeafChange[];
  /** Whether some of the values before are not known. */
  beforeIsUnknown: boolean;
  source?: SourcePosition;
}

/** Access that a resource of another package gives, changes or takes: shown, since no rule can judge how long it lasts. */
export interface NativeGrant {
  urn: string;
  type: string;
  name: string;
  /** The engine's word for what happens to it. */
  op: string;
  /** What it is, in our words. */
  what: string;
  role?: AccessRole;
  principal?: AccessPrincipal;
  /** Whether it gives access at once and without an end. */
  isStanding: boolean;
  /** Whether it is about roles and groups, and not about other permissions or code. */
  isJudged: boolean;
  source?: SourcePosition;
}

/** Everything that differs between two models. */
export interface AccessChanges {
  before: AccessModel;
  after: AccessModel;
  grants: readonly GrantChange[];
  conditions: readonly ConditionsChange[];
  /** What resources of other packages do beside. */
  native?: readonly NativeGrant[];
}

/** The grant that a change is about: what will be, else what was. */
export function changedGrant(change: GrantChange): Grant {
  const grant = change.after ?? change.before;
  if (grant === undefined) throw new TypeError("a change without a grant");
  return grant;
}
