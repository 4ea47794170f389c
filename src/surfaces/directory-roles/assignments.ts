import type { GraphClient } from "../../http/graph";
import type { AssignmentKind } from "../../model/constants";
import type { AssignmentKey, RoleKey } from "../../model/identity";
import { readRequestLists, readRequestsAt } from "../graph-wire/requests";
import {
  readOutcome,
  readSchedule,
  type WireRequest,
  type WireSchedule,
  writeRequest,
} from "../graph-wire/schedule-codec";
import type {
  AssignmentRequest,
  RequestOutcome,
  RequestReference,
  RequestRow,
  RowPage,
  RowQuery,
} from "../surface";

const ROOT = "/roleManagement/directory";
const SCHEDULES = {
  eligible: "roleEligibilitySchedules",
  active: "roleAssignmentSchedules",
} as const;
const REQUESTS = {
  eligible: "roleEligibilityScheduleRequests",
  active: "roleAssignmentScheduleRequests",
} as const;

type DirectoryKey = Extract<RoleKey, { surface: "directoryRoles" }>;

interface WireDirectorySchedule extends WireSchedule {
  roleDefinitionId: string;
  directoryScopeId?: string | null;
  appScopeId?: string | null;
}

/** One page for each query: a single query is a plain read, several travel in batches. */
export async function queryAssignments(
  graph: GraphClient,
  kind: AssignmentKind,
  queries: readonly RowQuery[],
): Promise<(RowPage | Error)[]> {
  const pages = await graph.pages<WireDirectorySchedule>(
    queries.map((query) => query.next ?? firstPage(kind, query)),
    { purpose: `listing ${kind} assignments of directory roles` },
  );
  return pages.map((page) => {
    if (page instanceof Error) return page;
    const rows = page.value.map((wire) => readSchedule(kind, roleOf(wire), wire));
    return page.next === undefined ? { rows } : { rows, next: page.next };
  });
}

/** The requests for each assignment; the service sorts and filters requests by nothing but the tuple. */
export function listRequests(
  graph: GraphClient,
  keys: readonly AssignmentKey[],
): Promise<(RequestRow[] | Error)[]> {
  return readRequestLists<WireRequest & WireDirectorySchedule>(
    graph,
    keys,
    requestsPath,
    (request, { role }) => scopeOf(request).toLowerCase() === directory(role).scope.toLowerCase(),
  );
}

function requestsPath({ kind, principalId, role }: AssignmentKey): string {
  const filter = `principalId eq '${principalId}' and roleDefinitionId eq '${directory(role).roleDefinitionId}'`;
  return `${ROOT}/${REQUESTS[kind]}?$filter=${encodeURIComponent(filter)}`;
}

/** Requests by id, in batches. */
export function readRequests(
  graph: GraphClient,
  requests: readonly RequestReference[],
): Promise<(RequestRow | Error | undefined)[]> {
  return readRequestsAt(
    graph,
    requests.map(({ key, requestId }) => requestPath(key, requestId)),
  );
}

function requestPath(key: AssignmentKey, requestId: string): string {
  return `${ROOT}/${REQUESTS[key.kind]}/${requestId}`;
}

export async function requestAssignment(
  graph: GraphClient,
  request: AssignmentRequest,
): Promise<RequestOutcome> {
  const role = directory(request.key.role);
  const body = {
    ...writeRequest(request),
    roleDefinitionId: role.roleDefinitionId,
    directoryScopeId: role.scope,
  };
  return readOutcome(await graph.post<WireRequest>(`${ROOT}/${REQUESTS[request.key.kind]}`, body));
}

export async function cancelRequest(
  graph: GraphClient,
  key: AssignmentKey,
  requestId: string,
): Promise<void> {
  await graph.post<void>(`${requestPath(key, requestId)}/cancel`, undefined);
}

function firstPage(kind: AssignmentKind, { roleDefinitionId, principalId }: RowQuery): string {
  const conditions = [
    ...(principalId === undefined ? [] : [`principalId eq '${principalId}'`]),
    ...(roleDefinitionId === undefined ? [] : [`roleDefinitionId eq '${roleDefinitionId}'`]),
  ];
  const filter =
    conditions.length === 0 ? "" : `$filter=${encodeURIComponent(conditions.join(" and "))}&`;
  return `${ROOT}/${SCHEDULES[kind]}?${filter}$expand=principal`;
}

function roleOf(wire: WireDirectorySchedule): DirectoryKey {
  return {
    surface: "directoryRoles",
    roleDefinitionId: wire.roleDefinitionId.toLowerCase(),
    scope: scopeOf(wire),
  };
}

function scopeOf(wire: { directoryScopeId?: string | null; appScopeId?: string | null }): string {
  // A row with an app scope alone belongs to entitlement management; the prefix keeps it apart from ours.
  return wire.directoryScopeId ?? `app:${wire.appScopeId ?? "/"}`;
}

function directory(role: RoleKey): DirectoryKey {
  if (role.surface === "directoryRoles") return role;
  throw new TypeError(`a ${role.surface} key reached the directory roles`);
}
