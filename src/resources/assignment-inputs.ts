import type * as pulumi from "@pulumi/pulumi";
import { type AssignmentInput, assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKind } from "../model/constants";
import { type AssignmentOutputs, SCHEMA_VERSION } from "../model/kinds";
import { systemRoleProblems } from "../model/roles-system";
import { ASSIGNMENT_SHAPE } from "./arg-shapes";
import type { EligibleAssignmentArgs } from "./assignment-args";
import { emergencyProblems, noteAccount } from "./emergency-accounts";
import { hiddenInputs } from "./hidden-inputs";
import { refuseProblems } from "./new-refusal";
import { optionProblems } from "./option-problems";
import { ownerOf } from "./owner";
import { providerText } from "./provider-text";
import { readArgs } from "./read-args";

/** Properties that only the host knows; passing them as undefined declares them as outputs. */
type OnlyOutputs = Exclude<
  keyof AssignmentOutputs,
  keyof AssignmentInput | "schemaVersion" | "owner" | "limits" | "emergency"
>;
const OUTPUTS: Record<OnlyOutputs, undefined> = {
  tenantId: undefined,
  principalId: undefined,
  principalName: undefined,
  principalKind: undefined,
  roleDefinitionId: undefined,
  roleName: undefined,
  groupId: undefined,
  groupName: undefined,
  existing: undefined,
  live: undefined,
  granted: undefined,
  endsAt: undefined,
  scheduleId: undefined,
  status: undefined,
  adopted: undefined,
};

/** What an assignment sends to the engine; throws when the service would refuse the arguments. */
export function assignmentInputs(
  kind: AssignmentKind,
  name: string,
  args: EligibleAssignmentArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const type = kind === "eligible" ? "EligibleAssignment" : "ActiveAssignment";
  const { plain, sent, problems } = readArgs<AssignmentInput>(args, ASSIGNMENT_SHAPE);
  const hidden = hiddenInputs(args);
  const subject = `${type} "${name}"`;
  refuseProblems(subject, [
    ...optionProblems(opts),
    ...problems,
    ...assignmentProblems(kind, plain),
    ...systemRoleProblems(plain),
    ...(hidden.emergency ? [] : emergencyProblems(args.principal, "principal", false)),
  ]);
  if (!hidden.emergency) noteAccount(args.principal, subject, false);
  return {
    ...OUTPUTS,
    startsAt: undefined,
    ...sent,
    ...hidden,
    schemaVersion: SCHEMA_VERSION,
    owner: ownerOf(type, name, opts),
    __provider: providerText(type),
  };
}
