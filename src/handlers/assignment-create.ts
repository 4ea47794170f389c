import { Adopt } from "../model/constants";
import { type AssignmentKey, assignmentId } from "../model/identity";
import { formatInstant, parseInstant } from "../model/instant";
import type { AssignmentInputs, AssignmentOutputs, Granted } from "../model/kinds";
import { adoptedWindow, startDiffers, type Window } from "../model/window";
import { progressOf } from "../tenant/request-status";
import type { AssignmentRequest, AssignmentRow, RequestOutcome } from "../tenant/rows";
import { type Submitted, submit } from "../tenant/submit";
import { readsBack, type Written } from "./assignment-condition";
import { assertAcceptable } from "./assignment-facts";
import { endGuarded } from "./assignment-lockout";
import { isOurs } from "./assignment-origin";
import {
  firstExpiration,
  heldOutputs,
  isAsDeclared,
  outputsOf,
  statusOf,
  untilEnd,
  type Writing,
} from "./assignment-state";
import { describeAssignment } from "./assignment-words";
import { RefusedError, UnfinishedError } from "./handler";

/** Grants the assignment, or takes over the one that is there. */
export async function createAssignment(writing: Writing): Promise<AssignmentOutputs> {
  const { tenant, key, inputs } = writing;
  const row = await tenant.snapshot(key.role.surface).assignment(key);
  if (row !== undefined) return adopt(writing, row);
  await assertAcceptable(tenant, key, inputs, { windowIsNew: true });
  return grant(writing, {
    key,
    action: "assign",
    expiration: firstExpiration(inputs.expiration),
    ...futureStart(inputs.startsAt, tenant.clock.now()),
  });
}

/** Sends a grant and waits until it is in force; an assignment that turns out to be there is taken over. */
export async function grant(
  writing: Writing,
  request: AssignmentRequest,
): Promise<AssignmentOutputs> {
  const { tenant, key, inputs, until } = writing;
  const what = describeAssignment(key, inputs);
  const submitted = await submit(tenant, { ...request, ...wordsOf(inputs) }, { until, what });
  if (submitted.type === "exists") return adopt(writing, submitted.row);
  if (submitted.type === "missing")
    throw new RefusedError(`${what}: the service says that there is nothing to change`);
  return settle(writing, submitted.outcome, "granted", false);
}

/**
 * Waits for a request that was accepted, and records what it granted: the service's window, or the one that was decided
 * before, from whose start a later edit counts.
 */
export async function settle(
  writing: Writing,
  outcome: RequestOutcome,
  written: Written,
  adopted: boolean,
  decided?: Window,
): Promise<AssignmentOutputs> {
  const { tenant, key, inputs, until } = writing;
  const live = {
    startsAt: outcome.startsAt,
    endsAt: decided === undefined ? outcome.endsAt : decided.endsAt,
  };
  const granted = grantedOf(inputs, decided ?? live, tenant.clock.now());
  const scheduleId = outcome.scheduleId ?? outcome.requestId;
  const held = { granted, live, scheduleId, adopted };
  if (progressOf(outcome.status) !== "done") {
    const ended = await tenant.confirm(key.role.surface).wait(key, outcome.requestId, until);
    if (ended === undefined) {
      const pending = outputsOf(inputs, { ...held, status: "pending" });
      const still = `request ${outcome.requestId} is still ${outcome.status}; run again to go on with it`;
      throw unfinished(writing, pending, still);
    }
    if (progressOf(ended.status) === "failed") {
      throw new RefusedError(
        `${describeAssignment(key, inputs)}: request ${ended.id} ended as ${ended.status}`,
      );
    }
  }
  const isChecked = inputs.condition === undefined || (await readsBack(writing, outcome, written));
  if (!isChecked) {
    const pending = outputsOf(inputs, { ...held, status: "pending" });
    throw unfinished(
      writing,
      pending,
      "it is not visible yet, so its condition is not checked; run again",
    );
  }
  tenant.snapshot(key.role.surface).record(key, rowOf(writing, live, scheduleId, outcome));
  return outputsOf(inputs, { ...held, status: statusOf(live, tenant.clock.now()) });
}

function unfinished(
  { tenant, key, inputs }: Writing,
  outputs: AssignmentOutputs,
  what: string,
): UnfinishedError {
  const message = `${describeAssignment(key, inputs)}: ${what}`;
  return new UnfinishedError(assignmentId(tenant.tenantId, key), outputs, message);
}

/** Takes over what is there: nothing is extended that a duration would not extend, nothing is removed to add it again. */
async function adopt(writing: Writing, row: AssignmentRow): Promise<AssignmentOutputs> {
  const { tenant, key, inputs } = writing;
  const now = tenant.clock.now();
  const ours = await isOurs(tenant, row, inputs);
  if (!ours && inputs.adopt === Adopt.Refuse) {
    throw new RefusedError(
      `${describeAssignment(key, inputs)}: it is held already (${describeWindow(row)}) and adopt is "refuse"; remove it, or set adopt to "always"; after a rename, give the resource an alias of its old name`,
    );
  }
  if (!ours)
    tenant.voice(
      `${describeAssignment(key, inputs)}: was held already (${describeWindow(row)}), now managed here`,
    );
  const window = adoptedWindow(inputs, row, now);
  if (isAsDeclared(inputs, row, window.endsAt, now))
    return heldOutputs(inputs, row, { granted: grantedOf(inputs, row, now), adopted: !ours }, now);
  await assertAcceptable(tenant, key, inputs, { windowIsNew: true });
  const submitted = await sendChange(writing, row, window.endsAt);
  if (submitted.type !== "accepted")
    throw new RefusedError(
      `${describeAssignment(key, inputs)}: it changed while it was taken over; run again`,
    );
  return settle(writing, submitted.outcome, "changed", !ours, window);
}

/** Changes the window of a row that is there. */
export function sendChange(
  { tenant, key, inputs, until }: Writing,
  row: AssignmentRow,
  endsAt: string | null,
): Promise<Submitted> {
  const what = describeAssignment(key, inputs);
  const request = {
    ...changeRequest(key, row, endsAt, inputs, tenant.clock.now()),
    ...wordsOf(inputs),
  };
  return endGuarded(tenant, key, what, { before: row.endsAt, after: endsAt }, () =>
    submit(tenant, request, { until, what }),
  );
}

function changeRequest(
  key: AssignmentKey,
  row: AssignmentRow,
  endsAt: string | null,
  inputs: AssignmentInputs,
  now: number,
): AssignmentRequest {
  const start = startDiffers(inputs.startsAt, row.startsAt, now)
    ? inputs.startsAt
    : (row.startsAt ?? undefined);
  return {
    key,
    action: "update",
    expiration: untilEnd(endsAt),
    scheduleId: row.scheduleId,
    ...(start === undefined ? {} : { startsAt: start }),
  };
}

/** The texts that a request carries. */
function wordsOf({
  justification,
  ticket,
  condition,
}: AssignmentInputs): Partial<AssignmentRequest> {
  return {
    ...(justification === undefined ? {} : { justification }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(condition === undefined ? {} : { condition }),
  };
}

/** A start that has passed is left out: the service would move it to now anyway. */
export function futureStart(startsAt: string | undefined, now: number): { startsAt?: string } {
  return startsAt !== undefined && (parseInstant(startsAt) ?? 0) > now ? { startsAt } : {};
}

/** What a write granted, for which declaration. */
export function grantedOf(inputs: AssignmentInputs, window: Window, now: number): Granted {
  const { expiration, startsAt } = inputs;
  return {
    startsAt: window.startsAt,
    endsAt: window.endsAt,
    declared: { expiration, ...(startsAt === undefined ? {} : { startsAt }) },
    at: formatInstant(now),
  };
}

function rowOf(
  { key, inputs }: Writing,
  window: Window,
  scheduleId: string,
  outcome: RequestOutcome,
): AssignmentRow {
  return {
    ...key,
    ...(inputs.condition === undefined ? {} : { condition: inputs.condition }),
    startsAt: window.startsAt,
    endsAt: window.endsAt,
    scheduleId,
    requestId: outcome.requestId,
    memberType: "direct",
    assignmentType: "assigned",
    status: outcome.status,
  };
}

function describeWindow({ startsAt, endsAt }: Window): string {
  const from = startsAt === null ? "" : `since ${startsAt}, `;
  return `${from}${endsAt === null ? "permanent" : `until ${endsAt}`}`;
}
