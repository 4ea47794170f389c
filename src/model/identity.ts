import type { AssignmentKind, GroupAccess } from "./constants";

/** The role with every name resolved: what tells it apart within a tenant. */
export type RoleKey =
  | { surface: "directoryRoles"; roleDefinitionId: string; scope: string }
  | { surface: "groups"; groupId: string; access: GroupAccess }
  | { surface: "azureRoles"; roleDefinitionId: string; scope: string };

/** One assignment of one principal. */
export interface AssignmentKey {
  role: RoleKey;
  principalId: string;
  kind: AssignmentKind;
}

/** The resource id of settings: who they belong to, independent of ids that the service makes anew. */
export function settingsId(tenantId: string, role: RoleKey): string {
  return [tenantId.toLowerCase(), ...roleParts(role), "settings"].join("|");
}

/** The resource id of an assignment; request and schedule ids change, this does not. */
export function assignmentId(tenantId: string, { role, principalId, kind }: AssignmentKey): string {
  return [tenantId.toLowerCase(), ...roleParts(role), principalId.toLowerCase(), kind].join("|");
}

/** The tenant that a resource id belongs to. */
export function tenantOf(id: string): string {
  return id.split("|", 1)[0] ?? "";
}

/** A text that is equal for the same role in the same tenant. */
export function roleText(role: RoleKey): string {
  return roleParts(role).join("|");
}

/** A text that is equal for the same assignment in the same tenant. */
export function assignmentText(key: AssignmentKey): string {
  return [roleText(key.role), key.principalId.toLowerCase(), key.kind].join("|");
}

function roleParts(role: RoleKey): string[] {
  const parts =
    role.surface === "groups"
      ? [role.groupId, role.access]
      : [role.scope.toLowerCase(), role.roleDefinitionId];
  return [role.surface, ...parts.map((part) => part.toLowerCase())];
}
