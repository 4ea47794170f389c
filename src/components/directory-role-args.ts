import type { Input } from "@pulumi/pulumi";
import type { DirectoryAssignmentArgs } from "../resources/assignment-args";
import type { SettingsArgs } from "../resources/settings-args";

/** Arguments of {@link DirectoryRole}. At least one of settings and assignments must be given. */
export interface DirectoryRoleArgs {
  /** `EntraRole.ExchangeAdministrator`, a role definition id, or a display name. Custom roles too. */
  role: Input<string>;
  /** What activating and assigning the role asks for. @default - settings stay as they are and are not watched */
  settings?: SettingsArgs;
  /**
   * Who may activate the role, by a key of your own: a part of the resource's name, not empty, without "/". Renaming a
   * key makes a new resource for the same access.
   * @default - none
   */
  eligibleAssignments?: Record<string, DirectoryAssignmentArgs>;
  /** Who holds the role without activating it, by a key of your own. @default - none */
  activeAssignments?: Record<string, DirectoryAssignmentArgs>;
}
