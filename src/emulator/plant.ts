import {
  assignedRow,
  type GrantKind,
  type PimRequest,
  type Schedule,
  type Window,
} from "./pim/grant";
import { readWindow } from "./pim/window";
import { type PlantedPlace, placeOf } from "./plant-place";
import type { Tenant } from "./tenant";

/** A row to enter without a request. */
export interface PlantedSchedule extends PlantedPlace {
  /** @default "active" */
  kind?: GrantKind;
  /** @default "Direct" */
  memberType?: Schedule["memberType"];
  /** @default "Assigned" */
  assignmentType?: Schedule["assignmentType"];
  /** RFC 3339; may be in the past. @default - now */
  startDateTime?: string;
  /** RFC 3339. @default - never */
  endDateTime?: string;
  /** Id of the eligible schedule that an activation uses. */
  activatedUsing?: string;
}

/** A request of somebody else that waits for approval. */
export interface PlantedRequest extends PlantedPlace {
  /** @default "active" */
  kind?: GrantKind;
  /** @default "adminAssign" */
  action?: PimRequest["action"];
  /** Object id of who sent it. @default - the principal */
  createdBy?: string;
  justification?: string;
  /** As on the wire. @default - no end, from now */
  scheduleInfo?: unknown;
}

/** Enters a row of any type: an activation, one through a group, an inherited one, an old one. */
export function plantSchedule(tenant: Tenant, row: PlantedSchedule): { id: string } {
  const now = tenant.clock.now();
  const startAt = row.startDateTime === undefined ? now : Date.parse(row.startDateTime);
  const endAt = row.endDateTime === undefined ? null : Date.parse(row.endDateTime);
  const window: Window = {
    startAt,
    type: endAt === null ? "noExpiration" : "afterDateTime",
    endAt,
    duration: null,
  };
  const { book, tuple, scheduleId } = placeOf(tenant, row);
  const requestId = tenant.newId();
  const id = scheduleId(requestId);
  const { kind, memberType, assignmentType, activatedUsing } = row;
  const planted = assignedRow(tuple, id, {
    ...(kind !== undefined && { kind }),
    ...(memberType !== undefined && { memberType }),
    ...(assignmentType !== undefined && { assignmentType }),
    ...(activatedUsing !== undefined && { activatedUsing }),
    createdUsing: requestId,
    createdAt: startAt,
    status: startAt > now ? "Granted" : "Provisioned",
    window,
  });
  book.add(planted, true);
  return { id };
}

/** Enters a request that waits, in the way of every other request for its tuple. */
export function plantPending(tenant: Tenant, planted: PlantedRequest): { id: string } {
  const id = tenant.newId();
  const now = tenant.clock.now();
  const { book, tuple, scheduleId } = placeOf(tenant, planted);
  book.addRequest({
    ...tuple,
    id,
    kind: planted.kind ?? "active",
    action: planted.action ?? "adminAssign",
    status: "PendingApproval",
    createdAt: now,
    completedAt: null,
    createdBy: { kind: "user", id: planted.createdBy ?? planted.principalId },
    approval: {
      status: "InProgress",
      result: "NotReviewed",
      justification: null,
      reviewedBy: null,
      reviewedAt: null,
    },
    justification: planted.justification ?? null,
    ticket: { number: null, system: null },
    customData: null,
    isValidationOnly: false,
    targetScheduleId: scheduleId(id),
    window: readWindow(planted.scheduleInfo ?? { expiration: { type: "noExpiration" } }, now),
    activatedUsing: null,
  });
  return { id };
}
