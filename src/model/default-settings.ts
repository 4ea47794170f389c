import type { Surface } from "./constants";
import type { MailRecipient, RuleStage } from "./policy-rules";
import {
  type LeafPath,
  type LeafValue,
  type Leaves,
  omitLeaves,
  sameLeaf,
} from "./settings-leaves";

/*
 * Sources
 * [live] an untouched role of a tenant, captured 2026-09 (User Administrator): the rules as Microsoft Graph answers them.
 * [portal] https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings
 * [rules] https://learn.microsoft.com/graph/identity-governance-pim-rules-overview
 * [groups] https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicies
 */

/** What Microsoft delivers for a directory role that nobody changed. */
const DIRECTORY_ROLE_DEFAULTS: Leaves = {
  "activation.maximumDuration": "PT8H", // [live] [portal]
  // [live] says MFA; the portal's published table says "On activation, require: None".
  "activation.requireMfa": true,
  "activation.authenticationContext": "", // [live] rule present and disabled
  "activation.requireJustification": true, // [live] [portal]
  "activation.requireTicket": false, // [live] [portal]
  "activation.requireApproval": false, // [live] [portal]
  "activation.approvers": [], // [live]
  "eligibleAssignment.allowPermanent": true, // [live] isExpirationRequired false
  "eligibleAssignment.maximumDuration": "P365D", // [live]
  "eligibleAssignment.requireMfa": false, // [live] the portal does not show this rule
  "eligibleAssignment.requireJustification": false, // [live] the portal does not show this rule
  "activeAssignment.allowPermanent": true, // [live] isExpirationRequired false
  "activeAssignment.maximumDuration": "P180D", // [live]
  "activeAssignment.requireMfa": false, // [live] [portal]
  "activeAssignment.requireJustification": true, // [live] [portal]
  ...deliveredMails(),
};

/** What Microsoft delivers for a group that PIM manages. Differs from a role: nothing is permanent, MFA is not asked. */
const GROUP_DEFAULTS: Leaves = {
  ...DIRECTORY_ROLE_DEFAULTS,
  "activation.requireMfa": false, // [groups] owner sample: Justification only
  "eligibleAssignment.allowPermanent": false, // [groups] isExpirationRequired true
  "activeAssignment.allowPermanent": false, // [groups] isExpirationRequired true
};

/** Microsoft's documented defaults of a surface; undefined on Azure, where tenants and scopes differ. */
export function defaultSettings(surface: Surface): Leaves | undefined {
  if (surface === "directoryRoles") return DIRECTORY_ROLE_DEFAULTS;
  return surface === "groups" ? GROUP_DEFAULTS : undefined;
}

/** The mails of a role or group that nobody changed: every one goes out, to the default recipients alone [live, all nine rules]. */
export const DELIVERED_MAILS: Leaves = deliveredMails();

/** Leaves without the mails that are as delivered: there are 27 of them, and state is paid for at every step. */
export function withoutDeliveredMails(leaves: Leaves): Leaves {
  const mails = Object.keys(DELIVERED_MAILS) as LeafPath[];
  return omitLeaves(
    leaves,
    mails.filter((path) => sameLeaf(path, leaves[path], DELIVERED_MAILS[path])),
  );
}

function deliveredMails(): Leaves {
  const stages: RuleStage[] = ["eligibleAssignment", "activeAssignment", "activation"];
  const recipients: MailRecipient[] = ["admin", "assignee", "approver"];
  const mails: Record<string, LeafValue> = {};
  for (const stage of stages) {
    for (const recipient of recipients) {
      const rule = `notifications.${stage}.${recipient}` as const;
      const mail: Partial<Record<LeafPath, LeafValue>> = {
        [`${rule}.level`]: "all",
        [`${rule}.defaultRecipients`]: true,
        [`${rule}.additionalRecipients`]: [],
      };
      Object.assign(mails, mail);
    }
  }
  return mails;
}
