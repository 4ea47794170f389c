import { parseDuration } from "../clock";
import { refuse } from "../errors";
import type { ApprovalSetting, Approver, PolicyRule, PolicyRules } from "../pim/policy-rules";
import { ruleOf } from "../pim/policy-rules";
import type { Tenant } from "../tenant";
import { folded } from "./arm-api";
import { refuseArm } from "./arm-errors";
import type { ArmPolicy, PimOnlyMode } from "./policy-book";
import { armRuleType, knowsPimOnly, PIM_ONLY_RULE } from "./policy-wire";

/** A policy with the rules that were sent, each whole, all or none. */
export function changedArmPolicy(
  tenant: Tenant,
  policy: ArmPolicy,
  sent: readonly unknown[],
  apiVersion: string,
): ArmPolicy {
  const rules = new Map(policy.rules);
  let { pimOnly } = policy;
  for (const item of sent) {
    const body = folded(item);
    const id = body.get("id");
    if (id === PIM_ONLY_RULE && knowsPimOnly(apiVersion)) pimOnly = readPimOnly(body);
    else {
      const rule = rules.get(String(id));
      if (rule === undefined) throw refuseArm.invalidPolicy();
      rules.set(rule.id, readRule(tenant, rule, body));
    }
  }
  checkTogether(rules);
  return { ...policy, rules, pimOnly };
}

type Body = ReadonlyMap<string, unknown>;

// Each rule sent has to be complete, its target included (azurerm#30844, EasyPIM#28).
function readRule(tenant: Tenant, rule: PolicyRule, body: Body): PolicyRule {
  if (body.get("ruletype") !== armRuleType(rule)) throw refuseArm.invalidPolicy();
  checkTarget(rule, body);
  switch (rule.kind) {
    case "Expiration":
      return readExpiration(rule, body);
    case "Enablement":
      return { ...rule, enabledRules: readEnabled(rule, body) };
    case "AuthenticationContext":
      return readContext(rule, body);
    case "Approval":
      return { ...rule, setting: readSetting(tenant, rule.setting, folded(body.get("setting"))) };
    case "Notification":
      return readNotification(rule, body);
  }
}

function checkTarget(rule: PolicyRule, body: Body): void {
  const target = folded(body.get("target"));
  const operations = target.get("operations");
  const isComplete =
    same(target.get("caller"), rule.caller) &&
    same(target.get("level"), rule.level) &&
    Array.isArray(operations) &&
    operations.length > 0;
  if (!isComplete) throw refuseArm.invalidPolicy();
}

const LONGEST_ACTIVATION_MS = 24 * 3_600_000;

function readExpiration(rule: Extract<PolicyRule, { kind: "Expiration" }>, body: Body): PolicyRule {
  const isExpirationRequired = bool(body, "isExpirationRequired");
  const maximumDuration = text(body, "maximumDuration");
  const ms = parseDuration(maximumDuration);
  const isTooLong = rule.caller === "EndUser" && (ms ?? 0) > LONGEST_ACTIVATION_MS;
  if (ms === undefined || isTooLong) throw refuseArm.invalidPolicy();
  return { ...rule, isExpirationRequired, maximumDuration };
}

function readEnabled(rule: PolicyRule, body: Body): string[] {
  const allowed = ["MultiFactorAuthentication", "Justification"];
  if (rule.caller === "EndUser") allowed.push("Ticketing");
  return texts(body, "enabledRules").map((name) => oneOf(allowed, name));
}

function readContext(
  rule: Extract<PolicyRule, { kind: "AuthenticationContext" }>,
  body: Body,
): PolicyRule {
  const isEnabled = bool(body, "isEnabled");
  const value = body.get("claimvalue");
  const claimValue = typeof value === "string" && value !== "" ? value : null;
  if (!isEnabled) return { ...rule, isEnabled, claimValue: null };
  if (claimValue === null || !/^c([1-9]|[1-9]\d)$/.test(claimValue))
    throw refuseArm.invalidPolicy();
  return { ...rule, isEnabled, claimValue };
}

function readNotification(
  rule: Extract<PolicyRule, { kind: "Notification" }>,
  body: Body,
): PolicyRule {
  if (
    !same(body.get("notificationtype"), "Email") ||
    !same(body.get("recipienttype"), rule.recipientType)
  )
    throw refuseArm.invalidPolicy();
  return {
    ...rule,
    notificationLevel: oneOf(["None", "Critical", "All"], text(body, "notificationLevel")),
    isDefaultRecipientsEnabled: bool(body, "isDefaultRecipientsEnabled"),
    notificationRecipients: texts(body, "notificationRecipients"),
  };
}

function readSetting(tenant: Tenant, old: ApprovalSetting, body: Body): ApprovalSetting {
  const stages = body.get("approvalstages");
  if (!Array.isArray(stages) || stages.length > 1) throw refuseArm.invalidPolicy();
  const isApprovalRequired = bool(body, "isApprovalRequired");
  const stage = folded(stages[0]);
  const named = stage.get("primaryapprovers") ?? [];
  if (!Array.isArray(named)) throw refuseArm.invalidPolicy();
  const approvers = named.map((item) => readApprover(tenant, folded(item)));
  // Unlike directory roles, nobody approves by default here.
  if (isApprovalRequired && approvers.length === 0) throw refuseArm.invalidPolicy();
  return {
    isApprovalRequired,
    isApprovalRequiredForExtension: bool(body, "isApprovalRequiredForExtension"),
    isRequestorJustificationRequired: bool(body, "isRequestorJustificationRequired"),
    approvalMode: oneOf(
      ["SingleStage", "Serial", "Parallel", "NoApproval"],
      text(body, "approvalMode"),
    ),
    stageTimeOutInDays: Number(stage.get("approvalstagetimeoutindays") ?? old.stageTimeOutInDays),
    isApproverJustificationRequired: stage.get("isapproverjustificationrequired") !== false,
    escalationTimeInMinutes: Number(stage.get("escalationtimeinminutes") ?? 0),
    isEscalationEnabled: stage.get("isescalationenabled") === true,
    approvers,
  };
}

function readApprover(tenant: Tenant, body: Body): Approver {
  const kind = oneOf(["User", "Group"], text(body, "userType")) === "Group" ? "group" : "user";
  const id = text(body, "id").toLowerCase();
  const found = tenant.directory.of(kind).get(id);
  if (found === undefined) throw refuseArm.invalidPolicy();
  const description = body.get("description");
  return {
    kind,
    id,
    description: typeof description === "string" ? description : String(found["displayName"]),
    isBackup: body.get("isbackup") === true,
  };
}

function readPimOnly(body: Body): PimOnlyMode {
  const settings = folded(body.get("pimonlymodesettings"));
  const excludes = settings.get("excludes") ?? [];
  if (body.get("ruletype") !== "RoleManagementPolicyPimOnlyModeRule" || !Array.isArray(excludes))
    throw refuseArm.invalidPolicy();
  const mode = oneOf(["Disabled", "Enabled", "ReportOnly"], text(settings, "mode"));
  const types = texts(settings, "excludedAssignmentTypes").map((type) =>
    oneOf(["ServicePrincipalsAsTarget", "ServicePrincipalsAsRequestor"], type),
  );
  return {
    isSet: true,
    mode: mode as PimOnlyMode["mode"],
    excludes: excludes.map((item) => ({
      id: text(folded(item), "id"),
      type: oneOf(["User", "Group", "ServicePrincipal"], text(folded(item), "type")),
    })),
    excludedAssignmentTypes: types,
    target: readLists(folded(body.get("target"))),
  };
}

const TARGET_LISTS = ["operations", "targetObjects", "inheritableSettings", "enforcedSettings"];

function readLists(target: Body): PimOnlyMode["target"] {
  const given = TARGET_LISTS.filter((name) => Array.isArray(target.get(name.toLowerCase())));
  return Object.fromEntries(given.map((name) => [name, texts(target, name)]));
}

// The set is judged as it would be stored, whatever the order of its rules.
function checkTogether(rules: PolicyRules): void {
  const context = ruleOf(
    rules,
    "AuthenticationContext",
    "AuthenticationContext_EndUser_Assignment",
  );
  const enabled = ruleOf(rules, "Enablement", "Enablement_EndUser_Assignment").enabledRules;
  if (context.isEnabled && enabled.includes("MultiFactorAuthentication")) throw refuse.mfaAndAcrs();
}

function same(value: unknown, wanted: string): boolean {
  return typeof value === "string" && value.toLowerCase() === wanted.toLowerCase();
}

function oneOf(allowed: readonly string[], name: string): string {
  const spelled = allowed.find((known) => known.toLowerCase() === name.toLowerCase());
  if (spelled === undefined) throw refuseArm.invalidPolicy();
  return spelled;
}

function bool(body: Body, name: string): boolean {
  const value = body.get(name.toLowerCase());
  if (typeof value !== "boolean") throw refuseArm.invalidPolicy();
  return value;
}

function text(body: Body, name: string): string {
  const value = body.get(name.toLowerCase());
  if (typeof value !== "string") throw refuseArm.invalidPolicy();
  return value;
}

function texts(body: Body, name: string): string[] {
  const value = body.get(name.toLowerCase()) ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw refuseArm.invalidPolicy();
  return value;
}
