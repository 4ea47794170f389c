import { DAY_MS, durationFix, MINUTE_MS, parseDuration } from "./duration";
import { formatInstant, parseInstant } from "./instant";
import type { Problem } from "./problem";
import { hasUnknown, isUnknown } from "./unknown";

/** When access ends, as the user declares it: exactly one property. */
export interface ExpirationInput {
  duration?: string;
  endsAt?: string;
  permanent?: boolean;
}

/** What a program says of the window. */
export interface Declared {
  expiration: ExpirationInput;
  startsAt?: string;
}

/** When access begins and ends; `endsAt` null is permanent, `startsAt` null is unrecorded (made outside PIM). */
export interface Window {
  startsAt: string | null;
  endsAt: string | null;
}

/** The shortest window that the service takes, which is also how far two ends may be apart and still be the same. */
export const WINDOW_TOLERANCE_MS = 5 * MINUTE_MS;

/** The window that a declaration asks for when it is first granted. */
export function firstWindow(
  expiration: ExpirationInput,
  startsAt: string | undefined,
  now: number,
): Window {
  const start = Math.max(now, parseInstant(startsAt ?? "") ?? now);
  return { startsAt: formatInstant(start), endsAt: endFrom(expiration, start) };
}

/** The end that a declaration means when it counts from the given start. */
export function endFrom(expiration: ExpirationInput, start: number): string | null {
  if (expiration.permanent === true) return null;
  if (expiration.endsAt !== undefined)
    return formatInstant(parseInstant(expiration.endsAt) ?? start);
  return formatInstant(start + (parseDuration(expiration.duration ?? "") ?? 0));
}

/**
 * The window to hold on an assignment that was there before it was declared. A duration never moves a found end later,
 * because adopting must not extend access, and counts from now where there was none; a stated end, permanence and a
 * start that can still be moved are what the program says.
 */
export function adoptedWindow(
  { expiration, startsAt }: Declared,
  found: Window,
  now: number,
): Window {
  if (startDiffers(startsAt, found.startsAt, now)) return firstWindow(expiration, startsAt, now);
  const asked = firstWindow(expiration, found.startsAt ?? undefined, now);
  if (expiration.duration === undefined) return { ...found, endsAt: asked.endsAt };
  if (found.endsAt === null) return asked;
  return (parseInstant(found.endsAt) ?? 0) <= (parseInstant(asked.endsAt ?? "") ?? 0)
    ? found
    : asked;
}

/**
 * The window that a declaration asks of an assignment that was granted: the recorded one while it means the same, else
 * its end counts from the recorded start, or from a start that is declared anew and can still be moved.
 */
export function editedWindow(
  { declared, ...recorded }: Window & { declared: Declared },
  { expiration, startsAt }: Declared,
  now: number,
): Window {
  if (startDiffers(startsAt, recorded.startsAt, now)) return firstWindow(expiration, startsAt, now);
  const { startsAt: begun, endsAt } = recorded;
  if (sameExpiration(declared.expiration, expiration)) return { startsAt: begun, endsAt };
  return { startsAt: begun, endsAt: endFrom(expiration, parseInstant(begun ?? "") ?? now) };
}

/** Whether two ends are the same moment, as far as the service keeps it. */
export function sameEnd(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs((parseInstant(a) ?? 0) - (parseInstant(b) ?? 0)) <= WINDOW_TOLERANCE_MS;
}

/** Whether two declarations mean the same; spelling does not count. */
export function sameExpiration(a: ExpirationInput, b: ExpirationInput): boolean {
  return expirationText(a) === expirationText(b);
}

/** Whether a start that is declared differs from the one in force; a start that has passed cannot be moved. */
export function startDiffers(
  declared: string | undefined,
  actual: string | null,
  now: number,
): boolean {
  if (declared === undefined || hasBegun(actual, now)) return false;
  return !sameEnd(declared, actual);
}

/** Whether the start has come; one that is not recorded has. */
export function hasBegun(startsAt: string | null, now: number): boolean {
  return startsAt === null || (parseInstant(startsAt) ?? 0) <= now;
}

/** Whether the end has come. */
export function hasEnded(endsAt: string | null, now: number): boolean {
  return endsAt !== null && (parseInstant(endsAt) ?? Number.POSITIVE_INFINITY) <= now;
}

/** What is wrong with an expiration by itself. */
export function expirationProblems(input: ExpirationInput | undefined): Problem[] {
  if (input === undefined || input === null || typeof input !== "object") {
    if (isUnknown(input)) return [];
    return [{ path: "", got: input, expected: "exactly one of duration, endsAt, permanent" }];
  }
  const present = (["duration", "endsAt", "permanent"] as const).filter(
    (key) => input[key] !== undefined,
  );
  if (present.length !== 1) {
    const got = present.length === 0 ? undefined : input;
    return [{ path: "", got, expected: "exactly one of duration, endsAt, permanent" }];
  }
  const { duration, endsAt, permanent } = input;
  if (hasUnknown(input)) return [];
  if (duration !== undefined) return durationProblems("duration", duration);
  if (endsAt !== undefined) return instantProblems("endsAt", endsAt);
  return permanent === true
    ? []
    : [{ path: "permanent", got: permanent, expected: "true", fix: "or give duration or endsAt" }];
}

/** What is wrong with a window's length. */
function durationProblems(path: string, text: unknown): Problem[] {
  const ms = typeof text === "string" ? parseDuration(text) : undefined;
  if (ms === undefined) {
    const fix = durationFix(text);
    return [
      {
        path,
        got: text,
        expected: 'an ISO 8601 duration in days and hours, such as "P90D" or "PT8H"',
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  }
  if (ms < WINDOW_TOLERANCE_MS) return [{ path, got: text, expected: "at least PT5M" }];
  if (ms <= LONGEST_DAYS * DAY_MS) return [];
  const expected = `at most P${LONGEST_DAYS}D`;
  return [{ path, got: text, expected, fix: "for no end: permanent: true" }];
}

/** A hundred years: what is longer soon leaves the years that an instant can be written in. */
const LONGEST_DAYS = 36_500;

/** What is wrong with an instant's spelling. */
export function instantProblems(path: string, text: unknown): Problem[] {
  if (isUnknown(text)) return [];
  if (typeof text === "string" && parseInstant(text) !== undefined) return [];
  return [
    {
      path,
      got: text,
      expected: 'an RFC 3339 instant, such as "2027-06-30T00:00:00Z"',
      ...(hasNoZone(text) ? { fix: `say which zone: "${text}Z" is UTC` } : {}),
    },
  ];
}

/** Whether only the zone is missing. */
function hasNoZone(text: unknown): boolean {
  return typeof text === "string" && /\d:\d\d/.test(text) && parseInstant(`${text}Z`) !== undefined;
}

function expirationText({ duration, endsAt, permanent }: ExpirationInput): string {
  if (duration !== undefined) return `for ${parseDuration(duration) ?? duration}`;
  if (endsAt !== undefined) return `until ${parseInstant(endsAt) ?? endsAt}`;
  return permanent === true ? "permanent" : "none";
}
