import type { Surface } from "../model/constants";

/** How a resource of another package says who gets what. */
export interface NativeType {
  /** What it is, in our words. */
  what: string;
  surface?: Surface;
  /** The property with the role, or with the group that people get into. */
  role?: string;
  principal?: string;
  scope?: string;
  /** The property that says member or owner. */
  access?: string;
  /** In force at once and without an end. */
  isStanding?: true;
  /** Whether a rule looks at it: permissions of applications are only shown. */
  isJudged: boolean;
}

/** The property of a group's own members. */
export const MEMBERS = "members";

const ENTRA_ASSIGNMENT = {
  what: "standing assignment of a directory role",
  surface: "directoryRoles",
  isStanding: true,
  isJudged: true,
} as const;
const GROUP_SCHEDULE = {
  surface: "groups",
  role: "groupId",
  principal: "principalId",
  access: "assignmentType",
  isJudged: true,
} as const;
const AZURE_ASSIGNMENT = {
  surface: "azureRoles",
  role: "roleDefinitionId",
  principal: "principalId",
  scope: "scope",
  isJudged: true,
} as const;
const AZURE_STANDING = {
  ...AZURE_ASSIGNMENT,
  what: "standing assignment of an Azure role",
  isStanding: true,
} as const;
const AZURE_ELIGIBLE = { ...AZURE_ASSIGNMENT, what: "eligibility for an Azure role" } as const;
const AZURE_SETTINGS = {
  what: "settings of an Azure role",
  surface: "azureRoles",
  scope: "scope",
  isJudged: true,
} as const;

const TYPES: Readonly<Record<string, NativeType>> = {
  "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": {
    ...ENTRA_ASSIGNMENT,
    role: "roleId",
    principal: "principalObjectId",
    scope: "directoryScopeId",
  },
  "azuread:index/directoryRoleMember:DirectoryRoleMember": {
    ...ENTRA_ASSIGNMENT,
    role: "roleObjectId",
    principal: "memberObjectId",
  },
  "azuread:index/administrativeUnitRoleMember:AdministrativeUnitRoleMember": {
    ...ENTRA_ASSIGNMENT,
    role: "roleObjectId",
    principal: "memberObjectId",
    scope: "administrativeUnitObjectId",
  },
  "azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest": {
    what: "eligibility for a directory role",
    surface: "directoryRoles",
    role: "roleDefinitionId",
    principal: "principalId",
    scope: "directoryScopeId",
    isJudged: true,
  },
  "azuread:index/privilegedAccessGroupAssignmentSchedule:PrivilegedAccessGroupAssignmentSchedule": {
    ...GROUP_SCHEDULE,
    what: "active assignment in a group",
  },
  "azuread:index/privilegedAccessGroupEligibilitySchedule:PrivilegedAccessGroupEligibilitySchedule":
    { ...GROUP_SCHEDULE, what: "eligibility for a group" },
  "azuread:index/groupMember:GroupMember": {
    what: "standing membership of a group",
    surface: "groups",
    role: "groupObjectId",
    principal: "memberObjectId",
    isJudged: true,
  },
  "azuread:index/group:Group": { what: "members of a group", surface: "groups", isJudged: true },
  "azuread:index/groupRoleManagementPolicy:GroupRoleManagementPolicy": {
    what: "settings of a group",
    surface: "groups",
    role: "groupId",
    access: "roleId",
    isJudged: true,
  },
  "azuread:index/appRoleAssignment:AppRoleAssignment": {
    what: "permission of an application",
    principal: "principalObjectId",
    isJudged: false,
  },
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
    { what: "delegated permission", principal: "servicePrincipalObjectId", isJudged: false },
  "azuread:index/accessPackageCatalogRoleAssignment:AccessPackageCatalogRoleAssignment": {
    what: "role in a catalog of access packages",
    principal: "principalObjectId",
    isJudged: false,
  },
  "azure-native:authorization:RoleAssignment": AZURE_STANDING,
  "azure-native:authorization:PimRoleEligibilitySchedule": AZURE_ELIGIBLE,
  "azure-native:authorization:RoleManagementPolicy": AZURE_SETTINGS,
  "azure-native:authorization:RoleManagementPolicyAssignment": AZURE_SETTINGS,
  "azure:authorization/assignment:Assignment": AZURE_STANDING,
  "azure:pim/activeRoleAssignment:ActiveRoleAssignment": {
    ...AZURE_ASSIGNMENT,
    what: "active assignment of an Azure role",
  },
  "azure:pim/eligibleRoleAssignment:EligibleRoleAssignment": AZURE_ELIGIBLE,
  "azure:pim/roleManagementPolicy:RoleManagementPolicy": AZURE_SETTINGS,
};

/** Resources that run code or commands of the program's: what they do to access nobody can read in a plan. */
const OWN_CODE = /^(?:pulumi-(?:nodejs|python):dynamic|command:)/;

/** What is known of a type; undefined for one that gives no access. */
export function nativeType(type: string): NativeType | undefined {
  // azure-native keeps a module for each version of the service.
  const usual = type.replace(/^(azure-native):authorization\/v\w+:/, "$1:authorization:");
  if (OWN_CODE.test(type)) return { what: "code of the program's own", isJudged: false };
  return Object.hasOwn(TYPES, usual) ? TYPES[usual] : undefined;
}
