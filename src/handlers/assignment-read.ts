import { sameCondition } from "../model/condition";
import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { hasEnded } from "../model/window";
import type { AssignmentRow } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { settledRow } from "./assignment-settled";
import {
  heldOutputs,
  inputsOf,
  liveExpiration,
  liveStart,
  missingOutputs,
} from "./assignment-state";
import type { ReadState } from "./handler";

/** The assignment as it is: the user's own properties rewritten to what is in force, so that drift names its property. */
export async function readAssignment(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<ReadState> {
  const row = await settledRow(tenant, key, outputs);
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
  // A name that was resolved once is never followed to another object, but its object may be called otherwise by now.
  if (inputs.principalName !== undefined && row.principal !== undefined)
    inputs.principalName = row.principal.name;
  return { inputs, outputs: heldOutputs(inputs, row, outputs, now) };
}

/** At its own end it is expired, which is as declared; before it, somebody removed it. */
function readMissing(outputs: AssignmentOutputs, now: number): ReadState {
  const hasExpired = hasEnded(outputs.granted.endsAt, now);
  const inputs: AssignmentInputs = {
    ...inputsOf(outputs),
    expiration: outputs.granted.declared.expiration,
    live: hasExpired ? "held" : "removed",
  };
  return { inputs, outputs: missingOutputs(inputs, outputs, now) };
}

function setCondition(inputs: AssignmentInputs, condition: string | undefined): void {
  if (condition === undefined) delete inputs.condition;
  else inputs.condition = condition;
}
