import { type PolicyRules, ruleOf } from "./pim/policy-rules";
import type { Tenant } from "./tenant";

/** A mail that the service would send: one per recipient. */
export interface Mail {
  /** RFC 3339. */
  at: string;
  /** Address, or the object id where the recipient has none. */
  to: string;
  /** Notification rule it comes from. */
  rule: string;
  /** What it is about. */
  event: "eligibleAssigned" | "activeAssigned" | "activated" | "approvalRequested";
  role: string;
  principalId: string;
  requestId: string;
}

/** Something that notification rules may tell people about. */
export interface Notice {
  event: Mail["event"];
  rules: PolicyRules;
  role: string;
  principalId: string;
  requestId: string;
  /** Object ids of those who decide, for mails to approvers. */
  approvers: readonly string[];
}

const RULE_SUFFIX: Record<Mail["event"], string> = {
  eligibleAssigned: "Admin_Eligibility",
  activeAssigned: "Admin_Assignment",
  activated: "EndUser_Assignment",
  approvalRequested: "EndUser_Assignment",
};

/** Writes down every mail that the role's notification rules would send. */
export function sendMails(tenant: Tenant, notice: Notice): void {
  const at = new Date(tenant.clock.now()).toISOString();
  for (const recipientType of ["Admin", "Requestor", "Approver"] as const) {
    const id = `Notification_${recipientType}_${RULE_SUFFIX[notice.event]}`;
    const rule = ruleOf(notice.rules, "Notification", id);
    if (!isSent(rule.notificationLevel, notice.event, recipientType)) continue;
    const defaults = rule.isDefaultRecipientsEnabled
      ? defaultRecipients(tenant, notice, recipientType)
      : [];
    const { event, role, principalId, requestId } = notice;
    for (const to of new Set([...defaults, ...rule.notificationRecipients])) {
      tenant.mails.push({ at, to, rule: id, event, role, principalId, requestId });
    }
  }
}

// "Critical only" keeps the mails that ask somebody to act; a request for approval is the only one.
function isSent(
  level: string,
  event: Mail["event"],
  recipient: "Admin" | "Requestor" | "Approver",
): boolean {
  if (level === "None") return false;
  if (event === "approvalRequested") return recipient === "Approver";
  return level === "All" && (recipient !== "Approver" || event !== "activated");
}

function defaultRecipients(
  tenant: Tenant,
  notice: Notice,
  recipient: "Admin" | "Requestor" | "Approver",
): string[] {
  if (recipient === "Admin") return addressesOf(tenant, tenant.administrators());
  if (recipient === "Requestor") return addressesOf(tenant, [notice.principalId]);
  return addressesOf(tenant, notice.approvers);
}

function addressesOf(tenant: Tenant, ids: readonly string[]): string[] {
  return ids
    .flatMap((id) => tenant.peopleOf(id))
    .map((user) => String(user["mail"] ?? user["userPrincipalName"] ?? user.id));
}
