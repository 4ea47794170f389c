import type { AssignmentKind, PrincipalKind, Surface } from "../model/constants";
import type { AssignmentKey, RoleKey } from "../model/identity";
import type { PolicyRules } from "../model/policy-rules";
import type { Problem } from "../model/problem";
import type { RoleTarget } from "../model/role-target";
import type { Window } from "../model/window";

/**
 * One place where PIM governs access, as the rest of the program sees it. A partition is what one listing covers:
 * the tenant for directory roles, one group for groups, one scope for Azure roles.
 */
export interface PimSurface {
  readonly surface: Surface;
  partitionOf(role: RoleKey): string;
  /** One page for each query, all queries together where the service can answer them together. */
  queryAssignments(
    kind: AssignmentKind,
    queries: readonly RowQuery[],
  ): Promise<(RowPage | Error)[]>;
  /** The requests for each assignment, newest first, together where the service can answer them together. */
  listRequests(keys: readonly AssignmentKey[]): Promise<(RequestRow[] | Error)[]>;
  /** Requests by id; undefined where the service shows none. */
  readRequests(requests: readonly RequestReference[]): Promise<(RequestRow | Error | undefined)[]>;
  requestAssignment(request: AssignmentRequest): Promise<RequestOutcome>;
  cancelRequest(key: AssignmentKey, requestId: string): Promise<void>;
  /** The policies of whole partitions; a policy that cannot be read is an Error under its role. */
  listPolicies(partitions: readonly string[]): Promise<Map<string, PolicyEntry[]>>;
  /**
   * The policies of roles; those of Azure roles without the rule of PIM-only mode, which only a preview version of the
   * service shows, where it is not asked for.
   */
  readPolicies(
    roles: readonly RoleKey[],
    withPimOnlyMode?: (role: RoleKey) => boolean,
  ): Promise<(LivePolicy | Error | undefined)[]>;
  /** Writes the rules that differ from the policy's own and answers the policy as it then is. */
  writePolicy(policy: LivePolicy, rules: PolicyRules): Promise<LivePolicy>;
  /** What a name, or an id, may mean: none, one or several. */
  findRoles(target: RoleTarget): Promise<RoleFound[]>;
  /** The names to choose from, for the message when a name means nothing. */
  roleNames(target: RoleTarget): Promise<string[]>;
  /**
   * What speaks against a role being managed, or against this assignee, as far as only the service's own objects
   * tell: a group that PIM cannot manage, a role that cannot be assigned at a scope.
   */
  problemsOf(role: RoleKey, assignee?: Assignee): Promise<Problem[]>;
}

/** Who an assignment is for, and how. */
export interface Assignee {
  kind: AssignmentKind;
  principal: PrincipalKind;
}

/** Which rows are asked for: all of a partition, or those of a role, or of a role and principal. */
export interface RowQuery {
  partition: string;
  roleDefinitionId?: string;
  principalId?: string;
  /** Where an earlier page of the same query said to go on. */
  next?: string;
}

/** A page of rows. */
export interface RowPage {
  rows: AssignmentRow[];
  next?: string;
}

/** A schedule: an assignment that is in force or will be. */
export interface AssignmentRow extends AssignmentKey, Window {
  scheduleId: string;
  /** The request that made it; null when made outside PIM. */
  requestId: string | null;
  memberType: "direct" | "group" | "inherited";
  assignmentType: "assigned" | "activated";
  status: string;
  condition?: string;
  principal?: PrincipalFound;
}

/** What the directory says of an object. */
export interface PrincipalFound {
  id: string;
  kind: PrincipalKind;
  name: string;
  displayName?: string;
  enabled?: boolean;
  cloudOnly?: boolean;
  isMember?: boolean;
  /** Of another tenant, or treated like one. */
  isGuest?: boolean;
  /** In a restricted management administrative unit. */
  isManagementRestricted?: boolean;
  isAssignableToRole?: boolean;
  isDynamic?: boolean;
}

/** A request: the record of an intention. */
export interface RequestRow {
  id: string;
  action: string;
  status: string;
  createdAt: string;
  createdBy: { id: string; name: string } | null;
  justification: string | null;
  ticketNumber: string | null;
  ticketSystem: string | null;
  window: Window | null;
}

/** Names a request: the service keeps them by kind, and Azure by scope. */
export interface RequestReference {
  key: AssignmentKey;
  requestId: string;
}

/** What is asked of the service for one assignment. */
export interface AssignmentRequest {
  key: AssignmentKey;
  action: "assign" | "update" | "remove";
  /** Absent for a removal. */
  expiration?: RequestedExpiration;
  startsAt?: string;
  justification?: string;
  ticket?: { number: string; system?: string };
  condition?: string;
  /** The schedule that an update is about, where the service asks for it. */
  scheduleId?: string;
}

/** When the service shall end it. */
export type RequestedExpiration =
  | { type: "permanent" }
  | { type: "until"; endsAt: string }
  | { type: "for"; duration: string };

/** What the service answered to a request. */
export interface RequestOutcome extends Window {
  requestId: string;
  status: string;
  scheduleId: string | null;
}

/** The policy of a role as it is now. */
export interface LivePolicy {
  role: RoleKey;
  policyId: string;
  rules: PolicyRules;
  /** The wire rules, for the codec to change in place. */
  wire: unknown;
  /** When it was last changed, by the service's clock; absent where the service does not say, or never. */
  changedAt?: string;
}

/** A policy in a listing: read, or the reason why it could not be. */
export interface PolicyEntry {
  role: RoleKey;
  policy: LivePolicy | Error;
}

/** What a role reference turned out to be. */
export interface RoleFound {
  role: RoleKey;
  name: string;
  isBuiltIn: boolean;
  /** System-assigned roles have no settings and take no assignment. */
  isAssignable: boolean;
}
