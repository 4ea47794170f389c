import { Collection, type Visibility } from "../store";
import type { Timeline } from "../timeline";
import {
  type GrantKind,
  isPending,
  type PimRequest,
  type Schedule,
  type Tuple,
  tupleKey,
} from "./grant";

/** What a book tells the surface it belongs to. */
export interface BookEvents {
  /** A schedule came into force. */
  started(schedule: Schedule): void;
  /** A schedule left force. */
  ended(schedule: Schedule, expired: boolean): void;
  /** Whether a schedule may end by itself now; the last administrator's may not. */
  mayExpire(schedule: Schedule): boolean;
  /** A request that waited for approval ran out of time. */
  timedOut(request: PimRequest): void;
}

/** Requests disappear about 45 days after they were made; schedules stay. */
const REQUEST_LIFE_MS = 45 * 86_400_000;

/** Schedules and requests of one surface, eligible and active, kept true to the clock. */
export class PimBook {
  readonly schedules: Readonly<Record<GrantKind, Collection<Schedule>>>;
  readonly requests: Readonly<Record<GrantKind, Collection<PimRequest>>>;

  constructor(
    visibility: Visibility,
    private readonly timeline: Timeline,
    private readonly events: BookEvents,
  ) {
    const tuples = { principalId: principalOf, roleId: roleOf, scopeId: scopeOf, tuple: tupleKey };
    const schedules = () =>
      new Collection<Schedule>(visibility, {
        ...tuples,
        createdUsing: (row) => row.createdUsing ?? undefined,
        activatedUsing: (row) => row.activatedUsing ?? undefined,
      });
    const requests = () =>
      new Collection<PimRequest>(visibility, {
        ...tuples,
        targetScheduleId: (row) => row.targetScheduleId ?? undefined,
      });
    this.schedules = { eligible: schedules(), active: schedules() };
    this.requests = { eligible: requests(), active: requests() };
  }

  /** The schedules of exactly this tuple, as they are. */
  of(kind: GrantKind, tuple: Tuple): Schedule[] {
    return [...this.schedules[kind].by("tuple", tupleKey(tuple))];
  }

  /** The configured row of a tuple: direct and assigned, in force or to come. */
  assigned(kind: GrantKind, tuple: Tuple): Schedule | undefined {
    return this.of(kind, tuple).find(
      (row) => row.memberType === "Direct" && row.assignmentType === "Assigned",
    );
  }

  pending(kind: GrantKind, tuple: Tuple): PimRequest | undefined {
    for (const request of this.requests[kind].by("tuple", tupleKey(tuple))) {
      if (isPending(request)) return request;
    }
    return undefined;
  }

  /** Enters a schedule and its future: start, end. */
  add(schedule: Schedule, settled = false): Schedule {
    this.schedules[schedule.kind].put(schedule, settled);
    if (schedule.status === "Granted" && schedule.window !== null) {
      this.timeline.add(schedule.window.startAt, () => this.start(schedule));
    } else this.events.started(schedule);
    const endAt = schedule.window?.endAt ?? null;
    if (endAt !== null) this.timeline.add(endAt, () => this.expire(schedule));
    return schedule;
  }

  /** Replaces the facts of a schedule without ending it. */
  update(schedule: Schedule): Schedule {
    return this.schedules[schedule.kind].put(schedule);
  }

  end(schedule: Schedule, expired = false): void {
    this.schedules[schedule.kind].remove(schedule.id);
    if (schedule.status === "Provisioned") this.events.ended(schedule, expired);
  }

  /** Enters a request; it is purged 45 days after it was made. */
  addRequest(request: PimRequest): PimRequest {
    this.requests[request.kind].put(request);
    this.timeline.add(request.createdAt + REQUEST_LIFE_MS, () =>
      this.requests[request.kind].remove(request.id),
    );
    return request;
  }

  updateRequest(request: PimRequest): PimRequest {
    return this.requests[request.kind].put(request);
  }

  /** Lets a request that nobody answers run out at its deadline. */
  awaitApproval(request: PimRequest, deadline: number): void {
    this.timeline.add(deadline, (at) => {
      const now = this.requests[request.kind].get(request.id);
      if (now === undefined || now.approval === null || !isPending(now)) return;
      this.updateRequest({
        ...now,
        status: "TimedOut",
        completedAt: at,
        approval: { ...now.approval, status: "Expired" },
      });
      this.events.timedOut(now);
    });
  }

  private start(schedule: Schedule): void {
    const now = this.schedules[schedule.kind].get(schedule.id);
    if (now === undefined || now.status !== "Granted") return;
    const started: Schedule = { ...now, status: "Provisioned" };
    this.schedules[schedule.kind].put(started);
    const request = this.requests[schedule.kind].get(schedule.createdUsing ?? "");
    if (request?.status === "Granted") this.updateRequest({ ...request, status: "Provisioned" });
    this.events.started(started);
  }

  // An update may have moved the end since: only the end that is still true counts.
  private expire(schedule: Schedule): void {
    const now = this.schedules[schedule.kind].get(schedule.id);
    if (now === undefined || now.window?.endAt !== schedule.window?.endAt) return;
    if (this.events.mayExpire(now)) this.end(now, true);
  }
}

function principalOf(row: Tuple): string {
  return row.principalId;
}

function roleOf(row: Tuple): string {
  return row.roleId;
}

function scopeOf(row: Tuple): string {
  return row.scopeId;
}
