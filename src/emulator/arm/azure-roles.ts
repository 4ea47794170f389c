import azureRoles from "../data/azure-roles.json";
import { Collection, type Visibility } from "../store";
import { idPrefix, type ScopeTree, subscriptionPrefix } from "./scopes";

/** What a role allows. */
export interface Permission {
  actions: readonly string[];
  notActions: readonly string[];
  dataActions: readonly string[];
  notDataActions: readonly string[];
}

/** A role of Azure: built-in or custom. */
export interface AzureRole {
  /** The guid. */
  readonly id: string;
  readonly roleName: string;
  readonly description: string;
  readonly isBuiltIn: boolean;
  readonly permissions: readonly Permission[];
  readonly assignableScopes: readonly string[];
  readonly createdOn: number;
  readonly updatedOn: number;
  readonly createdBy: string | null;
}

/** The role definitions that a tenant's scopes can use. */
export class AzureRoleCatalog {
  readonly roles: Collection<AzureRole>;

  constructor(visibility: Visibility) {
    this.roles = new Collection<AzureRole>(visibility, { roleName: (role) => role.roleName });
    for (const { id, displayName } of azureRoles) this.roles.put(builtIn(id, displayName), true);
  }
}

/** Full id of a role as it is written at a scope: under the subscription, or under nothing above one. */
export function roleIdAt(roleGuid: string, scopeId: string): string {
  return `${idPrefix(subscriptionPrefix(scopeId))}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid}`;
}

/** The guid at the end of a role id, lower case; undefined for what is no role id. */
export function guidOfRoleId(roleId: unknown): string | undefined {
  if (typeof roleId !== "string") return undefined;
  const guid = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/([0-9a-f-]{36})\/?$/i.exec(
    roleId,
  );
  return guid?.[1]?.toLowerCase();
}

/** Whether a role can be assigned at a scope: built-in everywhere, custom at and below its own scopes. */
export function isAssignableAt(role: AzureRole, tree: ScopeTree, scopeId: string): boolean {
  if (role.isBuiltIn) return true;
  const lineage = tree.lineage(scopeId);
  return role.assignableScopes.some((scope) => lineage.includes(scope.toLowerCase()));
}

/** Permissions as a version of the interface tells them: the oldest know no data actions. */
export function permissionsIn(apiVersion: string, permissions: readonly Permission[]) {
  if (apiVersion >= "2018") return permissions;
  return permissions.map(({ actions, notActions }) => ({ actions, notActions }));
}

/** Whether an action is one that a pattern with asterisks means. */
export function matches(pattern: string, action: string): boolean {
  const source = pattern.replace(/[.+?^$()|[\]\\{}]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** Guids of the roles that decide about access. */
export const ACCESS_ROLES = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  userAccessAdministrator: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  accessControlAdministrator: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
} as const;

const KNOWN_PERMISSIONS: Readonly<Record<string, Permission>> = {
  [ACCESS_ROLES.owner]: allows(["*"]),
  [ACCESS_ROLES.contributor]: allows(
    ["*"],
    [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
    ],
  ),
  [ACCESS_ROLES.reader]: allows(["*/read"]),
  [ACCESS_ROLES.userAccessAdministrator]: allows([
    "*/read",
    "Microsoft.Authorization/*",
    "Microsoft.Support/*",
  ]),
  [ACCESS_ROLES.accessControlAdministrator]: allows([
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "*/read",
    "Microsoft.Support/*",
  ]),
};

// The public list has names only: what other roles allow beyond reading assignments is not emulated.
const OTHER = allows([
  "Microsoft.Authorization/*/read",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
]);

const RELEASED = Date.parse("2015-02-02T21:55:09.880Z");

function builtIn(id: string, roleName: string): AzureRole {
  return {
    id: id.toLowerCase(),
    roleName,
    description: `${roleName} (built-in role)`,
    isBuiltIn: true,
    permissions: [KNOWN_PERMISSIONS[id.toLowerCase()] ?? OTHER],
    assignableScopes: ["/"],
    createdOn: RELEASED,
    updatedOn: RELEASED,
    createdBy: null,
  };
}

function allows(actions: readonly string[], notActions: readonly string[] = []): Permission {
  return { actions, notActions, dataActions: [], notDataActions: [] };
}
