import { assignmentId } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentInputs } from "../model/kinds";
import { hasUnknown } from "../model/unknown";
import { madeBy } from "../tenant/caller";
import { isForbidden } from "../tenant/errors";
import { progressOf } from "../tenant/request-status";
import type { AssignmentRow, RequestRow } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";

/** Identities of the assignments that stand in the state of this run's stack, as far as this run read them. */
const recorded = new WeakMap<Tenant, Set<string>>();

/** Notes that the state holds an assignment: under whatever name it is declared next, it is this stack's own. */
export function noteRecorded(tenant: Tenant, identity: string): void {
  const identities = recorded.get(tenant) ?? new Set<string>();
  recorded.set(tenant, identities.add(identity));
}

/**
 * Whether a row is this stack's own although it is declared by a new resource: another name of it was read from the
 * state in this run, or a run that was cut off made it, so that its request carries our token and our texts. Requests
 * are gone after 45 days.
 */
export async function isOurs(
  tenant: Tenant,
  row: AssignmentRow,
  inputs: AssignmentInputs,
): Promise<boolean> {
  const identity = assignmentId(tenant.tenantId, row);
  if (recorded.get(tenant)?.has(identity) === true) return true;
  return wasMadeByUs(tenant, row, inputs);
}

/** How long after a cut-off run its rows are told from what others made. */
const UNFINISHED_MS = 24 * 60 * 60_000;

/**
 * Whether a row was there before it was declared. One that a cut-off run of ours made was not; only of young ones it is
 * asked, because `check` runs one by one and an adopted tenant has thousands of old ones.
 */
export async function wasThereBefore(
  tenant: Tenant,
  row: AssignmentRow,
  inputs: AssignmentInputs,
): Promise<boolean> {
  const begins = parseInstant(row.startsAt ?? "") ?? Number.NEGATIVE_INFINITY;
  if (begins < tenant.clock.now() - UNFINISHED_MS) return true;
  if (hasUnknown(inputs.justification) || hasUnknown(inputs.ticket)) return true;
  try {
    return !(await wasMadeByUs(tenant, row, inputs));
  } catch (error) {
    // A preview by an identity that may only read sees no requests.
    if (isForbidden(error)) return true;
    throw error;
  }
}

async function wasMadeByUs(
  tenant: Tenant,
  row: AssignmentRow,
  inputs: AssignmentInputs,
): Promise<boolean> {
  if (row.requestId === null) return false;
  const [caller, requests] = await Promise.all([
    tenant.caller(row.role.surface),
    tenant.snapshot(row.role.surface).requests(row),
  ]);
  const newest: RequestRow | undefined = requests.find(
    ({ status }) => progressOf(status) !== "failed",
  );
  return (
    newest !== undefined &&
    madeBy(caller, newest) &&
    (newest.id === row.requestId || newest.action === "adminupdate") &&
    (newest.justification || undefined) === inputs.justification &&
    (newest.ticketNumber || undefined) === inputs.ticket?.number
  );
}
