import { type RoleKey, settingsId } from "../model/identity";
import {
  GLOBAL_ADMINISTRATOR,
  lockoutProblems,
  PRIVILEGED_ROLE_ADMINISTRATOR,
} from "../model/lockout";
import type { Approver } from "../model/policy-rules";
import type { Problem } from "../model/problem";
import type { Leaves } from "../model/settings-leaves";
import { readContexts } from "../tenant/contexts";
import { isForbidden } from "../tenant/errors";
import { activeApprovers, readHolders } from "../tenant/holders";
import type { Tenant } from "../tenant/tenant";

/**
 * Settings after which nobody could use a role: an approval that nobody could give, a context that does not exist.
 * `changed` is the part of the declared leaves that is new.
 */
export async function settingsLockout(
  tenant: Tenant,
  role: RoleKey,
  changed: Leaves,
  declared: Leaves,
): Promise<Problem[]> {
  const identity = settingsId(tenant.tenantId, role);
  if (tenant.allowLockout.includes(identity)) return [];
  const problems = [
    ...(await approvalLockout(tenant, role, changed, declared)),
    ...(await contextLockout(tenant, role, changed)),
  ];
  const override = `to declare it all the same, add ${JSON.stringify(identity)} to entra-pim:allowLockout`;
  return problems.map((problem) => ({ ...problem, fix: `${problem.fix ?? ""}; ${override}` }));
}

async function approvalLockout(
  tenant: Tenant,
  role: RoleKey,
  changed: Leaves,
  declared: Leaves,
): Promise<Problem[]> {
  if (role.surface !== "directoryRoles") return [];
  if (![GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].includes(role.roleDefinitionId))
    return [];
  if (declared["activation.requireApproval"] === false) return [];
  const touchesApproval =
    changed["activation.requireApproval"] === true || changed["activation.approvers"] !== undefined;
  if (!touchesApproval) return [];
  const approvers = await approversOf(tenant, role, declared);
  const change = {
    type: "requireApproval",
    roleDefinitionId: role.roleDefinitionId,
    approverIds: approvers.map(({ id }) => id),
    activeApproverIds: await activeApprovers(tenant, approvers),
  } as const;
  return lockoutProblems(change, await readHolders(tenant));
}

/** Who will decide: the declared approvers, or those that are there already. */
async function approversOf(tenant: Tenant, role: RoleKey, declared: Leaves): Promise<Approver[]> {
  const named = declared["activation.approvers"] as Approver[] | undefined;
  if (named !== undefined) return named;
  const policy = await tenant.snapshot(role.surface).policies.of(role);
  return policy?.rules["activation.approval"].approvers ?? [];
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
