export { AzureRole } from "./components/azure-role";
export type { AzureRoleArgs } from "./components/azure-role-args";
export { BreakGlass } from "./components/break-glass";
export type { BreakGlassArgs } from "./components/break-glass-args";
export { DirectoryRole } from "./components/directory-role";
export type { DirectoryRoleArgs } from "./components/directory-role-args";
export { PipelineIdentity } from "./components/pipeline-identity";
export type {
  AzureDevOpsIdentityArgs,
  FederationArgs,
  GitHubIdentityArgs,
  PipelineIdentityArgs,
} from "./components/pipeline-identity-args";
export { PrivilegedGroup } from "./components/privileged-group";
export type {
  GroupAccessArgs,
  NewGroupArgs,
  PrivilegedGroupArgs,
} from "./components/privileged-group-args";
export { TenantBaseline } from "./components/tenant-baseline";
export type { BaselineRoleArgs, TenantBaselineArgs } from "./components/tenant-baseline-args";
export {
  Adopt,
  Cloud,
  Decision,
  ExcludedAssignmentType,
  GroupAccess,
  MailLevel,
  OnAssignmentDelete,
  OnExpired,
  OnRemoved,
  OnSettingsDelete,
  OtherRoles,
  PimOnlyMode,
  Profile,
  Surface,
  Tier,
  Unspecified,
} from "./model/constants";
export { AzureBuiltInRole } from "./model/roles-azure";
export { EntraRole } from "./model/roles-entra";
export { Activation, type ActivationArgs } from "./resources/activation";
export { ActiveAssignment } from "./resources/active-assignment";
export { ApprovalDecision, type ApprovalDecisionArgs } from "./resources/approval-decision";
export type {
  ActiveAssignmentArgs,
  AssignmentArgs,
  AzureAssignmentArgs,
  DirectoryAssignmentArgs,
  EligibleAssignmentArgs,
  ExpirationArgs,
  TicketArgs,
} from "./resources/assignment-args";
export type {
  ActivationValues,
  AssignmentStageValues,
  MailsValues,
  MailValues,
  NotificationValues,
  PimOnlyModeValues,
  SettingsValues,
} from "./resources/effective-settings";
export { EligibleAssignment } from "./resources/eligible-assignment";
export { mergeSettings } from "./resources/merge-settings";
export { preset } from "./resources/preset";
export type { PrincipalArgs } from "./resources/principal-args";
export { Provider } from "./resources/provider";
export type { ProviderArgs } from "./resources/provider-args";
export type {
  AzureRoleReferenceArgs,
  DirectoryRoleReferenceArgs,
  GroupAccessReferenceArgs,
  RoleReferenceArgs,
} from "./resources/role-reference-args";
export { RoleSettings } from "./resources/role-settings";
export type {
  ActivationSettingsArgs,
  AssignmentSettingsArgs,
  MailArgs,
  MailsArgs,
  NotificationSettingsArgs,
  PimOnlyModeArgs,
  RoleSettingsArgs,
  SettingsArgs,
} from "./resources/settings-args";
export type { TimeoutsArgs } from "./resources/timeouts-args";
