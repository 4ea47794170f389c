import { ServiceError } from "../http/errors";
import { OnAssignmentDelete } from "../model/constants";
import { type AssignmentKey, assignmentId } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentOutputs } from "../model/kinds";
import type { AssignmentRow } from "../surfaces/surface";
import { submit } from "../tenant/submit";
import type { Tenant } from "../tenant/tenant";
import { removeGuarded } from "./assignment-lockout";
import { wasWrittenJustNow } from "./assignment-state";
import { describeAssignment } from "./assignment-words";
import { boundOf } from "./bound";
import { describeOwner } from "./ownership";

/** Ends the access, unless the program keeps it or another resource of this run has taken it over. */
export async function deleteAssignment(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<void> {
  const what = describeAssignment(key, outputs);
  const heir = await tenant.ledger.ownerOf(assignmentId(tenant.tenantId, key));
  if (heir !== undefined) {
    tenant.voice(`${what}: stays, now declared by ${describeOwner(heir)}`);
    return;
  }
  const row = await tenant.snapshot(key.role.surface).assignment(key);
  if (outputs.onDelete === OnAssignmentDelete.Keep) {
    if (row !== undefined)
      tenant.voice(
        `${what}: stays, because onDelete is "keep"; remove it by hand when it is not wanted`,
      );
    return;
  }
  if (row === undefined && !wasWrittenJustNow(outputs, tenant.clock.now())) return;
  await sayWhoIsCutOff(tenant, key, what);
  await removeGuarded(tenant, key, what, () => remove(tenant, key, row, outputs, what));
  tenant.snapshot(key.role.surface).record(key, null);
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
