import type { Tier } from "../constants";
import type { Leaves } from "../settings-leaves";
import { MICROSOFT } from "./microsoft";

/*
 * The union of the other profiles, taking the stronger value where they differ.
 * [plan] Microsoft's deployment plan, [7.x] CISA MS.AAD.7.x, [5.3.x] CIS Microsoft 365: see the files beside this one.
 * [portal] the lengths that the portal offers; the shorter ones are our choice.
 */

const COMMON: Leaves = {
  "activation.requireMfa": true, // [plan]
  "activation.requireJustification": true, // delivered by Microsoft
  "eligibleAssignment.allowPermanent": false, // [plan] eligible expiry 3 months
  "eligibleAssignment.maximumDuration": "P90D", // [plan] 3 months
  "eligibleAssignment.requireJustification": true, // ours: why somebody is eligible is in the audit log
  "activeAssignment.allowPermanent": false, // [plan] [7.4] [5.3.1]
  "activeAssignment.requireJustification": true, // delivered by Microsoft
};

/** 7.7 to 7.9 need recipients and 5.3.4, 5.3.5 two approvers: give them in the override. */
export const STRICT: Record<Tier, Leaves> = {
  critical: {
    ...MICROSOFT.critical, // [plan] 1 hour, ticket
    ...COMMON,
    "activation.requireApproval": true, // [plan] [7.6] [5.3.4] [5.3.5]
    "activeAssignment.maximumDuration": "P15D", // [portal] shortest length offered
  },
  high: {
    ...MICROSOFT.high, // [plan] 2 hours
    ...COMMON,
    "activation.maximumDuration": "PT1H", // [plan] User Access Administrator: 1 hour
    "activation.requireTicket": true, // [plan] as for Global Administrator
    "activation.requireApproval": true, // [plan] as for Global Administrator
    "activeAssignment.maximumDuration": "P15D", // [portal] shortest length offered
  },
  privileged: {
    ...MICROSOFT.privileged,
    ...COMMON,
    "activation.maximumDuration": "PT2H", // [plan] Exchange Administrator: 2 hours
    "activeAssignment.maximumDuration": "P30D", // [portal]
  },
  standard: {
    ...MICROSOFT.standard,
    ...COMMON,
    "activation.maximumDuration": "PT5H", // [plan] PIM group member: 5 hours
    "activeAssignment.maximumDuration": "P90D", // [portal]
  },
};
