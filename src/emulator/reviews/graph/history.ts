import { type Call, created, type Operation, objectBody, param, type Reply } from "../../api";
import { postTime, readTime } from "../../clock";
import { refuse } from "../../errors";
import { type EntitySet, entity, sourceOf } from "../../respond";
import { activePrincipals } from "../../roles/directory-book";
import { type Json, readAs } from "../../schema";
import { actorToWire } from "./decision-wire";
import type { GraphHistory } from "./graph-reviews";
import { REVIEW_PERMISSIONS } from "./permissions";
import { callerOf, listAll, reviewOperation } from "./review-call";
import { REVIEWS_PATH } from "./review-sets";

const DAY_MS = 86_400_000;
const ONE = "historyDefinitions/{history}";
const { history: rights } = REVIEW_PERMISSIONS;

/** Reports of what was decided: reading them needs the permission to write, too. */
export const historyOperations: readonly Operation[] = [
  reviewOperation("GET", "historyDefinitions", rights, (call) =>
    listAll(call, HISTORIES, call.tenant.reviews.histories, (one) => isShown(call, one)),
  ),
  reviewOperation("POST", "historyDefinitions", rights, create),
  reviewOperation("GET", ONE, rights, (call) => entity(call, HISTORIES, historyOf(call))),
  reviewOperation("GET", `${ONE}/instances`, rights, (call) => {
    const history = historyOf(call);
    return listAll(call, instancesOf(history), sourceOf([history]));
  }),
  reviewOperation("GET", `${ONE}/instances/{instance}`, rights, (call) => {
    const history = instanceOf(call);
    return entity(call, instancesOf(history), history);
  }),
  reviewOperation("POST", `${ONE}/instances/{instance}/generateDownloadUri`, rights, (call) => {
    const history = instanceOf(call);
    history.linkedAt = call.tenant.clock.now();
    return entity(call, instancesOf(history), history);
  }),
];

const HISTORIES: EntitySet<GraphHistory> = {
  context: `${REVIEWS_PATH}/historyDefinitions`,
  type: "accessReviewHistoryDefinition",
  service: "directory",
  typed: true,
  // A report is made before it is asked for again.
  toWire: (history, call) => historyToWire(call, history, "done"),
  filter: { displayName: "eq startswith", status: "eq", createdDateTime: "eq ge gt le lt" },
  expand: { instances: (history, call) => [instanceToWire(call, history)] },
  contained: ["instances"],
};

function instancesOf(history: GraphHistory): EntitySet<GraphHistory> {
  return {
    context: `${HISTORIES.context}('${history.id}')/instances`,
    type: "accessReviewHistoryInstance",
    service: "directory",
    typed: true,
    toWire: (one, call) => instanceToWire(call, one),
    filter: { id: "eq", status: "eq" },
  };
}

// After 30 days it is gone; people without a wide role see their own only.
function isShown(call: Call, history: GraphHistory): boolean {
  if (call.tenant.clock.now() >= history.createdAt + 30 * DAY_MS) return false;
  const { kind, id } = call.caller;
  const seeAll = () =>
    activePrincipals(call.tenant, ["Global Administrator", "Global Reader"]).includes(id);
  return kind === "app" || history.createdBy.id === id || seeAll();
}

function historyOf(call: Call): GraphHistory {
  const history = call.tenant.reviews.histories.read(param(call, "history"));
  if (history === undefined || !isShown(call, history)) throw refuse.scopeNotFound();
  return history;
}

function instanceOf(call: Call): GraphHistory {
  const history = historyOf(call);
  // Its one instance has the same id (tutorial).
  if (param(call, "instance").toLowerCase() !== history.id) throw refuse.scopeNotFound();
  return history;
}

const DECISIONS = ["approve", "deny", "dontKnow", "notReviewed", "notNotified"];

function create(call: Call): Reply {
  const { tenant } = call;
  const body = objectBody(call);
  for (const member of ["displayName", "scopes"])
    if (body[member] == null) throw refuse.missingProperty(member);
  const period = ["reviewHistoryPeriodStartDateTime", "reviewHistoryPeriodEndDateTime"];
  const missing = period.find((member) => body[member] == null);
  // Documented as not supported yet: without a period there is nothing to report.
  if (missing !== undefined) throw refuse.missingProperty(missing);
  const { scopes, ...rest } = body;
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== "object" || scope === null))
    throw refuse.invalidValue("scopes");
  const read = readAs(call.version, "accessReviewHistoryDefinition", rest);
  const decisions = (read["decisions"] as string[] | undefined) ?? [];
  const history = tenant.reviews.histories.put({
    id: tenant.newId(),
    createdAt: tenant.clock.now(),
    createdBy: callerOf(call),
    facts: {
      displayName: read["displayName"],
      reviewHistoryPeriodStartDateTime: readTime(Date.parse(String(read[period[0] ?? ""]))),
      reviewHistoryPeriodEndDateTime: readTime(Date.parse(String(read[period[1] ?? ""]))),
      decisions: decisions.length === 0 ? DECISIONS : decisions,
      scopes: scopes.map((scope: Json) => ({ ...scope, queryRoot: scope["queryRoot"] ?? null })),
    },
    linkedAt: null,
  });
  const { body: wire } = entity(call, HISTORIES, history);
  const createdDateTime = postTime(history.createdAt, history.id);
  return created({ ...(wire as Json), status: "requested", createdDateTime });
}

function historyToWire(call: Call, history: GraphHistory, status: string): Json {
  return {
    id: history.id,
    ...history.facts,
    status,
    createdDateTime: readTime(history.createdAt),
    createdBy: actorToWire(call, history.createdBy),
    ...(call.version === "beta" && { downloadUri: null, fulfilledDateTime: null }),
  };
}

function instanceToWire(call: Call, history: GraphHistory): Json {
  const { reviewHistoryPeriodStartDateTime, reviewHistoryPeriodEndDateTime } = history.facts;
  const { linkedAt } = history;
  const isLinked = linkedAt !== null && call.tenant.clock.now() < linkedAt + DAY_MS;
  return {
    id: history.id,
    reviewHistoryPeriodStartDateTime,
    reviewHistoryPeriodEndDateTime,
    status: "done",
    runDateTime: readTime(history.createdAt),
    fulfilledDateTime: readTime(history.createdAt),
    downloadUri: isLinked ? downloadUri(call, history, linkedAt) : null,
    expirationDateTime: readTime(history.createdAt + 30 * DAY_MS),
  };
}

// Where the service keeps its reports is a storage account; what is in them is published nowhere.
function downloadUri(call: Call, history: GraphHistory, at: number): string {
  const query = new URLSearchParams({
    st: readTime(at),
    se: readTime(at + DAY_MS),
    sp: "r",
    sig: Buffer.from(history.id).toString("base64url"),
  });
  return `${call.origin}/reports/${history.id}.csv?${query.toString()}`;
}
