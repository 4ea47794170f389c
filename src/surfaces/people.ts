import type { AssignmentKind, Decision, Surface } from "../model/constants";
import type { RoleKey } from "../model/identity";
import type { Window } from "../model/window";
import type { LivePolicy, RequestRow } from "./surface";

/**
 * One place where PIM governs access, as the person who signed in sees it: their own eligibilities, activations and
 * requests, and what waits for their decision. Every call needs a person's token.
 */
export interface PeopleSurface {
  readonly surface: Surface;
  /** What the person may activate, through a group too. */
  eligibilities(): Promise<Standing[]>;
  /** What the person holds now, activated or assigned. */
  active(): Promise<Standing[]>;
  /** Requests about the person, newest first. */
  ownRequests(): Promise<PersonRequest[]>;
  /** Requests about everybody, as far as the person may see them; Azure needs a scope, groups a group's id, for more. */
  allRequests(scope: string | undefined): Promise<PersonRequest[]>;
  /** What waits for the person's decision. */
  pendingApprovals(): Promise<PersonRequest[]>;
  /** Sends a request about oneself; `claims` are what its token must satisfy. */
  send(request: SelfRequest, claims?: string): Promise<SelfOutcome>;
  /** Takes back a request of one's own that is not in force. */
  cancel(request: RequestPlace): Promise<void>;
  /** One's own requests as they are now; undefined where the service does not show one. */
  follow(requests: readonly RequestPlace[]): Promise<(PersonRequest | undefined)[]>;
  /** Says yes or no to a request. */
  decide(request: ApprovalPlace, verdict: Verdict): Promise<void>;
  /** What was decided about a request, and by whom; undefined where the service knows no such approval. */
  review(request: ApprovalPlace): Promise<Review | undefined>;
  /** The settings of roles, with at most this many requests; undefined for those that were not looked up. */
  settings(roles: readonly RoleOffer[], calls: number): Promise<(LivePolicy | Error | undefined)[]>;
  /** Names of users and groups by object id. */
  names(ids: readonly string[]): Promise<Map<string, string>>;
}

/** A role with what its settings are kept under. */
export interface RoleOffer {
  role: RoleKey;
  /** Directory roles: a custom role's settings are kept under its template id. */
  templateId?: string | undefined;
}

/** An eligibility, or an assignment in force. */
export interface Standing extends Window, RoleOffer {
  /** Null where the service sends no name. */
  roleName: string | null;
  /** The scope's own name, where the service sends one. */
  scopeName: string | null;
  principalId: string;
  memberType: "direct" | "group" | "inherited";
  assignmentType: "assigned" | "activated";
  scheduleId: string;
}

/** A request about a person's access. */
export interface PersonRequest extends RequestRow {
  kind: AssignmentKind;
  role: RoleKey;
  roleName: string | null;
  scopeName: string | null;
  principalId: string;
  principalName: string | null;
  /** What decides about it; null when nobody has to. */
  approvalId: string | null;
  duration: string | null;
}

/** Where a request is kept. */
export interface RequestPlace {
  id: string;
  kind: AssignmentKind;
  role: RoleKey;
}

/** Where the approval of a request is kept; by the request's id alone where nothing else is known. */
export interface ApprovalPlace {
  id: string;
  approvalId?: string | null;
}

/** What a person asks for themselves. */
export interface SelfRequest {
  kind: AssignmentKind;
  action: SelfAction;
  role: RoleKey;
  principalId: string;
  /** Absent for a deactivation. */
  duration?: string;
  startsAt?: string;
  justification?: string;
  ticket?: { number: string; system?: string };
  /** Asks what would happen, without doing it. */
  isValidationOnly?: boolean;
  /** The eligibility that an activation uses, where the service asks for it. */
  eligibilityId?: string;
}

export type SelfAction = "activate" | "deactivate" | "extend" | "renew";

/** What the service answered to a request of one's own. */
export interface SelfOutcome extends Window {
  requestId: string;
  status: string;
  approvalId: string | null;
}

/** A decision with its reason. */
export interface Verdict {
  decision: Decision;
  justification: string;
}

/** A decision as the service keeps it. */
export interface Review {
  /** Null while nobody decided. */
  decision: Decision | null;
  by: string | null;
  at: string | null;
  justification: string | null;
  /** The part that the person may decide about. */
  partId: string | null;
}
