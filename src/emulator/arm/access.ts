import type { Caller } from "../api";
import type { Schedule } from "../pim/grant";
import type { Tenant } from "../tenant";
import { refuseArm } from "./arm-errors";
import { matches, type Permission } from "./azure-roles";
import { isDenied } from "./deny-book";

/** What PIM's operations need at a scope, as Azure names it. */
export const ACTIONS = {
  readAssignments: "Microsoft.Authorization/roleAssignments/read",
  writeAssignments: "Microsoft.Authorization/roleAssignments/write",
  deleteAssignments: "Microsoft.Authorization/roleAssignments/delete",
  readRoles: "Microsoft.Authorization/roleDefinitions/read",
  writeRoles: "Microsoft.Authorization/roleDefinitions/write",
  deleteRoles: "Microsoft.Authorization/roleDefinitions/delete",
  readPolicies: "Microsoft.Authorization/roleManagementPolicies/read",
  writePolicies: "Microsoft.Authorization/roleManagementPolicies/write",
  readDenials: "Microsoft.Authorization/denyAssignments/read",
  writeDenials: "Microsoft.Authorization/denyAssignments/write",
  deleteDenials: "Microsoft.Authorization/denyAssignments/delete",
  readScopes: "Microsoft.Resources/subscriptions/read",
  writeScopes: "Microsoft.Resources/subscriptions/resourceGroups/write",
  deleteScopes: "Microsoft.Resources/subscriptions/resourceGroups/delete",
} as const;

/** Refuses a caller whose roles at and above the scope do not allow an action. */
export function authorize(tenant: Tenant, caller: Caller, action: string, scopeId: string): void {
  if (!isAllowed(tenant, caller, action, scopeId))
    throw refuseArm.authorizationFailed(caller.appId, caller.id, action, scopeId);
}

/** Whether a caller's roles at and above a scope allow an action. */
export function isAllowed(
  tenant: Tenant,
  caller: Caller,
  action: string,
  scopeId: string,
): boolean {
  if (isPrivileged(tenant, caller)) return true;
  return holdsAction(tenant, caller.id, action, scopeId);
}

/** Whether the roles of a principal at and above a scope allow an action, and no deny assignment forbids it. */
export function holdsAction(tenant: Tenant, id: string, action: string, scopeId: string): boolean {
  if (isDenied(tenant, () => principalsOf(tenant, id), action, scopeId)) return false;
  const lineage = tenant.arm.tree.lineage(scopeId);
  for (const row of assignmentsOf(tenant, id)) {
    if (!lineage.includes(row.scopeId.toLowerCase())) continue;
    const role = tenant.arm.catalog.roles.get(row.roleId);
    if (role?.permissions.some((permission) => allows(permission, action)) === true) return true;
  }
  return false;
}

/** Whether a caller has any role at, above or below a scope: enough to see that it exists. */
export function canSee(tenant: Tenant, caller: Caller, scopeId: string): boolean {
  if (isAllowed(tenant, caller, ACTIONS.readScopes, scopeId)) return true;
  const { tree } = tenant.arm;
  return assignmentsOf(tenant, caller.id).some(
    (row) => tree.relation(scopeId, row.scopeId) !== "none",
  );
}

/** Ids by which a person holds assignments: their own and their groups'. */
export function principalsOf(tenant: Tenant, id: string): string[] {
  return [id, ...tenant.directory.linking(id, "members")];
}

/** Permissions that a caller has at a scope. */
export function permissionsAt(tenant: Tenant, caller: Caller, scopeId: string): Permission[] {
  if (isPrivileged(tenant, caller)) return [EVERYTHING];
  const lineage = tenant.arm.tree.lineage(scopeId);
  return assignmentsOf(tenant, caller.id)
    .filter((row) => lineage.includes(row.scopeId.toLowerCase()))
    .flatMap((row) => tenant.arm.catalog.roles.get(row.roleId)?.permissions ?? []);
}

function assignmentsOf(tenant: Tenant, id: string): Schedule[] {
  const { active } = tenant.arm.pim.schedules;
  return principalsOf(tenant, id)
    .flatMap((principal) => [...active.by("principalId", principal)])
    .filter((row) => row.status === "Provisioned");
}

const EVERYTHING: Permission = {
  actions: ["*"],
  notActions: [],
  dataActions: [],
  notDataActions: [],
};

function isPrivileged(tenant: Tenant, caller: Caller): boolean {
  return tenant.settings.armPipelineIsPrivileged && isPipeline(tenant, caller);
}

// The first application of a fresh tenant is the pipeline's.
function isPipeline(tenant: Tenant, caller: Caller): boolean {
  if (caller.kind !== "app") return false;
  for (const application of tenant.directory.applications.all())
    return application["appId"] === caller.appId;
  return false;
}

function allows(permission: Permission, action: string): boolean {
  return (
    permission.actions.some((pattern) => matches(pattern, action)) &&
    !permission.notActions.some((pattern) => matches(pattern, action))
  );
}
