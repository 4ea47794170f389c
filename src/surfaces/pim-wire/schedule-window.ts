import { parseDuration } from "../../model/duration";
import { formatInstant, parseInstant } from "../../model/instant";
import type { Window } from "../../model/window";

/** When access begins and ends, as Graph and ARM both write it. */
export interface WireScheduleInfo {
  startDateTime?: string | null;
  expiration?: {
    type?: string | null;
    endDateTime?: string | null;
    duration?: string | null;
  } | null;
}

/** A duration in the answer counts from the start in the same answer: that is the service's clock, not ours. */
export function readWindow(info: WireScheduleInfo | null | undefined): Window {
  const start = parseInstant(info?.startDateTime ?? "");
  const expiration = info?.expiration;
  const startsAt = start === undefined ? null : formatInstant(start);
  const end = parseInstant(expiration?.endDateTime ?? "");
  if (end !== undefined) return { startsAt, endsAt: formatInstant(end) };
  const length = parseDuration(expiration?.duration ?? "");
  const counted = length !== undefined && start !== undefined && length > 0;
  return { startsAt, endsAt: counted ? formatInstant(start + length) : null };
}

/** An instant in our spelling; null where the service has none. */
export function readInstant(text: string | null | undefined): string | null {
  const instant = parseInstant(text ?? "");
  return instant === undefined ? null : formatInstant(instant);
}

/** The allowed word that a text is, whatever its letter case: the service spells its enumerations both ways. */
export function oneOf<T extends string>(
  value: string | null | undefined,
  allowed: readonly T[],
  fallback: T,
): T {
  const lower = (value ?? "").toLowerCase();
  return allowed.find((candidate) => candidate === lower) ?? fallback;
}
