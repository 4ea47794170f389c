import { isNotFound, type ServiceError } from "../../http/errors";
import type { GraphClient, GraphVersion } from "../../http/graph";
import { type AssignmentKind, Decision, type Surface } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import type {
  ApprovalPlace,
  PeopleSurface,
  PersonRequest,
  RequestPlace,
  Review,
  SelfRequest,
  Standing,
  Verdict,
} from "../people";
import {
  type RoleFacts,
  readPersonRequest,
  readReview,
  readSelfOutcome,
  readStanding,
  type WireInstance,
  type WirePart,
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
  const { surface, root, requests, approvals } = dialect;
  const requestsPath = (kind: AssignmentKind) => `${root}/${requests[kind]}`;

  const standings = async (kind: AssignmentKind): Promise<Standing[]> => {
    const expand = dialect.expand.instances === "" ? "" : `?$expand=${dialect.expand.instances}`;
    const path = `${root}/${dialect.instances[kind]}/filterByCurrentUser(on='principal')${expand}`;
    const purpose = `listing your own ${kind} assignments`;
    const rows = await graph.list<WireInstance>(path, { purpose });
    return rows.map((wire) => readStanding(dialect.factsOf(wire), wire));
  };

  const listMine = (on: "principal" | "approver") => ({
    lists: KINDS.flatMap((kind) =>
      (on === "principal" ? [undefined] : openStatusesOf(kind)).map((status) => ({ kind, status })),
    ),
    path: ({ kind, status }: { kind: AssignmentKind; status: string | undefined }) => {
      const filter =
        status === undefined ? "" : `$filter=${encodeURIComponent(`status eq '${status}'`)}&`;
      return `${requestsPath(kind)}/filterByCurrentUser(on='${on}')?${filter}$expand=${dialect.expand.requests}`;
    },
  });

  /** Several listings in one trip; what is not granted of eligibility leaves the requests for activation. */
  const collect = async (on: "principal" | "approver", purpose: string) => {
    const { lists, path } = listMine(on);
    const answers = await graph.batchList<WirePersonRequest>(lists.map(path), { purpose });
    const rows = answers.flatMap((answer, index) => {
      const { kind = "active" } = lists[index] ?? {};
      if (answer instanceof Error) {
        if (index > 0 && isDispensable(answer)) return [];
        throw answer;
      }
      return answer.map((wire) => readPersonRequest(kind, dialect.factsOf(wire), wire));
    });
    return newestFirst(rows);
  };

  const ownRequests = () => collect("principal", "listing your own requests");

  return {
    surface,
    eligibilities: () => standings("eligible"),
    active: () => standings("active"),
    ownRequests,
    pendingApprovals: () => collect("approver", "listing what waits for your decision"),
    async send(request: SelfRequest, claims?: string) {
      const body = { ...writeSelfRequest(request), ...dialect.roleBody(request.role) };
      const purpose = `asking to ${request.action}`;
      const path = requestsPath(request.kind);
      return readSelfOutcome(await graph.post<WirePersonRequest>(path, body, { purpose, claims }));
    },
    async cancel({ id, kind }: RequestPlace) {
      const purpose = "cancelling a request";
      await graph.post<void>(`${requestsPath(kind)}/${id}/cancel`, undefined, { purpose });
    },
    /** Whoever may not read all requests reads their own, in one listing. */
    async follow(places: readonly RequestPlace[]) {
      const rows = await ownRequests();
      return places.map(({ id }) => rows.find((row) => row.id === id));
    },
    async decide(place: ApprovalPlace, verdict: Verdict) {
      const id = place.approvalId ?? place.id;
      try {
        // Approval, its only part and the request have one id.
        await patch(graph, dialect, id, id, verdict);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const partId = (await readParts(graph, dialect, id))?.partId ?? null;
        if (partId === null || partId === id) throw error;
        await patch(graph, dialect, id, partId, verdict);
      }
    },
    review: ({ id, approvalId }: ApprovalPlace) => readParts(graph, dialect, approvalId ?? id),
    names: (ids) => readNames(graph, ids),
  };

  function openStatusesOf(kind: AssignmentKind): readonly string[] {
    return kind === "active" ? OPEN : ["PendingAdminDecision"];
  }

  function isDispensable(error: ServiceError): boolean {
    return error.status === 400 || error.status === 403;
  }

  async function patch(
    client: GraphClient,
    { approvals: at }: PeopleDialect,
    id: string,
    partId: string,
    { decision, justification }: Verdict,
  ): Promise<void> {
    const reviewResult = decision === Decision.Approve ? "Approve" : "Deny";
    await client.patch<void>(
      `${at.path}/${id}/${at.part}/${partId}`,
      { reviewResult, justification },
      { version: at.version, purpose: `deciding about request ${id}` },
    );
  }

  async function readParts(
    client: GraphClient,
    { approvals: at }: PeopleDialect,
    id: string,
  ): Promise<Review | undefined> {
    try {
      const approval = await client.get<Partial<Record<"steps" | "stages", WirePart[]>>>(
        `${at.path}/${id}?$expand=${at.part}`,
        { version: at.version, purpose: `looking at the approval of request ${id}` },
      );
      return readReview(approval[approvals.part] ?? []);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** Newest first; the service sorts nothing. */
export function newestFirst(rows: readonly PersonRequest[]): PersonRequest[] {
  return [...rows].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
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
