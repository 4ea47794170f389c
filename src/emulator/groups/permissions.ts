import type { Call } from "../api";
import { refuse } from "../errors";
import type { PermissionRule } from "../permissions";
import type { GrantKind } from "../pim/grant";
import { activePrincipals } from "../roles/directory-book";

/** Permissions of PIM for Groups, the same for applications and people; directory-wide ones do not count here. */
export const GROUP_PERMISSIONS = {
  read: {
    eligible: rule("Eligibility", ["Read", "ReadWrite"]),
    active: rule("Assignment", ["Read", "ReadWrite"]),
  },
  write: {
    eligible: rule("Eligibility", ["ReadWrite"]),
    active: rule("Assignment", ["ReadWrite"]),
  },
  remove: {
    eligible: rule("Eligibility", ["ReadWrite", "Remove"]),
    active: rule("Assignment", ["ReadWrite", "Remove"]),
  },
  approvalsRead: delegatedOnly(rule("Assignment", ["Read", "ReadWrite"])),
  approvalsWrite: delegatedOnly(rule("Assignment", ["ReadWrite"])),
  resources: pim(["PrivilegedAccess.Read.AzureADGroup", "PrivilegedAccess.ReadWrite.AzureADGroup"]),
} as const;

/** Permission for posting a request: what removes needs less. */
export function postRule(call: Call, kind: GrantKind): PermissionRule {
  const body = call.body as { action?: unknown } | null | undefined;
  const isRemoval = String(body?.action ?? "").toLowerCase() === "adminremove";
  return isRemoval ? GROUP_PERMISSIONS.remove[kind] : GROUP_PERMISSIONS.write[kind];
}

/**
 * Refuses a person who may not see or change a group's assignments: needed is ownership (membership
 * for reading) or a directory role, a stronger one where the group can hold roles.
 */
export function checkGroupRights(call: Call, groupId: string, wish: "read" | "write"): void {
  const { caller, tenant } = call;
  if (caller.kind === "app") return;
  const { directory } = tenant;
  if (directory.hasLink(groupId, "owners", caller.id)) return;
  if (wish === "read" && directory.hasLink(groupId, "members", caller.id)) return;
  const isAssignable = directory.groups.get(groupId)?.["isAssignableToRole"] === true;
  if (holdsOneOf(call, isAssignable ? STRONG_ROLES : [...STRONG_ROLES, ...GROUP_ROLES])) return;
  if (wish === "read" && holdsOneOf(call, ["Global Reader"])) return;
  throw refuse.denied();
}

/** Refuses a person who asks for everything of somebody else, without a role that may see it. */
export function checkPrincipalRights(call: Call, principalId: string): void {
  const { caller } = call;
  if (caller.kind === "app" || caller.id === principalId.toLowerCase()) return;
  if (!holdsOneOf(call, [...STRONG_ROLES, ...GROUP_ROLES, "Global Reader"])) throw refuse.denied();
}

const STRONG_ROLES = ["Global Administrator", "Privileged Role Administrator"];
const GROUP_ROLES = [
  "Directory Writers",
  "Groups Administrator",
  "Identity Governance Administrator",
  "User Administrator",
];

function holdsOneOf({ tenant, caller }: Call, roles: readonly string[]): boolean {
  return activePrincipals(tenant, roles).some(
    (id) => id === caller.id || tenant.directory.hasLink(id, "members", caller.id),
  );
}

function rule(family: "Eligibility" | "Assignment", rights: readonly string[]): PermissionRule {
  // The old umbrella permissions are honoured at run time (named in 403 bodies).
  const umbrella = rights.filter((right) => right !== "Remove");
  return pim([
    ...rights.map((right) => `Privileged${family}Schedule.${right}.AzureADGroup`),
    ...umbrella.map((right) => `PrivilegedAccess.${right}.AzureADGroup`),
  ]);
}

function pim(permissions: readonly string[]): PermissionRule {
  return { app: permissions, delegated: permissions, deny: "pim" };
}

function delegatedOnly(given: PermissionRule): PermissionRule {
  return { ...given, app: [] };
}
