import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../model/kinds";
import type { EligibleAssignmentArgs } from "./assignment-args";
import { assignmentInputs } from "./assignment-inputs";

/**
 * Makes a principal eligible: it may activate the role, under the conditions of the role's settings. What somebody
 * activated, holds through a group or inherits from a parent scope is not an eligible assignment and is never touched.
 *
 * @example
 * new pim.EligibleAssignment("messaging", {
 *   directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
 *   principal: { group: team.objectId },
 *   expiration: { duration: "P90D" },
 *   justification: "CHG-1042",
 * });
 */
export class EligibleAssignment extends pulumi.CustomResource {
  /** The type token, for policies. */
  static readonly __pulumiType = typeToken("EligibleAssignment");

  /** Object id of the principal. */
  public readonly principalId!: pulumi.Output<string>;
  /** Id of the role definition; undefined for a group. */
  public readonly roleDefinitionId!: pulumi.Output<string | undefined>;
  /** Object id of the group; undefined for a role. */
  public readonly groupId!: pulumi.Output<string | undefined>;
  /** Id of the schedule at the service; it changes when the service makes the schedule anew. */
  public readonly scheduleId!: pulumi.Output<string>;
  /** When the assignment began; null when it was made outside PIM. */
  public readonly startsAt!: pulumi.Output<string | null>;
  /** When the assignment ends; null when it does not. */
  public readonly endsAt!: pulumi.Output<string | null>;
  /** provisioned, scheduled, pending, expired or removed. */
  public readonly status!: pulumi.Output<string>;
  /** Whether it was held before it was declared. */
  public readonly adopted!: pulumi.Output<boolean>;

  /** Whether the object is an eligible assignment, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is EligibleAssignment {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === EligibleAssignment.__pulumiType
    );
  }

  constructor(name: string, args: EligibleAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      EligibleAssignment.__pulumiType,
      name,
      assignmentInputs("eligible", name, args, opts),
      opts,
    );
  }
}
