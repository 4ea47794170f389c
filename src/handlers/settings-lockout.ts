import type { RoleKey } from "../model/identity";
import { GLOBAL_ADMINISTRATOR, lockoutProblems, PRIVILEGED_ROLE_ADMINISTRATOR } from "../model/lockout";
import type { Approver } from "../model/policy-rules";
import type { Problem } from "../model/problem";
import type { Leaves } from "../model/settings-leaves";
import { isForbidden } from "../http/errors";
import { readContexts } from "../tenant/contexts";
import { activeApprovers, readHolders } from "../tenant/holders";
import type { Tenant } from "../tenant/tenant";

/** Settings after which nobody could use a role: an approval that nobody could give, a context that does not exist. */
export async function settingsLockout(tenant: Tenant, role: RoleKey, changed: Leaves): Promise<Problem[]> {
  return [...(await approvalLockout(tenant, role, changed)), ...(await contextLockout(tenant, role, changed))];
}

async function approvalLockout(tenant: Tenant, role: RoleKey, changed: Leaves): Promise<Problem[]> {
  if (role.surface !== "directoryRoles") return [];
  if (![GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].includes(role.roleDefinitionId)) return [];
  const touchesApproval = changed["activation.requireApproval"] === true || changed["activation.approvers"] !== undefined;
  if (!touchesApproval) return [];
  const approvers = (changed["activation.approvers"] ?? []) as Approver[];
  const change = {
    type: "requireApproval",
    roleDefinitionId: role.roleDefinitionId,
    approverIds: approvers.map(({ id }) => id),
    activeApproverIds: await activeApprovers(tenant, approvers),
  } as const;
  return lockoutProblems(change, await readHolders(tenant));
}

async function contextLockout(tenant: Tenant, role: RoleKey, changed: Leaves): Promise<Problem[]> {
  const context = changed["activation.authenticationContext"];
  if (typeof context !== "string" || context === "") return [];
  try {
    const known = await readContexts(tenant);
    const roleDefinitionId = role.surface === "groups" ? role.groupId : role.roleDefinitionId;
    return lockoutProblems({ type: "requireContext", roleDefinitionId, context, known }, []);
  } catch (error) {
    // Whoever may not read Conditional Access cannot be told more than the service says at activation.
    if (isForbidden(error)) return [];
    throw error;
  }
}
