import type { AssignmentKind, PrincipalKind, Surface } from "./constants";

/** What differs between the surfaces, as data. */
export interface SurfaceFeatures {
  /** What the role is called in a sentence. */
  noun: string;
  /** Which property of the arguments names the role. */
  property: "directoryRole" | "group" | "azureRole";
  /** Who may hold an assignment of each kind. */
  principals: Record<AssignmentKind, readonly PrincipalKind[]>;
  /** Whether Microsoft documents defaults for the settings. */
  hasDefaults: boolean;
  /** Whether a group must have been made role-assignable to hold the role. */
  needsRoleAssignableGroup: boolean;
  /** Whether somebody decides when approval is required and no approver is named. */
  hasDefaultApprovers: boolean;
  /** Whether an assignment can carry an ABAC condition. */
  hasConditions: boolean;
  /** Whether the settings can refuse assignments outside PIM. */
  hasPimOnlyMode: boolean;
}

export const SURFACE_FEATURES: Record<Surface, SurfaceFeatures> = {
  directoryRoles: {
    noun: "directory role",
    property: "directoryRole",
    principals: { eligible: ["user", "group"], active: ["user", "group", "servicePrincipal"] },
    hasDefaults: true,
    needsRoleAssignableGroup: true,
    hasDefaultApprovers: true,
    hasConditions: false,
    hasPimOnlyMode: false,
  },
  groups: {
    noun: "group",
    property: "group",
    principals: { eligible: ["user", "group"], active: ["user", "group", "servicePrincipal"] },
    hasDefaults: true,
    needsRoleAssignableGroup: false,
    hasDefaultApprovers: false,
    hasConditions: false,
    hasPimOnlyMode: false,
  },
  azureRoles: {
    noun: "Azure role",
    property: "azureRole",
    principals: { eligible: ["user", "group"], active: ["user", "group", "servicePrincipal"] },
    hasDefaults: false,
    needsRoleAssignableGroup: false,
    hasDefaultApprovers: false,
    hasConditions: true,
    hasPimOnlyMode: true,
  },
};
