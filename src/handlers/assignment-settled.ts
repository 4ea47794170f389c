import type { AssignmentKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentOutputs } from "../model/kinds";
import { hasEnded } from "../model/window";
import { unlessScopeIsGone } from "../tenant/gone";
import type { AssignmentRow } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";

/** The assignment as the service shows it; one that we wrote a moment ago is given time to appear, unless it has ended. */
export function settledRow(
  tenant: Tenant,
  key: AssignmentKey,
  { granted }: AssignmentOutputs,
): Promise<AssignmentRow | undefined> {
  const { surface } = key.role;
  const row = hasEnded(granted.endsAt, tenant.clock.now())
    ? tenant.snapshot(surface).assignment(key)
    : tenant.unseen(surface).row(key, parseInstant(granted.at) ?? 0);
  return unlessScopeIsGone(row);
}
