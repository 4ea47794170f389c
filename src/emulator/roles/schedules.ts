import { type Call, type Operation, param } from "../api";
import { refuse } from "../errors";
import { partsOfAssignmentId } from "../ids";
import { PERMISSIONS } from "../permissions";
import type { GrantKind, Schedule } from "../pim/grant";
import { needingLicence } from "../pim/licence";
import { unknownOn } from "../pim/own";
import { entity, functionResult, list, type Source, sourceOf } from "../respond";
import type { Collection } from "../store";
import { INSTANCE_SETS, instanceId, SCHEDULE_SETS } from "./pim-wire";

/** Schedules and instances of directory roles: read only. */
export const scheduleOperations: readonly Operation[] = needingLicence([
  ...operations("eligible", "/roleManagement/directory/roleEligibilitySchedule"),
  ...operations("active", "/roleManagement/directory/roleAssignmentSchedule"),
]);

function operations(kind: GrantKind, path: string): Operation[] {
  const read = kind === "eligible" ? PERMISSIONS.eligibleRead : PERMISSIONS.activeRead;
  const mine = kind === "eligible" ? PERMISSIONS.eligibleMine : PERMISSIONS.activeMine;
  return [
    {
      method: "GET",
      path: `${path}s`,
      permission: read,
      run: (call) => list(call, SCHEDULE_SETS[kind], schedules(call, kind), notEnded(call, kind)),
    },
    {
      method: "GET",
      path: `${path}s/filterByCurrentUser(on='{on}')`,
      permission: mine,
      run: (call) => {
        checkOn(call);
        return list(
          call,
          functionResult(SCHEDULE_SETS[kind]),
          schedules(call, kind),
          (row) => row.principalId === call.caller.id && notEnded(call, kind)(row),
        );
      },
    },
    {
      method: "GET",
      path: `${path}s/{id}`,
      permission: read,
      run: (call) => entity(call, SCHEDULE_SETS[kind], scheduleOf(call, kind)),
    },
    {
      method: "GET",
      path: `${path}Instances`,
      permission: read,
      run: (call) => list(call, INSTANCE_SETS[kind], schedules(call, kind), inForce(call, kind)),
    },
    {
      method: "GET",
      path: `${path}Instances/filterByCurrentUser(on='{on}')`,
      permission: mine,
      run: (call) => {
        checkOn(call);
        return list(
          call,
          functionResult(INSTANCE_SETS[kind]),
          withGroupRows(call, kind),
          inForce(call, kind),
        );
      },
    },
    {
      method: "GET",
      path: `${path}Instances/{id}`,
      permission: read,
      run: (call) => entity(call, INSTANCE_SETS[kind], instanceOf(call, kind)),
    },
  ];
}

function schedules(call: Call, kind: GrantKind): Source<Schedule> {
  return call.tenant.directoryPim.schedules[kind];
}

/**
 * Whether a schedule has not come to its end. What the service has ended is gone at once, also where other writes
 * are seen late; the last administrator's row outlives its end because the service then keeps it.
 */
export function notEnded(call: Call, kind: GrantKind): (row: Schedule) => boolean {
  const now = call.tenant.clock.now();
  const { [kind]: current } = call.tenant.directoryPim.schedules;
  return (row) =>
    (row.window?.endAt ?? Number.POSITIVE_INFINITY) > now || current.get(row.id) !== undefined;
}

/** Whether a schedule is in force, so that it is an instance. */
export function inForce(call: Call, kind: GrantKind): (row: Schedule) => boolean {
  const isOpen = notEnded(call, kind);
  return (row) => row.status === "Provisioned" && isOpen(row);
}

function checkOn(call: Call): void {
  if (param(call, "on").toLowerCase() === "principal") return;
  throw unknownOn(call);
}

function scheduleOf(call: Call, kind: GrantKind): Schedule {
  const found = call.tenant.directoryPim.schedules[kind].read(param(call, "id"));
  if (found === undefined || !notEnded(call, kind)(found)) throw refuse.scheduleNotFound();
  return found;
}

// The principal is written into the id, so that its few rows are all there is to search.
function instanceOf(call: Call, kind: GrantKind): Schedule {
  const id = param(call, "id");
  const value = partsOfAssignmentId(id)?.principalId ?? "";
  for (const row of call.tenant.directoryPim.schedules[kind].scan({ key: "principalId", value })) {
    if (instanceId(row.value) === id && inForce(call, kind)(row.value)) return row.value;
  }
  throw refuse.scheduleNotFound();
}

// Instances of one's own include those that come through a group, told as memberType Group.
function withGroupRows(call: Call, kind: GrantKind): Source<Schedule> {
  const { directory, directoryPim } = call.tenant;
  const { id } = call.caller;
  const own = rowsOf(directoryPim.schedules[kind], id);
  const through = directory
    .linking(id, "members")
    .flatMap((group) => rowsOf(directoryPim.schedules[kind], group))
    .map((row): Schedule => ({ ...row, principalId: id, memberType: "Group" }));
  return sourceOf([...own, ...through]);
}

function rowsOf(rows: Collection<Schedule>, principalId: string): Schedule[] {
  return [...rows.scan({ key: "principalId", value: principalId })].map((row) => row.value);
}
