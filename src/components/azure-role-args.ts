import type { Input } from "@pulumi/pulumi";
import type { AzureAssignmentArgs } from "../resources/assignment-args";
import type { SettingsArgs } from "../resources/settings-args";

/** Arguments of {@link AzureRole}. At least one of settings and assignments must be given. */
export interface AzureRoleArgs {
  /** `AzureBuiltInRole.Owner`, the role's GUID, its full ARM id, or its name. Custom roles too. */
  role: Input<string>;
  /**
   * ARM id of a management group, subscription, resource group or resource. Settings hold at this very scope: those of
   * a parent are not inherited, and a parent's assignments are never taken for this scope's.
   */
  scope: Input<string>;
  /** What activating and assigning the role at this scope asks for. @default - settings stay as they are and are not watched */
  settings?: SettingsArgs;
  /**
   * Who may activate the role at this scope, by a key of your own: a part of the resource's name, not empty, without "/".
   * @default - none
   */
  eligibleAssignments?: Record<string, AzureAssignmentArgs>;
  /** Who holds the role at this scope without activating it, by a key of your own. @default - none */
  activeAssignments?: Record<string, AzureAssignmentArgs>;
}
