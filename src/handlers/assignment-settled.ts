import type { AssignmentKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentOutputs } from "../model/kinds";
import { hasEnded } from "../model/window";
import { tryUntil } from "../tenant/clock";
import { unlessScopeIsGone } from "../tenant/gone";
import type { AssignmentRow } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { wasWrittenJustNow } from "./assignment-state";

const LONGEST_LOOK_MS = 60_000;

/**
 * The assignment as the service shows it. A row that is missing shortly after our own write may only be invisible: a
 * later removal request settles that it is gone, else it is looked for again for a while.
 */
export function settledRow(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<AssignmentRow | undefined> {
  return unlessScopeIsGone(lookUntilSettled(tenant, key, outputs));
}

async function lookUntilSettled(
  tenant: Tenant,
  key: AssignmentKey,
  outputs: AssignmentOutputs,
): Promise<AssignmentRow | undefined> {
  const { clock } = tenant;
  const snapshot = tenant.snapshot(key.role.surface);
  const seen = await snapshot.assignment(key);
  if (seen !== undefined) return seen;
  if (!wasWrittenJustNow(outputs, clock.now()) || hasEnded(outputs.granted.endsAt, clock.now()))
    return undefined;
  const writtenAt = parseInstant(outputs.granted.at) ?? 0;
  const until = clock.now() + LONGEST_LOOK_MS;
  const settled = await tryUntil(clock, { until }, async () => {
    const requests = await snapshot.surface.listRequests(key);
    const removal = requests.find(({ action }) => action === "adminremove");
    const isRemoved = removal !== undefined && (parseInstant(removal.createdAt) ?? 0) > writtenAt;
    return isRemoved ? null : snapshot.reread(key);
  });
  return settled ?? undefined;
}
