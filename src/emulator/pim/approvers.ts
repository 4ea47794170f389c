import type { Tenant } from "../tenant";
import { type PolicyRules, ruleOf } from "./policy-rules";

/** Ids of the people who decide about a role: those its policy names, else the default ones. */
export function approversOf(
  tenant: Tenant,
  rules: PolicyRules,
  defaults: readonly string[],
): string[] {
  const { approvers } = ruleOf(rules, "Approval", "Approval_EndUser_Assignment").setting;
  const named = approvers.map((approver) => approver.id);
  const principals = named.length > 0 ? named : defaults;
  return peopleAmong(tenant, principals);
}

/** The people that principals are: themselves, or those in a group. */
export function peopleAmong(tenant: Tenant, principals: readonly string[]): string[] {
  return [...new Set(principals.flatMap((id) => tenant.peopleOf(id)).map((user) => user.id))];
}
