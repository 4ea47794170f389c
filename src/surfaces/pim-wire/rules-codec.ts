import type {
  ApprovalRule,
  Approver,
  AuthenticationContextRule,
  EnablementRule,
  ExpirationRule,
  NotificationRule,
  PolicyRule,
  PolicyRules,
  RuleKey,
} from "../../model/policy-rules";
import { type Json, object, objects, text, texts } from "./json";
import { NO_PIM_ONLY_MODE, readPimOnlyMode, writePimOnlyMode } from "./pim-only-mode";
import { RULE_IDS } from "./rule-ids";

/** A rule as the service sends it. */
export interface WireRule {
  id: string;
  [member: string]: unknown;
}

/** What Graph and ARM spell differently in the same rule: approvers, and what a read carries that a write must not. */
export interface RuleDialect {
  readApprover(wire: Json): Approver;
  /** `live` are the approvers as met, for those that only the service can spell. */
  writeApprover(approver: Approver, live: readonly Json[]): Json;
  /** A rule without what reads add to it. */
  sendable(rule: WireRule): WireRule;
}

/** A rule set that lacks a rule which it must have. */
class MalformedPolicyError extends Error {
  override name = "MalformedPolicyError" as const;
}

/**
 * The rules in our words; a missing rule is an error, because a default in its place would be a guess. Only the rule
 * of PIM-only mode is missing where nobody has set it.
 */
export function readRules(
  dialect: RuleDialect,
  wire: readonly WireRule[],
  keys: readonly RuleKey[],
): PolicyRules {
  const byId = new Map(wire.map((rule) => [rule.id, rule]));
  const missing = keys.filter((key) => key !== "pimOnlyMode" && !byId.has(RULE_IDS[key]));
  if (missing.length > 0) {
    const ids = missing.map((key) => RULE_IDS[key]).join(", ");
    throw new MalformedPolicyError(`the policy lacks the rules ${ids}`);
  }
  const rules: Partial<Record<RuleKey, PolicyRule>> = {};
  for (const key of keys) {
    const rule = byId.get(RULE_IDS[key]);
    rules[key] = rule === undefined ? NO_PIM_ONLY_MODE : readRule(dialect, key, rule);
  }
  return rules as unknown as PolicyRules;
}

/**
 * The wire rules of the keys, changed in place to what the rules say: members that we do not speak of stay as they
 * are. The order keeps MFA and an authentication context from ever being on together, because the service refuses
 * the second of the two.
 */
export function writeRules(
  dialect: RuleDialect,
  wire: readonly WireRule[],
  rules: PolicyRules,
  keys: readonly RuleKey[],
): WireRule[] {
  const byId = new Map(wire.map((rule) => [rule.id, rule]));
  return inSafeOrder(rules, keys).flatMap((key) => {
    const found = byId.get(RULE_IDS[key]) ?? { id: RULE_IDS[key] };
    const rule = rules[key];
    if (rule === undefined) return [];
    return dialect.sendable({ ...found, ...writeRule(dialect, found, rule) });
  });
}

/** A context that goes must go before MFA comes, and a context that comes must wait until MFA is gone. */
function inSafeOrder(rules: PolicyRules, keys: readonly RuleKey[]): RuleKey[] {
  const context: RuleKey = "activation.authenticationContext";
  const others = keys.filter((key) => key !== context);
  if (!keys.includes(context)) return others;
  return rules[context].context === null ? [context, ...others] : [...others, context];
}

function readRule(dialect: RuleDialect, key: RuleKey, wire: WireRule): PolicyRule {
  if (key.endsWith(".expiration")) return readExpiration(wire);
  if (key.endsWith(".enablement")) return readEnablement(wire);
  if (key === "activation.authenticationContext") return readContext(wire);
  if (key === "pimOnlyMode") return readPimOnlyMode(wire);
  return key === "activation.approval" ? readApproval(dialect, wire) : readNotification(wire);
}

function writeRule(
  dialect: RuleDialect,
  wire: WireRule,
  rule: PolicyRule,
): Record<string, unknown> {
  switch (rule.kind) {
    case "expiration":
      return { isExpirationRequired: rule.required, maximumDuration: rule.maximumDuration };
    case "enablement":
      return { enabledRules: writeEnablement(wire, rule) };
    case "authenticationContext":
      return { isEnabled: rule.context !== null, claimValue: rule.context ?? "" };
    case "approval":
      return { setting: writeApproval(dialect, wire, rule) };
    case "notification":
      return {
        notificationLevel: capitalize(rule.level),
        isDefaultRecipientsEnabled: rule.defaultRecipients,
        notificationRecipients: rule.additionalRecipients,
      };
    case "pimOnlyMode":
      return writePimOnlyMode(wire, rule);
  }
}

function readExpiration(wire: WireRule): ExpirationRule {
  return {
    kind: "expiration",
    required: wire.isExpirationRequired === true,
    maximumDuration: text(wire.maximumDuration),
  };
}

const ENABLEMENTS = {
  MultiFactorAuthentication: "mfa",
  Justification: "justification",
  Ticketing: "ticket",
} as const;

function readEnablement(wire: WireRule): EnablementRule {
  const enabled = texts(wire.enabledRules).map((name) => name.toLowerCase());
  return {
    kind: "enablement",
    mfa: enabled.includes("multifactorauthentication"),
    justification: enabled.includes("justification"),
    ticket: enabled.includes("ticketing"),
  };
}

function writeEnablement(wire: WireRule, rule: EnablementRule): string[] {
  const known = Object.keys(ENABLEMENTS).map((name) => name.toLowerCase());
  const kept = texts(wire.enabledRules).filter((name) => !known.includes(name.toLowerCase()));
  const ours = Object.entries(ENABLEMENTS).filter(([, field]) => rule[field]);
  return [...ours.map(([name]) => name), ...kept];
}

function readContext(wire: WireRule): AuthenticationContextRule {
  const claim = text(wire.claimValue);
  return {
    kind: "authenticationContext",
    context: wire.isEnabled === true && claim !== "" ? claim : null,
  };
}

function readNotification(wire: WireRule): NotificationRule {
  return {
    kind: "notification",
    level: text(wire.notificationLevel).toLowerCase(),
    defaultRecipients: wire.isDefaultRecipientsEnabled === true,
    additionalRecipients: texts(wire.notificationRecipients),
  };
}

function readApproval(dialect: RuleDialect, wire: WireRule): ApprovalRule {
  const setting = object(wire.setting);
  return {
    kind: "approval",
    required: setting.isApprovalRequired === true,
    approvers: objects(firstStage(setting).primaryApprovers).map(dialect.readApprover),
  };
}

function writeApproval(dialect: RuleDialect, wire: WireRule, rule: ApprovalRule): Json {
  const setting = object(wire.setting);
  const [, ...laterStages] = objects(setting.approvalStages);
  const stage = firstStage(setting);
  const approvers = rule.approvers.map((approver) =>
    dialect.writeApprover(approver, objects(stage.primaryApprovers)),
  );
  return {
    ...setting,
    isApprovalRequired: rule.required,
    approvalMode: setting.approvalMode ?? "SingleStage",
    approvalStages: [{ ...NEW_STAGE, ...stage, primaryApprovers: approvers }, ...laterStages],
  };
}

const NEW_STAGE = {
  approvalStageTimeOutInDays: 1,
  isApproverJustificationRequired: true,
  escalationTimeInMinutes: 0,
  isEscalationEnabled: false,
  escalationApprovers: [],
};

function firstStage(setting: Json): Json {
  return objects(setting.approvalStages)[0] ?? {};
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
