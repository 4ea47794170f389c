import type { Tenant } from "../tenant";
import { matches, type Permission } from "./azure-roles";

/** Somebody whom a deny assignment is about. */
export interface DeniedPrincipal {
  id: string;
  type: string;
}

/** What nobody of some principals may do at a scope, whatever their roles. */
export interface DenyAssignment {
  /** The guid. */
  readonly id: string;
  readonly scopeId: string;
  readonly name: string;
  readonly description: string | null;
  readonly permissions: readonly Permission[];
  readonly principals: readonly DeniedPrincipal[];
  readonly excludePrincipals: readonly DeniedPrincipal[];
  readonly isOnlyHere: boolean;
  /** Made by Azure, to be changed by nobody. */
  readonly isSystemProtected: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | null;
}

const EVERYBODY = "00000000-0000-0000-0000-000000000000";

/** Whether a deny assignment at or above a scope forbids an action to one who has some ids; they are asked for only where there is one. */
export function isDenied(
  tenant: Tenant,
  idsOf: () => readonly string[],
  action: string,
  scopeId: string,
): boolean {
  const lineage = tenant.arm.tree.lineage(scopeId);
  for (const denial of tenant.arm.denials.all()) {
    const place = lineage.indexOf(denial.scopeId.toLowerCase());
    if (place < 0 || (place > 0 && denial.isOnlyHere)) continue;
    const ids = idsOf();
    if (names(denial.excludePrincipals, ids) || !names(denial.principals, [...ids, EVERYBODY]))
      continue;
    if (denial.permissions.some((permission) => forbids(permission, action))) return true;
  }
  return false;
}

function names(principals: readonly DeniedPrincipal[], ids: readonly string[]): boolean {
  return principals.some(({ id }) => ids.includes(id.toLowerCase()));
}

function forbids({ actions, notActions }: Permission, action: string): boolean {
  return (
    actions.some((pattern) => matches(pattern, action)) &&
    !notActions.some((pattern) => matches(pattern, action))
  );
}
