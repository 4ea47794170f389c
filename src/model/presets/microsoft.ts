import type { Tier } from "../constants";
import type { Leaves } from "../settings-leaves";

/*
 * [plan] Microsoft's example settings by role:
 * https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-deployment-plan
 * What a row leaves open stays at what Microsoft delivers (default-settings.ts).
 */

/** Where the examples ask for an authentication context, a tenant must name its own: give it as an override. */
export const MICROSOFT: Record<Tier, Leaves> = {
  critical: {
    "activation.maximumDuration": "PT1H", // [plan] Global Administrator, Azure Owner: 1 hour
    "activation.requireMfa": true, // [plan] Global Administrator: MFA yes
    "activation.requireJustification": true, // delivered by Microsoft
    "activation.requireTicket": true, // [plan] Global Administrator: ticket yes
    "activation.requireApproval": true, // [plan] Global Administrator, Azure Owner: approval yes
    "eligibleAssignment.allowPermanent": false, // [plan] Azure Owner: eligible expiry 3 months
    "eligibleAssignment.maximumDuration": "P90D", // [plan] Azure Owner: 3 months
    "activeAssignment.allowPermanent": false, // [plan] none, but emergency accounts
  },
  high: {
    "activation.maximumDuration": "PT2H", // [plan] Exchange Administrator: 2 hours
    "activation.requireMfa": true, // [plan] Exchange Administrator: MFA yes
    "activation.requireTicket": false, // [plan] Exchange Administrator: ticket no
    "activation.requireApproval": false, // [plan] Exchange Administrator: approval no
    "eligibleAssignment.allowPermanent": false, // [plan] User Access Administrator: eligible expiry 3 months
    "eligibleAssignment.maximumDuration": "P90D", // [plan] User Access Administrator: 3 months
    "activeAssignment.allowPermanent": false, // [plan] Exchange Administrator: permanent active none
  },
  privileged: {
    "activation.maximumDuration": "PT5H", // [plan] PIM group member: 5 hours
    "activation.requireMfa": true, // [plan] PIM group member: MFA yes
    "activation.requireApproval": false, // [plan] PIM group member: approval no
    "eligibleAssignment.allowPermanent": false, // [plan] PIM group member: eligible expiry 3 months
    "eligibleAssignment.maximumDuration": "P90D", // [plan] PIM group member: 3 months
    "activeAssignment.allowPermanent": false, // [plan] PIM group member: permanent active none
  },
  standard: {
    "activation.maximumDuration": "PT8H", // [plan] Helpdesk Administrator: 8 hours
    // [plan] Helpdesk Administrator asks for a ticket in place of MFA. Microsoft delivers MFA and nobody verifies a
    // ticket, so a profile does not turn MFA off.
    "activation.requireMfa": true,
    "activation.requireApproval": false, // [plan] Helpdesk Administrator: approval no
    "activeAssignment.allowPermanent": false, // [plan] Helpdesk Administrator: permanent active none
  },
};
