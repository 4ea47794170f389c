/** What a limit was seen to allow: so many units in any stretch of so many milliseconds. */
export interface Quota {
  units: number;
  periodMs: number;
}

/** Periods that services use for their limits, in milliseconds. */
const USUAL_PERIODS_MS = [1, 2, 5, 10, 15, 20, 30, 60].map((seconds) => seconds * 1000);
/** How long answered units are remembered; longer limits are learned as their rate. */
const MEMORY_MS = 60_000;
/** A pause this long between requests begins a new count. */
const IDLE_MS = 3_000;
/** A quota that held nobody back for this long is forgotten. */
const FORGET_MS = 120_000;
/** Clean periods before more is tried; doubled each time that the service refuses. */
const FIRST_PROBE = 2;
const SLOWEST_PROBE = 32;

/**
 * Learns from refusals how fast a service takes one kind of request, and says when the next may leave.
 *
 * Without a refusal there is no limit. After one, what was accepted since the burst began, over the time
 * from its first request to the end of the pause that the service asked for, is the quota; it is kept to
 * in every stretch of that length, and tried a little higher after some periods without a refusal.
 * Counting an answered request from its answer, not from its departure, keeps us inside the service's own
 * window whatever the network does. Time is always a parameter.
 */
export class Pace {
  private quota: Quota | undefined;
  private readonly answered: { at: number; units: number }[] = [];
  private flying = 0;
  private burstBegan: number | undefined;
  private lastMove = Number.NEGATIVE_INFINITY;
  private lesson: { refusedAt: number; until: number; retryAfterMs: number } | undefined;
  private probing = { after: FIRST_PROBE, clean: 0, since: 0, heldBack: false, grew: false };
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
    if (!quota) return now;
    const counted = this.answered.filter(({ at }) => at > now - quota.periodMs);
    const used = this.flying + sum(counted);
    if (used === 0 || used + units <= quota.units) return now;
    this.probing.heldBack = true;
    this.lastHeldBack = now;
    return releaseOf(counted, used + units - quota.units, quota.periodMs) ?? now + quota.periodMs;
  }

  /** Units left us. */
  left(now: number, units: number): void {
    const idle = this.flying === 0 && now - this.lastMove > IDLE_MS;
    if (this.burstBegan === undefined || idle) this.burstBegan = now;
    this.flying += units;
    this.lastMove = now;
  }

  /**
   * Units that had left came back, some of them refused with this pause. The others count against the
   * quota whatever came of them: a request that failed may still have been counted by the service.
   */
  came(now: number, units: number, refused: number, retryAfterMs?: number): void {
    this.flying -= units;
    this.lastMove = now;
    if (units > refused) this.answered.push({ at: now, units: units - refused });
    if (refused > 0 && retryAfterMs !== undefined) this.refuse(now, retryAfterMs);
    while (this.answered[0] && this.answered[0].at <= now - MEMORY_MS) this.answered.shift();
  }

  private refuse(now: number, retryAfterMs: number): void {
    const until = Math.max(now + retryAfterMs, this.lesson?.until ?? 0);
    // Requests that are still under way count too, so the lesson is drawn when the pause ends.
    this.lesson = { refusedAt: this.lesson?.refusedAt ?? now, until, retryAfterMs };
  }

  private settleLesson(now: number): void {
    const lesson = this.lesson;
    if (!lesson || now < lesson.until) return;
    this.lesson = undefined;
    const began = Math.max(this.burstBegan ?? lesson.refusedAt, now - MEMORY_MS);
    const units = sum(this.answered.filter(({ at }) => at >= began));
    const again = this.quota !== undefined;
    const failedProbe = this.probing.grew;
    this.burstBegan = undefined;
    this.probing = {
      after: failedProbe ? Math.min(SLOWEST_PROBE, this.probing.after * 2) : FIRST_PROBE,
      clean: 0,
      since: now,
      heldBack: false,
      grew: false,
    };
    this.lastHeldBack = now;
    // Refused at the very first request: somebody else used the quota up, nothing was learned.
    if (units === 0) return;
    const longest = lesson.until - began;
    const roundedUp = lesson.retryAfterMs % 1000 === 0;
    this.quota = {
      units,
      periodMs: roundedUp && !(again && !failedProbe) ? usual(longest) : longest,
    };
  }

  /** Tries a little more after enough periods in which the quota held somebody back and was not exceeded. */
  private probe(now: number): void {
    const { quota, probing } = this;
    if (!quota || this.lesson || now - probing.since < quota.periodMs) return;
    const clean = probing.heldBack ? probing.clean + 1 : probing.clean;
    const grow = clean >= probing.after;
    this.probing = {
      // A success makes the next step come sooner: a storm that has passed is left behind quickly.
      after: grow && probing.grew ? 1 : probing.after,
      clean: grow ? 0 : clean,
      since: now,
      heldBack: false,
      grew: grow || probing.grew,
    };
    if (!grow) return;
    const factor = probing.grew ? 1.5 : 1.1;
    this.quota = { ...quota, units: Math.max(quota.units + 1, Math.round(quota.units * factor)) };
  }

  private forget(now: number): void {
    if (this.quota && !this.lesson && now - this.lastHeldBack > FORGET_MS) this.quota = undefined;
  }
}

/** `Retry-After` is rounded up to whole seconds: prefer a usual period that the rounding can explain. */
function usual(longest: number): number {
  return USUAL_PERIODS_MS.find((ms) => ms > longest - 1000 && ms <= longest) ?? longest;
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
