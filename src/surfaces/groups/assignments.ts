import { isNotFound } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import type { GraphPage } from "../../http/graph-pages";
import type { AssignmentKind, GroupAccess } from "../../model/constants";
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
import type { GroupReads } from "./group-reads";

const ROOT = "/identityGovernance/privilegedAccess/group";
const SCHEDULES = { eligible: "eligibilitySchedules", active: "assignmentSchedules" } as const;
const REQUESTS = {
  eligible: "eligibilityScheduleRequests",
  active: "assignmentScheduleRequests",
} as const;

/** One side of a group. */
export type GroupKey = Extract<RoleKey, { surface: "groups" }>;

interface WireGroupSchedule extends WireSchedule {
  groupId: string;
  accessId: string;
}

interface WireGroupRequest extends WireRequest {
  groupId: string;
  accessId: string;
}

/** The path of a group's schedules: the service lists no more than one group, or one principal, at a time. */
export function schedulesPath(kind: AssignmentKind, groupId: string): string {
  return `${ROOT}/${SCHEDULES[kind]}?$filter=${encodeURIComponent(`groupId eq '${groupId}'`)}`;
}

/** The paths of all assignments of one principal, in whichever group. */
export function schedulesOf(principalId: string): string[] {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  return Object.values(SCHEDULES).map((schedules) => `${ROOT}/${schedules}?$filter=${filter}`);
}

/** One page for each query; first pages of whole groups may have been read ahead. */
export async function queryAssignments(
  graph: GraphClient,
  reads: GroupReads,
  kind: AssignmentKind,
  queries: readonly RowQuery[],
): Promise<(RowPage | Error)[]> {
  const others = queries.filter((query) => !isWhole(query));
  const firsts = queries.map((query) =>
    isWhole(query) ? settled(reads.first(kind, query.partition)) : undefined,
  );
  const pages = await readRest(
    graph,
    kind,
    others.map((query) => query.next ?? pathOf(kind, query)),
  );
  const answers = await Promise.all(
    queries.map((query, index) => firsts[index] ?? pages[others.indexOf(query)]),
  );
  return answers.map((page) => rowsIn(kind, page));
}

/** A single page that fails is thrown by the client, several are values. */
async function readRest(
  graph: GraphClient,
  kind: AssignmentKind,
  paths: readonly string[],
): Promise<(GraphPage<unknown> | Error)[]> {
  const purpose = `listing ${kind} assignments of groups`;
  const pages = await settled(graph.pages<unknown>(paths, { purpose }));
  return pages instanceof Error ? paths.map(() => pages) : pages;
}

/** The requests for each assignment; none for a group that PIM does not see. */
export async function listRequests(
  graph: GraphClient,
  keys: readonly AssignmentKey[],
): Promise<(RequestRow[] | Error)[]> {
  const lists = await settled(
    readRequestLists<WireGroupRequest>(
      graph,
      keys,
      requestsPath,
      ({ accessId }, { role }) => accessId.toLowerCase() === groupOf(role).access,
    ),
  );
  const each = lists instanceof Error ? keys.map(() => lists) : lists;
  return each.map((list) => (isNotFound(list) ? [] : list));
}

function requestsPath({ kind, principalId, role }: AssignmentKey): string {
  const filter = `groupId eq '${groupOf(role).groupId}' and principalId eq '${principalId}'`;
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

export async function requestAssignment(
  graph: GraphClient,
  request: AssignmentRequest,
): Promise<RequestOutcome> {
  const { groupId, access } = groupOf(request.key.role);
  const body = { ...writeRequest(request), groupId, accessId: access };
  return readOutcome(
    await graph.post<WireRequest>(`${ROOT}/${REQUESTS[request.key.kind]}`, body, {
      purpose: "requesting access to a group",
    }),
  );
}

export async function cancelRequest(
  graph: GraphClient,
  key: AssignmentKey,
  requestId: string,
): Promise<void> {
  await graph.post<void>(`${requestPath(key, requestId)}/cancel`, undefined);
}

function requestPath(key: AssignmentKey, requestId: string): string {
  return `${ROOT}/${REQUESTS[key.kind]}/${requestId}`;
}

/** The group and side that a key of this surface names. */
export function groupOf(role: RoleKey): GroupKey {
  if (role.surface === "groups") return role;
  throw new TypeError(`a ${role.surface} key reached the groups`);
}

function isWhole({ next, principalId, roleDefinitionId }: RowQuery): boolean {
  return next === undefined && principalId === undefined && roleDefinitionId === undefined;
}

/** A role of this surface is a side of the group; a principal's few rows are told apart by whoever asked for them. */
function pathOf(
  kind: AssignmentKind,
  { partition, principalId, roleDefinitionId }: RowQuery,
): string {
  const narrower =
    principalId !== undefined
      ? `principalId eq '${principalId}'`
      : `accessId eq '${roleDefinitionId ?? ""}'`;
  const filter = `groupId eq '${partition}' and ${narrower}`;
  return `${ROOT}/${SCHEDULES[kind]}?$filter=${encodeURIComponent(filter)}`;
}

function rowsIn(
  kind: AssignmentKind,
  page: GraphPage<unknown> | Error | undefined,
): RowPage | Error {
  // A group that was deleted, or that PIM does not see yet, has no assignments.
  if (isNotFound(page)) return { rows: [] };
  if (page === undefined || page instanceof Error)
    return page ?? new Error("a query without answer");
  const rows = (page.value as WireGroupSchedule[]).map((wire) =>
    readSchedule(kind, roleOf(wire), wire),
  );
  return page.next === undefined ? { rows } : { rows, next: page.next };
}

function roleOf(wire: WireGroupSchedule): GroupKey {
  return {
    surface: "groups",
    groupId: wire.groupId.toLowerCase(),
    access: wire.accessId.toLowerCase() as GroupAccess,
  };
}

/** An error as a value: one group that cannot be read fails alone. */
function settled<T>(reading: Promise<T>): Promise<T | Error> {
  return reading.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}
