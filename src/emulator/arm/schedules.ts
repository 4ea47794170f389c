import { type Operation, ok, param, type Reply } from "../api";
import type { GrantKind, Schedule } from "../pim/grant";
import { ACTIONS, authorize, principalsOf } from "./access";
import { type ArmCall, atScope, listReply, TYPES } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { notEnded, schedulesAt, shownAt } from "./listing";
import { instanceName, instanceToWire, scheduleToWire } from "./wire";

/** Schedules and instances of Azure roles: read only. */
export const azureScheduleOperations: readonly Operation[] = [
  ...operations("eligible", "roleEligibilitySchedule"),
  ...operations("active", "roleAssignmentSchedule"),
];

function operations(kind: GrantKind, name: string): Operation[] {
  return [
    ...atScope("GET", `${name}s`, { ...TYPES.schedules, name: `${name}s` }, (arm) =>
      listSchedules(arm, kind),
    ),
    ...atScope("GET", `${name}s/{name}`, TYPES.schedules, (arm) => getSchedule(arm, kind)),
    ...atScope("GET", `${name}Instances`, TYPES.schedules, (arm) => listInstances(arm, kind)),
    ...atScope("GET", `${name}Instances/{name}`, TYPES.schedules, (arm) => getInstance(arm, kind)),
  ];
}

function listSchedules(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const rows = schedulesAt(arm, kind);
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({ seq, wire: () => scheduleToWire(tenant, value) })),
  );
}

function getSchedule(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const name = param(arm.call, "name");
  const row = shownAt(arm, tenant.arm.pim.schedules[kind].read(name));
  if (row === undefined || !notEnded(arm.call, kind)(row))
    throw refuseArm.scheduleNotFound(whatOf(kind, "Schedule"), name);
  checkReader(arm, row);
  return ok(scheduleToWire(tenant, row));
}

function listInstances(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const rows = schedulesAt(arm, kind).filter(({ value }) => value.status === "Provisioned");
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({ seq, wire: () => instanceToWire(tenant, value) })),
  );
}

function getInstance(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const name = param(arm.call, "name").toLowerCase();
  const isOpen = notEnded(arm.call, kind);
  for (const { value } of tenant.arm.pim.schedules[kind].scan()) {
    if (instanceName(value) !== name || value.status !== "Provisioned" || !isOpen(value)) continue;
    if (shownAt(arm, value) === undefined) break;
    checkReader(arm, value);
    return ok(instanceToWire(tenant, value));
  }
  throw refuseArm.scheduleNotFound(whatOf(kind, "ScheduleInstance"), name);
}

function checkReader(arm: ArmCall, row: Schedule): void {
  const { tenant, caller } = arm.call;
  if (principalsOf(tenant, caller.id).includes(row.principalId)) return;
  authorize(tenant, caller, ACTIONS.readAssignments, arm.scope.id);
}

function whatOf(kind: GrantKind, what: string): string {
  return `Role${kind === "active" ? "Assignment" : "Eligibility"}${what}`;
}
