import { assignmentId, type AssignmentKey } from "../model/identity";
import { GLOBAL_ADMINISTRATOR, lockoutProblems, PRIVILEGED_ROLE_ADMINISTRATOR } from "../model/lockout";
import { describeProblem } from "../model/problem";
import { readHolders } from "../tenant/holders";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";

/** Removes an assignment; one that could lock the tenant only after a look at who is left, alone in this run. */
export async function removeGuarded(
  tenant: Tenant,
  key: AssignmentKey,
  what: string,
  remove: () => Promise<void>,
): Promise<void> {
  if (!canLock(key)) return remove();
  const identity = assignmentId(tenant.tenantId, key);
  await tenant.guard.alone(async (removed) => {
    const holders = (await readHolders(tenant)).filter(
      ({ principalId, roleDefinitionId }) => !removed.identities.has(rootId(tenant, principalId, roleDefinitionId)),
    );
    const problems = lockoutProblems(
      { type: "end", principalId: key.principalId, roleDefinitionId: roleIdOf(key) },
      holders,
    );
    if (problems.length > 0 && !tenant.allowLockout.includes(identity)) {
      throw new RefusedError(
        `${what}: not removed: ${problems.map(describeProblem).join("; ")}; to remove it all the same, add ${JSON.stringify(identity)} to entra-pim:allowLockout`,
      );
    }
    await remove();
    await removed.add(identity);
  });
}

function canLock({ role, kind }: AssignmentKey): boolean {
  return (
    kind === "active" &&
    role.surface === "directoryRoles" &&
    role.scope === "/" &&
    [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].includes(role.roleDefinitionId)
  );
}

function roleIdOf({ role }: AssignmentKey): string {
  return role.surface === "groups" ? "" : role.roleDefinitionId;
}

function rootId(tenant: Tenant, principalId: string, roleDefinitionId: string): string {
  const role = { surface: "directoryRoles", roleDefinitionId, scope: "/" } as const;
  return assignmentId(tenant.tenantId, { role, principalId, kind: "active" });
}
