import * as pulumi from "@pulumi/pulumi";
import type { AzureRoleArgs } from "./azure-role-args";
import { approverGroups, holdersOf, refuseOrWarn } from "./checked-access";
import { checkRole } from "./cross-checks";
import { type DeclaredRole, declaredAccess } from "./declared-access";
import { readAzureRole } from "./read-role-access";
import {
  assignmentIds,
  createRoleAccess,
  expiredAssignments,
  type RoleAccess,
  roleDefinitionIdOf,
} from "./role-access";

/**
 * Manages access to an existing Azure role at one scope; creates neither. Plain role assignments are never written:
 * active ones are made through PIM too.
 *
 * @example
 * new pim.AzureRole("prod-owner", {
 *   role: pim.AzureBuiltInRole.Owner,
 *   scope: subscription.id,
 *   settings: pim.preset("microsoft", "critical", { activation: { approvers: [{ group: approvers.groupId }] } }),
 *   eligibleAssignments: {
 *     platform: { principal: { group: platform.objectId }, expiration: { duration: "P90D" }, justification: "CHG-7" },
 *   },
 * });
 */
export class AzureRole extends pulumi.ComponentResource {
  /** ARM id of the role definition. */
  public readonly roleDefinitionId: pulumi.Output<string>;
  /** Ids of the assignments, by `eligible/<key>` and `active/<key>`. */
  public readonly assignmentIds: pulumi.Output<Record<string, string>>;
  /** Which assignments have reached their own end, as `eligible/<key>` and `active/<key>`. */
  public readonly expired: pulumi.Output<string[]>;

  constructor(name: string, args: AzureRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:AzureRole", name, {}, opts);
    const access = checked(this, name, args);
    const children = createRoleAccess(this, name, access, { dependsOn: opts?.dependsOn });
    this.roleDefinitionId = roleDefinitionIdOf(children);
    this.assignmentIds = assignmentIds([children]);
    this.expired = expiredAssignments([children]);
    this.registerOutputs({
      roleDefinitionId: this.roleDefinitionId,
      assignmentIds: this.assignmentIds,
      expired: this.expired,
    });
  }
}

/** The role's access; throws with everything that is wrong, also together with what was declared before. */
function checked(component: AzureRole, name: string, args: AzureRoleArgs): RoleAccess {
  const subject = `AzureRole "${name}"`;
  const { access, problems, settings } = readAzureRole(args);
  const role: DeclaredRole = {
    subject,
    kind: "role",
    isDirectoryRole: false,
    tier: undefined,
    settings,
    settingsPath: "settings",
    approvers: approverGroups(access.settings),
    holders: holdersOf(access),
  };
  const declared = declaredAccess();
  refuseOrWarn(component, subject, problems, checkRole(role, declared));
  declared.roles.push(role);
  return access;
}
