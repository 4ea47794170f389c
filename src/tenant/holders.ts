import type { RoleKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import { GLOBAL_ADMINISTRATOR, type Holder, PRIVILEGED_ROLE_ADMINISTRATOR } from "../model/lockout";
import type { Approver } from "../model/policy-rules";
import type { AssignmentRow, PrincipalFound } from "../surfaces/surface";
import { isNotFound } from "./errors";
import { isConfiguration } from "./snapshot";
import type { Tenant } from "./tenant";

/** Who holds the two roles that a tenant cannot be without, with what the directory says of them. */
export function readHolders(tenant: Tenant): Promise<Holder[]> {
  const snapshot = tenant.snapshot("directoryRoles");
  return holdersOfBoth(tenant, (role) => snapshot.holders("active", role));
}

/** The same as they are now, for whoever is about to remove one of them. */
export function readHoldersNow(tenant: Tenant): Promise<Holder[]> {
  const snapshot = tenant.snapshot("directoryRoles");
  return holdersOfBoth(tenant, (role) => snapshot.holdersNow("active", role));
}

type RowsOf = (role: RoleKey) => Promise<AssignmentRow[]>;

async function holdersOfBoth(tenant: Tenant, rowsOf: RowsOf): Promise<Holder[]> {
  const holders = await Promise.all(
    [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].map((id) =>
      holdersOf(tenant, id, rowsOf),
    ),
  );
  return holders.flat();
}

async function holdersOf(
  tenant: Tenant,
  roleDefinitionId: string,
  rowsOf: RowsOf,
): Promise<Holder[]> {
  const role = { surface: "directoryRoles", roleDefinitionId, scope: "/" } as const;
  const rows = await rowsOf(role);
  const direct = rows.filter((row) =>
    isConfiguration(row, { role, kind: "active", principalId: row.principalId }),
  );
  return Promise.all(
    direct.map(async (row) =>
      holderOf(row, roleDefinitionId, await principalOf(tenant, row), tenant.clock.now()),
    ),
  );
}

/** The listing says what kind of object it is; only the object itself says whether its account can be used. */
async function principalOf(
  tenant: Tenant,
  row: AssignmentRow,
): Promise<PrincipalFound | undefined> {
  if (row.principal !== undefined && row.principal.kind !== "user") return row.principal;
  return tenant.principals.read("user", row.principalId);
}

function holderOf(
  row: AssignmentRow,
  roleDefinitionId: string,
  principal: PrincipalFound | undefined,
  now: number,
): Holder {
  return {
    principalId: row.principalId,
    roleDefinitionId,
    name: principal?.name ?? row.principalId,
    endsAt: row.endsAt,
    active: (parseInstant(row.startsAt ?? "") ?? 0) <= now,
    isUser: principal?.kind === "user",
    enabled: principal !== undefined && principal.enabled !== false,
    cloudOnly: principal?.cloudOnly === true,
    isMember: principal?.isMember === true,
  };
}

/** The approvers who could decide today: enabled users, and groups that have an active member. */
export async function activeApprovers(
  tenant: Tenant,
  approvers: readonly Approver[],
): Promise<string[]> {
  const decisions = await Promise.all(approvers.map((approver) => canDecide(tenant, approver)));
  return approvers.filter((_, index) => decisions[index]).map(({ id }) => id);
}

async function canDecide(tenant: Tenant, { kind, id }: Approver): Promise<boolean> {
  if (kind === "other") return true;
  if (kind === "group") return hasMember(tenant, id);
  const user = await tenant.principals.read("user", id);
  return user !== undefined && user.enabled !== false;
}

/** A role's settings are checked and then written: one look at the members serves both. */
const SEEN_FOR_MS = 30_000;
const membersSeen = new WeakMap<Tenant, Map<string, number>>();

async function hasMember(tenant: Tenant, groupId: string): Promise<boolean> {
  const seen = membersSeen.get(tenant) ?? new Map<string, number>();
  membersSeen.set(tenant, seen);
  const age = tenant.clock.now() - (seen.get(groupId) ?? Number.NEGATIVE_INFINITY);
  if (age >= 0 && age < SEEN_FOR_MS) return true;
  const found = await findMember(tenant, groupId);
  if (found) seen.set(groupId, tenant.clock.now());
  return found;
}

/** Whether the group has a member who could decide. A rule goes on naming a group that was deleted. */
async function findMember(tenant: Tenant, groupId: string): Promise<boolean> {
  try {
    const members = await tenant.graph.list<Member>(
      `/groups/${groupId}/members?$select=id,accountEnabled`,
      { purpose: "looking for members who can approve" },
    );
    return members.some(
      (member) => (member["@odata.type"] ?? "").endsWith("user") && member.accountEnabled !== false,
    );
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

interface Member {
  "@odata.type"?: string;
  accountEnabled?: boolean | null;
}
