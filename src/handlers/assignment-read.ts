import { sameCondition } from "../model/condition";
import type { AssignmentKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { hasEnded } from "../model/window";
import type { AssignmentRow } from "../surfaces/surface";
import type { Tenant } from "../tenant/tenant";
import {
  inputsOf,
  liveExpiration,
  liveStart,
  statusOf,
  wasWrittenJustNow,
} from "./assignment-state";
import type { ReadState } from "./handler";

const LONGEST_LOOK_MS = 60_000;
const FIRST_PAUSE_MS = 2_000;

/** The assignment as it is: the user's own properties rewritten to what is in force, so that drift names its property. */
export async function readAssignment(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<ReadState> {
  const row =
    (await tenant.snapshot(key.role.surface).assignment(key)) ??
    (await settled(tenant, key, outputs));
  return row === undefined
    ? readMissing(outputs, tenant.clock.now())
    : readHeld(outputs, row, tenant.clock.now());
}

function readHeld(outputs: AssignmentOutputs, row: AssignmentRow, now: number): ReadState {
  const inputs: AssignmentInputs = { ...inputsOf(outputs), live: "held" };
  inputs.expiration = liveExpiration(outputs.granted, row.endsAt);
  const start = liveStart(outputs.granted, row.startsAt, now);
  if (start === undefined) delete inputs.startsAt;
  else inputs.startsAt = start;
  if (!sameCondition(row.condition, inputs.condition)) setCondition(inputs, row.condition);
  const { granted, adopted } = outputs;
  const live = { startsAt: row.startsAt, endsAt: row.endsAt, scheduleId: row.scheduleId };
  return { inputs, outputs: { ...inputs, granted, adopted, ...live, status: statusOf(row, now) } };
}

/** At its own end it is expired, which is as declared; before it, somebody removed it. */
function readMissing(outputs: AssignmentOutputs, now: number): ReadState {
  const hasExpired = hasEnded(outputs.granted.endsAt, now);
  const inputs: AssignmentInputs = {
    ...inputsOf(outputs),
    expiration: outputs.granted.declared.expiration,
    live: hasExpired ? "held" : "removed",
  };
  return {
    inputs,
    outputs: {
      ...outputs,
      ...inputs,
      startsAt: outputs.startsAt,
      status: hasExpired ? "expired" : "removed",
    },
  };
}

/**
 * A row that is missing shortly after our own write may only be invisible: a later removal request settles that it is
 * gone, else it is looked for again for a while.
 */
async function settled(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<AssignmentRow | undefined> {
  const { clock } = tenant;
  const snapshot = tenant.snapshot(key.role.surface);
  const writtenAt = parseInstant(outputs.granted.at) ?? 0;
  if (!wasWrittenJustNow(outputs, clock.now()) || hasEnded(outputs.granted.endsAt, clock.now()))
    return undefined;
  const until = clock.now() + LONGEST_LOOK_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 1.5) {
    const requests = await snapshot.surface.listRequests(key);
    const removal = requests.find(({ action }) => action === "adminremove");
    if (removal !== undefined && (parseInstant(removal.createdAt) ?? 0) > writtenAt)
      return undefined;
    const row = await snapshot.reread(key);
    if (row !== undefined || clock.now() + pause > until) return row;
    await clock.sleep(pause);
  }
}

function setCondition(inputs: AssignmentInputs, condition: string | undefined): void {
  if (condition === undefined) delete inputs.condition;
  else inputs.condition = condition;
}
