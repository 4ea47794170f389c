import type { Call } from "../api";
import type { GrantKind, PimRequest, Schedule, Tuple } from "../pim/grant";
import type { Collection, Scanned } from "../store";
import { ACTIONS, isAllowed, principalsOf } from "./access";
import { type ArmCall, filterOf } from "./arm-api";
import { refuseArm } from "./arm-errors";
import type { ArmFilter } from "./arm-filter";
import { guidOfRoleId } from "./azure-roles";
import { mayDecideAzure } from "./azure-surface";

/** A row of a list, as it looks from the scope that was asked. */
export interface Listed<T> {
  seq: number;
  value: T;
}

const ROW_FILTERS = [
  "atScope()",
  "assignedTo()",
  "asTarget()",
  "principalId",
  "roleDefinitionId",
  "status",
  "memberType",
  "assignmentType",
  "roleAssignmentScheduleId",
  "roleEligibilityScheduleId",
];
const REQUEST_FILTERS = [
  "atScope()",
  "assignedTo()",
  "asTarget()",
  "asRequestor()",
  "asApprover()",
  "principalId",
  "roleDefinitionId",
  "status",
  "requestType",
  "requestorId",
];

/** The schedules that a scope shows: its own, those of the scopes above (inherited), and those below. */
export function schedulesAt(arm: ArmCall, kind: GrantKind): Listed<Schedule>[] {
  const filter = filterOf(arm.call, ROW_FILTERS);
  checkReader(arm, filter, ["astarget"]);
  const { schedules } = arm.call.tenant.arm.pim;
  const isOpen = notEnded(arm.call, kind);
  return rowsAt(arm, filter, schedules[kind])
    .filter(({ value }) => isOpen(value))
    .map((row) => ({ ...row, value: seenFrom(arm, filter, row.value) }))
    .filter(({ value }) => meets(filter, "membertype", value.memberType))
    .filter(({ value }) => meets(filter, "status", value.status))
    .filter(({ value }) => meets(filter, "assignmenttype", value.assignmentType))
    .filter(({ value }) => isOfSchedule(filter, kind, value));
}

/** The requests that a scope shows. */
export function requestsAt(arm: ArmCall, kind: GrantKind): Listed<PimRequest>[] {
  const { tenant, caller } = arm.call;
  const filter = filterOf(arm.call, REQUEST_FILTERS);
  checkReader(arm, filter, ["astarget", "asrequestor", "asapprover"]);
  return rowsAt(arm, filter, tenant.arm.pim.requests[kind]).filter(({ value }) => {
    if (filter.functions.has("asrequestor") && value.createdBy.id !== caller.id) return false;
    if (filter.functions.has("asapprover") && !isForApprover(arm.call, value)) return false;
    if (!meets(filter, "requestorid", value.createdBy.id)) return false;
    return meets(filter, "status", value.status) && meets(filter, "requesttype", value.action);
  });
}

/** Whether a schedule has not come to its end: what the service ended is gone at once. */
export function notEnded(call: Call, kind: GrantKind): (row: Schedule) => boolean {
  const now = call.tenant.clock.now();
  const current = call.tenant.arm.pim.schedules[kind];
  return (row) =>
    (row.window?.endAt ?? Number.POSITIVE_INFINITY) > now || current.get(row.id) !== undefined;
}

/** A row found by name, from its own scope or one below it. */
export function shownAt<T extends Tuple>(arm: ArmCall, row: T | undefined): T | undefined {
  if (row === undefined) return undefined;
  const relation = arm.call.tenant.arm.tree.relation(arm.scope.id, row.scopeId);
  return relation === "at" || relation === "above" ? row : undefined;
}

// A row of a scope above is the same row, told as inherited; EasyPIM saw it told as direct.
function seenFrom(arm: ArmCall, filter: ArmFilter, row: Schedule): Schedule {
  const { tenant } = arm.call;
  if (row.memberType !== "Direct") return row;
  const person = filter.functions.has("astarget")
    ? arm.call.caller.id
    : filter.functions.get("assignedto");
  if (person !== undefined && person !== row.principalId) return { ...row, memberType: "Group" };
  const isAbove = tenant.arm.tree.relation(arm.scope.id, row.scopeId) === "above";
  return isAbove && !tenant.settings.armInheritedRowsAreDirect
    ? { ...row, memberType: "Inherited" }
    : row;
}

function rowsAt<T extends Tuple & { readonly id: string }>(
  arm: ArmCall,
  filter: ArmFilter,
  rows: Collection<T>,
): Listed<T>[] {
  const { tree } = arm.call.tenant.arm;
  const onlyUpwards = filter.functions.has("atscope");
  const wantedRole = filter.equals
    .get("roledefinitionid")
    ?.map((id) => guidOfRoleId(id) ?? id.toLowerCase());
  return candidates(arm, filter, rows).filter(({ value }) => {
    const relation = tree.relation(arm.scope.id, value.scopeId);
    if (relation === "none" || (onlyUpwards && relation === "below")) return false;
    return wantedRole === undefined || wantedRole.includes(value.roleId);
  });
}

// By principal or by scope where the filter names one, else all: each in the order of their making.
function candidates<T extends Tuple & { readonly id: string }>(
  arm: ArmCall,
  filter: ArmFilter,
  rows: Collection<T>,
): Scanned<T>[] {
  const { tenant, caller } = arm.call;
  const principals = principalsWanted(filter, caller.id, (id) => principalsOf(tenant, id));
  if (principals !== undefined)
    return inOrder(principals.flatMap((value) => [...rows.scan({ key: "principalId", value })]));
  if (!filter.functions.has("atscope")) return [...rows.scan()];
  const lineage = tenant.arm.tree.lineage(arm.scope.id);
  return inOrder(lineage.flatMap((value) => [...rows.scan({ key: "scopeId", value })]));
}

function principalsWanted(
  filter: ArmFilter,
  callerId: string,
  withGroups: (id: string) => string[],
): string[] | undefined {
  const assigned = filter.functions.get("assignedto");
  if (filter.functions.has("astarget")) return withGroups(callerId);
  if (assigned !== undefined) return withGroups(assigned);
  const principal = filter.equals.get("principalid");
  return principal === undefined ? undefined : principal.map((id) => id.toLowerCase());
}

function inOrder<T>(rows: Scanned<T>[]): Scanned<T>[] {
  return rows.sort((left, right) => left.seq - right.seq);
}

function meets(filter: ArmFilter, member: string, value: string): boolean {
  const wanted = filter.equals.get(member);
  return wanted === undefined || wanted.some((text) => text.toLowerCase() === value.toLowerCase());
}

// Schedules are named by guid or by full id.
function isOfSchedule(filter: ArmFilter, kind: GrantKind, { id }: Schedule): boolean {
  const member = kind === "active" ? "roleassignmentscheduleid" : "roleeligibilityscheduleid";
  const wanted = filter.equals.get(member);
  return (
    wanted === undefined || wanted.some((text) => text.split("/").at(-1)?.toLowerCase() === id)
  );
}

function isForApprover(call: Call, request: PimRequest): boolean {
  return request.approval !== null && mayDecideAzure(call.tenant, request, call.caller.id);
}

// Whoever may not read the assignments of a scope may still ask for their own.
function checkReader(arm: ArmCall, filter: ArmFilter, own: readonly string[]): void {
  if (own.some((name) => filter.functions.has(name))) return;
  const { tenant, caller } = arm.call;
  if (!isAllowed(tenant, caller, ACTIONS.readAssignments, arm.scope.id))
    throw refuseArm.insufficientPermissions(caller.id);
}
