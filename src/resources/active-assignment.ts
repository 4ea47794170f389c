import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../model/kinds";
import type { ActiveAssignmentArgs } from "./assignment-args";
import { assignmentInputs } from "./assignment-inputs";

/**
 * Gives a principal a role without activation. Service principals can hold a role only in this way; for people an
 * eligible assignment is the better choice, except for emergency accounts. What somebody activated is not an active
 * assignment in this sense and is never touched.
 *
 * @example
 * new pim.ActiveAssignment("pipeline", {
 *   azureRole: { role: pim.AzureBuiltInRole.Contributor, scope: group.id },
 *   principal: { servicePrincipal: pipeline.objectId },
 *   expiration: { duration: "P180D" },
 *   justification: "CHG-1043",
 * });
 */
export class ActiveAssignment extends pulumi.CustomResource {
  /** The type token, for policies. */
  static readonly __pulumiType = typeToken("ActiveAssignment");

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

  /** Whether the object is an active assignment, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ActiveAssignment {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === ActiveAssignment.__pulumiType
    );
  }

  constructor(name: string, args: ActiveAssignmentArgs, opts?: pulumi.CustomResourceOptions) {
    super(ActiveAssignment.__pulumiType, name, assignmentInputs("active", name, args, opts), opts);
  }
}
