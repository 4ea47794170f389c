import type { Call } from "../api";
import { NEVER, postTime, readTime } from "../clock";
import { navigated } from "../directory/sets";
import type { GrantKind, PimRequest, Schedule, Tuple, Window } from "../pim/grant";
import { scheduleStart } from "../pim/window";
import type { EntitySet } from "../respond";
import type { Json } from "../schema";

/** Base path of PIM for Groups. */
export const GROUP_PATH = "identityGovernance/privilegedAccess/group";

const FILTERS = { id: "eq", groupId: "eq", principalId: "eq", accessId: "eq" };
const INDEXED = { groupId: "scopeId", principalId: "principalId" };

/** Schedules of members and owners. */
export const GROUP_SCHEDULES: Readonly<Record<GrantKind, EntitySet<Schedule>>> = {
  eligible: scheduleSet("eligible"),
  active: scheduleSet("active"),
};

/** Schedules in force, as instances. */
export const GROUP_INSTANCES: Readonly<Record<GrantKind, EntitySet<Schedule>>> = {
  eligible: instanceSet("eligible"),
  active: instanceSet("active"),
};

/** Requests, as later reads show them. */
export const GROUP_REQUESTS: Readonly<Record<GrantKind, EntitySet<PimRequest>>> = {
  eligible: requestSet("eligible"),
  active: requestSet("active"),
};

/** A request as the POST that made it answers: times to seven digits. */
export function groupRequestAtPost(request: PimRequest): Json {
  return requestToWire(request, (ms) => postTime(ms, request.id));
}

function nameOf(kind: GrantKind): "Eligibility" | "Assignment" {
  return kind === "eligible" ? "Eligibility" : "Assignment";
}

function contextOf(kind: GrantKind, suffix: string): string {
  return `${GROUP_PATH}/${nameOf(kind).toLowerCase()}Schedule${suffix}`;
}

function scheduleSet(kind: GrantKind): EntitySet<Schedule> {
  return {
    context: contextOf(kind, "s"),
    type: `privilegedAccessGroup${nameOf(kind)}Schedule`,
    service: "pim",
    toWire: scheduleToWire,
    filter: {
      ...FILTERS,
      id: "eq ne",
      status: "eq ne",
      memberType: "eq",
      createdUsing: "eq ne",
      ...activeOnly(kind),
    },
    indexed: INDEXED,
    expand: { ...tupleExpands(), ...usedEligibility(kind) },
  };
}

function instanceSet(kind: GrantKind): EntitySet<Schedule> {
  return {
    context: contextOf(kind, "Instances"),
    type: `privilegedAccessGroup${nameOf(kind)}ScheduleInstance`,
    service: "pim",
    toWire: instanceToWire,
    filter: {
      ...FILTERS,
      memberType: "eq",
      [`${nameOf(kind).toLowerCase()}ScheduleId`]: "eq",
      ...activeOnly(kind),
    },
    indexed: INDEXED,
    expand: { ...tupleExpands(), ...usedEligibility(kind) },
  };
}

function requestSet(kind: GrantKind): EntitySet<PimRequest> {
  return {
    context: contextOf(kind, "Requests"),
    type: `privilegedAccessGroup${nameOf(kind)}ScheduleRequest`,
    service: "pim",
    toWire: (request) => requestToWire(request, readTime),
    filter: {
      ...FILTERS,
      id: "eq ne",
      principalId: "eq ne",
      status: "eq ne",
      action: "eq",
      targetScheduleId: "eq ne",
    },
    indexed: INDEXED,
    expand: {
      ...tupleExpands(),
      targetSchedule: (request, call) => {
        const row = call.tenant.groupPim.schedules[kind].read(request.targetScheduleId ?? "");
        return row === undefined ? null : scheduleToWire(row, call);
      },
      ...usedEligibility(kind),
    },
  };
}

function activeOnly(kind: GrantKind): Record<string, string> {
  return kind === "active" ? { assignmentType: "eq" } : {};
}

function scheduleToWire(row: Schedule, call: Call): Json {
  const end = row.window?.endAt ?? null;
  return {
    id: row.id,
    createdDateTime: instant(row.createdAt),
    modifiedDateTime: instant(row.modifiedAt) ?? NEVER,
    createdUsing: row.createdUsing,
    status: row.status,
    scheduleInfo: {
      startDateTime: scheduleStart(row, call.tenant.clock.now()),
      recurrence: null,
      expiration: {
        type: end === null ? "noExpiration" : "afterDateTime",
        endDateTime: instant(end),
        duration: null,
      },
    },
    ...tupleToWire(row),
    memberType: row.memberType.toLowerCase(),
    ...(row.kind === "active" && { assignmentType: row.assignmentType.toLowerCase() }),
  };
}

function instanceToWire(row: Schedule): Json {
  const scheduleId = row.kind === "eligible" ? "eligibilityScheduleId" : "assignmentScheduleId";
  return {
    id: row.id,
    startDateTime: instant(row.window?.startAt ?? null),
    endDateTime: instant(row.window?.endAt ?? null),
    ...tupleToWire(row),
    memberType: row.memberType.toLowerCase(),
    ...(row.kind === "active" && { assignmentType: row.assignmentType.toLowerCase() }),
    [scheduleId]: row.id,
  };
}

function requestToWire(request: PimRequest, time: (ms: number) => string): Json {
  const isApp = request.createdBy.kind === "app";
  const identity = { displayName: null, id: request.createdBy.id };
  return {
    id: request.id,
    status: request.status,
    createdDateTime: time(request.createdAt),
    completedDateTime: request.completedAt === null ? null : time(request.completedAt),
    approvalId: request.approval === null ? null : request.id,
    customData: request.customData,
    createdBy: {
      application: isApp ? identity : null,
      device: null,
      user: isApp ? null : identity,
    },
    action: request.action,
    isValidationOnly: request.isValidationOnly,
    justification: request.justification,
    scheduleInfo: request.window === null ? null : scheduleInfo(request.window, request.id),
    ticketInfo: { ticketNumber: request.ticket.number, ticketSystem: request.ticket.system },
    ...tupleToWire(request),
    targetScheduleId: request.targetScheduleId,
  };
}

function tupleToWire(tuple: Tuple): Json {
  return { accessId: tuple.roleId, principalId: tuple.principalId, groupId: tuple.scopeId };
}

function scheduleInfo(window: Window, id: string): Json {
  return {
    startDateTime:
      window.startAt % 1000 === 0 ? readTime(window.startAt) : postTime(window.startAt, id),
    recurrence: null,
    expiration: {
      type: window.type,
      endDateTime: window.type === "afterDateTime" ? instant(window.endAt) : null,
      duration: window.duration,
    },
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : readTime(ms);
}

function tupleExpands(): Record<string, (tuple: Tuple, call: Call) => unknown> {
  return {
    principal: (tuple, call) => navigated(call, tuple.principalId),
    // Seen by clients: the group is answered as null; they resolve it through /groups.
    group: () => null,
  };
}

function usedEligibility(
  kind: GrantKind,
): Record<string, (row: Schedule | PimRequest, call: Call) => unknown> {
  if (kind === "eligible") return {};
  return {
    activatedUsing: (row, call) => {
      const used = call.tenant.groupPim.schedules.eligible.read(row.activatedUsing ?? "");
      return used === undefined ? null : scheduleToWire(used, call);
    },
  };
}
