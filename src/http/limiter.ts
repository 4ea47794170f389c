import { Pace, type Quota } from "./pace";
import type { Clock, Sleep } from "./time";

/** Services count reads and writes separately; so does the limiter. */
export type Lane = "read" | "write";

/** What a request asks of the limiter. */
export interface Entry {
  lane: Lane;
  /** What the service will count: 1, or the number of items of a batch. @default 1 */
  units?: number;
  /** A repetition goes before everything that has not been sent yet. @default false */
  repeated?: boolean;
  /** Gives up at once when nothing can leave before this moment, in milliseconds of the clock. */
  giveUpAt?: number;
  signal?: AbortSignal | undefined;
}

/** How the service took a request. */
export interface Tally {
  accepted: number;
  /** Units that the service turned away. */
  refused: number;
  /** Pause that the service asked for, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** Permission to send one request; must be settled exactly once, also after a failure. */
export interface Permit {
  settle(tally: Tally): void;
}

/** What a limiter needs, and its bounds. */
export interface LimiterOptions {
  clock: Clock;
  sleep: Sleep;
  /** Spreads pauses that the service did not name, from 0 to 1. */
  random: () => number;
  /** Requests under way at the same moment, at first. @default 8 */
  startWindow?: number;
  /** Most requests under way at the same moment. @default 24 */
  maxWindow?: number;
  /** How long requests wait while the service accepts nothing at all, in milliseconds. @default 600000 */
  patienceMs?: number;
}

/** The service will not take the request before its time is up. */
export class LimiterTimeout extends Error {
  override name = "LimiterTimeout" as const;

  constructor(
    readonly waitedMs: number,
    readonly retryAfterMs: number,
  ) {
    super("the service takes nothing before the time budget is used up");
  }
}

const MIN_WINDOW = 2;
const FIRST_UNNAMED_PAUSE_MS = 1_000;
const LONGEST_UNNAMED_PAUSE_MS = 60_000;

interface Waiter {
  entry: Entry;
  units: number;
  since: number;
  go: (permit: Permit) => void;
  fail: (reason: unknown) => void;
}

/**
 * Decides when requests leave, for one service and one tenant.
 *
 * A pause that the service asks for holds everybody. The number of requests under way is halved by a
 * refusal and grows back with success. What a lane's refusals teach about the quota is kept to (`Pace`).
 */
export class Limiter {
  private readonly paces: Record<Lane, Pace> = { read: new Pace(), write: new Pace() };
  private readonly queues: Record<Lane, Waiter[]> = { read: [], write: [] };
  private readonly turns: [Lane, Lane] = ["read", "write"];
  private window: number;
  private flying = 0;
  private pausedUntil = 0;
  private refusalsInRow = 0;
  private lastAccepted = Number.NEGATIVE_INFINITY;
  private alarm: { at: number; cancel: AbortController } | undefined;

  constructor(private readonly options: LimiterOptions) {
    this.window = options.startWindow ?? 8;
  }

  /** Waits for permission to send a request. */
  acquire(entry: Entry): Promise<Permit> {
    entry.signal?.throwIfAborted();
    return new Promise((go, fail) => {
      const waiter = { entry, units: entry.units ?? 1, since: this.options.clock(), go, fail };
      if (this.isHopeless(waiter)) return fail(this.timeout(waiter));
      this.enqueue(waiter);
      this.pump();
    });
  }

  /** What the limiter does now; for tests, `doctor` and bench. */
  get state(): {
    window: number;
    flying: number;
    pausedUntil: number;
    quotas: Record<Lane, Quota | undefined>;
  } {
    const { window, flying, pausedUntil, paces } = this;
    return {
      window,
      flying,
      pausedUntil,
      quotas: { read: paces.read.learned, write: paces.write.learned },
    };
  }

  private enqueue(waiter: Waiter): void {
    const queue = this.queues[waiter.entry.lane];
    if (waiter.entry.repeated) queue.unshift(waiter);
    else queue.push(waiter);
    const { signal } = waiter.entry;
    if (!signal) return;
    const abort = () => {
      const at = queue.indexOf(waiter);
      if (at >= 0) queue.splice(at, 1);
      waiter.fail(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const { go } = waiter;
    waiter.go = (permit) => {
      signal.removeEventListener("abort", abort);
      go(permit);
    };
  }

  /** Lets out whatever may leave now, and sets the alarm for what may leave later. */
  private pump(): void {
    const now = this.options.clock();
    if (now < this.pausedUntil) {
      this.wakeAt(this.pausedUntil);
      return;
    }
    // The lanes take turns in going first, so that neither can fill the window for ever.
    this.turns.reverse();
    const [first, second] = this.turns;
    this.wakeAt(Math.min(this.drain(first, now), this.drain(second, now)));
  }

  /** Empties a lane as far as it may; answers when it may go on. */
  private drain(lane: Lane, now: number): number {
    const queue = this.queues[lane];
    const pace = this.paces[lane];
    for (let waiter = queue[0]; waiter && this.flying < this.window; waiter = queue[0]) {
      const at = pace.releaseAt(now, waiter.units);
      if (at > now) return at;
      queue.shift();
      this.flying += 1;
      pace.left(now, waiter.units);
      waiter.go(this.permit(lane, waiter.units, now));
    }
    return Number.POSITIVE_INFINITY;
  }

  private permit(lane: Lane, units: number, leftAt: number): Permit {
    let settled = false;
    return {
      settle: (tally) => {
        if (settled) return;
        settled = true;
        this.settle(lane, units, leftAt, tally);
      },
    };
  }

  private settle(lane: Lane, units: number, leftAt: number, tally: Tally): void {
    const { accepted, refused, retryAfterMs } = tally;
    const now = this.options.clock();
    this.flying -= 1;
    const pause = refused > 0 ? (retryAfterMs ?? this.unnamedPause(now)) : (retryAfterMs ?? 0);
    this.paces[lane].came(now, leftAt, units, refused, refused > 0 ? pause : undefined);
    if (refused > 0) this.shrink(now);
    else if (accepted > 0) this.grow(now);
    if (pause > 0) this.pausedUntil = Math.max(this.pausedUntil, now + pause);
    if (pause > 0) this.dismissHopeless();
    this.pump();
  }

  /** One refusal halves the window; those that come with it, before its pause is over, do not again. */
  private shrink(now: number): void {
    if (now < this.pausedUntil) return;
    this.window = Math.max(MIN_WINDOW, Math.floor(this.window / 2));
    this.refusalsInRow += 1;
  }

  private grow(now: number): void {
    this.lastAccepted = now;
    this.refusalsInRow = 0;
    this.window = Math.min(this.options.maxWindow ?? 24, this.window + 1 / this.window);
  }

  private unnamedPause(now: number): number {
    if (now < this.pausedUntil) return 0;
    const full = FIRST_UNNAMED_PAUSE_MS * 2 ** Math.min(this.refusalsInRow, 10);
    return Math.min(LONGEST_UNNAMED_PAUSE_MS, full) * (0.75 + this.options.random() / 4);
  }

  /** Waiting makes no sense for those whose time is up before the pause is. */
  private dismissHopeless(): void {
    for (const lane of this.turns) {
      const hopeless = this.queues[lane].filter((waiter) => this.isHopeless(waiter));
      for (const waiter of hopeless) {
        this.queues[lane].splice(this.queues[lane].indexOf(waiter), 1);
        waiter.fail(this.timeout(waiter));
      }
    }
  }

  /** Those in the queue are patient as long as the service accepts anything at all. */
  private isHopeless({ entry, since }: Waiter): boolean {
    const patience = this.options.patienceMs ?? 600_000;
    const giveUpAt = entry.giveUpAt ?? Math.max(since, this.lastAccepted) + patience;
    return this.pausedUntil > giveUpAt;
  }

  private timeout({ since }: Waiter): LimiterTimeout {
    const now = this.options.clock();
    return new LimiterTimeout(now - since, this.pausedUntil - now);
  }

  private wakeAt(at: number): void {
    const waiting = this.queues.read.length + this.queues.write.length > 0;
    if (this.alarm?.at === at && waiting) return;
    this.alarm?.cancel.abort();
    this.alarm = undefined;
    if (!waiting || at === Number.POSITIVE_INFINITY) return;
    const cancel = new AbortController();
    const alarm = { at, cancel };
    this.alarm = alarm;
    void this.options.sleep(at - this.options.clock(), cancel.signal).then(
      () => {
        if (this.alarm !== alarm) return;
        this.alarm = undefined;
        this.pump();
      },
      () => undefined, // cancelled: another alarm has taken over
    );
  }
}
