/** Where a permission of Microsoft Graph is needed; the first row that fits a call counts. */
interface Row {
  path: RegExp;
  read: string;
  write?: string;
}

/** Source: https://learn.microsoft.com/graph/permissions-reference, the least application permission of each call. */
const ROWS: readonly Row[] = [
  {
    path: /^\/roleManagement\/directory\/roleEligibilityScheduleRequests/i,
    read: "RoleEligibilitySchedule.ReadWrite.Directory",
  },
  {
    path: /^\/roleManagement\/directory\/roleEligibilitySchedule/i,
    read: "RoleEligibilitySchedule.Read.Directory",
  },
  {
    path: /^\/roleManagement\/directory\/roleAssignmentScheduleRequests/i,
    read: "RoleAssignmentSchedule.ReadWrite.Directory",
  },
  {
    path: /^\/roleManagement\/directory\/roleAssignmentSchedule/i,
    read: "RoleAssignmentSchedule.Read.Directory",
  },
  { path: /^\/roleManagement\/directory\//i, read: "RoleManagement.Read.Directory" },
  {
    path: /^\/policies\/.*(?:scopeType eq 'Group'|\/Group_)/i,
    read: "RoleManagementPolicy.Read.AzureADGroup",
    write: "RoleManagementPolicy.ReadWrite.AzureADGroup",
  },
  {
    path: /^\/policies\/roleManagementPolic/i,
    read: "RoleManagementPolicy.Read.Directory",
    write: "RoleManagementPolicy.ReadWrite.Directory",
  },
  {
    path: /^\/identityGovernance\/privilegedAccess\/group\/eligibility/i,
    read: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    write: "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
  },
  {
    path: /^\/identityGovernance\/privilegedAccess\/group\/assignment/i,
    read: "PrivilegedAssignmentSchedule.Read.AzureADGroup",
    write: "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  },
  {
    path: /^\/identity\/conditionalAccess\/authenticationContext/i,
    read: "AuthenticationContext.Read.All",
  },
  {
    path: /^\/identityGovernance\/roleManagementAlerts/i,
    read: "RoleManagementAlert.Read.Directory",
  },
  { path: /^\/users/i, read: "User.Read.All" },
  { path: /^\/groups/i, read: "GroupMember.Read.All" },
  { path: /^\/servicePrincipals/i, read: "Application.Read.All" },
];

/** The permission that a call to Microsoft Graph needs at least, for a refusal that does not name it. */
export function neededPermission(method: string, path: string): string | undefined {
  const row = ROWS.find((candidate) => candidate.path.test(path));
  return method === "GET" ? row?.read : (row?.write ?? row?.read);
}
