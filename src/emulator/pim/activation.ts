import type { Caller } from "../api";
import { refuse } from "../errors";
import type { ApprovalState, PimRequest, Window } from "./grant";
import { ruleOf } from "./policy-rules";
import { checkActivationRules, needsApproval } from "./rule-check";
import { type Outcome, type PimSurface, scheduleOf } from "./surface";
import { checkWindow, isWithinFiveMinutes } from "./window";

const DAY_MS = 86_400_000;

/** Turns eligibility into access for a while, or asks an approver to. */
export function activate(surface: PimSurface, request: PimRequest, caller: Caller): Outcome {
  checkIsSelf(request, caller);
  if (request.kind !== "active" || request.window === null) throw refuse.invalidRequest();
  if (isHeld(surface, request)) throw refuse.exists();
  const [eligibility] = surface.eligibilities(request);
  const rules = surface.rules(request);
  const { window } = request;
  checkWindow(window, true);
  checkActivationRules(rules, request, caller, eligibility !== undefined);
  // What is activated holds under the condition of the eligibility, also where none is asked for.
  const condition = request.condition ?? eligibility?.condition;
  const used = {
    activatedUsing: eligibility?.id ?? null,
    ...(condition !== undefined && { condition }),
  };
  const now = surface.now();
  const isFuture = window.startAt > now;
  const targetScheduleId = surface.scheduleId(request);
  if (!needsApproval(rules)) {
    return {
      status: isFuture ? "Granted" : "Provisioned",
      completedAt: isFuture ? window.startAt : now,
      targetScheduleId,
      ...used,
      apply: (accepted) => void surface.book.add(scheduleOf(surface, accepted, window)),
    };
  }
  return {
    // Seen live: with a start to come the waiting request is called PendingApprovalProvisioning.
    status: isFuture ? "PendingApprovalProvisioning" : "PendingApproval",
    completedAt: null,
    targetScheduleId,
    ...used,
    approval: openApproval(),
  };
}

/** Gives an activation back before its end. */
export function deactivate(surface: PimSurface, request: PimRequest, caller: Caller): Outcome {
  checkIsSelf(request, caller);
  if (request.kind !== "active") throw refuse.invalidRequest();
  const { book } = surface;
  const found = book.of("active", request).find((row) => row.assignmentType === "Activated");
  if (found === undefined) throw refuse.doesNotExist();
  if (isWithinFiveMinutes(found.window?.startAt ?? 0, surface.now())) throw refuse.tooShort();
  return { status: "Revoked", completedAt: null, window: null, apply: () => book.end(found) };
}

/** Asks an administrator to prolong (extend) or bring back (renew) an assignment of one's own. */
export function requestExtension(
  surface: PimSurface,
  request: PimRequest,
  caller: Caller,
): Outcome {
  checkIsSelf(request, caller);
  if (request.window === null) throw refuse.invalidRequest();
  const found = surface.book.assigned(request.kind, request);
  if (request.action === "selfExtend" && found === undefined) throw refuse.doesNotExist();
  if (request.action === "selfRenew" && found !== undefined) throw refuse.exists();
  checkWindow(request.window, request.kind === "active");
  return {
    status: "PendingAdminDecision",
    completedAt: null,
    targetScheduleId: surface.scheduleId(request),
    approval: openApproval(),
  };
}

/** Makes an approved request so. */
export function grantApproved(surface: PimSurface, request: PimRequest): PimRequest {
  const now = surface.now();
  if (request.window === null) return request;
  const window = shifted(request.window, now);
  const isFuture = window.startAt > now;
  const old = surface.book.assigned(request.kind, request);
  const granted: PimRequest = {
    ...request,
    window,
    status: isFuture ? "Granted" : "Provisioned",
    completedAt: isFuture ? window.startAt : now,
  };
  surface.book.updateRequest(granted);
  if (request.action !== "selfActivate" && old !== undefined) surface.book.end(old);
  surface.book.add(scheduleOf(surface, granted, window));
  return granted;
}

/** When an approval nobody answers is over. */
export function approvalDeadline(surface: PimSurface, request: PimRequest): number {
  const { setting } = ruleOf(surface.rules(request), "Approval", "Approval_EndUser_Assignment");
  return request.createdAt + setting.stageTimeOutInDays * DAY_MS;
}

// Approved late: what was asked for as a duration keeps its length from now.
function shifted(window: Window, now: number): Window {
  if (window.startAt >= now) return window;
  const endAt =
    window.type === "afterDuration" && window.endAt !== null
      ? window.endAt + (now - window.startAt)
      : window.endAt;
  return { ...window, startAt: now, endAt };
}

function isHeld(surface: PimSurface, request: PimRequest): boolean {
  return surface.book.of("active", request).some((row) => row.memberType === "Direct");
}

// An application can never be "the current user", and nobody acts for somebody else.
function checkIsSelf(request: PimRequest, caller: Caller): void {
  if (caller.kind === "app" || caller.id !== request.principalId) throw refuse.invalidRequest();
}

function openApproval(): ApprovalState {
  return {
    status: "InProgress",
    result: "NotReviewed",
    justification: null,
    reviewedBy: null,
    reviewedAt: null,
  };
}
