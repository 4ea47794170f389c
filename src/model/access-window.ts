import type { GrantStanding, GrantWindow } from "./access";
import { DAY_MS, HOUR_MS, parseDuration } from "./duration";
import { parseInstant } from "./instant";
import type { AssignmentInputs, AssignmentOutputs } from "./kinds";
import { hasUnknown, isUnknown } from "./unknown";
import {
  adoptedWindow,
  type Declared,
  editedWindow,
  hasBegun,
  hasEnded,
  sameEnd,
  sameExpiration,
  startDiffers,
} from "./window";

/** The window in force, of an assignment that was granted. */
export function grantedWindow(outputs: AssignmentOutputs): GrantWindow {
  const { endsAt, startsAt } = outputs;
  return until(endsAt ?? null, startsAt ?? undefined);
}

/**
 * The window that an assignment will have. A duration becomes an end when it is granted, so a first grant keeps it as
 * a duration; an edit counts from the recorded start, and taking over never moves a found end later.
 */
export function plannedWindow(
  inputs: AssignmentInputs,
  outputs: AssignmentOutputs | undefined,
  now: number | undefined,
): GrantWindow {
  const { expiration, startsAt } = inputs;
  if (expiration === undefined || hasUnknown(expiration) || isUnknown(startsAt)) {
    return { type: "unknown" };
  }
  if (outputs?.granted === undefined) return firstWindowOf(inputs, now);
  const { granted, status } = outputs;
  if (hasEnded(granted.endsAt, now ?? 0) || status === "expired") return declared(inputs);
  const begun = granted.startsAt ?? outputs.startsAt;
  const isSame = sameExpiration(granted.declared.expiration, expiration);
  if (begun === null && !isSame) return declared(inputs);
  // Without a clock a start is taken for one that has come, and cannot be moved.
  const asked = now === undefined ? { expiration } : inputs;
  const { endsAt } = editedWindow({ ...granted, startsAt: begun }, asked, now ?? 0);
  return until(endsAt, startsAt ?? granted.startsAt ?? undefined);
}

/** Whether the access is there at all. */
export function standingOf(
  inputs: AssignmentInputs,
  outputs: AssignmentOutputs | undefined,
  now: number | undefined,
): GrantStanding {
  if (inputs.live === "removed") return "removed";
  if (outputs === undefined) return "held";
  const ended = now !== undefined && hasEnded(outputs.granted?.endsAt ?? null, now);
  return outputs.status === "expired" || ended ? "expired" : "held";
}

/** Which of two windows ends later, as far as it can be said. */
export function compareEnds(
  before: GrantWindow,
  after: GrantWindow,
  now: number | undefined,
): "same" | "later" | "earlier" | "unknown" {
  if (before.type === "unknown" || after.type === "unknown") return "unknown";
  if (before.type === "for" && after.type === "for") {
    return order(parseDuration(before.duration), parseDuration(after.duration));
  }
  if (before.type === "until" && after.type === "until" && sameEnd(before.endsAt, after.endsAt)) {
    return "same";
  }
  return order(endOf(before, now), endOf(after, now));
}

/** When the window ends in milliseconds; undefined when that depends on a clock that is not given. */
export function endOf(window: GrantWindow, now: number | undefined): number | undefined {
  if (window.type === "permanent") return Number.POSITIVE_INFINITY;
  if (window.type === "until") return parseInstant(window.endsAt);
  if (window.type === "unknown") return undefined;
  const start = parseInstant(window.startsAt ?? "") ?? now;
  const length = parseDuration(window.duration);
  return start === undefined || length === undefined ? undefined : start + length;
}

/** A length in the unit that a reader counts in: "90 d", "8 h", "30 min". */
export function shortLength(ms: number): string {
  if (ms >= 2 * DAY_MS || (ms >= DAY_MS && ms % DAY_MS === 0))
    return `${Math.round(ms / DAY_MS)} d`;
  if (ms >= HOUR_MS) return `${Math.round((ms / HOUR_MS) * 10) / 10} h`;
  return `${Math.max(1, Math.round(ms / 60_000))} min`;
}

function firstWindowOf(inputs: AssignmentInputs, now: number | undefined): GrantWindow {
  const { existing } = inputs;
  const asked = declared(inputs);
  if (existing === undefined || asked.type !== "for") return asked;
  if (now === undefined)
    return existing.endsAt === null
      ? asked
      : until(existing.endsAt, existing.startsAt ?? undefined);
  if (startDiffers(inputs.startsAt, existing.startsAt, now)) return asked;
  const { startsAt, endsAt } = adoptedWindow(inputs, existing, now);
  const isCounted = endsAt !== existing.endsAt && hasBegun(existing.startsAt, now);
  return isCounted ? asked : until(endsAt, startsAt ?? undefined);
}

function declared({ expiration, startsAt }: Declared): GrantWindow {
  const start = startsAt === undefined ? {} : { startsAt };
  if (expiration.permanent === true) return { type: "permanent", ...start };
  if (expiration.endsAt !== undefined)
    return { type: "until", endsAt: expiration.endsAt, ...start };
  return expiration.duration === undefined
    ? { type: "unknown" }
    : { type: "for", duration: expiration.duration, ...start };
}

function until(endsAt: string | null, startsAt: string | undefined): GrantWindow {
  const start = startsAt === undefined ? {} : { startsAt };
  return endsAt === null ? { type: "permanent", ...start } : { type: "until", endsAt, ...start };
}

/** An end that is not known is compared with never alone. */
function order(before: number | undefined, after: number | undefined) {
  if (before === after) return before === undefined ? "unknown" : "same";
  if (after === Number.POSITIVE_INFINITY) return "later";
  if (before === Number.POSITIVE_INFINITY) return "earlier";
  if (before === undefined || after === undefined) return "unknown";
  return after > before ? "later" : "earlier";
}
