import * as pulumi from "@pulumi/pulumi";
import type { DirectoryRoleArgs } from "./directory-role-args";
import { readDirectoryRole } from "./read-role-access";
import { createRole } from "./role-component";

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
    const outputs = createRole(this, "DirectoryRole", name, readDirectoryRole(args), opts);
    this.roleDefinitionId = outputs.roleDefinitionId;
    this.assignmentIds = outputs.assignmentIds;
    this.expired = outputs.expired;
    this.registerOutputs(outputs);
  }
}
