import type { RoleKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { RoleSettingsOutputs } from "../model/kinds";
import { tryUntil } from "../tenant/clock";
import { unlessScopeIsGone } from "../tenant/gone";
import type { LivePolicy } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { SETTLING_MS } from "./assignment-state";

const LONGEST_LOOK_MS = 60_000;
/** Answers carry more digits than later reads. */
const ROUNDING_MS = 1_000;

/**
 * The settings as the service shows them, but not as they were before our own last write, which it may still show: they
 * would look changed by somebody, and a delete would leave them.
 */
export async function settledPolicy(
  tenant: Tenant,
  role: RoleKey,
  outputs: RoleSettingsOutputs,
): Promise<LivePolicy | undefined> {
  const { clock } = tenant;
  const { policies } = tenant.snapshot(role.surface);
  const isRecent = clock.now() - (parseInstant(outputs.changedAt ?? "") ?? 0) < SETTLING_MS;
  const until = clock.now() + (isRecent ? LONGEST_LOOK_MS : 0);
  let policy: LivePolicy | undefined;
  await tryUntil(clock, { until }, async () => {
    if (policy !== undefined) policies.forget(role);
    policy = await unlessScopeIsGone(policies.of(role));
    return policy === undefined || !isOlder(policy, outputs.changedAt) || undefined;
  });
  return policy;
}

function isOlder({ changedAt }: LivePolicy, ours: string | undefined): boolean {
  const written = parseInstant(ours ?? "");
  return written !== undefined && (parseInstant(changedAt ?? "") ?? 0) < written - ROUNDING_MS;
}
