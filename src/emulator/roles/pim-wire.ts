import type { Call } from "../api";
import { NEVER, postTime, readTime } from "../clock";
import { navigated } from "../directory/sets";
import { eligibleInstanceId, roleAssignmentId } from "../ids";
import type { GrantKind, PimRequest, Schedule, Tuple, Window } from "../pim/grant";
import { scheduleStart } from "../pim/window";
import type { EntitySet } from "../respond";
import type { Json } from "../schema";
import { expandedRole } from "./role-definitions";

const FILTERS = {
  id: "eq in",
  principalId: "eq ne in",
  roleDefinitionId: "eq ne in",
  directoryScopeId: "eq ne in",
  appScopeId: "eq ne",
};
const INDEXED = { principalId: "principalId", roleDefinitionId: "roleId" };

/** Schedules of directory roles. */
export const SCHEDULE_SETS: Readonly<Record<GrantKind, EntitySet<Schedule>>> = {
  eligible: scheduleSet("eligible"),
  active: scheduleSet("active"),
};

/** Schedules in force, as instances. */
export const INSTANCE_SETS: Readonly<Record<GrantKind, EntitySet<Schedule>>> = {
  eligible: instanceSet("eligible"),
  active: instanceSet("active"),
};

/** Requests, as later reads show them. */
export const REQUEST_SETS: Readonly<Record<GrantKind, EntitySet<PimRequest>>> = {
  eligible: requestSet("eligible"),
  active: requestSet("active"),
};

/** Id of the instance of a schedule. */
export function instanceId(schedule: Schedule): string {
  const { roleId, principalId, scopeId, kind } = schedule;
  return kind === "eligible"
    ? eligibleInstanceId(roleId, principalId, scopeId)
    : roleAssignmentId(roleId, principalId, scopeId);
}

/** A request as the POST that made it answers: times to seven digits. */
export function requestAtPost(request: PimRequest): Json {
  return requestToWire(request, (ms) => postTime(ms, request.id), request.createdAt);
}

function scheduleSet(kind: GrantKind): EntitySet<Schedule> {
  return {
    context: `roleManagement/directory/${kind === "eligible" ? "roleEligibilitySchedules" : "roleAssignmentSchedules"}`,
    type: kind === "eligible" ? "unifiedRoleEligibilitySchedule" : "unifiedRoleAssignmentSchedule",
    service: "pim",
    toWire: scheduleToWire,
    filter: {
      ...FILTERS,
      memberType: "eq ne",
      assignmentType: "eq ne",
      status: "eq ne",
      createdUsing: "eq ne",
    },
    indexed: { ...INDEXED, createdUsing: "createdUsing" },
    expand: {
      ...tupleExpands(),
      ...(kind === "active" && { activatedUsing: usedEligibility(scheduleToWire) }),
    },
  };
}

function instanceSet(kind: GrantKind): EntitySet<Schedule> {
  const scheduleIdName =
    kind === "eligible" ? "roleEligibilityScheduleId" : "roleAssignmentScheduleId";
  return {
    context: `roleManagement/directory/${kind === "eligible" ? "roleEligibilityScheduleInstances" : "roleAssignmentScheduleInstances"}`,
    type:
      kind === "eligible"
        ? "unifiedRoleEligibilityScheduleInstance"
        : "unifiedRoleAssignmentScheduleInstance",
    service: "pim",
    toWire: instanceToWire,
    filter: {
      ...FILTERS,
      memberType: "eq ne",
      assignmentType: "eq ne",
      [scheduleIdName]: "eq ne",
      roleAssignmentOriginId: "eq ne",
      startDateTime: "ge le gt lt",
      endDateTime: "eq ge le gt lt",
    },
    indexed: INDEXED,
    expand: {
      ...tupleExpands(),
      ...(kind === "active" && { activatedUsing: usedEligibility(instanceToWire) }),
    },
  };
}

function requestSet(kind: GrantKind): EntitySet<PimRequest> {
  return {
    context: `roleManagement/directory/${kind === "eligible" ? "roleEligibilityScheduleRequests" : "roleAssignmentScheduleRequests"}`,
    type:
      kind === "eligible"
        ? "unifiedRoleEligibilityScheduleRequest"
        : "unifiedRoleAssignmentScheduleRequest",
    service: "pim",
    toWire: (request) => requestToWire(request, readTime, request.createdAt + READ_BACK_MS),
    // Seen live in 2026-05: `status eq …` on the plain list of assignment requests is an InvalidFilter.
    filter: {
      ...FILTERS,
      id: "eq ne in",
      targetScheduleId: "eq ne",
      action: "eq ne",
      createdDateTime: "ge le gt lt",
      ...(kind === "eligible" && { status: "eq ne" }),
    },
    indexed: { ...INDEXED, targetScheduleId: "targetScheduleId" },
    expand: {
      ...tupleExpands(),
      targetSchedule: (request, call) => {
        const schedule = call.tenant.directoryPim.schedules[kind].read(
          request.targetScheduleId ?? "",
        );
        return schedule === undefined ? null : scheduleToWire(schedule, call);
      },
      ...(kind === "active" && { activatedUsing: usedEligibility(scheduleToWire) }),
    },
  };
}

// Seen live: a later GET shows createdDateTime about half a second after what the POST answered.
const READ_BACK_MS = 560;

function scheduleToWire(schedule: Schedule, call: Call): Json {
  return {
    id: schedule.id,
    principalId: schedule.principalId,
    roleDefinitionId: schedule.roleId,
    ...scopes(schedule),
    createdUsing: schedule.createdUsing,
    createdDateTime: instant(schedule.createdAt),
    modifiedDateTime: instant(schedule.modifiedAt) ?? (schedule.kind === "eligible" ? NEVER : null),
    status: schedule.status,
    ...(schedule.kind === "active" && { assignmentType: schedule.assignmentType }),
    memberType: schedule.memberType,
    scheduleInfo: {
      startDateTime: scheduleStart(schedule, call.tenant.clock.now()),
      recurrence: null,
      // A schedule's end is always absolute; what was asked for as a duration stays on the request.
      expiration: {
        type: (schedule.window?.endAt ?? null) === null ? "noExpiration" : "afterDateTime",
        endDateTime: instant(schedule.window?.endAt ?? null),
        duration: null,
      },
    },
  };
}

function instanceToWire(schedule: Schedule): Json {
  const id = instanceId(schedule);
  const common = {
    id,
    principalId: schedule.principalId,
    roleDefinitionId: schedule.roleId,
    ...scopes(schedule),
    startDateTime: instant(schedule.window?.startAt ?? null),
    endDateTime: instant(schedule.window?.endAt ?? null),
    memberType: schedule.memberType,
  };
  if (schedule.kind === "eligible") return { ...common, roleEligibilityScheduleId: schedule.id };
  return {
    ...common,
    assignmentType: schedule.assignmentType,
    roleAssignmentOriginId: id,
    roleAssignmentScheduleId: schedule.id,
  };
}

function requestToWire(request: PimRequest, time: (ms: number) => string, createdAt: number): Json {
  return {
    id: request.id,
    status: request.status,
    createdDateTime: time(createdAt),
    completedDateTime: request.completedAt === null ? null : time(request.completedAt),
    approvalId: request.approval === null ? null : request.id,
    customData: request.customData,
    action: request.action,
    principalId: request.principalId,
    roleDefinitionId: request.roleId,
    ...scopes(request),
    isValidationOnly: request.isValidationOnly,
    targetScheduleId: request.targetScheduleId,
    justification: request.justification,
    createdBy: createdBy(request),
    scheduleInfo: request.window === null ? null : scheduleInfo(request.window, request.id),
    ticketInfo: { ticketNumber: request.ticket.number, ticketSystem: request.ticket.system },
  };
}

function createdBy(request: PimRequest): Json {
  const identity = { displayName: null, id: request.createdBy.id };
  const isApp = request.createdBy.kind === "app";
  return { application: isApp ? identity : null, device: null, user: isApp ? null : identity };
}

// Requests keep the seven digits of their start in later reads too.
function scheduleInfo(window: Window, id: string): Json {
  const isWholeSecond = window.startAt % 1000 === 0;
  return {
    startDateTime: isWholeSecond ? readTime(window.startAt) : postTime(window.startAt, id),
    recurrence: null,
    expiration: {
      type: window.type,
      endDateTime: window.type === "afterDateTime" ? instant(window.endAt) : null,
      duration: window.duration,
    },
  };
}

function scopes(tuple: Tuple): Json {
  return tuple.isAppScope
    ? { directoryScopeId: null, appScopeId: tuple.scopeId }
    : { directoryScopeId: tuple.scopeId, appScopeId: null };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : readTime(ms);
}

function tupleExpands(): Record<string, (tuple: Tuple, call: Call) => unknown> {
  return {
    principal: (tuple, call) => navigated(call, tuple.principalId),
    roleDefinition: (tuple, call) => expandedRole(call, tuple.roleId),
    directoryScope: (tuple, call) => scopeObject(tuple, call),
    appScope: () => null,
  };
}

function scopeObject(tuple: Tuple, call: Call): Json | null {
  const id = tuple.scopeId.split("/").at(-1) ?? "";
  return tuple.isAppScope || id === "" ? null : navigated(call, id);
}

function usedEligibility(
  toWire: (schedule: Schedule, call: Call) => Json,
): (value: Schedule | PimRequest, call: Call) => unknown {
  return (value, call) => {
    const used = call.tenant.directoryPim.schedules.eligible.read(value.activatedUsing ?? "");
    return used === undefined ? null : toWire(used, call);
  };
}
