/** An approver named by a policy. */
export interface Approver {
  kind: "user" | "group";
  id: string;
  description: string | null;
  isBackup: boolean;
}

/** Settings of an approval rule; PIM always has one stage. */
export interface ApprovalSetting {
  isApprovalRequired: boolean;
  isApprovalRequiredForExtension: boolean;
  isRequestorJustificationRequired: boolean;
  approvalMode: string;
  stageTimeOutInDays: number;
  isApproverJustificationRequired: boolean;
  escalationTimeInMinutes: number;
  isEscalationEnabled: boolean;
  approvers: Approver[];
}

interface RuleBase {
  id: string;
  caller: "Admin" | "EndUser";
  level: "Eligibility" | "Assignment";
}

/** One of the 17 rules of a policy, free of any wire format. */
export type PolicyRule =
  | (RuleBase & { kind: "Expiration"; isExpirationRequired: boolean; maximumDuration: string })
  | (RuleBase & { kind: "Enablement"; enabledRules: string[] })
  | (RuleBase & { kind: "AuthenticationContext"; isEnabled: boolean; claimValue: string | null })
  | (RuleBase & { kind: "Approval"; setting: ApprovalSetting })
  | (RuleBase & {
      kind: "Notification";
      recipientType: "Admin" | "Requestor" | "Approver";
      notificationLevel: string;
      isDefaultRecipientsEnabled: boolean;
      notificationRecipients: string[];
    });

/** The rules of a policy by id. */
export type PolicyRules = ReadonlyMap<string, PolicyRule>;

/** Where a policy stands: what a fresh one says. */
export type PolicyScopeType = "DirectoryRole" | "Group";

/**
 * The 17 rules of an untouched policy. Live captures of 2026-09 and the reference samples agree:
 * a fresh role asks for MFA and a justification on activation and allows permanent assignments,
 * a fresh group asks for a justification only and allows none.
 */
export function defaultRules(scopeType: PolicyScopeType): PolicyRules {
  const isGroup = scopeType === "Group";
  const rules: PolicyRule[] = [
    expiration("Admin", "Eligibility", isGroup, "P365D"),
    {
      id: "Enablement_Admin_Eligibility",
      caller: "Admin",
      level: "Eligibility",
      kind: "Enablement",
      enabledRules: [],
    },
    ...notifications("Admin", "Eligibility"),
    expiration("Admin", "Assignment", isGroup, "P180D"),
    {
      id: "Enablement_Admin_Assignment",
      caller: "Admin",
      level: "Assignment",
      kind: "Enablement",
      enabledRules: ["Justification"],
    },
    ...notifications("Admin", "Assignment"),
    expiration("EndUser", "Assignment", true, "PT8H"),
    {
      id: "Enablement_EndUser_Assignment",
      caller: "EndUser",
      level: "Assignment",
      kind: "Enablement",
      enabledRules: isGroup ? ["Justification"] : ["MultiFactorAuthentication", "Justification"],
    },
    {
      id: "Approval_EndUser_Assignment",
      caller: "EndUser",
      level: "Assignment",
      kind: "Approval",
      setting: noApproval(),
    },
    {
      id: "AuthenticationContext_EndUser_Assignment",
      caller: "EndUser",
      level: "Assignment",
      kind: "AuthenticationContext",
      isEnabled: false,
      claimValue: null,
    },
    ...notifications("EndUser", "Assignment"),
  ];
  return new Map(rules.map((rule) => [rule.id, rule]));
}

/** A rule of a known kind, by id. */
export function ruleOf<K extends PolicyRule["kind"]>(
  rules: PolicyRules,
  kind: K,
  id: string,
): Extract<PolicyRule, { kind: K }> {
  const rule = rules.get(id);
  if (rule === undefined || rule.kind !== kind)
    throw new Error(`policy without ${kind} rule ${id}`);
  return rule as Extract<PolicyRule, { kind: K }>;
}

function expiration(
  caller: "Admin" | "EndUser",
  level: "Eligibility" | "Assignment",
  isExpirationRequired: boolean,
  maximumDuration: string,
): PolicyRule {
  return {
    id: `Expiration_${caller}_${level}`,
    caller,
    level,
    kind: "Expiration",
    isExpirationRequired,
    maximumDuration,
  };
}

function notifications(
  caller: "Admin" | "EndUser",
  level: "Eligibility" | "Assignment",
): PolicyRule[] {
  return (["Admin", "Requestor", "Approver"] as const).map((recipientType) => ({
    id: `Notification_${recipientType}_${caller}_${level}`,
    caller,
    level,
    kind: "Notification",
    recipientType,
    notificationLevel: "All",
    isDefaultRecipientsEnabled: true,
    notificationRecipients: [],
  }));
}

function noApproval(): ApprovalSetting {
  return {
    isApprovalRequired: false,
    isApprovalRequiredForExtension: false,
    isRequestorJustificationRequired: true,
    approvalMode: "SingleStage",
    stageTimeOutInDays: 1,
    isApproverJustificationRequired: true,
    escalationTimeInMinutes: 0,
    isEscalationEnabled: false,
    approvers: [],
  };
}
