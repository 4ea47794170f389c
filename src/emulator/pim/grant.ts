/** Eligible: may activate. Active: holds it. */
export type GrantKind = "eligible" | "active";

/** Who, what, where. */
export interface Tuple {
  principalId: string;
  /** Role definition id, or `member` | `owner` of a group. */
  roleId: string;
  /** Directory scope ("/", "/administrativeUnits/…", "/{object id}"), app scope, or group id. */
  scopeId: string;
  /** Whether `scopeId` is an app scope. */
  isAppScope: boolean;
}

/** What else has to be true for an Azure role to count. */
export interface Condition {
  text: string;
  version: string;
}

/** When a grant holds. */
export interface Window {
  startAt: number;
  type: "noExpiration" | "afterDateTime" | "afterDuration";
  /** Absolute end, also where a duration was asked for; null when it never ends. */
  endAt: number | null;
  duration: string | null;
}

/** A current or future assignment. Instances are these while in force. */
export interface Schedule extends Tuple {
  readonly id: string;
  readonly kind: GrantKind;
  /** Request that made it; null when made outside PIM. */
  readonly createdUsing: string | null;
  readonly createdAt: number | null;
  readonly modifiedAt: number | null;
  /** Granted: its start is still to come. */
  readonly status: "Provisioned" | "Granted";
  /** Null when made outside PIM. */
  readonly window: Window | null;
  readonly memberType: "Direct" | "Group" | "Inherited";
  readonly assignmentType: "Assigned" | "Activated";
  /** Eligible schedule that an activation used. */
  readonly activatedUsing: string | null;
  /** Azure roles only. */
  readonly condition?: Condition;
}

/** Who made a request. */
export interface Requestor {
  kind: "app" | "user";
  id: string;
}

/** How an approval of a request stands. */
export interface ApprovalState {
  status: "InProgress" | "Completed" | "Expired";
  result: "NotReviewed" | "Approve" | "Deny";
  justification: string | null;
  reviewedBy: string | null;
  reviewedAt: number | null;
}

/** The record of an intention: what was asked for, by whom, and what became of it. */
export interface PimRequest extends Tuple {
  readonly id: string;
  readonly kind: GrantKind;
  readonly action: PimAction;
  readonly status: string;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly createdBy: Requestor;
  readonly approval: ApprovalState | null;
  readonly justification: string | null;
  readonly ticket: { number: string | null; system: string | null };
  readonly customData: string | null;
  readonly isValidationOnly: boolean;
  readonly targetScheduleId: string | null;
  readonly window: Window | null;
  readonly activatedUsing: string | null;
  /** Azure roles only. */
  readonly condition?: Condition;
}

/** What a request may ask for, as the metadata spells it. */
export type PimAction =
  | "adminAssign"
  | "adminUpdate"
  | "adminRemove"
  | "selfActivate"
  | "selfDeactivate"
  | "adminExtend"
  | "adminRenew"
  | "selfExtend"
  | "selfRenew";

/** Index key of a tuple. */
export function tupleKey(tuple: Tuple): string {
  return `${tuple.principalId} ${tuple.roleId} ${tuple.scopeId}`.toLowerCase();
}

/** Whether a request still waits for somebody. */
export function isPending(request: PimRequest): boolean {
  return request.status.startsWith("Pending");
}

/** A row in force that no request made: assigned, direct, without end, unless told otherwise. */
export function assignedRow(
  tuple: Tuple & Pick<Schedule, "condition">,
  id: string,
  more: Partial<Omit<Schedule, "id" | keyof Tuple>> = {},
): Schedule {
  return {
    ...tuple,
    id,
    kind: "active",
    createdUsing: null,
    createdAt: null,
    modifiedAt: null,
    status: "Provisioned",
    window: null,
    memberType: "Direct",
    assignmentType: "Assigned",
    activatedUsing: null,
    ...more,
  };
}
