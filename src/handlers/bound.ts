import type { TimeoutsInput } from "../model/assignment-input";
import { parseDuration } from "../model/duration";
import type { Tenant } from "../tenant/tenant";

const DEFAULT_BOUND = "PT10M";

/** The moment at which an operation stops waiting. */
export function boundOf(
  tenant: Tenant,
  timeouts: TimeoutsInput | undefined,
  operation: keyof TimeoutsInput,
): number {
  return tenant.clock.now() + (parseDuration(timeouts?.[operation] ?? DEFAULT_BOUND) ?? 0);
}
