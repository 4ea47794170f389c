import type { Approver, PolicyRule } from "../pim/policy-rules";
import { settingToWire } from "../pim/policy-wire";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { roleIdAt } from "./azure-roles";
import type { ArmPolicy } from "./policy-book";
import { expandedRole, expandedScope, idOf, offsetInstant, resource } from "./wire";

/** Whether a version of the interface knows the rule about assignments outside PIM. */
export function knowsPimOnly(apiVersion: string): boolean {
  return ["2024-02-01-preview", "2024-09-01-preview"].includes(apiVersion);
}

/** Id of the rule about assignments outside PIM. */
export const PIM_ONLY_RULE = "PIMOnlyMode_Admin_Assignment";

/** A policy with all its rules. */
export function policyToWire(tenant: Tenant, policy: ArmPolicy, apiVersion: string): Json {
  const wire = resource(policy.scopeId, "roleManagementPolicies", policy.guid, {
    scope: policy.scopeId,
    displayName: null,
    description: null,
    isOrganizationDefault: false,
    lastModifiedDateTime: modifiedAt(policy),
    lastModifiedBy: modifiedBy(policy),
    rules: tenant.arm.policies.shuffled(rulesToWire(policy, apiVersion)),
    effectiveRules: tenant.arm.policies.shuffled(rulesToWire(policy, apiVersion)),
    policyProperties: { scope: expandedScope(tenant, policy.scopeId) },
  });
  // As published: the id begins small, the type with a capital letter.
  return { ...wire, type: "Microsoft.Authorization/RoleManagementPolicies" };
}

/** Which policy a role has at a scope. */
export function policyAssignmentToWire(
  tenant: Tenant,
  policy: ArmPolicy,
  apiVersion: string,
): Json {
  const name = `${policy.guid}_${policy.roleId}`;
  const policyId = idOf(policy.scopeId, "roleManagementPolicies", policy.guid);
  return {
    properties: {
      scope: policy.scopeId,
      roleDefinitionId: roleIdAt(policy.roleId, policy.scopeId),
      policyId,
      effectiveRules: tenant.arm.policies.shuffled(rulesToWire(policy, apiVersion)),
      policyAssignmentProperties: {
        scope: expandedScope(tenant, policy.scopeId),
        roleDefinition: expandedRole(tenant, policy.roleId, policy.scopeId),
        policy: {
          id: policyId,
          lastModifiedBy: modifiedBy(policy),
          lastModifiedDateTime: modifiedAt(policy),
        },
      },
    },
    name,
    // As published: the id has the singular, the type a capital letter.
    id: idOf(policy.scopeId, "roleManagementPolicyAssignment", name),
    type: "Microsoft.Authorization/RoleManagementPolicyAssignment",
  };
}

/** Type of a rule on the wire. */
export function armRuleType(rule: PolicyRule): string {
  return `RoleManagementPolicy${rule.kind}Rule`;
}

function rulesToWire(policy: ArmPolicy, apiVersion: string): Json[] {
  const rules = [...policy.rules.values()].map((rule) => ({
    ...ruleFacts(rule),
    id: rule.id,
    ruleType: armRuleType(rule),
    target: target(rule.caller, rule.level),
  }));
  return knowsPimOnly(apiVersion) && policy.pimOnly.isSet ? [...rules, pimOnlyRule(policy)] : rules;
}

// As published, its target comes back as it was sent.
function pimOnlyRule(policy: ArmPolicy): Json {
  const { target: sent, isSet: _, ...pimOnlyModeSettings } = policy.pimOnly;
  return {
    pimOnlyModeSettings,
    id: PIM_ONLY_RULE,
    ruleType: "RoleManagementPolicyPimOnlyModeRule",
    target: { ...target("Admin", "Assignment"), ...sent },
  };
}

function target(caller: string, level: string): Json {
  return {
    caller,
    operations: ["All"],
    level,
    targetObjects: null,
    inheritableSettings: null,
    enforcedSettings: null,
  };
}

function ruleFacts(rule: PolicyRule): Json {
  switch (rule.kind) {
    case "Expiration":
      return {
        isExpirationRequired: rule.isExpirationRequired,
        maximumDuration: rule.maximumDuration,
        exceptionMembers: null,
      };
    case "Enablement":
      return { enabledRules: rule.enabledRules };
    case "AuthenticationContext":
      return { isEnabled: rule.isEnabled, claimValue: rule.claimValue ?? "" };
    case "Approval":
      return { setting: settingToWire(rule.setting, approverToWire, null) };
    case "Notification":
      return {
        notificationType: "Email",
        recipientType: rule.recipientType,
        isDefaultRecipientsEnabled: rule.isDefaultRecipientsEnabled,
        notificationLevel: rule.notificationLevel,
        notificationRecipients:
          rule.notificationRecipients.length === 0 ? null : rule.notificationRecipients,
      };
  }
}

function approverToWire({ id, description, isBackup, kind }: Approver): Json {
  return { id, description, isBackup, userType: kind === "group" ? "Group" : "User" };
}

function modifiedAt(policy: ArmPolicy): string | null {
  return policy.lastModifiedAt === null ? null : offsetInstant(policy.lastModifiedAt);
}

function modifiedBy(policy: ArmPolicy): Json {
  return { id: null, displayName: policy.lastModifiedBy, type: null, email: null };
}
