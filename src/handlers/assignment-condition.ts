import { sameCondition } from "../model/condition";
import { tryUntil } from "../tenant/clock";
import type { AssignmentRow, RequestOutcome } from "../tenant/rows";
import { submit } from "../tenant/submit";
import type { Writing } from "./assignment-state";
import { describeAssignment } from "./assignment-words";
import { boundOf } from "./bound";
import { RefusedError } from "./handler";

/** How long a changed assignment may still be shown as it was before. */
const STALE_MS = 60_000;

/** How an assignment was written: a new one, or a change of one that was there. */
export type Written = "granted" | "changed";

/**
 * Looks once more at an assignment that was asked for with a condition. One that is held without it is wider than the
 * program says: it is removed at once. False when it cannot be seen in time.
 */
export async function readsBack(
  writing: Writing,
  outcome: RequestOutcome,
  written: Written,
): Promise<boolean> {
  const { tenant, key, inputs, until } = writing;
  const stale = tenant.clock.now() + STALE_MS;
  const bound = { until: Math.max(until, stale), firstPauseMs: 1_000 };
  const isAsDeclared = await tryUntil(tenant.clock, bound, async () => {
    const row = await tenant.snapshot(key.role.surface).reread(key);
    if (row !== undefined && sameCondition(row.condition, inputs.condition)) return true;
    const isNew = written === "granted" || row?.requestId === outcome.requestId;
    if (row !== undefined && (isNew || tenant.clock.now() >= stale))
      return removeAtOnce(writing, row);
    return undefined;
  });
  return isAsDeclared ?? false;
}

async function removeAtOnce(writing: Writing, row: AssignmentRow): Promise<never> {
  const { tenant, key, inputs } = writing;
  const what = describeAssignment(key, inputs);
  const held =
    row.condition === undefined ? "without a condition" : `with the condition ${row.condition}`;
  const found = `${what}: the service granted it ${held}, declared is ${inputs.condition}`;
  try {
    await submit(
      tenant,
      { key, action: "remove" },
      { until: boundOf(tenant, inputs.timeouts, "delete"), what },
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefusedError(
      `${found}; it could not be removed and IS STILL HELD: remove it by hand (${reason})`,
    );
  }
  tenant.snapshot(key.role.surface).record(key, null);
  throw new RefusedError(
    `${found}; it was removed at once, nobody holds it now: check the condition and run again`,
  );
}
