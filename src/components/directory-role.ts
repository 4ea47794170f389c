import * as pulumi from "@pulumi/pulumi";
import type { RoleInput } from "../model/role-target";
import type { SettingsInput } from "../model/settings-rules";
import { DIRECTORY_ROLE_SHAPE } from "../resources/arg-shapes";
import { refuseProblems } from "../resources/new-refusal";
import { readArgs } from "../resources/read-args";
import type { RoleReferenceArgs } from "../resources/role-reference-args";
import type { DirectoryRoleArgs } from "./directory-role-args";
import {
  assignmentIds,
  createRoleAccess,
  declaredLimits,
  expiredAssignments,
  type RoleAccess,
  type RoleAccessChildren,
} from "./role-access";
import { type PlainAccess, type PlainAssignment, roleAccessProblems } from "./role-access-problems";

/**
 * Manages access to an existing Microsoft Entra directory role; creates none. Settings are made first, assignments
 * after them. Everything that is wrong with the role, its settings and all its assignments is said in one error,
 * before anything is registered.
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
    const access = toAccess(name, args);
    const children = createRoleAccess(this, name, access);
    this.roleDefinitionId = roleDefinitionIdOf(children);
    this.assignmentIds = assignmentIds(children);
    this.expired = expiredAssignments(children);
    this.registerOutputs({
      roleDefinitionId: this.roleDefinitionId,
      assignmentIds: this.assignmentIds,
      expired: this.expired,
    });
  }
}

/** The role's access, checked; throws with everything that is wrong. */
function toAccess(name: string, args: DirectoryRoleArgs): RoleAccess {
  const { plain, sent, problems } = readArgs<PlainDirectoryRole>(args, DIRECTORY_ROLE_SHAPE);
  refuseProblems(`DirectoryRole "${name}"`, [
    ...problems,
    ...roleAccessProblems(toPlainAccess(plain)),
  ]);
  const { role, ...rest } = sent as unknown as DirectoryRoleArgs;
  return { surface: "directoryRoles", roleAt: (scope) => reference(role, scope), ...rest };
}

function reference(
  role: pulumi.Input<string>,
  scope: pulumi.Input<string> | undefined,
): RoleReferenceArgs {
  return { directoryRole: scope === undefined ? { role } : { role, scope } };
}

interface PlainDirectoryRole {
  role: string;
  settings?: SettingsInput;
  eligibleAssignments?: Record<string, PlainAssignment>;
  activeAssignments?: Record<string, PlainAssignment>;
}

function toPlainAccess({ role, ...rest }: PlainDirectoryRole): PlainAccess {
  const roleAt = (scope: string | undefined): RoleInput => ({
    directoryRole: scope === undefined ? { role } : { role, scope },
  });
  return {
    surface: "directoryRoles",
    roleAt,
    limits: (kind) => declaredLimits("directoryRoles", rest.settings, kind),
    ...rest,
  };
}

function roleDefinitionIdOf({ settings, assignments }: RoleAccessChildren): pulumi.Output<string> {
  const [child] = settings === undefined ? Object.values(assignments) : [settings];
  return pulumi.output(child?.roleDefinitionId).apply((id) => id ?? "");
}
