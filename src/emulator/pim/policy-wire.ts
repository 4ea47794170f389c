import { parseDuration, readTime } from "../clock";
import { refuse } from "../errors";
import type { Json, Version } from "../schema";
import type { Tenant } from "../tenant";
import type { Policy } from "./policy-book";
import type { ApprovalSetting, Approver, PolicyRule } from "./policy-rules";

/** Type of a rule on the wire. */
export function ruleType(rule: PolicyRule): string {
  return `unifiedRoleManagementPolicy${rule.kind}Rule`;
}

/** A policy without its rules; `prefix` is the provider its reader asked for. */
export function policyToWire(policy: Policy, id: string, scopeType: string): Json {
  return {
    id,
    displayName: scopeType,
    description: scopeType,
    isOrganizationDefault: false,
    scopeId: policy.scopeId,
    scopeType,
    lastModifiedDateTime: policy.lastModifiedAt === null ? null : readTime(policy.lastModifiedAt),
    // Seen live: the id stays null also after a change.
    lastModifiedBy: { displayName: policy.lastModifiedBy, id: null },
  };
}

/** A rule in the wire form of a version. */
export function ruleToWire(rule: PolicyRule, version: Version): Json {
  return {
    "@odata.type": `#microsoft.graph.${ruleType(rule)}`,
    id: rule.id,
    ...ruleFacts(rule, version),
    target: {
      caller: rule.caller,
      operations: ["all"],
      level: rule.level,
      inheritableSettings: [],
      enforcedSettings: [],
    },
  };
}

/** A rule changed by a body that was read by its type; members not sent stay. */
export function ruleFromWire(tenant: Tenant, rule: PolicyRule, body: Json): PolicyRule {
  checkTarget(rule, body["target"]);
  switch (rule.kind) {
    case "Expiration": {
      const isExpirationRequired = bool(body, "isExpirationRequired", rule.isExpirationRequired);
      const maximumDuration = text(body, "maximumDuration", rule.maximumDuration);
      if (isExpirationRequired) checkMaximum(rule, maximumDuration);
      return { ...rule, isExpirationRequired, maximumDuration };
    }
    case "Enablement":
      return {
        ...rule,
        enabledRules: enabledRules(rule, texts(body, "enabledRules", rule.enabledRules)),
      };
    case "AuthenticationContext":
      return { ...rule, ...contextFacts(body, rule) };
    case "Approval":
      return { ...rule, setting: approvalSetting(tenant, rule.setting, body["setting"]) };
    case "Notification":
      return { ...rule, ...notificationFacts(body, rule) };
  }
}

function ruleFacts(rule: PolicyRule, version: Version): Json {
  switch (rule.kind) {
    case "Expiration":
      return {
        isExpirationRequired: rule.isExpirationRequired,
        maximumDuration: rule.maximumDuration,
      };
    case "Enablement":
      return { enabledRules: rule.enabledRules };
    case "AuthenticationContext":
      return { isEnabled: rule.isEnabled, claimValue: rule.claimValue };
    case "Approval":
      return {
        setting: settingToWire(rule.setting, (approver) => approverToWire(approver, version), []),
      };
    case "Notification":
      return {
        notificationType: "Email",
        recipientType: rule.recipientType,
        notificationLevel: rule.notificationLevel,
        isDefaultRecipientsEnabled: rule.isDefaultRecipientsEnabled,
        notificationRecipients: rule.notificationRecipients,
      };
  }
}

/** An approval setting with its only stage; each service writes approvers in its own way. */
export function settingToWire(
  setting: ApprovalSetting,
  toWire: (approver: Approver) => Json,
  escalationApprovers: [] | null,
): Json {
  return {
    isApprovalRequired: setting.isApprovalRequired,
    isApprovalRequiredForExtension: setting.isApprovalRequiredForExtension,
    isRequestorJustificationRequired: setting.isRequestorJustificationRequired,
    approvalMode: setting.approvalMode,
    approvalStages: [
      {
        approvalStageTimeOutInDays: setting.stageTimeOutInDays,
        isApproverJustificationRequired: setting.isApproverJustificationRequired,
        escalationTimeInMinutes: setting.escalationTimeInMinutes,
        isEscalationEnabled: setting.isEscalationEnabled,
        primaryApprovers: setting.approvers.map(toWire),
        escalationApprovers,
      },
    ],
  };
}

// v1.0 says userId and groupId, beta says id and isBackup: see the two metadata documents.
function approverToWire(approver: Approver, version: Version): Json {
  const type = approver.kind === "user" ? "singleUser" : "groupMembers";
  const common = { "@odata.type": `#microsoft.graph.${type}` };
  const { id, description, isBackup } = approver;
  if (version === "beta") return { ...common, isBackup, id, description };
  return approver.kind === "user"
    ? { ...common, userId: id, description }
    : { ...common, groupId: id, description };
}

function checkTarget(rule: PolicyRule, target: unknown): void {
  if (target === undefined || target === null) return;
  const { caller, level } = target as Json;
  if (caller !== rule.caller || level !== rule.level)
    throw refuse.invalidPolicy(`The target of rule ${rule.id} cannot be changed.`);
}

const LONGEST_ACTIVATION_MS = 24 * 3_600_000;

function checkMaximum(rule: PolicyRule, maximumDuration: string): void {
  const ms = parseDuration(maximumDuration);
  if (ms === undefined)
    throw refuse.invalidPolicy(`The maximum duration of rule ${rule.id} is invalid.`);
  if (rule.caller === "EndUser" && ms > LONGEST_ACTIVATION_MS)
    throw refuse.invalidPolicy(`The maximum duration of rule ${rule.id} exceeds 24 hours.`);
}

// Ticketing means something on activation only; on the two other rules it is refused.
function enabledRules(rule: PolicyRule, asked: readonly string[]): string[] {
  const allowed =
    rule.caller === "EndUser"
      ? ["MultiFactorAuthentication", "Justification", "Ticketing"]
      : ["MultiFactorAuthentication", "Justification"];
  return [...new Set(asked)].map((name) => {
    const spelled = allowed.find((known) => known.toLowerCase() === name.toLowerCase());
    if (spelled === undefined)
      throw refuse.invalidPolicy(`${name} is not allowed in rule ${rule.id}.`);
    return spelled;
  });
}

// The claim value is not checked against the tenant's contexts: that shows at activation.
function contextFacts(body: Json, rule: { isEnabled: boolean; claimValue: string | null }) {
  const isEnabled = bool(body, "isEnabled", rule.isEnabled);
  const sent = "claimValue" in body ? body["claimValue"] : rule.claimValue;
  const claimValue = typeof sent === "string" && sent !== "" ? sent : null;
  if (!isEnabled) return { isEnabled, claimValue: null };
  if (claimValue === null || !/^c([1-9]|[1-9]\d)$/.test(claimValue))
    throw refuse.invalidPolicy("The claim value is invalid.");
  return { isEnabled, claimValue };
}

const LEVELS = ["None", "Critical", "All"];

function notificationFacts(body: Json, rule: Extract<PolicyRule, { kind: "Notification" }>) {
  const level = text(body, "notificationLevel", rule.notificationLevel);
  const notificationLevel = LEVELS.find((known) => known.toLowerCase() === level.toLowerCase());
  if (notificationLevel === undefined)
    throw refuse.invalidPolicy(`${level} is no notification level.`);
  if (text(body, "notificationType", "Email").toLowerCase() !== "email")
    throw refuse.invalidPolicy("The notification type must be Email.");
  if (text(body, "recipientType", rule.recipientType) !== rule.recipientType)
    throw refuse.invalidPolicy(`The recipient type of rule ${rule.id} cannot be changed.`);
  return {
    notificationLevel,
    isDefaultRecipientsEnabled: bool(
      body,
      "isDefaultRecipientsEnabled",
      rule.isDefaultRecipientsEnabled,
    ),
    notificationRecipients: texts(body, "notificationRecipients", rule.notificationRecipients),
  };
}

const MODES = ["SingleStage", "Serial", "Parallel", "NoApproval"];

function approvalSetting(tenant: Tenant, old: ApprovalSetting, sent: unknown): ApprovalSetting {
  if (sent === undefined || sent === null) return old;
  const body = sent as Json;
  const stages = body["approvalStages"];
  const approvalMode = text(body, "approvalMode", old.approvalMode);
  if (!MODES.includes(approvalMode))
    throw refuse.invalidPolicy(`${approvalMode} is no approval mode.`);
  if (stages !== undefined && (!Array.isArray(stages) || stages.length > 1))
    throw refuse.invalidPolicy("One approval stage is expected.");
  const stage: Json = Array.isArray(stages) ? ((stages[0] as Json | undefined) ?? {}) : {};
  const approvers = stage["primaryApprovers"];
  return {
    isApprovalRequired: bool(body, "isApprovalRequired", old.isApprovalRequired),
    isApprovalRequiredForExtension: bool(
      body,
      "isApprovalRequiredForExtension",
      old.isApprovalRequiredForExtension,
    ),
    isRequestorJustificationRequired: bool(
      body,
      "isRequestorJustificationRequired",
      old.isRequestorJustificationRequired,
    ),
    approvalMode,
    stageTimeOutInDays: Number(stage["approvalStageTimeOutInDays"] ?? old.stageTimeOutInDays),
    isApproverJustificationRequired: bool(
      stage,
      "isApproverJustificationRequired",
      old.isApproverJustificationRequired,
    ),
    escalationTimeInMinutes: Number(
      stage["escalationTimeInMinutes"] ?? old.escalationTimeInMinutes,
    ),
    isEscalationEnabled: bool(stage, "isEscalationEnabled", old.isEscalationEnabled),
    // Escalation approvers are accepted and dropped, as the documentation's authors note.
    approvers: Array.isArray(approvers)
      ? approvers.map((approver) => approverFromWire(tenant, approver as Json))
      : old.approvers,
  };
}

// v1.0 takes `id` too (seen live), and fills in a description where none is sent.
function approverFromWire(tenant: Tenant, body: Json): Approver {
  const type = String(body["@odata.type"] ?? "").replace(/^#?microsoft\.graph\./, "");
  if (type !== "singleUser" && type !== "groupMembers")
    throw refuse.invalidPolicy(`${type || "An approver without @odata.type"} cannot approve.`);
  const kind = type === "singleUser" ? "user" : "group";
  const id = body["id"] ?? body[kind === "user" ? "userId" : "groupId"];
  const found = typeof id === "string" ? tenant.directory.of(kind).get(id) : undefined;
  if (typeof id !== "string" || found === undefined)
    throw refuse.invalidPolicy(`The approver ${String(id)} does not exist.`);
  const description =
    typeof body["description"] === "string" && body["description"] !== ""
      ? body["description"]
      : String(found["displayName"]);
  return { kind, id, description, isBackup: body["isBackup"] === true };
}

function bool(body: Json, member: string, otherwise: boolean): boolean {
  const value = body[member];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "boolean") throw refuse.wrongType(member, "Edm.Boolean");
  return value;
}

function text(body: Json, member: string, otherwise: string): string {
  const value = body[member];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "string") throw refuse.wrongType(member, "Edm.String");
  return value;
}

function texts(body: Json, member: string, otherwise: readonly string[]): string[] {
  const value = body[member];
  if (value === undefined || value === null) return [...otherwise];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw refuse.wrongType(member, "Collection(Edm.String)");
  return value;
}
