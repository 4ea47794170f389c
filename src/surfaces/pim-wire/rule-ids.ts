import type { RuleKey } from "../../model/policy-rules";

/** Microsoft's id of each rule, the same on every surface. */
export const RULE_IDS: Record<RuleKey, string> = {
  "activation.expiration": "Expiration_EndUser_Assignment",
  "activation.enablement": "Enablement_EndUser_Assignment",
  "activation.authenticationContext": "AuthenticationContext_EndUser_Assignment",
  "activation.approval": "Approval_EndUser_Assignment",
  "eligibleAssignment.expiration": "Expiration_Admin_Eligibility",
  "eligibleAssignment.enablement": "Enablement_Admin_Eligibility",
  "activeAssignment.expiration": "Expiration_Admin_Assignment",
  "activeAssignment.enablement": "Enablement_Admin_Assignment",
  "notifications.eligibleAssignment.admin": "Notification_Admin_Admin_Eligibility",
  "notifications.eligibleAssignment.assignee": "Notification_Requestor_Admin_Eligibility",
  "notifications.eligibleAssignment.approver": "Notification_Approver_Admin_Eligibility",
  "notifications.activeAssignment.admin": "Notification_Admin_Admin_Assignment",
  "notifications.activeAssignment.assignee": "Notification_Requestor_Admin_Assignment",
  "notifications.activeAssignment.approver": "Notification_Approver_Admin_Assignment",
  "notifications.activation.admin": "Notification_Admin_EndUser_Assignment",
  "notifications.activation.assignee": "Notification_Requestor_EndUser_Assignment",
  "notifications.activation.approver": "Notification_Approver_EndUser_Assignment",
  pimOnlyMode: "PIMOnlyMode_Admin_Assignment",
};

export const RULE_KEYS = Object.keys(RULE_IDS) as RuleKey[];

/** The rules of a policy that every version of the service shows. */
export const COMMON_RULE_KEYS = RULE_KEYS.filter((key) => key !== "pimOnlyMode");
