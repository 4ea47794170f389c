/** How one attempt of a call ended. */
export type Attempt =
  | { kind: "answer"; status: number; retryAfterMs?: number | undefined }
  /** No answer. `sent` is false only where the request certainly never reached the service. */
  | { kind: "dropped"; sent: boolean; hopeless?: boolean };

/** What the attempts before this one add up to. */
export interface Trouble {
  /** Attempts that ended in an error of the service or of the connection, this one included. */
  failures: number;
  /** Answers with status 500, this one included. */
  serverErrors: number;
  /** Milliseconds since the first throttled answer. */
  throttledMs: number;
  /** Milliseconds since the first error that was no throttling. */
  failingMs: number;
}

/** Time that one call may spend on trying again, in milliseconds. */
export interface Budgets {
  /** While the service throttles. @default 600000 (10 minutes) */
  throttledMs: number;
  /** While the service or the connection fails. @default 120000 (2 minutes) */
  failingMs: number;
}

/** What to do after an attempt. */
export type Verdict =
  /** The answer is final. */
  | { kind: "take" }
  /** Try again after this pause; the limiter adds the pause that the service asked for. */
  | { kind: "again"; waitMs: number; because: "throttled" | "failing" }
  /** The write may have taken effect: look it up. */
  | { kind: "unknown-fate" }
  /** Trying again has used up its budget. */
  | { kind: "give-up"; because: "throttled" | "failing" };

/** Ten minutes outlast any documented throttling window; two minutes outlast a restart behind a gateway. */
export const DEFAULT_BUDGETS: Budgets = { throttledMs: 600_000, failingMs: 120_000 };

/** A poisoned object answers 500 for ever, so more than two repetitions only cost time. */
const MAX_SERVER_ERRORS = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Decides what follows an attempt. `random` (0 to 1) spreads the pauses of many clients. */
export function decide(
  repeatable: boolean,
  attempt: Attempt,
  trouble: Trouble,
  budgets: Budgets,
  random: number,
): Verdict {
  const effect = effectOf(attempt);
  if (effect === "final") return { kind: "take" };
  if (effect === "throttled") return throttledVerdict(attempt, trouble, budgets);
  if (effect === "unknown" && !repeatable) return { kind: "unknown-fate" };
  if (isHopeless(attempt, trouble)) return { kind: "take" };
  const asked = attempt.kind === "answer" ? (attempt.retryAfterMs ?? 0) : 0;
  const waitMs = Math.max(asked, pauseAfter(trouble.failures, random));
  if (trouble.failingMs + waitMs > budgets.failingMs)
    return { kind: "give-up", because: "failing" };
  return { kind: "again", waitMs, because: "failing" };
}

/** Pause before the next attempt: half a second, doubled each time, at most 15 seconds, spread by a half. */
export function pauseAfter(failures: number, random: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(full * (0.5 + random / 2));
}

/**
 * Tells what an attempt did to the service: nothing because it was turned away (`throttled`) or never
 * arrived (`none`), something unknown, or what its answer says (`final`).
 */
export function effectOf(attempt: Attempt): "final" | "throttled" | "none" | "unknown" {
  if (attempt.kind === "dropped") return attempt.sent ? "unknown" : "none";
  const { status, retryAfterMs } = attempt;
  if (status === 429) return "throttled";
  // 503 with Retry-After is the front door's refusal: the request went no further.
  if (status === 503 && retryAfterMs !== undefined) return "throttled";
  if (status === 408 || (status >= 500 && status !== 501 && status !== 505)) return "unknown";
  return "final";
}

function throttledVerdict(attempt: Attempt, trouble: Trouble, budgets: Budgets): Verdict {
  const asked = attempt.kind === "answer" ? (attempt.retryAfterMs ?? 0) : 0;
  if (trouble.throttledMs + asked > budgets.throttledMs) {
    return { kind: "give-up", because: "throttled" };
  }
  return { kind: "again", waitMs: 0, because: "throttled" };
}

function isHopeless(attempt: Attempt, trouble: Trouble): boolean {
  if (attempt.kind === "dropped") return attempt.hopeless === true;
  return attempt.status === 500 && trouble.serverErrors > MAX_SERVER_ERRORS;
}

/** The budgets while nothing has ever been reached: an address that is wrong stays wrong. */
export function untilReached(budgets: Budgets): Budgets {
  return { ...budgets, failingMs: Math.min(budgets.failingMs, UNREACHED_MS) };
}

const UNREACHED_MS = 20_000;
