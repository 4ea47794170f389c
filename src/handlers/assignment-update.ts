import { OnRemoved } from "../model/constants";
import { formatInstant, parseInstant } from "../model/instant";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { hasUnknown } from "../model/unknown";
import {
  editedWindow,
  hasEnded,
  sameEnd,
  sameExpiration,
  WINDOW_TOLERANCE_MS,
  type Window,
} from "../model/window";
import type { AssignmentRow } from "../tenant/rows";
import { futureStart, grant, grantedOf, sendChange, settle } from "./assignment-create";
import { beginsAnew, renewalIsDue } from "./assignment-diff";
import { assertAcceptable } from "./assignment-facts";
import {
  firstExpiration,
  heldOutputs,
  isAsDeclared,
  missingOutputs,
  untilEnd,
  type Writing,
  wasWrittenJustNow,
} from "./assignment-state";
import { describeAssignment } from "./assignment-words";
import { RefusedError } from "./handler";

/** Brings the live assignment to what is declared: nothing, a changed window, a new grant, or the old one again. */
export async function updateAssignment(
  writing: Writing,
  olds: AssignmentOutputs,
): Promise<AssignmentOutputs> {
  const { tenant, key } = writing;
  const row = await tenant.snapshot(key.role.surface).assignment(key);
  return row === undefined ? updateMissing(writing, olds) : updateHeld(writing, olds, row);
}

async function updateHeld(
  writing: Writing,
  olds: AssignmentOutputs,
  row: AssignmentRow,
): Promise<AssignmentOutputs> {
  const { tenant, key, inputs } = writing;
  const now = tenant.clock.now();
  const declarationIsSame = sameExpiration(olds.granted.declared.expiration, inputs.expiration);
  const window = windowOf(olds, inputs, row.startsAt, now);
  if (isAsDeclared(inputs, row, window.endsAt, now)) {
    const granted = { ...grantedOf(inputs, window, now), at: olds.granted.at };
    return heldOutputs(inputs, row, { granted, adopted: olds.adopted }, now);
  }
  assertStillAhead(writing, window.endsAt, now);
  await assertAcceptable(tenant, key, inputs, {
    windowIsNew: !declarationIsSame,
    startIsNew: false,
  });
  const submitted = await sendChange(writing, row, window.endsAt);
  if (submitted.type === "missing") return updateMissing(writing, olds);
  if (submitted.type === "exists")
    throw new RefusedError(`${describeAssignment(key, inputs)}: it changed meanwhile; run again`);
  return settle(writing, submitted.outcome, "changed", olds.adopted, window);
}

/** Nobody holds it: it ended at its own end, or somebody removed it, or a killed run left it unfinished. */
async function updateMissing(
  writing: Writing,
  olds: AssignmentOutputs,
): Promise<AssignmentOutputs> {
  const { tenant, key, inputs } = writing;
  const now = tenant.clock.now();
  const declarationIsSame = sameExpiration(olds.granted.declared.expiration, inputs.expiration);
  const hasExpired = hasEnded(olds.granted.endsAt, now);
  const isRenewed =
    !declarationIsSame || renewalIsDue(olds, inputs, now) || beginsAnew(olds, inputs, now);
  const staysAway = hasExpired
    ? !isRenewed
    : inputs.live === "removed" || removalIsAccepted(olds, inputs, now);
  if (staysAway) return missingOutputs(inputs, olds, now);
  await assertAcceptable(tenant, key, inputs, {
    windowIsNew: !declarationIsSame,
    startIsNew: false,
  });
  if (hasExpired) {
    return grant(writing, {
      key,
      action: "assign",
      expiration: firstExpiration(inputs.expiration),
      ...futureStart(inputs.startsAt, now),
    });
  }
  const window = windowOf(olds, inputs, null, now);
  assertStillAhead(writing, window.endsAt, now);
  const restored = await grant(writing, {
    key,
    action: "assign",
    expiration: untilEnd(window.endsAt),
    ...futureStart(window.startsAt ?? undefined, now),
  });
  return { ...restored, granted: { ...restored.granted, ...window } };
}

/** What was removed is to stay so, unless it is missing because our own write is unfinished or not visible yet. */
function removalIsAccepted(
  olds: AssignmentOutputs,
  { onRemoved }: AssignmentInputs,
  now: number,
): boolean {
  return onRemoved === OnRemoved.Keep && olds.status !== "pending" && !wasWrittenJustNow(olds, now);
}

/** What is asked of the assignment now. A start that was not recorded is the live one. */
function windowOf(
  { granted }: AssignmentOutputs,
  inputs: AssignmentInputs,
  liveStart: string | null,
  now: number,
): Window {
  const startsAt = granted.startsAt ?? liveStart;
  return editedWindow({ ...granted, startsAt }, inputs, now);
}

/** Refuses, before anything is written, an edit of a duration whose end has passed when it counts from the recorded start. */
export function assertEditAhead(
  of: Pick<Writing, "key" | "inputs">,
  { granted, endsAt }: AssignmentOutputs,
  now: number,
): void {
  const { expiration, startsAt, live } = of.inputs;
  const isEdit =
    !hasUnknown([expiration, startsAt]) &&
    expiration.duration !== undefined &&
    !sameExpiration(granted.declared.expiration, expiration);
  if (!isEdit || live === "removed" || hasEnded(granted.endsAt, now)) return;
  const asked = editedWindow(granted, of.inputs, now);
  if (!sameEnd(asked.endsAt, endsAt)) assertStillAhead(of, asked.endsAt, now);
}

function assertStillAhead(
  { key, inputs }: Pick<Writing, "key" | "inputs">,
  endsAt: string | null,
  now: number,
): void {
  if (endsAt === null || (parseInstant(endsAt) ?? 0) >= now + WINDOW_TOLERANCE_MS) return;
  throw new RefusedError(
    `${describeAssignment(key, inputs)}: expiration: got ${JSON.stringify(inputs.expiration)}, which counted from its start ends at ${endsAt}, expected at least five minutes from now (${formatInstant(now)}); remove the assignment to end it, or give a longer duration or expiration.endsAt`,
  );
}
