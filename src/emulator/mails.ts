import type { GrantKind } from "./pim/grant";
import { type PolicyRules, ruleOf } from "./pim/policy-rules";
import type { Tenant } from "./tenant";

/** A mail that the service would send: one per recipient. */
export interface Mail {
  /** RFC 3339. */
  at: string;
  /** Address, or the object id where the recipient has none. */
  to: string;
  /** Notification rule it comes from; of an access review the setting. */
  rule: string;
  /** What it is about. */
  event:
    | "eligibleAssigned"
    | "activeAssigned"
    | "activated"
    | "approvalRequested"
    | "extensionRequested"
    | "reviewRequested"
    | "reviewReminded";
  /** Name of the role; of an access review its own. */
  role: string;
  principalId: string;
  requestId: string;
}

/** Something that notification rules may tell people about. */
export interface Notice {
  event: Mail["event"];
  /** Which assignments the event is about. */
  kind: GrantKind;
  rules: PolicyRules;
  role: string;
  principalId: string;
  requestId: string;
  /** Object ids of those who decide, for mails to approvers. */
  approvers: readonly string[];
}

/** Writes down every mail that the role's notification rules would send. */
export function sendMails(tenant: Tenant, notice: Notice): void {
  const at = new Date(tenant.clock.now()).toISOString();
  for (const recipientType of ["Admin", "Requestor", "Approver"] as const) {
    if (!isRecipient(notice.event, recipientType)) continue;
    const id = `Notification_${recipientType}_${ruleSuffix(notice)}`;
    const rule = ruleOf(notice.rules, "Notification", id);
    if (!isSent(rule.notificationLevel, recipientType)) continue;
    const defaults = rule.isDefaultRecipientsEnabled
      ? defaultRecipients(tenant, notice, recipientType)
      : [];
    const { event, role, principalId, requestId } = notice;
    for (const to of new Set([...defaults, ...rule.notificationRecipients])) {
      tenant.mails.push({ at, to, rule: id, event, role, principalId, requestId });
    }
  }
}

type Recipient = "Admin" | "Requestor" | "Approver";

function ruleSuffix({ event, kind }: Notice): string {
  if (event === "activated" || event === "approvalRequested") return "EndUser_Assignment";
  return kind === "eligible" ? "Admin_Eligibility" : "Admin_Assignment";
}

// As the portal words the nine kinds: an approver's mail asks for a decision, about an activation or, in the two
// sections of assignments, about an extension or renewal. An assignment itself is nothing to approve.
function isRecipient(event: Mail["event"], recipient: Recipient): boolean {
  const asks = event === "approvalRequested" || event === "extensionRequested";
  return asks === (recipient === "Approver");
}

// "Critical only" keeps the mails that ask somebody to act.
function isSent(level: string, recipient: Recipient): boolean {
  return level === "All" || (level === "Critical" && recipient === "Approver");
}

function defaultRecipients(tenant: Tenant, notice: Notice, recipient: Recipient): string[] {
  if (recipient === "Admin") return addressesOf(tenant, tenant.administrators());
  if (recipient === "Requestor") return addressesOf(tenant, [notice.principalId]);
  return addressesOf(tenant, notice.approvers);
}

function addressesOf(tenant: Tenant, ids: readonly string[]): string[] {
  return ids
    .flatMap((id) => tenant.peopleOf(id))
    .map((user) => String(user["mail"] ?? user["userPrincipalName"] ?? user.id));
}
