import { refuse } from "./errors";
import type { ThrottleOptions } from "./options";

/** Admits so many requests per time by real time, and tells the rest when to come back. */
export class Throttle {
  private readonly writes: number[] = [];
  private readonly requests: number[] = [];

  /** Admits a request or throws 429 with `Retry-After`. */
  admit(options: ThrottleOptions | null, method: string, now: number): void {
    if (options === null) return;
    const windowMs = (options.seconds ?? 10) * 1000;
    const isWrite = method !== "GET";
    const waits = [
      waitOf(this.requests, options.requests, windowMs, now),
      isWrite ? waitOf(this.writes, options.writes, windowMs, now) : 0,
    ];
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw refuse.throttled(Math.max(1, Math.ceil(waitMs / 1000)));
    this.requests.push(now);
    if (isWrite) this.writes.push(now);
  }

  clear(): void {
    this.writes.length = 0;
    this.requests.length = 0;
  }
}

// Milliseconds until the oldest admitted request leaves the window; 0 where there is room.
function waitOf(
  admitted: number[],
  limit: number | undefined,
  windowMs: number,
  now: number,
): number {
  const firstInside = admitted.findIndex((at) => at > now - windowMs);
  admitted.splice(0, firstInside < 0 ? admitted.length : firstInside);
  const oldest = admitted[0];
  if (limit === undefined || admitted.length < limit || oldest === undefined) return 0;
  return oldest + windowMs - now;
}
