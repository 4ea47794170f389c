import type { PrincipalKind } from "./constants";

/** The part of a role's life that a rule governs. */
export type RuleStage = "activation" | "eligibleAssignment" | "activeAssignment";
/** Who a notification goes to. */
export type MailRecipient = "admin" | "assignee" | "approver";

/** How long access may last. */
export interface ExpirationRule {
  kind: "expiration";
  required: boolean;
  maximumDuration: string;
}

/** What is asked for. */
export interface EnablementRule {
  kind: "enablement";
  mfa: boolean;
  justification: boolean;
  ticket: boolean;
}

/** The conditional access authentication context that an activation must satisfy; null when none. */
export interface AuthenticationContextRule {
  kind: "authenticationContext";
  context: string | null;
}

/** Somebody whom a rule names; `other` are kinds that only the service knows and that are kept as met. */
export interface NamedPrincipal {
  kind: PrincipalKind | "other";
  id: string;
}

/** Who an approver is; `other` is a requestor's manager, for one. */
export interface Approver extends NamedPrincipal {
  kind: Exclude<PrincipalKind, "servicePrincipal"> | "other";
}

/** Whether an activation waits for somebody, and for whom. */
export interface ApprovalRule {
  kind: "approval";
  required: boolean;
  approvers: Approver[];
}

/** Who is told. */
export interface NotificationRule {
  kind: "notification";
  level: string;
  defaultRecipients: boolean;
  additionalRecipients: string[];
}

/** Whether an Azure role may be assigned outside PIM, and for whom it still may. */
export interface PimOnlyModeRule {
  kind: "pimOnlyMode";
  mode: string;
  excludedPrincipals: NamedPrincipal[];
  excludedAssignmentTypes: string[];
}

/**
 * The 17 rules of a role, keyed by what they govern, the same on every surface. Microsoft's rule ids live in the wire codecs.
 */
export interface PolicyRules {
  "activation.expiration": ExpirationRule;
  "activation.enablement": EnablementRule;
  "activation.authenticationContext": AuthenticationContextRule;
  "activation.approval": ApprovalRule;
  "eligibleAssignment.expiration": ExpirationRule;
  "eligibleAssignment.enablement": EnablementRule;
  "activeAssignment.expiration": ExpirationRule;
  "activeAssignment.enablement": EnablementRule;
  "notifications.eligibleAssignment.admin": NotificationRule;
  "notifications.eligibleAssignment.assignee": NotificationRule;
  "notifications.eligibleAssignment.approver": NotificationRule;
  "notifications.activeAssignment.admin": NotificationRule;
  "notifications.activeAssignment.assignee": NotificationRule;
  "notifications.activeAssignment.approver": NotificationRule;
  "notifications.activation.admin": NotificationRule;
  "notifications.activation.assignee": NotificationRule;
  "notifications.activation.approver": NotificationRule;
  /** Azure roles only, and there only where it was asked for: a preview version of the service has it. */
  pimOnlyMode?: PimOnlyModeRule;
}

export type RuleKey = keyof PolicyRules;
export type PolicyRule = Required<PolicyRules>[RuleKey];
