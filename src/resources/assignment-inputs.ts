import type * as pulumi from "@pulumi/pulumi";
import type { AssignmentInput } from "../model/assignment-input";
import { assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKind } from "../model/constants";
import { type AssignmentOutputs, SCHEMA_VERSION } from "../model/kinds";
import { systemRoleProblems } from "../model/roles-system";
import { ASSIGNMENT_SHAPE } from "./arg-shapes";
import type { EligibleAssignmentArgs } from "./assignment-args";
import { emergencyProblems, noteAccount } from "./emergency-accounts";
import { markEmptyOutputs } from "./empty-outputs";
import { hiddenInputs } from "./hidden-inputs";
import { namesBeside } from "./named-principals";
import { refuseProblems } from "./new-refusal";
import { optionProblems } from "./option-problems";
import { ownerOf } from "./owner";
import type { PrincipalArgs } from "./principal-args";
import { providerText } from "./provider-text";
import { readArgs } from "./read-args";
import { secretArgs } from "./secret-args";

/**
 * Declared as outputs by passing undefined: those that the classes show. The rest of the state needs no promise of its
 * own, and each costs time in a program with a thousand assignments.
 */
const OUTPUTS: Partial<Record<keyof AssignmentOutputs, undefined>> = {
  principalId: undefined,
  roleDefinitionId: undefined,
  groupId: undefined,
  scheduleId: undefined,
  startsAt: undefined,
  endsAt: undefined,
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
  const principal = sent["principal"] as PrincipalArgs | undefined;
  const subject = `${type} "${name}"`;
  refuseProblems(subject, [
    ...optionProblems(opts),
    ...problems,
    ...assignmentProblems(kind, plain),
    ...systemRoleProblems(plain),
    ...(hidden.emergency ? [] : emergencyProblems(principal, "principal", false)),
  ]);
  if (!hidden.emergency) noteAccount(principal, subject, false);
  const beside = namesBeside(principal, opts);
  const secret = secretArgs(sent);
  return {
    ...OUTPUTS,
    ...markEmptyOutputs(sent),
    ...hidden,
    ...(beside === undefined ? {} : { beside }),
    ...(secret === undefined ? {} : { secretArgs: secret }),
    schemaVersion: SCHEMA_VERSION,
    owner: ownerOf(type, name, opts),
    __provider: providerText(type),
  };
}
