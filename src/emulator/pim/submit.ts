import type { Caller } from "../api";
import { refuse } from "../errors";
import { activate, approvalDeadline, deactivate, requestExtension } from "./activation";
import type { PimBook } from "./book";
import type { PimRequest, Requestor, Schedule, Window } from "./grant";
import { checkAdminRules } from "./rule-check";
import { type NewRequest, type Outcome, type PimSurface, scheduleOf } from "./surface";
import { checkWindow, isWithinFiveMinutes } from "./window";

/** Takes a request in: checks it against what is there and the rules, then makes it so. */
export function submit(surface: PimSurface, asked: NewRequest, caller: Caller): PimRequest {
  const draft = draftOf(surface, asked, caller);
  try {
    const { apply, ...facts } = decide(surface, draft, caller);
    const request: PimRequest = { ...draft, ...facts };
    if (request.isValidationOnly) return request;
    surface.book.addRequest(request);
    apply?.(request);
    if (request.approval !== null)
      surface.book.awaitApproval(request, approvalDeadline(surface, request));
    surface.accepted(request, caller);
    return surface.book.requests[request.kind].get(request.id) ?? request;
  } catch (error) {
    surface.refused(draft, caller, error);
    throw error;
  }
}

/** Cancels a request that waits or has yet to start. */
export function cancel(surface: PimSurface, request: PimRequest): void {
  const isWaiting = request.status.startsWith("Pending") || request.status === "Granted";
  if (!isWaiting) throw refuse.notCancellable();
  const schedule = surface.book.schedules[request.kind].get(request.targetScheduleId ?? "");
  if (schedule?.status === "Granted") surface.book.end(schedule);
  // The two reference pages disagree: eligibility requests end Revoked, assignment requests Canceled.
  const status = request.kind === "eligible" ? "Revoked" : "Canceled";
  surface.book.updateRequest({ ...request, status, completedAt: surface.now() });
}

function draftOf(surface: PimSurface, asked: NewRequest, caller: Caller): PimRequest {
  const createdBy: Requestor = { kind: caller.kind, id: caller.id };
  return {
    ...asked,
    id: surface.newId(),
    status: "Failed",
    createdAt: surface.now(),
    completedAt: null,
    createdBy,
    approval: null,
    targetScheduleId: null,
    activatedUsing: null,
  };
}

function decide(surface: PimSurface, request: PimRequest, caller: Caller): Outcome {
  const { book } = surface;
  const isRemoval = request.action === "adminRemove" || request.action === "selfDeactivate";
  if (!isRemoval && book.pending(request.kind, request) !== undefined) throw refuse.pending();
  switch (request.action) {
    case "adminAssign":
      if (book.assigned(request.kind, request) !== undefined) throw refuse.exists();
      return assign(surface, request, caller, undefined);
    case "adminUpdate":
    case "adminExtend":
      return assign(surface, request, caller, existing(book, request));
    case "adminRenew":
      // Renewing is for what has ended: with nothing there it makes the assignment anew.
      return assign(surface, request, caller, book.assigned(request.kind, request));
    case "adminRemove":
      return remove(surface, request, caller);
    case "selfActivate":
      return activate(surface, request, caller);
    case "selfDeactivate":
      return deactivate(surface, request, caller);
    default:
      return requestExtension(surface, request, caller);
  }
}

function existing(book: PimBook, request: PimRequest): Schedule {
  const found = book.assigned(request.kind, request);
  if (found === undefined) throw refuse.doesNotExist();
  return found;
}

function assign(
  surface: PimSurface,
  request: PimRequest,
  caller: Caller,
  old: Schedule | undefined,
): Outcome {
  if (request.window === null) throw refuse.invalidRequest();
  const now = surface.now();
  checkWindow(request.window, request.kind === "active");
  checkAdminRules(surface.rules(request), request, caller);
  // What has started keeps its start; only its end can be changed.
  const startAt =
    old?.status === "Provisioned" ? (old.window?.startAt ?? now) : request.window.startAt;
  const window: Window = { ...request.window, startAt };
  const isFuture = window.startAt > now;
  return {
    status: isFuture ? "Granted" : "Provisioned",
    completedAt: isFuture ? window.startAt : now,
    targetScheduleId: surface.scheduleId(request),
    window,
    apply: (accepted) => {
      const schedule = scheduleOf(surface, accepted, window);
      if (old !== undefined) surface.book.end(old);
      surface.book.add(old === undefined ? schedule : { ...schedule, modifiedAt: now });
    },
  };
}

function remove(surface: PimSurface, request: PimRequest, caller: Caller): Outcome {
  const { book } = surface;
  const activated = book
    .of(request.kind, request)
    .find((row) => row.assignmentType === "Activated" && row.memberType === "Direct");
  const found = book.assigned(request.kind, request) ?? activated;
  if (found === undefined) throw refuse.doesNotExist();
  const now = surface.now();
  const isYoung = found.window !== null && isWithinFiveMinutes(found.window.startAt, now);
  if (request.kind === "active" && found.status === "Provisioned" && isYoung)
    throw refuse.tooShort();
  surface.checkEnd(found, caller);
  return {
    status: "Revoked",
    completedAt: null,
    window: null,
    apply: () => {
      book.end(found);
      if (request.kind === "eligible") endActivations(surface, found);
    },
  };
}

// Taking the eligibility away cuts off whoever is using it.
function endActivations(surface: PimSurface, eligibility: Schedule): void {
  const { active } = surface.book.schedules;
  for (const row of [...active.by("activatedUsing", eligibility.id)]) surface.book.end(row);
}
