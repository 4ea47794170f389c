import type { Tier } from "../constants";
import type { Leaves } from "../settings-leaves";

/*
 * [5.3.x] CIS Microsoft 365 Foundations Benchmark, ids as in v6 and v7: https://www.cisecurity.org/benchmark/microsoft_365
 * What the benchmark does not speak of stays at what Microsoft delivers (default-settings.ts).
 */

/** 5.3.4 and 5.3.5 ask for at least two approvers: give them in the override. */
export const CIS_M365: Record<Tier, Leaves> = {
  critical: {
    "activation.requireApproval": true, // [5.3.4] Global Administrator, [5.3.5] Privileged Role Administrator
    "activeAssignment.allowPermanent": false, // [5.3.1] roles are managed by PIM: eligible, not permanently active
  },
  high: {
    "activeAssignment.allowPermanent": false, // [5.3.1]
  },
  privileged: {
    "activeAssignment.allowPermanent": false, // [5.3.1]
  },
  standard: {},
};
