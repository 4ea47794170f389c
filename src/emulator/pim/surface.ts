import type { Caller } from "../api";
import type { PimBook } from "./book";
import type { Condition, PimAction, PimRequest, Schedule, Window } from "./grant";
import type { PolicyRules } from "./policy-rules";

/** What differs between the surfaces that share this life of requests. */
export interface PimSurface {
  book: PimBook;
  now(): number;
  newId(): string;
  /** Rules that apply to the request's role. */
  rules(request: PimRequest): PolicyRules;
  /** Id of the schedule that a request makes. */
  scheduleId(request: PimRequest): string;
  /** Eligible schedules that let a person activate: their own and their groups'. */
  eligibilities(request: PimRequest): Schedule[];
  /** Refuses an end that the service protects from, as of the last administrator. */
  checkEnd(schedule: Schedule, caller: Caller): void;
  /** Told after each accepted request: mails and audit rows. */
  accepted(request: PimRequest, caller: Caller): void;
  /** Told after a request that waited was approved or denied. */
  decided(request: PimRequest, caller: Caller): void;
  /** Told after each refused request. */
  refused(request: PimRequest, caller: Caller, error: unknown): void;
}

/** The parts of a request that its sender decides. */
export interface NewRequest {
  kind: PimRequest["kind"];
  action: PimAction;
  principalId: string;
  roleId: string;
  scopeId: string;
  isAppScope: boolean;
  window: Window | null;
  justification: string | null;
  ticket: PimRequest["ticket"];
  customData: string | null;
  isValidationOnly: boolean;
  condition?: Condition;
}

/** What a request came to, before it is entered. */
export interface Outcome {
  status: string;
  completedAt: number | null;
  targetScheduleId?: string | null;
  window?: Window | null;
  approval?: PimRequest["approval"];
  activatedUsing?: string | null;
  condition?: Condition;
  /** Makes it so; not called for a validation. */
  apply?(request: PimRequest): void;
}

/** The schedule that a granted request makes. */
export function scheduleOf(surface: PimSurface, request: PimRequest, window: Window): Schedule {
  const now = surface.now();
  return {
    id: surface.scheduleId(request),
    kind: request.kind,
    principalId: request.principalId,
    roleId: request.roleId,
    scopeId: request.scopeId,
    isAppScope: request.isAppScope,
    createdUsing: request.id,
    createdAt: now,
    modifiedAt: null,
    status: window.startAt > now ? "Granted" : "Provisioned",
    window,
    memberType: "Direct",
    assignmentType: request.action === "selfActivate" ? "Activated" : "Assigned",
    activatedUsing: request.activatedUsing,
    ...(request.condition !== undefined && { condition: request.condition }),
  };
}
