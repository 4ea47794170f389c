/** What a limit was seen to allow: so many units in any stretch of so many milliseconds. */
export interface Quota {
  units: number;
  periodMs: number;
}

interface Answered {
  at: number;
  units: number;
  accepted: number;
}

/** A refusal whose pause is not over yet. */
interface Lesson {
  refusedAt: number;
  retryAfterMs: number;
  pausedUntil: number;
}

interface Probing {
  /** Clean periods before the next attempt. */
  every: number;
  clean: number;
  since: number;
  heldBack: boolean;
  /** The quota before the last attempt, to which a refusal returns. */
  proven?: Quota;
}

/** Periods that services use for their limits, in milliseconds. */
const USUAL_PERIODS_MS = [1, 2, 5, 10, 15, 20, 30, 60].map((seconds) => seconds * 1000);
/** How long answered units are remembered; longer limits are learned as their rate. */
const MEMORY_MS = 60_000;
/** Journeys and clocks vary by this much, in milliseconds; a request a moment too early costs a whole pause. */
const SLACK_MS = 50;
/** Fewer accepted units than this say nothing about a quota: the refusal had another reason. */
const LEAST_UNITS = 5;
/** A pause this long between requests begins a new count. */
const IDLE_MS = 3_000;
/** A quota that held nobody back for this long is forgotten. */
const FORGET_MS = 120_000;
/** Clean periods before more is tried; doubled each time that the service refuses. */
const FIRST_PROBE = 2;
const SLOWEST_PROBE = 32;
const NO_PROBE: Probing = { every: FIRST_PROBE, clean: 0, since: 0, heldBack: false };

/**
 * Learns from refusals how fast a service takes one kind of request, and says when the next may leave.
 *
 * Without a refusal there is no limit. After one, what was accepted since the burst began, over the time
 * from its first request to the end of the pause that the service asked for, is the quota; it is kept to
 * in every stretch of that length, and tried a little higher after some periods without a refusal.
 * Counting an answered request from its answer, less the fastest journey seen, keeps us inside the service's
 * own window whatever the network does. Time is always a parameter.
 */
export class Pace {
  private quota: Quota | undefined;
  private readonly answered: Answered[] = [];
  private flying = 0;
  private fastestMs = Number.POSITIVE_INFINITY;
  private inBurst = false;
  /** The end of a pause is the service's own word that one request may come, whatever was learned. */
  private invited = false;
  /** When the last burst began, and the one before it. */
  private bursts: readonly number[] = [];
  private lastMove = Number.NEGATIVE_INFINITY;
  private lesson: Lesson | undefined;
  private probing = NO_PROBE;
  private lastHeldBack = 0;

  /** What was learned so far. */
  get learned(): Quota | undefined {
    return this.quota;
  }

  /** Earliest moment at which these units may leave: `now` or before when they may leave at once. */
  releaseAt(now: number, units: number): number {
    this.settleLesson(now);
    this.forget(now);
    this.probe(now);
    const quota = this.quota;
    if (!quota || this.invited) return now;
    const periodMs = quota.periodMs + SLACK_MS;
    const counted = this.answered.filter(({ at }) => at > now - periodMs);
    const used = this.flying + sum(counted);
    if (used === 0 || used + units <= quota.units) return now;
    this.probing = { ...this.probing, heldBack: true };
    this.lastHeldBack = now;
    return releaseOf(counted, used + units - quota.units, periodMs) ?? now + periodMs;
  }

  /** Units left us. */
  left(now: number, units: number): void {
    const idle = this.flying === 0 && now - this.lastMove > IDLE_MS;
    if (!this.inBurst || idle) this.bursts = [now, ...this.bursts.slice(0, 1)];
    this.inBurst = true;
    this.invited = false;
    this.flying += units;
    this.lastMove = now;
  }

  /**
   * Units that had left came back, some of them refused with this pause. All count against the quota:
   * services go on counting what they refuse, and a request that failed may have been counted as well.
   */
  came(now: number, leftAt: number, units: number, refused: number, retryAfterMs?: number): void {
    this.flying -= units;
    this.lastMove = now;
    this.fastestMs = Math.min(this.fastestMs, now - leftAt);
    // The next request needs at least the fastest way there, and this answer the fastest way back.
    this.answered.push({ at: now - this.fastestMs, units, accepted: units - refused });
    if (refused > 0 && retryAfterMs !== undefined) this.refuse(now, retryAfterMs);
    while (this.answered[0] && this.answered[0].at <= now - MEMORY_MS) this.answered.shift();
  }

  private refuse(now: number, retryAfterMs: number): void {
    const until = now + retryAfterMs;
    const { lesson } = this;
    // The first refusal tells most; requests still under way count too, so the lesson waits for the pause's end.
    this.lesson = lesson
      ? { ...lesson, pausedUntil: Math.max(lesson.pausedUntil, until) }
      : { refusedAt: now, retryAfterMs, pausedUntil: until };
  }

  /** When the pause is over: back to what is proven, or a new quota. */
  private settleLesson(now: number): void {
    const lesson = this.lesson;
    if (!lesson || now < lesson.pausedUntil) return;
    this.lesson = undefined;
    const { proven, every } = this.probing;
    this.quota = proven ?? this.learn(lesson) ?? this.quota;
    const slower = Math.min(SLOWEST_PROBE, every * 2);
    this.probing = { ...NO_PROBE, every: proven ? slower : FIRST_PROBE, since: now };
    this.inBurst = false;
    this.invited = true;
    this.lastHeldBack = now;
  }

  private learn({ refusedAt, retryAfterMs }: Lesson): Quota | undefined {
    const { quota } = this;
    // A quota that was met and refused all the same keeps its period while the pause fits into it.
    if (quota && retryAfterMs <= quota.periodMs) {
      const units = this.acceptedSince(refusedAt - quota.periodMs);
      return units > 0 ? { ...quota, units } : undefined;
    }
    // Refused at once: the burst before was what used the quota up.
    const began = this.bursts.find((at) => this.acceptedSince(at) > 0);
    if (began === undefined) return undefined;
    const seen = refusedAt + retryAfterMs - Math.max(began, refusedAt - MEMORY_MS);
    const guess = usual(seen, retryAfterMs, this.fastestMs);
    const periodMs = guess === quota?.periodMs ? seen : guess;
    const units = this.acceptedSince(began);
    return units < LEAST_UNITS ? undefined : { units, periodMs };
  }

  private acceptedSince(moment: number): number {
    const since = this.answered.filter(({ at }) => at >= moment);
    return since.reduce((all, { accepted }) => all + accepted, 0);
  }

  /** Tries a little more after enough periods in which the quota held somebody back and was not exceeded. */
  private probe(now: number): void {
    const { quota, probing } = this;
    if (!quota || this.lesson || now - probing.since < quota.periodMs) return;
    const clean = probing.heldBack ? probing.clean + 1 : probing.clean;
    // A success makes the next step come sooner and larger: a storm that has passed is left behind quickly.
    const isProven = probing.proven !== undefined;
    const grows = clean >= (isProven ? FIRST_PROBE : probing.every);
    const next = { ...probing, clean: grows ? 0 : clean, since: now, heldBack: false };
    this.probing = grows ? { ...next, proven: quota } : next;
    if (!grows) return;
    const factor = isProven ? 1.5 : 1.1;
    this.quota = { ...quota, units: Math.max(quota.units + 1, Math.round(quota.units * factor)) };
  }

  private forget(now: number): void {
    if (this.quota && !this.lesson && now - this.lastHeldBack > FORGET_MS) this.quota = undefined;
  }
}

/**
 * Prefers a usual period near what was seen: `Retry-After` is rounded up to whole seconds and answers take
 * their time, which makes the period look longer; a window that had begun before us looks shorter.
 */
function usual(seen: number, retryAfterMs: number, fastestMs: number): number {
  if (retryAfterMs % 1000 !== 0) return seen;
  const least = seen - 1000 - fastestMs;
  const most = seen + 1000;
  const near = USUAL_PERIODS_MS.filter((ms) => ms > least && ms < most);
  return near.at(-1) ?? seen;
}

/** The moment at which enough counted units are older than the period. */
function releaseOf(
  counted: readonly { at: number; units: number }[],
  tooMany: number,
  periodMs: number,
): number | undefined {
  let freed = 0;
  for (const { at, units } of counted) {
    freed += units;
    if (freed >= tooMany) return at + periodMs;
  }
  return undefined;
}

function sum(entries: readonly { units: number }[]): number {
  return entries.reduce((total, { units }) => total + units, 0);
}
