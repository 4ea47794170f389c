import { type Call, type Operation, param } from "../api";
import { refuse } from "../errors";
import type { GrantKind, Schedule } from "../pim/grant";
import { entity } from "../respond";
import { GROUP_INSTANCES, GROUP_PATH, GROUP_SCHEDULES } from "./group-wire";
import { checkGroupRights, GROUP_PERMISSIONS } from "./permissions";
import {
  inForce,
  listInstances,
  listMyInstances,
  listMySchedules,
  listSchedules,
  notEnded,
} from "./reading";

/** Schedules and instances of members and owners: read only. */
export const groupScheduleOperations: readonly Operation[] = [
  ...operations("eligible", `/${GROUP_PATH}/eligibilitySchedule`),
  ...operations("active", `/${GROUP_PATH}/assignmentSchedule`),
];

function operations(kind: GrantKind, path: string): Operation[] {
  const permission = GROUP_PERMISSIONS.read[kind];
  const get = (suffix: string, run: Operation["run"]): Operation => ({
    method: "GET",
    path: `${path}${suffix}`,
    permission,
    run,
  });
  return [
    get("s", (call) => listSchedules(call, kind)),
    get("s/filterByCurrentUser(on='{on}')", (call) => listMySchedules(call, kind)),
    get("s/{id}", (call) =>
      entity(call, GROUP_SCHEDULES[kind], rowOf(call, kind, notEnded(call, kind))),
    ),
    get("Instances", (call) => listInstances(call, kind)),
    get("Instances/filterByCurrentUser(on='{on}')", (call) => listMyInstances(call, kind)),
    get("Instances/{id}", (call) =>
      entity(call, GROUP_INSTANCES[kind], rowOf(call, kind, inForce(call, kind))),
    ),
  ];
}

function rowOf(call: Call, kind: GrantKind, isShown: (row: Schedule) => boolean): Schedule {
  const row = call.tenant.groupPim.schedules[kind].read(param(call, "id"));
  if (row === undefined || !isShown(row)) throw refuse.scheduleNotFound();
  if (row.principalId !== call.caller.id) checkGroupRights(call, row.scopeId, "read");
  return row;
}
