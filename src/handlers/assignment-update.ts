import { OnRemoved } from "../model/constants";
import { formatInstant, parseInstant } from "../model/instant";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { endFrom, hasEnded, sameExpiration, WINDOW_TOLERANCE_MS } from "../model/window";
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
  const endsAt = declarationIsSame
    ? olds.granted.endsAt
    : endFrom(inputs.expiration, recordedStart(olds, row, now));
  if (isAsDeclared(inputs, row, endsAt, now)) {
    const { startsAt, at } = olds.granted;
    const granted = { ...grantedOf(inputs, { startsAt, endsAt }, now), at };
    return heldOutputs(inputs, row, { granted, adopted: olds.adopted }, now);
  }
  assertStillAhead(writing, endsAt, now);
  await assertAcceptable(tenant, key, inputs, {
    windowIsNew: !declarationIsSame,
    startIsNew: false,
  });
  const submitted = await sendChange(writing, row, endsAt);
  if (submitted.type === "missing") return updateMissing(writing, olds);
  if (submitted.type === "exists")
    throw new RefusedError(`${describeAssignment(key, inputs)}: it changed meanwhile; run again`);
  return settle(writing, submitted.outcome, "changed", olds.adopted, endsAt);
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
  const endsAt = declarationIsSame
    ? olds.granted.endsAt
    : endFrom(inputs.expiration, parseInstant(olds.granted.startsAt ?? "") ?? now);
  assertStillAhead(writing, endsAt, now);
  const restored = await grant(writing, {
    key,
    action: "assign",
    expiration: untilEnd(endsAt),
    ...futureStart(inputs.startsAt, now),
  });
  return { ...restored, granted: { ...restored.granted, endsAt } };
}

/** What was removed is to stay so, unless it is missing because our own write is unfinished or not visible yet. */
function removalIsAccepted(
  olds: AssignmentOutputs,
  { onRemoved }: AssignmentInputs,
  now: number,
): boolean {
  return onRemoved === OnRemoved.Keep && olds.status !== "pending" && !wasWrittenJustNow(olds, now);
}

/** An edited duration counts from the start that was recorded, so that editing it does not begin it anew. */
function recordedStart(olds: AssignmentOutputs, row: AssignmentRow, now: number): number {
  return parseInstant(olds.granted.startsAt ?? "") ?? parseInstant(row.startsAt ?? "") ?? now;
}

function assertStillAhead({ key, inputs }: Writing, endsAt: string | null, now: number): void {
  if (endsAt === null || (parseInstant(endsAt) ?? 0) >= now + WINDOW_TOLERANCE_MS) return;
  throw new RefusedError(
    `${describeAssignment(key, inputs)}: expiration: got ${JSON.stringify(inputs.expiration)}, which counted from its start ends at ${endsAt}, expected at least five minutes from now (${formatInstant(now)}); remove the assignment to end it, or give a later end`,
  );
}
