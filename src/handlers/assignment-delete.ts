import { OnAssignmentDelete } from "../model/constants";
import { type AssignmentKey, assignmentId } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentOutputs } from "../model/kinds";
import { principalKind } from "../model/principal";
import { madeBy } from "../tenant/caller";
import { isForbidden, ServiceError } from "../tenant/errors";
import { progressOf } from "../tenant/request-status";
import type { AssignmentRow } from "../tenant/rows";
import { submit } from "../tenant/submit";
import type { Tenant } from "../tenant/tenant";
import { removeGuarded } from "./assignment-lockout";
import { settledRow } from "./assignment-settled";
import { wasWrittenJustNow } from "./assignment-state";
import { describeAssignment } from "./assignment-words";
import { boundOf } from "./bound";
import { sayGroupStays } from "./group-stays";
import { describeOwner, heirOf } from "./ownership";
import { sayMovedNames } from "./resolution";

/** Ends the access, unless the program keeps it or another resource of this run has taken it over. */
export async function deleteAssignment(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<void> {
  const what = describeAssignment(key, outputs);
  sayMovedNames(tenant, what, outputs);
  const heir = await heirOf(tenant, assignmentId(tenant.tenantId, key), outputs.owner, what);
  if (heir !== undefined) {
    tenant.voice(`${what}: stays, now declared by ${describeOwner(heir)}`);
    return;
  }
  const row = await settledRow(tenant, key, outputs);
  if (outputs.onDelete === OnAssignmentDelete.Keep) {
    if (row !== undefined)
      tenant.voice(
        `${what}: stays, because onDelete is "keep"; remove it by hand when it is not wanted`,
      );
    return;
  }
  if (row === undefined && !(await mayBeInvisible(tenant, key, outputs, what))) return;
  if (row !== undefined && (await isGhost(tenant, row, outputs))) {
    tenant.voice(`${what}: the principal does not exist any more, nothing is left to end`);
    return;
  }
  await sayWhoIsCutOff(tenant, key, what);
  await removeGuarded(tenant, key, what, () => remove(tenant, key, row, outputs, what));
  tenant.snapshot(key.role.surface).record(key, null);
  await sayGroupStays(tenant, key.role, outputs);
}

/**
 * Whether a row that cannot be seen may be there all the same, so that its removal is to be asked for. A removal names
 * only who and what: where an activation is seen in the place of the row, it would end that.
 */
async function mayBeInvisible(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
  what: string,
): Promise<boolean> {
  if (outputs.status === "pending") await cancelOurs(tenant, key);
  if (!wasWrittenJustNow(outputs, tenant.clock.now())) return false;
  const others = await tenant.snapshot(key.role.surface).rows(key);
  if (others.length === 0) return true;
  tenant.voice(`${what}: is gone; what is held otherwise (${wordsFor(others)}) stays`);
  return false;
}

function wordsFor(rows: readonly AssignmentRow[]): string {
  return rows
    .map(({ assignmentType, memberType }) =>
      assignmentType === "activated" ? "an activation" : `${memberType} membership`,
    )
    .join(", ");
}

/** A request of ours that nobody decided would grant the access after we forgot it. */
async function cancelOurs(tenant: Tenant, key: AssignmentKey): Promise<void> {
  const { surface } = key.role;
  const snapshot = tenant.snapshot(surface);
  const [caller, requests] = await Promise.all([tenant.caller(surface), snapshot.requests(key)]);
  for (const request of requests) {
    if (progressOf(request.status) === "waiting" && madeBy(caller, request))
      await snapshot.surface.cancelRequest(key, request.id);
  }
}

/** The listing shows no object for the principal of a row: whether it was deleted is asked of the directory. */
async function isGhost(
  tenant: Tenant,
  { principal, principalId }: AssignmentRow,
  outputs: AssignmentOutputs,
): Promise<boolean> {
  const kind = principalKind(outputs.principal);
  if (principal !== undefined || kind === undefined) return false;
  try {
    return (await tenant.principals.read(kind, principalId)) === undefined;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

async function remove(
  tenant: Tenant,
  key: AssignmentKey,
  row: AssignmentRow | undefined,
  outputs: AssignmentOutputs,
  what: string,
): Promise<void> {
  if (row !== undefined && (await cancelled(tenant, key, row))) return;
  const until = boundOf(tenant, outputs.timeouts, "delete");
  await submit(tenant, { key, action: "remove" }, { until, what });
}

/** What has not begun is cancelled; a request that cannot be cancelled any more is removed like everything else. */
async function cancelled(tenant: Tenant, key: AssignmentKey, row: AssignmentRow): Promise<boolean> {
  const lies = (parseInstant(row.startsAt ?? "") ?? 0) > tenant.clock.now();
  if (!lies || row.requestId === null) return false;
  try {
    await tenant.snapshot(key.role.surface).surface.cancelRequest(key, row.requestId);
    return true;
  } catch (error) {
    if (error instanceof ServiceError && (error.status === 400 || error.status === 404))
      return false;
    throw error;
  }
}

async function sayWhoIsCutOff(tenant: Tenant, key: AssignmentKey, what: string): Promise<void> {
  if (key.kind !== "eligible") return;
  const rows = await tenant.snapshot(key.role.surface).rows({ ...key, kind: "active" });
  const activation = rows.find(({ assignmentType }) => assignmentType === "activated");
  if (activation === undefined) return;
  tenant.voice(
    `${what}: an activation is running until ${activation.endsAt ?? "further notice"}; it ends with the eligibility`,
  );
}
