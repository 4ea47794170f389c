import { parseDuration } from "../model/duration";

/** Where the time comes from, and how to let it pass. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Local time, moved by `ENTRA_PIM_CLOCK_OFFSET` (an ISO 8601 duration, `-` before it for the past): tests follow the emulator's clock with it. */
export function localClock(offset: string | undefined): Clock {
  const shift = offsetMs(offset ?? "");
  return {
    now: () => Date.now() + shift,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** How far the service's clock may be from ours, in milliseconds. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** How long something is tried. */
export interface Bound {
  /** The instant of the last attempt, in milliseconds. */
  until: number;
  /** Whoever waits can break off. */
  signal?: AbortSignal | undefined;
  /** @default 2000 */
  firstPauseMs?: number;
}

/** Tries with growing pauses until there is an answer; undefined when there is none by the bound. */
export async function tryUntil<T>(
  clock: Clock,
  { until, signal, firstPauseMs }: Bound,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const pause of growingPauses(firstPauseMs)) {
    const answer = await attempt();
    const left = until - clock.now();
    if (answer !== undefined || left <= 0 || signal?.aborted) return answer;
    await sleepUnless(clock, Math.min(pause, left), signal);
  }
  return undefined;
}

const LONGEST_PAUSE_MS = 15_000;

/** Pauses in milliseconds, without end: each half as long again as the one before, up to the longest. */
export function* growingPauses(firstMs = 2_000, longestMs = LONGEST_PAUSE_MS): Generator<number> {
  for (let pause = firstMs; ; pause = Math.min(pause * 1.5, longestMs)) yield pause;
}

async function sleepUnless(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal === undefined) return clock.sleep(ms);
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener("abort", stop, { once: true });
  });
  await Promise.race([clock.sleep(ms), stopped]);
  signal.removeEventListener("abort", stop);
}

function offsetMs(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  return sign * (parseDuration(text.replace(/^-/, "")) ?? 0);
}
