import type { GraphClient } from "../../http/graph";
import type { GroupAccess } from "../../model/constants";
import { newestFirst } from "../../model/instant";
import { objectIdIn } from "../../model/principal";
import { graphPeople, type PeopleDialect, readNames } from "../graph-wire/people";
import { readPersonRequest, type WirePersonRequest } from "../graph-wire/people-codec";
import { readPolicy, type WirePolicyAssignment } from "../graph-wire/policies";
import type { PeopleSurface, RoleOffer } from "../people";
import type { LivePolicy } from "../surface";
import { groupOf } from "./assignments";
import { groupPoliciesPath } from "./settings";

const ROOT = "/identityGovernance/privilegedAccess/group";

/** Groups whose settings come with one request. */
const PER_TRIP = 20;

const DIALECT: PeopleDialect = {
  surface: "groups",
  root: ROOT,
  requests: { eligible: "eligibilityScheduleRequests", active: "assignmentScheduleRequests" },
  instances: { eligible: "eligibilityScheduleInstances", active: "assignmentScheduleInstances" },
  // A group that is asked for this way is answered as null: its name is looked up apart.
  expand: { instances: "", requests: "principal" },
  factsOf: (wire) => {
    const { groupId, accessId } = wire as { groupId: string; accessId: string };
    const access = accessId.toLowerCase() as GroupAccess;
    return { role: { surface: "groups", groupId: groupId.toLowerCase(), access }, roleName: null };
  },
  roleBody: (role) => {
    const { groupId, access } = groupOf(role);
    return { groupId, accessId: access };
  },
  approvals: { path: `${ROOT}/assignmentApprovals`, part: "stages", version: "v1.0" },
};

/** PIM for Groups, as the person who signed in sees it. */
export function groupPeople(graph: GraphClient): PeopleSurface {
  const people = graphPeople(graph, DIALECT);
  const named = async <Row extends RoleOffer & { roleName: string | null }>(
    reading: Promise<Row[]>,
  ): Promise<Row[]> => withNames(graph, await reading);
  return {
    ...people,
    eligibilities: () => named(people.eligibilities()),
    active: () => named(people.active()),
    ownRequests: () => named(people.ownRequests()),
    pendingApprovals: () => named(people.pendingApprovals()),
    allRequests: (scope) => {
      const groupId = scope === undefined ? undefined : objectIdIn(scope);
      return named(listRequests(graph, groupId === undefined ? seenByCaller() : ofGroup(groupId)));
    },
    settings: (roles, calls) => readSettings(graph, roles, calls),
  };
}

type Kind = keyof typeof DIALECT.requests;
const KINDS: readonly Kind[] = ["active", "eligible"];

/** There is no listing over all groups: without one that is named, what the person sent and what waits for them. */
function seenByCaller(): RequestListing[] {
  return ["principal", "createdBy", "approver"].flatMap((on) =>
    KINDS.map((kind) => ({ kind, query: `/filterByCurrentUser(on='${on}')?$expand=principal` })),
  );
}

function ofGroup(groupId: string): RequestListing[] {
  const filter = encodeURIComponent(`groupId eq '${groupId}'`);
  return KINDS.map((kind) => ({ kind, query: `?$filter=${filter}&$expand=principal` }));
}

interface RequestListing {
  kind: Kind;
  query: string;
}

async function listRequests(graph: GraphClient, listings: readonly RequestListing[]) {
  const answers = await graph.batchList<WirePersonRequest>(
    listings.map(({ kind, query }) => `${ROOT}/${DIALECT.requests[kind]}${query}`),
    { purpose: "listing requests" },
  );
  const rows = answers.flatMap((answer, index) => {
    if (answer instanceof Error) throw answer;
    const kind = listings[index]?.kind ?? "active";
    return answer.map((wire) => readPersonRequest(kind, DIALECT.factsOf(wire), wire));
  });
  return newestFirst([...new Map(rows.map((row) => [row.id, row])).values()]);
}

/** Whoever may not read groups sees their ids. */
async function withNames<Row extends RoleOffer & { roleName: string | null }>(
  graph: GraphClient,
  rows: readonly Row[],
): Promise<Row[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ role }) => groupOf(role).groupId);
  const names = await readNames(graph, ids).catch(() => new Map<string, string>());
  return rows.map((row) => ({ ...row, roleName: names.get(groupOf(row.role).groupId) ?? null }));
}

async function readSettings(
  graph: GraphClient,
  offers: readonly RoleOffer[],
  calls: number,
): Promise<(LivePolicy | Error | undefined)[]> {
  const ids = [...new Set(offers.map(({ role }) => groupOf(role).groupId))];
  const asked = ids.slice(0, calls * PER_TRIP);
  const answers = await graph.batchList<WirePolicyAssignment>(asked.map(groupPoliciesPath), {
    purpose: "reading the settings of groups",
  });
  const byGroup = new Map(asked.map((id, index) => [id, answers[index]]));
  return offers.map(({ role }) => {
    const { groupId, access } = groupOf(role);
    const entries = byGroup.get(groupId);
    if (entries === undefined || entries instanceof Error) return entries;
    const entry = entries.find(({ roleDefinitionId }) => roleDefinitionId.toLowerCase() === access);
    return entry === undefined ? undefined : readPolicy(role, entry);
  });
}
