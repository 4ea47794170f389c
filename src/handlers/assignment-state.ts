import { sameCondition } from "../model/condition";
import type { AssignmentKind } from "../model/constants";
import type { AssignmentKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentInputs, AssignmentOutputs, Granted } from "../model/kinds";
import type { ExpirationInput, Window } from "../model/window";
import { hasBegun, hasEnded, sameEnd, startDiffers, WINDOW_TOLERANCE_MS } from "../model/window";
import type { AssignmentRow, RequestedExpiration } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { SETTLING_MS } from "../tenant/unseen";
import { RefusedError } from "./handler";
import { roleKeyOf } from "./resolution";

/** What a write needs to know. */
export interface Writing {
  tenant: Tenant;
  key: AssignmentKey;
  inputs: AssignmentInputs;
  until: number;
}

/** Whether our last write is so recent that the service may not show it yet. */
export function wasWrittenJustNow({ granted }: AssignmentOutputs, now: number): boolean {
  return now - (parseInstant(granted.at) ?? 0) < SETTLING_MS;
}

/** How the assignment stands, in one word. */
export type AssignmentStatus = "provisioned" | "scheduled" | "pending" | "expired" | "removed";

/** The identity that checked inputs name. */
export function keyOf(
  kind: AssignmentKind,
  inputs: AssignmentInputs | AssignmentOutputs,
): AssignmentKey {
  const key = knownKeyOf(kind, inputs);
  if (key !== undefined) return key;
  throw new RefusedError(
    "the state names no role or no principal: it was not written by pulumi-entra-pim",
  );
}

/** The key, when nothing in it is unknown. */
export function knownKeyOf(
  kind: AssignmentKind,
  inputs: AssignmentInputs | AssignmentOutputs,
): AssignmentKey | undefined {
  const role = roleKeyOf(inputs);
  if (role === undefined || inputs.principalId === undefined) return undefined;
  return { role, principalId: inputs.principalId, kind };
}

/** What a write or a read leaves in the state: the inputs, and what only the service knows. */
export function outputsOf(
  inputs: AssignmentInputs,
  held: {
    granted: Granted;
    live: Window;
    scheduleId: string;
    status: AssignmentStatus;
    adopted: boolean;
  },
): AssignmentOutputs {
  const { granted, live, scheduleId, status, adopted } = held;
  return {
    ...inputs,
    granted,
    startsAt: live.startsAt,
    endsAt: live.endsAt,
    scheduleId,
    status,
    adopted,
  };
}

/** What is left in the state while the row is there. */
export function heldOutputs(
  inputs: AssignmentInputs,
  row: AssignmentRow,
  { granted, adopted }: Pick<AssignmentOutputs, "granted" | "adopted">,
  now: number,
): AssignmentOutputs {
  const { scheduleId } = row;
  return outputsOf(inputs, { granted, live: row, scheduleId, status: statusOf(row, now), adopted });
}

/** What is left in the state when nobody holds it: it reached its own end, or somebody removed it. */
export function missingOutputs(
  inputs: AssignmentInputs,
  olds: AssignmentOutputs,
  now: number,
): AssignmentOutputs {
  const status: AssignmentStatus = hasEnded(olds.granted.endsAt, now) ? "expired" : "removed";
  return { ...olds, ...inputs, startsAt: olds.startsAt, status };
}

/** Whether a row has the end, the start and the condition that it should have. */
export function isAsDeclared(
  { startsAt, condition }: AssignmentInputs,
  row: AssignmentRow,
  endsAt: string | null,
  now: number,
): boolean {
  const windowIsSame = sameEnd(endsAt, row.endsAt) && !startDiffers(startsAt, row.startsAt, now);
  return windowIsSame && sameCondition(condition, row.condition);
}

/** The inputs that outputs mirror. The declared start stands in `granted`, the actual one in `startsAt`. */
export function inputsOf(outputs: AssignmentOutputs): AssignmentInputs {
  const {
    granted,
    startsAt: _start,
    endsAt: _end,
    scheduleId: _id,
    status: _status,
    adopted: _adopted,
    ...inputs
  } = outputs;
  const { startsAt } = granted.declared;
  return startsAt === undefined ? inputs : { ...inputs, startsAt };
}

/** The status of a window that is held. */
export function statusOf(window: Window, now: number): AssignmentStatus {
  // The service adds some seconds to the start of what it grants at once, and its clock is not ours.
  if (!hasBegun(window.startsAt, now + WINDOW_TOLERANCE_MS)) return "scheduled";
  return hasEnded(window.endsAt, now) ? "expired" : "provisioned";
}

/** How a first grant is asked for: a duration is counted by the service, whose clock decides. */
export function firstExpiration(expiration: ExpirationInput): RequestedExpiration {
  if (expiration.permanent === true) return { type: "permanent" };
  return expiration.endsAt === undefined
    ? { type: "for", duration: expiration.duration ?? "" }
    : { type: "until", endsAt: expiration.endsAt };
}

/** How an end that is already decided is asked for. */
export function untilEnd(endsAt: string | null): RequestedExpiration {
  return endsAt === null ? { type: "permanent" } : { type: "until", endsAt };
}

/** The expiration to show for a live end: the declared one while they agree, else what is in force. */
export function liveExpiration(granted: Granted, endsAt: string | null): ExpirationInput {
  if (sameEnd(granted.endsAt, endsAt)) return granted.declared.expiration;
  return endsAt === null ? { permanent: true } : { endsAt };
}

/** The start to show for a live start: the declared one unless somebody moved it while it lies in the future. */
export function liveStart(
  granted: Granted,
  startsAt: string | null,
  now: number,
): string | undefined {
  const declared = granted.declared.startsAt;
  return startDiffers(declared, startsAt, now) && startsAt !== null ? startsAt : declared;
}
