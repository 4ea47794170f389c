import type { Json } from "../schema";

/** The alerts of directory roles, as the last part of their ids. */
export type AlertKind =
  | "TooManyGlobalAdminsAssignedToTenantAlert"
  | "RedundantAssignmentAlert"
  | "StaleSignInAlert"
  | "SequentialActivationRenewalsAlert"
  | "RolesAssignedOutsidePimAlert"
  | "NoMfaOnRoleActivationAlert"
  | "InvalidLicenseAlert";

/** What never changes about an alert. */
export interface AlertFacts {
  kind: AlertKind;
  /** Types of its configuration and incidents begin with it. */
  type: string;
  displayName: string;
  description: string;
  severityLevel: "low" | "medium" | "high";
  securityImpact: string;
  mitigationSteps: string;
  howToPrevent: string;
  isRemediatable: boolean;
  /** What may be configured besides `isEnabled`, with its values in a fresh tenant. */
  thresholds: Json;
}

/** Every alert. Severities, what is configurable and the first thresholds are those of the beta reference. */
export const ALERTS: readonly AlertFacts[] = [
  {
    kind: "InvalidLicenseAlert",
    type: "invalidLicenseAlert",
    displayName: "The tenant has no licence for Privileged Identity Management",
    description: "Privileged Identity Management needs a licence that this tenant does not have.",
    severityLevel: "high",
    securityImpact: "Roles can no longer be activated, reviewed or managed.",
    mitigationSteps: "Buy Entra ID P2 or Entra ID Governance for all who use it.",
    howToPrevent: "Renew the licence in time.",
    isRemediatable: false,
    thresholds: {},
  },
  {
    kind: "NoMfaOnRoleActivationAlert",
    type: "noMfaOnRoleActivationAlert",
    displayName: "Roles don't require multifactor authentication for activation",
    description: "Some roles can be activated without multifactor authentication.",
    severityLevel: "medium",
    securityImpact: "Whoever has a password can activate these roles.",
    mitigationSteps: "Require multifactor authentication on activation of every role.",
    howToPrevent: "Configure every privileged role to require it.",
    isRemediatable: true,
    thresholds: {},
  },
  {
    kind: "RedundantAssignmentAlert",
    type: "redundantAssignmentAlert",
    displayName: "Administrators aren't using their privileged roles",
    description: "Some people have not activated their roles for a long time.",
    severityLevel: "low",
    securityImpact: "Access that nobody uses is access that nobody watches.",
    mitigationSteps: "Remove the assignments that are not needed.",
    howToPrevent: "Assign roles by need, and review them regularly.",
    isRemediatable: true,
    thresholds: { duration: "P30D" },
  },
  {
    kind: "RolesAssignedOutsidePimAlert",
    type: "rolesAssignedOutsidePrivilegedIdentityManagementAlert",
    displayName: "Roles are being assigned outside of Privileged Identity Management",
    description: "Some assignments were made outside of Privileged Identity Management.",
    severityLevel: "high",
    securityImpact: "Such assignments are not governed by role settings and may be an attack.",
    mitigationSteps: "Remove the assignments that were not meant.",
    howToPrevent: "Find out where they come from, and stop it there.",
    isRemediatable: true,
    thresholds: {},
  },
  {
    kind: "SequentialActivationRenewalsAlert",
    type: "sequentialActivationRenewalsAlert",
    displayName: "Roles are being activated too frequently",
    description: "Some people activated the same role again and again.",
    severityLevel: "medium",
    securityImpact: "Repeated activations of one role can be the sign of an attack.",
    mitigationSteps: "Let activations last as long as the work takes.",
    howToPrevent: "Set the longest activation by what the role is for.",
    isRemediatable: false,
    thresholds: {
      timeIntervalBetweenActivations: "PT10S",
      sequentialActivationCounterThreshold: 3,
    },
  },
  {
    kind: "StaleSignInAlert",
    type: "staleSignInAlert",
    displayName: "Potential stale accounts in a privileged role",
    description: "Some accounts in privileged roles have not signed in for a long time.",
    severityLevel: "medium",
    securityImpact: "Accounts that nobody looks after are easily taken over.",
    mitigationSteps: "Remove accounts from roles they no longer need.",
    howToPrevent: "Review accounts in privileged roles regularly.",
    isRemediatable: true,
    thresholds: { duration: "P30D" },
  },
  {
    kind: "TooManyGlobalAdminsAssignedToTenantAlert",
    type: "tooManyGlobalAdminsAssignedToTenantAlert",
    displayName: "There are too many global administrators",
    description: "Many of those who hold a role are Global Administrators.",
    severityLevel: "low",
    securityImpact: "Each of these accounts can take over the whole tenant.",
    mitigationSteps: "Assign roles of less privilege in its place.",
    howToPrevent: "Give everybody the least privilege that the work needs.",
    isRemediatable: true,
    thresholds: { globalAdminCountThreshold: 3, percentageOfGlobalAdminsOutOfRolesThreshold: 10 },
  },
];
