const DURATION = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * Length of an ISO 8601 duration in milliseconds; undefined when it is none.
 * Years, months and weeks are refused because the service refuses them: their length is not fixed.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === "P") return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    (days ?? 0) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * 1000
  );
}

/** The duration in the portal's spelling: whole days as `P3D`, all else as `PT8H30M`. */
export function printDuration(ms: number): string {
  if (ms > 0 && ms % DAY_MS === 0) return `P${ms / DAY_MS}D`;
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((ms % MINUTE_MS) / 1000);
  const time = [
    hours > 0 ? `${hours}H` : "",
    minutes > 0 ? `${minutes}M` : "",
    seconds > 0 ? `${seconds}S` : "",
  ].join("");
  return `PT${time === "" ? "0S" : time}`;
}

/** Whether two spellings mean the same length (`PT24H` and `P1D`). */
export function sameDuration(a: string, b: string): boolean {
  const left = parseDuration(a);
  return left === undefined ? a === b : left === parseDuration(b);
}

/** How to write a text that is nearly a duration; undefined when that cannot be told. */
export function durationFix(text: unknown): string | undefined {
  if (typeof text !== "string" || parseDuration(text) !== undefined) return undefined;
  const spelt = text.trim().toUpperCase();
  if (CALENDAR.test(spelt)) {
    return "years, months and weeks have no fixed length and the service refuses them; count days (P365D, P180D)";
  }
  if (FRACTION.test(spelt))
    return "fractions are not read: count in smaller units (PT90M, P1DT12H)";
  return parseDuration(spelt) === undefined ? undefined : `write "${spelt}"`;
}

const CALENDAR = /^P(?=\d+[YMW])(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T.*)?$/;
const FRACTION = /^PT?(?:\d+[DTHMS]+)*\d+[.,]\d+[DHMS]/;
