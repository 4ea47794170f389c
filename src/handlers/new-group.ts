import { MOST_ASSIGNABLE_GROUPS } from "../model/group-limit";
import type { Problem } from "../model/problem";
import { isUnknown } from "../model/unknown";
import { countAssignableGroups } from "../tenant/assignable-groups";
import { isForbidden } from "../tenant/errors";
import type { Tenant } from "../tenant/tenant";

/** Role-assignable groups that this run declares and that are not there yet, by component. */
const declared = new WeakMap<Tenant, Set<string>>();

/**
 * Whether a tenant has room for a role-assignable group that its component is about to make: the refusal of the
 * service, which comes in the middle of an update and speaks of no property, is said in the preview.
 */
export async function newGroupProblems(
  tenant: Tenant,
  component: string | undefined,
  group: { group?: unknown } | undefined,
): Promise<Problem[]> {
  if (component === undefined || !isUnknown(group?.group)) return [];
  const groups = declared.get(tenant) ?? new Set<string>();
  declared.set(tenant, groups.add(component));
  const there = await count(tenant);
  if (there + groups.size <= MOST_ASSIGNABLE_GROUPS) return [];
  return [
    {
      path: "newGroup.assignableToRole",
      got: true,
      expected: `room for another role-assignable group: the tenant has ${there} of at most ${MOST_ASSIGNABLE_GROUPS}, and this program adds ${groups.size}`,
      fix: `delete groups that are not needed (entra-pim groups lists them), use an existing one in ${component}, or leave assignableToRole out where the group holds no directory role`,
    },
  ];
}

/** Whoever may not read groups is told by the service. */
async function count(tenant: Tenant): Promise<number> {
  try {
    return await countAssignableGroups(tenant);
  } catch (error) {
    if (isForbidden(error)) return 0;
    throw error;
  }
}
