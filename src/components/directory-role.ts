import * as pulumi from "@pulumi/pulumi";
import { isGuid } from "../model/constants";
import { tierOf } from "../model/roles-tier";
import { approverGroups, holdersOf, refuseOrWarn } from "./checked-access";
import { checkRole } from "./cross-checks";
import { type DeclaredRole, declaredAccess } from "./declared-access";
import type { DirectoryRoleArgs } from "./directory-role-args";
import { type ReadDirectoryRole, readDirectoryRole } from "./read-role-access";
import {
  assignmentIds,
  createRoleAccess,
  expiredAssignments,
  type RoleAccess,
  roleDefinitionIdOf,
} from "./role-access";

/**
 * Manages access to an existing Microsoft Entra directory role; creates none. Settings are made first, assignments
 * after them. Everything that is wrong with the role, its settings and all its assignments is said in one error,
 * before any of them is registered.
 *
 * @example
 * new pim.DirectoryRole("exchange-admin", {
 *   role: pim.EntraRole.ExchangeAdministrator,
 *   settings: pim.preset("microsoft", "high"),
 *   eligibleAssignments: {
 *     messaging: { principal: { group: team.objectId }, expiration: { duration: "P90D" }, justification: "CHG-1042" },
 *   },
 * });
 */
export class DirectoryRole extends pulumi.ComponentResource {
  /** Id of the role definition. */
  public readonly roleDefinitionId: pulumi.Output<string>;
  /** Ids of the assignments, by `eligible/<key>` and `active/<key>`. */
  public readonly assignmentIds: pulumi.Output<Record<string, string>>;
  /** Which assignments have reached their own end, as `eligible/<key>` and `active/<key>`. */
  public readonly expired: pulumi.Output<string[]>;

  constructor(name: string, args: DirectoryRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:DirectoryRole", name, {}, opts);
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
function checked(component: DirectoryRole, name: string, args: DirectoryRoleArgs): RoleAccess {
  const subject = `DirectoryRole "${name}"`;
  const read = readDirectoryRole(args);
  const role = toDeclared(subject, read);
  const declared = declaredAccess();
  refuseOrWarn(component, subject, read.problems, checkRole(role, declared));
  declared.roles.push(role);
  return read.access;
}

function toDeclared(subject: string, { access, settings, role }: ReadDirectoryRole): DeclaredRole {
  return {
    subject,
    kind: "role",
    isDirectoryRole: true,
    tier: role !== undefined && isGuid(role) ? tierOf(role) : undefined,
    settings,
    settingsPath: "settings",
    approvers: approverGroups(access.settings),
    holders: holdersOf(access),
  };
}
