import { parseDuration, postTime, readTime } from "../clock";
import { refuse } from "../errors";
import type { Json } from "../schema";
import type { Schedule, Window } from "./grant";

const FIVE_MINUTES_MS = 5 * 60_000;

/** Reads `scheduleInfo`: a start that has passed becomes now, a duration becomes an end. */
export function readWindow(scheduleInfo: unknown, now: number): Window {
  if (typeof scheduleInfo !== "object" || scheduleInfo === null) throw refuse.invalidRequest();
  const { startDateTime, expiration, recurrence } = scheduleInfo as Json;
  if (recurrence !== undefined && recurrence !== null) throw refuse.invalidSchedule();
  const asked = typeof startDateTime === "string" ? Date.parse(startDateTime) : now;
  const startAt = Math.max(Number.isNaN(asked) ? now : asked, now);
  if (typeof expiration !== "object" || expiration === null) throw refuse.invalidSchedule();
  return readExpiration(expiration as Json, startAt);
}

/**
 * The start that a schedule shows: three of Microsoft's samples agree that a row made outside PIM starts at the
 * very moment it is read.
 */
export function scheduleStart({ window, principalId }: Schedule, now: number): string {
  return window === null ? postTime(now, principalId) : readTime(window.startAt);
}

/** Refuses windows that no policy could allow. */
export function checkWindow(window: Window, isActive: boolean): void {
  if (window.endAt === null) return;
  if (window.endAt <= window.startAt) throw refuse.invalidSchedule();
  if (isActive && window.endAt - window.startAt < FIVE_MINUTES_MS) throw refuse.tooShort();
}

/** Whether an active assignment is younger than the five minutes it must last. */
export function isWithinFiveMinutes(startAt: number, now: number): boolean {
  return now - startAt < FIVE_MINUTES_MS;
}

function readExpiration(expiration: Json, startAt: number): Window {
  const { type, endDateTime, duration } = expiration;
  const hasEnd = typeof endDateTime === "string";
  const hasDuration = typeof duration === "string";
  if (type === "noExpiration") {
    if (hasEnd || hasDuration) throw refuse.invalidSchedule();
    return { startAt, type, endAt: null, duration: null };
  }
  if (type === "afterDateTime" && hasEnd && !hasDuration) {
    return { startAt, type, endAt: Date.parse(endDateTime), duration: null };
  }
  if (type === "afterDuration" && hasDuration && !hasEnd) {
    const length = parseDuration(duration);
    // Years and months are refused with this code (terraform-provider-azuread 1464, 1813).
    if (length === undefined) throw refuse.invalidRequest();
    return { startAt, type, endAt: startAt + length, duration };
  }
  throw refuse.invalidSchedule();
}
