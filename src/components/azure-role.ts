import * as pulumi from "@pulumi/pulumi";
import type { AzureRoleArgs } from "./azure-role-args";
import { readAzureRole } from "./read-role-access";
import { createRole } from "./role-component";

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
    const outputs = createRole(this, "AzureRole", name, readAzureRole(args), opts);
    this.roleDefinitionId = outputs.roleDefinitionId;
    this.assignmentIds = outputs.assignmentIds;
    this.expired = outputs.expired;
    this.registerOutputs(outputs);
  }
}
