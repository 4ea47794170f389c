import type { Tier } from "../constants";
import type { Leaves } from "../settings-leaves";

/*
 * [7.x] CISA SCuBA baseline for Microsoft Entra ID, MS.AAD.7.x:
 * https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md
 * What the baseline does not speak of stays at what Microsoft delivers (default-settings.ts).
 */

/**
 * MS.AAD.7.7 to 7.9 ask that a security mailbox is told of assignments and activations: give it as
 * `notifications.<occasion>.admin.additionalRecipients` in the override; no profile can know it.
 */
export const CISA: Record<Tier, Leaves> = {
  critical: {
    ...alerts(), // [7.7] [7.8]
    "activation.requireApproval": true, // [7.6] activation of Global Administrator needs approval
    "activeAssignment.allowPermanent": false, // [7.4] no permanent active assignment of highly privileged roles
  },
  high: {
    ...alerts(), // [7.7] [7.9]
    "activeAssignment.allowPermanent": false, // [7.4]
  },
  privileged: {},
  standard: {},
};

/** The alerts that the controls are about are sent, all of them. */
function alerts(): Leaves {
  return {
    "notifications.eligibleAssignment.admin.level": "all", // [7.7]
    "notifications.activeAssignment.admin.level": "all", // [7.7]
    "notifications.activation.admin.level": "all", // [7.8] Global Administrator, [7.9] the others
  };
}
