import {
  hasCode,
  isAlreadyExists,
  isDoesNotExist,
  isPending,
  isRoleNotFound,
  isSubjectNotFound,
  isTooShort,
  isUnknownFate,
} from "../http/errors";
import { sameEnd, type Window } from "../model/window";
import type {
  AssignmentRequest,
  AssignmentRow,
  RequestOutcome,
  RequestRow,
} from "../surfaces/surface";
import { madeBy } from "./caller";
import { CLOCK_SKEW_MS, tryUntil } from "./clock";
import { progressOf } from "./request-status";
import type { Snapshot } from "./snapshot";
import type { Tenant } from "./tenant";
import { whileSaying } from "./voice";

/** What came of a request. */
export type Submitted =
  | { type: "accepted"; outcome: RequestOutcome }
  /** An assignment of this tuple was there already. */
  | { type: "exists"; row: AssignmentRow }
  /** There was nothing to update or remove. */
  | { type: "missing" };

/** Somebody else's unfinished request is in the way. */
class ForeignRequestError extends Error {
  override name = "ForeignRequestError" as const;

  constructor(request: RequestRow) {
    const who =
      request.createdBy === null
        ? "somebody"
        : `${request.createdBy.name} (${request.createdBy.id})`;
    super(
      `a request of ${who} is pending for the same assignment: id ${request.id}, ${request.action}, status ${request.status}; it is left alone: let it be decided or cancelled, then run again`,
    );
  }
}

/**
 * Sends one request until its fate is known: never blindly a second time, and never past the bound. Answers that
 * only time can change (an object that is not visible yet, the first five minutes of an active assignment) are waited out.
 */
export async function submit(
  tenant: Tenant,
  request: AssignmentRequest,
  options: { until: number; what: string },
): Promise<Submitted> {
  const sending = new Sending(tenant, request, options.until);
  return whileSaying(tenant.voice, `${options.what}: waiting for the service`, sending.run());
}

class Sending {
  private readonly snapshot: Snapshot;
  private readonly began: number;
  private lastError: unknown;
  private mayHaveTakenEffect = false;

  constructor(
    private readonly tenant: Tenant,
    private readonly request: AssignmentRequest,
    private readonly until: number,
  ) {
    this.snapshot = tenant.snapshot(request.key.role.surface);
    this.began = tenant.clock.now();
  }

  async run(): Promise<Submitted> {
    return this.untilBound(async () => {
      try {
        const outcome = await this.snapshot.surface.requestAssignment(this.request);
        return { type: "accepted", outcome };
      } catch (error) {
        this.lastError = error;
        return this.after(error);
      }
    });
  }

  /** Tries until the fate is known; what stood in the way last is thrown at the bound. */
  private async untilBound(attempt: () => Promise<Submitted | undefined>): Promise<Submitted> {
    const submitted = await tryUntil(this.tenant.clock, { until: this.until }, attempt);
    if (submitted === undefined) throw this.lastError;
    return submitted;
  }

  /** What an error means; undefined to send again. */
  private async after(error: unknown): Promise<Submitted | undefined> {
    if (isUnknownFate(error)) {
      this.mayHaveTakenEffect = true;
      return this.accepted();
    }
    if (this.isAboutNothing(error)) return this.missing();
    if (isPassing(error)) return undefined;
    if (isPending(error)) return this.pending();
    if (isAlreadyExists(error) && this.request.action === "assign") return this.existing();
    throw error;
  }

  /** There is no such assignment; nor was there one to remove where its group or scope does not exist any more. */
  private isAboutNothing(error: unknown): boolean {
    const isRemoval = this.request.action === "remove";
    return isDoesNotExist(error) || (isRemoval && hasCode(error, "ResourceNotFound"));
  }

  /** The request that a lost answer was about, if the service has it. */
  private async accepted(): Promise<Submitted | undefined> {
    const caller = await this.tenant.caller(this.request.key.role.surface);
    const rows = await this.snapshot.requests(this.request.key);
    const ours = rows.find(
      (row) =>
        madeBy(caller, row) &&
        row.action === `admin${this.request.action}` &&
        Date.parse(row.createdAt) >= this.began - CLOCK_SKEW_MS &&
        progressOf(row.status) !== "failed" &&
        asks(this.request, row),
    );
    return ours && { type: "accepted", outcome: outcomeOf(ours) };
  }

  private async pending(): Promise<Submitted | undefined> {
    const caller = await this.tenant.caller(this.request.key.role.surface);
    const rows = await this.snapshot.requests(this.request.key);
    const open = rows.find((row) => progressOf(row.status) === "waiting");
    if (open === undefined) return undefined;
    if (!madeBy(caller, open)) throw new ForeignRequestError(open);
    if (open.action === `admin${this.request.action}` && asks(this.request, open)) {
      return { type: "accepted", outcome: outcomeOf(open) };
    }
    return undefined;
  }

  /** The row that is in the way becomes visible after a while; until then nobody can say what it is. */
  private existing(): Promise<Submitted> {
    return this.untilBound(async () => {
      const ours = this.mayHaveTakenEffect ? await this.accepted() : undefined;
      if (ours !== undefined) return ours;
      const row = await this.snapshot.reread(this.request.key);
      return row && { type: "exists", row };
    });
  }

  /** The service also answers so to a removal that succeeded. */
  private async missing(): Promise<Submitted | undefined> {
    const row = await this.snapshot.reread(this.request.key);
    return row === undefined ? { type: "missing" } : undefined;
  }
}

/** What only time changes: an object that is not visible yet, an assignment that is too young to end. */
function isPassing(error: unknown): boolean {
  const isInvisible = isSubjectNotFound(error) || isRoleNotFound(error);
  return isInvisible || hasCode(error, "ResourceNotFound") || isTooShort(error);
}

/** Whether a request asks for the same as ours does. */
function asks(request: AssignmentRequest, row: RequestRow): boolean {
  if ((request.justification ?? null) !== (row.justification || null)) return false;
  if ((request.ticket?.number ?? null) !== (row.ticketNumber || null)) return false;
  const { expiration } = request;
  if (expiration?.type === "until") return sameEnd(expiration.endsAt, row.window?.endsAt ?? null);
  return expiration?.type !== "permanent" || (row.window?.endsAt ?? null) === null;
}

function outcomeOf(row: RequestRow): RequestOutcome {
  const window: Window = row.window ?? { startsAt: null, endsAt: null };
  return { requestId: row.id, status: row.status, scheduleId: null, ...window };
}
