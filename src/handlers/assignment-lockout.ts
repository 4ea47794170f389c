import { type AssignmentKey, assignmentId } from "../model/identity";
import {
  GLOBAL_ADMINISTRATOR,
  lockoutProblems,
  PRIVILEGED_ROLE_ADMINISTRATOR,
} from "../model/lockout";
import { describeProblem } from "../model/problem";
import { readHoldersNow } from "../tenant/holders";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";

/** Removes an assignment; one that could lock the tenant only after a look at who is left, alone in this run. */
export function removeGuarded<T>(
  tenant: Tenant,
  key: AssignmentKey,
  what: string,
  remove: () => Promise<T>,
): Promise<T> {
  return canLock(key) ? guarded(tenant, key, `${what}: not removed`, remove) : remove();
}

/** Gives an end to an assignment; one that had none may be the one that the tenant depends on. */
export function endGuarded<T>(
  tenant: Tenant,
  key: AssignmentKey,
  what: string,
  ends: { before: string | null; after: string | null },
  change: () => Promise<T>,
): Promise<T> {
  const isEnded = ends.before === null && ends.after !== null;
  return isEnded && canLock(key) ? guarded(tenant, key, `${what}: not changed`, change) : change();
}

async function guarded<T>(
  tenant: Tenant,
  key: AssignmentKey,
  refusal: string,
  work: () => Promise<T>,
): Promise<T> {
  const identity = assignmentId(tenant.tenantId, key);
  return tenant.guard.alone(async (removed) => {
    const holders = (await readHoldersNow(tenant)).filter(
      ({ principalId, roleDefinitionId }) =>
        !removed.identities.has(rootId(tenant, principalId, roleDefinitionId)),
    );
    const caller = await tenant.caller();
    const problems = lockoutProblems(
      {
        type: "end",
        principalId: key.principalId,
        roleDefinitionId: roleIdOf(key),
        // An application works by its permissions, not by a role.
        isDeployer: !caller.appOnly && caller.ids.includes(key.principalId),
      },
      holders,
    );
    if (problems.length > 0 && !tenant.allowLockout.includes(identity)) {
      throw new RefusedError(
        `${refusal}: ${problems.map(describeProblem).join("; ")}; to do it all the same, add ${JSON.stringify(identity)} to entra-pim:allowLockout and run pulumi up once with it declared: a deletion goes by the configuration of the last up`,
      );
    }
    const result = await work();
    await removed.add(identity);
    return result;
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
