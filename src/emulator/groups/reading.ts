import { type Call, param, type Reply } from "../api";
import { refuse } from "../errors";
import { fixedValues } from "../odata-filter";
import type { GrantKind, PimRequest, Schedule } from "../pim/grant";
import { ownRequests, unknownOn } from "../pim/own";
import { type EntitySet, functionResult, list, type Source, sourceOf } from "../respond";
import { mayDecideGroup } from "./group-surface";
import { GROUP_INSTANCES, GROUP_REQUESTS, GROUP_SCHEDULES } from "./group-wire";
import { checkGroupRights, checkPrincipalRights } from "./permissions";

/** Lists requests: of a group or of a principal, in the order asked for. */
export function listRequests(call: Call, kind: GrantKind): Reply {
  checkFilter(call);
  return listOrdered(call, GROUP_REQUESTS[kind], call.tenant.groupPim.requests[kind]);
}

/** Lists one's own requests: about oneself, sent by oneself, or waiting for oneself. */
export function listMyRequests(call: Call, kind: GrantKind): Reply {
  const isOwn = ownRequests(call, mayDecideGroup);
  const { [kind]: requests } = call.tenant.groupPim.requests;
  return listOrdered(call, functionResult(GROUP_REQUESTS[kind]), requests, isOwn);
}

/** Lists schedules of a group or of a principal. */
export function listSchedules(call: Call, kind: GrantKind): Reply {
  checkFilter(call);
  return list(
    call,
    GROUP_SCHEDULES[kind],
    call.tenant.groupPim.schedules[kind],
    notEnded(call, kind),
  );
}

/** Lists one's own schedules. */
export function listMySchedules(call: Call, kind: GrantKind): Reply {
  checkOnPrincipal(call);
  const isOpen = notEnded(call, kind);
  const isMine = (row: Schedule) => row.principalId === call.caller.id && isOpen(row);
  return list(
    call,
    functionResult(GROUP_SCHEDULES[kind]),
    call.tenant.groupPim.schedules[kind],
    isMine,
  );
}

/** Lists instances of a group or of a principal. */
export function listInstances(call: Call, kind: GrantKind): Reply {
  checkFilter(call);
  return list(
    call,
    GROUP_INSTANCES[kind],
    call.tenant.groupPim.schedules[kind],
    inForce(call, kind),
  );
}

/** Lists one's own instances, those through a group included. */
export function listMyInstances(call: Call, kind: GrantKind): Reply {
  checkOnPrincipal(call);
  const { directory } = call.tenant;
  const { id } = call.caller;
  const through = directory
    .linking(id, "members")
    .flatMap((group) => rowsOf(call, kind, group))
    .map((row): Schedule => ({ ...row, principalId: id, memberType: "Group" }));
  const rows = sourceOf([...rowsOf(call, kind, id), ...through]);
  return list(call, functionResult(GROUP_INSTANCES[kind]), rows, inForce(call, kind));
}

/** Whether a schedule has not come to its end: what the service ended is gone at once. */
export function notEnded(call: Call, kind: GrantKind): (row: Schedule) => boolean {
  const now = call.tenant.clock.now();
  const { [kind]: current } = call.tenant.groupPim.schedules;
  return (row) =>
    (row.window?.endAt ?? Number.POSITIVE_INFINITY) > now || current.get(row.id) !== undefined;
}

/** Whether a schedule is in force. */
export function inForce(call: Call, kind: GrantKind): (row: Schedule) => boolean {
  const isOpen = notEnded(call, kind);
  return (row) => row.status === "Provisioned" && isOpen(row);
}

// There is no tenant-wide list: a group or a principal has to be named.
function checkFilter(call: Call): void {
  const fixed = fixedValues(call.query.filter);
  const groupId = fixed.get("groupId");
  const principalId = fixed.get("principalId");
  if (groupId === undefined && principalId === undefined) throw refuse.missingParameters();
  if (groupId === undefined) {
    checkPrincipalRights(call, principalId ?? "");
    return;
  }
  if (call.tenant.directory.groups.get(groupId) === undefined) throw refuse.scopeNotFound();
  if (principalId !== call.caller.id) checkGroupRights(call, groupId, "read");
}

// Requests of groups take `$orderby=createdDateTime`, as terraform sends it; other PIM lists refuse any.
function listOrdered(
  call: Call,
  set: EntitySet<PimRequest>,
  source: Source<PimRequest>,
  keep?: (row: PimRequest) => boolean,
): Reply {
  const { orderby, ...query } = call.query;
  const [order] = orderby ?? [];
  if (order === undefined) return list(call, set, source, keep);
  if (order.path !== "createdDateTime" || orderby?.length !== 1) throw refuse.invalidFilter("");
  const sign = order.descending ? -1 : 1;
  const sorted = [...source.scan({})]
    .map(({ value }) => value)
    .sort((left, right) => sign * (left.createdAt - right.createdAt));
  return list({ ...call, query }, set, sourceOf(sorted), keep);
}

function checkOnPrincipal(call: Call): void {
  if (param(call, "on").toLowerCase() !== "principal") throw unknownOn(call);
}

function rowsOf(call: Call, kind: GrantKind, principalId: string): Schedule[] {
  const rows = call.tenant.groupPim.schedules[kind].scan({
    key: "principalId",
    value: principalId,
  });
  return [...rows].map(({ value }) => value);
}
