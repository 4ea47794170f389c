import type * as pulumi from "@pulumi/pulumi";
import { type RoleSettingsOutputs, SCHEMA_VERSION } from "../model/kinds";
import type { Problem } from "../model/problem";
import { type RoleInput, roleProblems, surfaceOf } from "../model/role-target";
import { systemRoleProblems } from "../model/roles-system";
import { type SettingsInput, settingsProblems } from "../model/settings-rules";
import { ROLE_SETTINGS_SHAPE } from "./arg-shapes";
import { markEmptyOutputs } from "./empty-outputs";
import { hiddenInputs } from "./hidden-inputs";
import { refuseProblems } from "./new-refusal";
import { optionProblems } from "./option-problems";
import { ownerOf } from "./owner";
import { providerText } from "./provider-text";
import { readArgs } from "./read-args";
import { secretArgs } from "./secret-args";
import type { RoleSettingsArgs } from "./settings-args";

/** Declared as outputs by passing undefined: those that the class shows or reads. */
const OUTPUTS: Partial<Record<keyof RoleSettingsOutputs, undefined>> = {
  policyId: undefined,
  roleDefinitionId: undefined,
  groupId: undefined,
  approverIds: undefined,
  observed: undefined,
};

/** What settings send to the engine; throws when the service would refuse the arguments. */
export function roleSettingsInputs(
  name: string,
  args: RoleSettingsArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const { plain, sent, problems } = readArgs<RoleInput & SettingsInput>(args, ROLE_SETTINGS_SHAPE);
  refuseProblems(`RoleSettings "${name}"`, [
    ...optionProblems(opts),
    ...problems,
    ...declaredProblems(plain),
  ]);
  const secret = secretArgs(sent);
  return {
    ...OUTPUTS,
    ...markEmptyOutputs(sent),
    ...(secret === undefined ? {} : { secretArgs: secret }),
    ...hiddenInputs(args),
    schemaVersion: SCHEMA_VERSION,
    owner: ownerOf("RoleSettings", name, opts),
    __provider: providerText("RoleSettings"),
  };
}

function declaredProblems(plain: RoleInput & SettingsInput): Problem[] {
  const surface = surfaceOf(plain);
  return [
    ...roleProblems(plain, "settings"),
    ...systemRoleProblems(plain),
    ...(surface === undefined ? [] : settingsProblems(surface, plain)),
  ];
}
