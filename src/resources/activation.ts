import * as pulumi from "@pulumi/pulumi";
import { type ActivationInput, activationProblems } from "../model/activation";
import type { OnExpired } from "../model/constants";
import { SCHEMA_VERSION, typeToken } from "../model/kinds";
import { systemRoleProblems } from "../model/roles-system";
import { ACTIVATION_SHAPE } from "./activation-shapes";
import type { TicketArgs } from "./assignment-args";
import { markEmptyOutputs } from "./empty-outputs";
import { refuseProblems } from "./new-refusal";
import { optionProblems } from "./option-problems";
import { ownerOf } from "./owner";
import { providerText } from "./provider-text";
import { readArgs } from "./read-args";
import type { RoleReferenceArgs } from "./role-reference-args";
import type { TimeoutsArgs } from "./timeouts-args";

/** Arguments of {@link Activation}: the role, and for how long. */
export interface ActivationArgs extends RoleReferenceArgs {
  /**
   * How long: an ISO 8601 duration from "PT30M" to what the role's settings allow. A running activation keeps its end;
   * an edit counts for the next one.
   */
  duration: pulumi.Input<string>;
  /** Why, for the approver and the audit log. @default - none, refused where the role's settings require one */
  justification?: pulumi.Input<string>;
  /** The ticket behind it. @default - none, refused where the role's settings require one */
  ticket?: TicketArgs;
  /** When it begins: an RFC 3339 instant to come. @default - at once */
  startsAt?: pulumi.Input<string>;
  /**
   * Whether to wait while somebody has to approve, until `timeouts`; else the resource is made with status `pending`
   * and the request's id.
   * @default true
   */
  waitForApproval?: pulumi.Input<boolean>;
  /**
   * What happens once it has reached its end: `keep` leaves it ended without an error, `renew` asks for a new one with
   * each `pulumi up` that its person runs afterwards.
   * @default "keep"
   */
  onExpired?: pulumi.Input<OnExpired>;
  /** How long to wait for the service and its approvers. @default - ten minutes for each operation */
  timeouts?: TimeoutsArgs;
}

/**
 * Activates a role that the signed-in person is eligible for, directly or through a group. It belongs to that person:
 * for any other identity it is unchanged, never replaced and never ended. Needs a person's sign-in (browser, device
 * code; for Azure roles also the Azure CLI); nothing happens in a preview. Destroying it deactivates the role, or takes
 * the request back while it waits.
 *
 * @example
 * new pim.Activation("exchange", {
 *   directoryRole: { role: pim.EntraRole.ExchangeAdministrator },
 *   duration: "PT1H",
 *   justification: "CHG-1042",
 * });
 */
export class Activation extends pulumi.CustomResource {
  /** The type token, for policies. */
  static readonly __pulumiType = typeToken("Activation");

  /** Object id of the person. */
  public readonly principalId!: pulumi.Output<string>;
  /** Id of the request at the service. */
  public readonly requestId!: pulumi.Output<string>;
  /** active, scheduled, pending, expired, ended, denied or cancelled. */
  public readonly status!: pulumi.Output<string>;
  /** When it began or begins; null while nobody knows. */
  public readonly startsAt!: pulumi.Output<string | null>;
  /** When it ends; null while it waits for approval. */
  public readonly endsAt!: pulumi.Output<string | null>;

  /** Whether the object is an activation, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Activation {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === Activation.__pulumiType
    );
  }

  constructor(name: string, args: ActivationArgs, opts?: pulumi.CustomResourceOptions) {
    super(Activation.__pulumiType, name, activationInputs(name, args, opts), opts);
  }
}

const OUTPUTS = {
  principalId: undefined,
  requestId: undefined,
  status: undefined,
  startsAt: undefined,
  endsAt: undefined,
};

function activationInputs(
  name: string,
  args: ActivationArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const { plain, sent, problems } = readArgs<ActivationInput>(args, ACTIVATION_SHAPE);
  refuseProblems(`Activation "${name}"`, [
    ...optionProblems(opts),
    ...problems,
    ...activationProblems(plain),
    ...systemRoleProblems(plain),
  ]);
  return {
    ...OUTPUTS,
    ...markEmptyOutputs(sent),
    schemaVersion: SCHEMA_VERSION,
    owner: ownerOf("Activation", name, opts),
    __provider: providerText("Activation"),
  };
}
