/** Who may call an operation. */
export interface PermissionRule {
  /** Application permissions, any of which suffices; empty when applications are refused. */
  app: readonly string[];
  /** Delegated permissions, any of which suffices. */
  delegated: readonly string[];
  /** How a refusal is worded: the PIM service, the directory, or the old approvals front end. */
  deny: "pim" | "directory" | "approvals";
  /** Directory roles, any of which a delegated caller must hold besides. */
  roles?: readonly string[];
}

const READ_ROLES = [
  "Global Administrator",
  "Privileged Role Administrator",
  "Global Reader",
  "Security Administrator",
  "Security Operator",
  "Security Reader",
];
const WRITE_ROLES = ["Global Administrator", "Privileged Role Administrator"];
const READ_ROLE_MANAGEMENT = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
];
const DIRECTORY_READ = ["Directory.Read.All", "Directory.ReadWrite.All"];

/**
 * Permissions per operation family. Base: microsoft-graph-devx-content, 2026-08-07; where live
 * captures disagree they win (reading directory *requests* needs ReadWrite; application permissions
 * for policies exist and work).
 */
export const PERMISSIONS = {
  roleDefinitionsRead: directory([...READ_ROLE_MANAGEMENT, ...DIRECTORY_READ]),
  roleDefinitionsWrite: directory(
    ["RoleManagement.ReadWrite.Directory", "Directory.ReadWrite.All"],
    WRITE_ROLES,
  ),
  roleAssignmentsRead: directory([...READ_ROLE_MANAGEMENT, ...DIRECTORY_READ]),
  roleAssignmentsWrite: directory(["RoleManagement.ReadWrite.Directory"], WRITE_ROLES),
  eligibleRead: pim(
    [
      "RoleEligibilitySchedule.Read.Directory",
      "RoleEligibilitySchedule.ReadWrite.Directory",
      ...READ_ROLE_MANAGEMENT,
    ],
    READ_ROLES,
  ),
  activeRead: pim(
    [
      "RoleAssignmentSchedule.Read.Directory",
      "RoleAssignmentSchedule.ReadWrite.Directory",
      ...READ_ROLE_MANAGEMENT,
    ],
    READ_ROLES,
  ),
  eligibleRequestsRead: pim(
    ["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    READ_ROLES,
  ),
  activeRequestsRead: pim(
    ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    READ_ROLES,
  ),
  eligibleRequestsWrite: pim(
    ["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    WRITE_ROLES,
  ),
  activeRequestsWrite: pim(
    ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    WRITE_ROLES,
  ),
  eligibleRequestsRemove: pim(
    [
      "RoleEligibilitySchedule.ReadWrite.Directory",
      "RoleEligibilitySchedule.Remove.Directory",
      "RoleManagement.ReadWrite.Directory",
    ],
    WRITE_ROLES,
  ),
  activeRequestsRemove: pim(
    [
      "RoleAssignmentSchedule.ReadWrite.Directory",
      "RoleAssignmentSchedule.Remove.Directory",
      "RoleManagement.ReadWrite.Directory",
    ],
    WRITE_ROLES,
  ),
  /** For oneself: the same permissions, no directory role. */
  eligibleSelf: pim([
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
  ]),
  activeSelf: pim([
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
  ]),
  eligibleMine: pim([
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    ...READ_ROLE_MANAGEMENT,
  ]),
  activeMine: pim([
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    ...READ_ROLE_MANAGEMENT,
  ]),
  bothSchedulesRead: pim(
    [
      "PrivilegedAccess.Read.AzureAD",
      "PrivilegedAccess.ReadWrite.AzureAD",
      ...READ_ROLE_MANAGEMENT,
    ],
    READ_ROLES,
  ),
  approvalsRead: approvals(["PrivilegedAccess.Read.AzureAD", "PrivilegedAccess.ReadWrite.AzureAD"]),
  approvalsWrite: approvals(["PrivilegedAccess.ReadWrite.AzureAD"]),
  alertsRead: pim(
    ["RoleManagementAlert.Read.Directory", "RoleManagementAlert.ReadWrite.Directory"],
    READ_ROLES,
  ),
  alertsWrite: pim(["RoleManagementAlert.ReadWrite.Directory"], WRITE_ROLES),
  auditsRead: directory(["AuditLog.Read.All", ...DIRECTORY_READ]),
  directoryPoliciesRead: pim(
    [
      "RoleManagementPolicy.Read.Directory",
      "RoleManagementPolicy.ReadWrite.Directory",
      ...READ_ROLE_MANAGEMENT,
    ],
    READ_ROLES,
  ),
  directoryPoliciesWrite: pim(
    ["RoleManagementPolicy.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    WRITE_ROLES,
  ),
  groupPoliciesRead: pim([
    "RoleManagementPolicy.Read.AzureADGroup",
    "RoleManagementPolicy.ReadWrite.AzureADGroup",
  ]),
  groupPoliciesWrite: pim(["RoleManagementPolicy.ReadWrite.AzureADGroup"]),
  usersRead: directory([
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
    ...DIRECTORY_READ,
  ]),
  usersWrite: directory(["User.ReadWrite.All", "Directory.ReadWrite.All"]),
  groupsRead: directory([
    "Group.Read.All",
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    ...DIRECTORY_READ,
  ]),
  groupsCreate: directory(["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"]),
  groupsWrite: directory(["Group.ReadWrite.All", "Directory.ReadWrite.All"]),
  groupMembersWrite: directory([
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
  ]),
  applicationsRead: directory([
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    ...DIRECTORY_READ,
  ]),
  applicationsWrite: directory(["Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"]),
  permissionGrantsRead: directory([
    ...DIRECTORY_READ,
    "DelegatedPermissionGrant.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
  ]),
  permissionGrantsWrite: directory([
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
  ]),
  appRoleAssignmentsWrite: directory(["AppRoleAssignment.ReadWrite.All"]),
  unitsRead: directory([
    "AdministrativeUnit.Read.All",
    "AdministrativeUnit.ReadWrite.All",
    ...DIRECTORY_READ,
  ]),
  unitsWrite: directory(["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"]),
  objectsRead: directory([
    ...DIRECTORY_READ,
    "User.Read.All",
    "User.ReadBasic.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Application.Read.All",
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "Application.ReadWrite.All",
  ]),
  organizationRead: directory([
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "LicenseAssignment.Read.All",
    ...DIRECTORY_READ,
  ]),
  meRead: directory([
    "User.Read",
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    ...DIRECTORY_READ,
  ]),
  contextsRead: directory([
    "AuthenticationContext.Read.All",
    "AuthenticationContext.ReadWrite.All",
    "Policy.Read.All",
    "Policy.Read.ConditionalAccess",
  ]),
  contextsWrite: directory([
    "AuthenticationContext.ReadWrite.All",
    "Policy.ReadWrite.ConditionalAccess",
  ]),
  auditRead: directory(["AuditLog.Read.All", ...DIRECTORY_READ]),
} satisfies Record<string, PermissionRule>;

/** What the pipeline's app registration is granted in a fresh tenant: everything this project deploys. */
export const PIPELINE_PERMISSIONS: readonly string[] = [
  "AccessReview.ReadWrite.All",
  "AdministrativeUnit.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Application.ReadWrite.All",
  "AuditLog.Read.All",
  "AuthenticationContext.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.Read.All",
  "Group.ReadWrite.All",
  "GroupMember.ReadWrite.All",
  "Organization.Read.All",
  "Policy.Read.All",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleManagement.ReadWrite.Directory",
  "RoleManagementAlert.ReadWrite.Directory",
  "RoleManagementPolicy.ReadWrite.AzureADGroup",
  "RoleManagementPolicy.ReadWrite.Directory",
  "User.ReadWrite.All",
];

function directory(permissions: readonly string[], roles?: readonly string[]): PermissionRule {
  return {
    app: permissions,
    delegated: [...permissions, "Directory.AccessAsUser.All"],
    deny: "directory",
    ...(roles && { roles }),
  };
}

function pim(permissions: readonly string[], roles?: readonly string[]): PermissionRule {
  return { app: permissions, delegated: permissions, deny: "pim", ...(roles && { roles }) };
}

function approvals(permissions: readonly string[]): PermissionRule {
  return { app: [], delegated: permissions, deny: "approvals" };
}
