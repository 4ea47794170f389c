/** The emulator's clock: runs with real time, shifted by what was set or advanced. */
export interface Clock {
  /** Milliseconds since 1970 by this clock. */
  now(): number;
  /** Whether somebody moved it away from real time. */
  readonly moved: boolean;
  set(instant: string): void;
  /** Moves it forward by an ISO 8601 duration. */
  advance(duration: string): void;
}

/** Makes a clock that starts at `start` (RFC 3339) or at real time. */
export function createClock(start?: string): Clock {
  let offset = 0;
  const clock = {
    moved: false,
    now: () => Date.now() + offset,
    set(instant: string) {
      const at = Date.parse(instant);
      if (Number.isNaN(at)) throw new RangeError(`not an instant: ${instant}`);
      offset = at - Date.now();
      clock.moved = true;
    },
    advance(duration: string) {
      const ms = parseDuration(duration);
      if (ms === undefined) throw new RangeError(`not a duration: ${duration}`);
      offset += ms;
      clock.moved = true;
    },
  };
  if (start !== undefined) clock.set(start);
  return clock;
}

const DURATION =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads an ISO 8601 duration as milliseconds; undefined when it is none, or when it has years or
 * months, which the PIM service refuses everywhere (terraform-provider-azuread issues 1464, 1813).
 */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const parts = DURATION.exec(text);
  if (parts === null || parts[1] !== undefined || parts[2] !== undefined) return undefined;
  const [weeks, days, hours, minutes, seconds] = parts.slice(3).map((part) => Number(part ?? 0));
  const inHours = (weeks ?? 0) * 168 + (days ?? 0) * 24 + (hours ?? 0);
  return ((inHours * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

/** What was never modified says so with the least instant of .NET, shifted by eight hours (reference samples). */
export const NEVER = "0001-01-01T08:00:00Z";

/** Writes an instant as later reads show it: at most three digits, none when whole. */
export function readTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0*Z$/, "Z");
}

/** Writes an instant as a POST answers it: seven digits, the last four drawn from `salt`. */
export function postTime(ms: number, salt: string): string {
  const ticks = String(parseInt(salt.replace(/[^0-9a-f]/gi, "").slice(0, 6) || "1", 16) % 10000);
  return new Date(ms).toISOString().replace("Z", `${ticks.padStart(4, "0")}Z`);
}
