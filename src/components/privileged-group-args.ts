import type { Input } from "@pulumi/pulumi";
import type { AssignmentArgs } from "../resources/assignment-args";
import type { PrincipalArgs } from "../resources/principal-args";
import type { SettingsArgs } from "../resources/settings-args";

/** Arguments of {@link PrivilegedGroup}: exactly one of `group` and `newGroup`. */
export interface PrivilegedGroupArgs {
  /**
   * An existing group: object id, azuread's `id`, or a display name that only one group has. The first write puts it
   * under PIM, which cannot be undone.
   * @default - `newGroup`
   */
  group?: Input<string>;
  /**
   * A group to make; needs Pulumi's package for azuread.
   * @default - `group`
   */
  newGroup?: NewGroupArgs;
  /** Membership: settings and assignments. @default - not managed */
  member?: GroupAccessArgs;
  /** Ownership: settings and assignments. @default - not managed */
  owner?: GroupAccessArgs;
}

/** A security group to make. Its members are never written by azuread: activations would look like drift to it. */
export interface NewGroupArgs {
  /** The group's name. */
  displayName: Input<string>;
  /** What it is for. @default - none */
  description?: Input<string>;
  /**
   * Whether it can hold directory roles. Set when the group is made and never changed later: changing it here is an
   * error, not a new group. A tenant can have 500 such groups: a preview that declares settings or assignments of a
   * new one too many is refused.
   * @default false
   */
  assignableToRole?: Input<boolean>;
  /**
   * Who owns it: users and service principals, at least one. Owners can change members, so they are named; without any
   * the service makes whoever deploys the owner. A name is looked up in every run.
   */
  owners: PrincipalArgs[];
}

/** One side of a group: members or owners. */
export interface GroupAccessArgs {
  /** What activating and assigning asks for. @default - settings stay as they are and are not watched */
  settings?: SettingsArgs;
  /** Who may activate, by a key of your own: not empty, without "/". @default - none */
  eligibleAssignments?: Record<string, AssignmentArgs>;
  /** Who holds it without activating, by a key of your own. @default - none */
  activeAssignments?: Record<string, AssignmentArgs>;
}
