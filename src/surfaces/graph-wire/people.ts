import { isNotFound, type ServiceError } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import type { GraphVersion } from "../../http/graph-call";
import { type AssignmentKind, Decision, type Surface } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import { newestFirst } from "../../model/instant";
import type {
  ApprovalPlace,
  PeopleSurface,
  PersonRequest,
  RequestPlace,
  Review,
  SelfOutcome,
  SelfRequest,
  Standing,
  Verdict,
} from "../people";
import { readReview, type WirePart } from "../pim-wire/review";
import {
  type RoleFacts,
  readPersonRequest,
  readSelfOutcome,
  readStanding,
  type WireInstance,
  type WirePersonRequest,
  writeSelfRequest,
} from "./people-codec";

/** What differs between directory roles and groups on Graph. */
export interface PeopleDialect {
  surface: Surface;
  root: string;
  requests: Record<AssignmentKind, string>;
  instances: Record<AssignmentKind, string>;
  /** What a listing carries of the objects that it names. */
  expand: { instances: string; requests: string };
  /** The role that a row is about. */
  factsOf(wire: object): RoleFacts;
  /** The members of a request's body that name the role. */
  roleBody(role: RoleKey): object;
  approvals: { path: string; part: "steps" | "stages"; version: GraphVersion };
}

/** Statuses in which a request waits for somebody. */
const OPEN = ["PendingApproval", "PendingApprovalProvisioning", "PendingAdminDecision"] as const;

const KINDS: readonly AssignmentKind[] = ["active", "eligible"];

/** Every member of a people's surface but what reads settings and lists everybody's requests. */
export function graphPeople(
  graph: GraphClient,
  dialect: PeopleDialect,
): Omit<PeopleSurface, "settings" | "allRequests"> {
  const at = { graph, dialect };
  const ownRequests = () => collect(at, "principal", "listing your own requests");
  return {
    surface: dialect.surface,
    eligibilities: () => standings(at, "eligible"),
    active: () => standings(at, "active"),
    ownRequests,
    pendingApprovals: () => collect(at, "approver", "listing what waits for your decision"),
    send: (request, claims) => send(at, request, claims),
    async cancel({ id, kind }: RequestPlace) {
      const path = `${requestsPath(dialect, kind)}/${id}/cancel`;
      await graph.post<void>(path, undefined, { purpose: "cancelling a request" });
    },
    // Whoever may not read all requests reads their own, in one listing.
    async follow(places: readonly RequestPlace[]) {
      const rows = await ownRequests();
      return places.map(({ id }) => rows.find((row) => row.id === id));
    },
    decide: (place, verdict) => decide(at, place, verdict),
    review: ({ id, approvalId }: ApprovalPlace) => readParts(at, approvalId ?? id),
    names: (ids) => readNames(graph, ids),
  };
}

interface At {
  graph: GraphClient;
  dialect: PeopleDialect;
}

async function standings({ graph, dialect }: At, kind: AssignmentKind): Promise<Standing[]> {
  const expand = dialect.expand.instances === "" ? "" : `?$expand=${dialect.expand.instances}`;
  const list = `${dialect.root}/${dialect.instances[kind]}`;
  const rows = await graph.list<WireInstance>(
    `${list}/filterByCurrentUser(on='principal')${expand}`,
    { purpose: `listing your own ${kind} assignments` },
  );
  return rows.map((wire) => readStanding(dialect.factsOf(wire), wire));
}

/** Several listings in one trip; what is not granted of eligibility leaves the requests for activation. */
async function collect(
  { graph, dialect }: At,
  on: "principal" | "approver",
  purpose: string,
): Promise<PersonRequest[]> {
  const lists = KINDS.flatMap((kind) =>
    (on === "principal" ? [undefined] : openStatusesOf(kind)).map((status) => ({ kind, status })),
  );
  const paths = lists.map(({ kind, status }) => {
    const filter =
      status === undefined ? "" : `$filter=${encodeURIComponent(`status eq '${status}'`)}&`;
    const mine = `${requestsPath(dialect, kind)}/filterByCurrentUser(on='${on}')`;
    return `${mine}?${filter}$expand=${dialect.expand.requests}`;
  });
  const answers = await graph.batchList<WirePersonRequest>(paths, { purpose });
  const rows = answers.flatMap((answer, index) => {
    const { kind = "active" } = lists[index] ?? {};
    if (!(answer instanceof Error))
      return answer.map((wire) => readPersonRequest(kind, dialect.factsOf(wire), wire));
    if (index > 0 && isDispensable(answer)) return [];
    throw answer;
  });
  return newestFirst(rows);
}

async function send(
  { graph, dialect }: At,
  request: SelfRequest,
  claims: string | undefined,
): Promise<SelfOutcome> {
  const body = { ...writeSelfRequest(request), ...dialect.roleBody(request.role) };
  const purpose = `asking to ${request.action}`;
  const path = requestsPath(dialect, request.kind);
  return readSelfOutcome(await graph.post<WirePersonRequest>(path, body, { purpose, claims }));
}

async function decide(at: At, place: ApprovalPlace, verdict: Verdict): Promise<void> {
  const id = place.approvalId ?? place.id;
  try {
    // Approval, its only part and the request have one id.
    await patch(at, id, id, verdict);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const partId = (await readParts(at, id))?.partId ?? null;
    if (partId === null || partId === id) throw error;
    await patch(at, id, partId, verdict);
  }
}

async function patch(
  { graph, dialect: { approvals } }: At,
  id: string,
  partId: string,
  { decision, justification }: Verdict,
): Promise<void> {
  const reviewResult = decision === Decision.Approve ? "Approve" : "Deny";
  await graph.patch<void>(
    `${approvals.path}/${id}/${approvals.part}/${partId}`,
    { reviewResult, justification },
    { version: approvals.version, purpose: `deciding about request ${id}` },
  );
}

async function readParts(
  { graph, dialect: { approvals } }: At,
  id: string,
): Promise<Review | undefined> {
  try {
    const approval = await graph.get<Partial<Record<"steps" | "stages", WirePart[]>>>(
      `${approvals.path}/${id}?$expand=${approvals.part}`,
      { version: approvals.version, purpose: `looking at the approval of request ${id}` },
    );
    return readReview(approval[approvals.part] ?? []);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function requestsPath({ root, requests }: PeopleDialect, kind: AssignmentKind): string {
  return `${root}/${requests[kind]}`;
}

function openStatusesOf(kind: AssignmentKind): readonly string[] {
  return kind === "active" ? OPEN : ["PendingAdminDecision"];
}

/** A status that the service does not know, or a permission for eligibility that was not granted. */
function isDispensable({ status }: ServiceError): boolean {
  return status === 400 || status === 403;
}

const MOST_IDS = 1000;

/** Names of directory objects; objects that are gone have none. */
export async function readNames(
  graph: GraphClient,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  const names = new Map<string, string>();
  for (let at = 0; at < wanted.length; at += MOST_IDS) {
    const body = { ids: wanted.slice(at, at + MOST_IDS), types: ["user", "group"] };
    const { value } = await graph.post<{ value: NamedObject[] }>(
      "/directoryObjects/getByIds",
      body,
      {
        purpose: "reading names",
        repeatable: true,
      },
    );
    for (const { id, userPrincipalName, displayName } of value)
      names.set(id.toLowerCase(), userPrincipalName ?? displayName ?? id);
  }
  return names;
}

interface NamedObject {
  id: string;
  displayName?: string | null;
  userPrincipalName?: string | null;
}
