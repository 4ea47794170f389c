import * as pulumi from "@pulumi/pulumi";
import { type DecisionInput, decisionProblems } from "../model/activation";
import type { Decision } from "../model/constants";
import { SCHEMA_VERSION, typeToken } from "../model/kinds";
import { DECISION_SHAPE } from "./activation-shapes";
import { markEmptyOutputs } from "./empty-outputs";
import { refuseProblems } from "./new-refusal";
import { optionProblems } from "./option-problems";
import { ownerOf } from "./owner";
import type { PrincipalArgs } from "./principal-args";
import { providerText } from "./provider-text";
import { readArgs } from "./read-args";
import type { RoleReferenceArgs } from "./role-reference-args";

/** Arguments of {@link ApprovalDecision}: which request, and what is decided. */
export interface ApprovalDecisionArgs {
  /** The request's id. @default - found by `requester` and `role` */
  requestId?: pulumi.Input<string>;
  /** Who asked, beside `role`. @default - the request is named by `requestId` */
  requester?: PrincipalArgs;
  /** For which role, beside `requester`. @default - the request is named by `requestId` */
  role?: RoleReferenceArgs;
  /** What is decided. */
  decision: pulumi.Input<Decision>;
  /** Why, for the requester and the audit log. @default - none, refused where the role's settings require one */
  justification?: pulumi.Input<string>;
}

/**
 * Approves or denies a request that waits for the signed-in person. When somebody else decided the same meanwhile, it
 * says who; another decision is an error. Needs a person's sign-in that is an approver's; nothing happens in a preview.
 * Destroying it does nothing: a decision cannot be taken back.
 *
 * @example
 * new pim.ApprovalDecision("ann-exchange", {
 *   requester: { user: "ann@contoso.com" },
 *   role: { directoryRole: { role: pim.EntraRole.ExchangeAdministrator } },
 *   decision: pim.Decision.Approve,
 *   justification: "agreed in CHG-1042",
 * });
 */
export class ApprovalDecision extends pulumi.CustomResource {
  /** The type token, for policies. */
  static readonly __pulumiType = typeToken("ApprovalDecision");

  /** Id of the request that was decided. */
  public readonly requestId!: pulumi.Output<string>;
  /** approved or denied. */
  public readonly status!: pulumi.Output<string>;
  /** Who decided. */
  public readonly decidedBy!: pulumi.Output<string>;

  /** Whether the object is a decision, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ApprovalDecision {
    return (
      pulumi.Resource.isInstance(obj) &&
      Reflect.get(obj, "__pulumiType") === ApprovalDecision.__pulumiType
    );
  }

  constructor(name: string, args: ApprovalDecisionArgs, opts?: pulumi.CustomResourceOptions) {
    super(ApprovalDecision.__pulumiType, name, decisionInputs(name, args, opts), opts);
  }
}

function decisionInputs(
  name: string,
  args: ApprovalDecisionArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const { plain, sent, problems } = readArgs<DecisionInput>(args, DECISION_SHAPE);
  refuseProblems(`ApprovalDecision "${name}"`, [
    ...optionProblems(opts),
    ...problems,
    ...decisionProblems(plain),
  ]);
  return {
    requestId: undefined,
    status: undefined,
    decidedBy: undefined,
    ...markEmptyOutputs(sent),
    schemaVersion: SCHEMA_VERSION,
    owner: ownerOf("ApprovalDecision", name, opts),
    __provider: providerText("ApprovalDecision"),
  };
}
