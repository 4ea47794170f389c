/** What an application needs on Graph to deploy a surface: of each list one is enough, the least first. */
export const PIPELINE_PERMISSIONS_BY_SURFACE: Record<
  "directoryRoles" | "groups",
  readonly (readonly string[])[]
> = {
  directoryRoles: [
    ["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
    ["RoleManagementPolicy.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
  ],
  groups: [
    [
      "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
      "PrivilegedAccess.ReadWrite.AzureADGroup",
    ],
    [
      "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
      "PrivilegedAccess.ReadWrite.AzureADGroup",
    ],
    ["RoleManagementPolicy.ReadWrite.AzureADGroup"],
  ],
};
