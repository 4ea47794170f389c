import entraRoles from "../data/entra-roles.json";
import { Collection, type Visibility } from "../store";

/** A directory role that may be assigned: built-in or custom. */
export interface RoleDefinition {
  readonly id: string;
  /** Equal to the id for built-in roles; policies are kept by it. */
  readonly templateId: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly isBuiltIn: boolean;
  readonly isEnabled: boolean;
  readonly isPrivileged: boolean;
  /** Roles everybody has by being a user or guest: no policy, no assignment. */
  readonly isSystemAssigned: boolean;
  readonly version: string | null;
  readonly rolePermissions: readonly unknown[];
}

/** The role definitions of a tenant. */
export class RoleCatalog {
  readonly definitions: Collection<RoleDefinition>;

  constructor(visibility: Visibility) {
    this.definitions = new Collection<RoleDefinition>(visibility, {
      displayName: (role) => role.displayName,
      templateId: (role) => role.templateId,
    });
    for (const role of entraRoles) {
      const { id, displayName, isPrivileged, assignmentMode } = role;
      const isSystemAssigned = assignmentMode === "systemAssigned";
      this.definitions.put(builtIn(id, displayName, isPrivileged, isSystemAssigned), true);
    }
  }

  named(displayName: string): RoleDefinition | undefined {
    for (const role of this.definitions.by("displayName", displayName)) return role;
    return undefined;
  }

  byTemplate(templateId: string): RoleDefinition | undefined {
    for (const role of this.definitions.by("templateId", templateId)) return role;
    return undefined;
  }
}

// What each role allows is no matter of PIM; these actions are common to the roles that the reference shows.
const COMMON_PERMISSION = {
  allowedResourceActions: [
    "microsoft.azure.serviceHealth/allEntities/allTasks",
    "microsoft.azure.supportTickets/allEntities/allTasks",
    "microsoft.office365.webPortal/allEntities/standard/read",
  ],
  excludedResourceActions: [],
  condition: null,
};

function builtIn(
  id: string,
  displayName: string,
  isPrivileged: boolean,
  isSystemAssigned: boolean,
): RoleDefinition {
  return {
    id,
    templateId: id,
    displayName,
    description: `The built-in role ${displayName}.`,
    isBuiltIn: true,
    isEnabled: true,
    isPrivileged,
    isSystemAssigned,
    version: "1",
    rolePermissions: isSystemAssigned ? [] : [COMMON_PERMISSION],
  };
}
