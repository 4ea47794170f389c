import type { Surface } from "../model/constants";
import { declaredLeaves } from "../model/declared-settings";
import type { RoleKey } from "../model/identity";
import { FOUND_AT_CREATE, type RoleSettingsInputs, type RoleSettingsOutputs } from "../model/kinds";
import type { Approver } from "../model/policy-rules";
import type { LeafPath, LeafValue, Leaves } from "../model/settings-leaves";
import { stateLeaves } from "../model/state-leaves";
import { settingsRole } from "../tenant/policies";
import { RefusedError } from "./handler";
import { roleKeyOf } from "./resolution";

/** The properties that hold settings. */
export const CONTAINERS = [
  "activation",
  "eligibleAssignment",
  "activeAssignment",
  "notifications",
] as const;

/** The role that checked inputs name. */
export function settingsKeyOf(inputs: RoleSettingsInputs): RoleKey {
  const role = roleKeyOf(inputs);
  if (role === undefined)
    throw new RefusedError("the state names no role: it was not written by pulumi-entra-pim");
  return settingsRole(role);
}

/** The declared leaves of checked inputs or of outputs, which mirror them. */
export function declaredIn(surface: Surface, inputs: RoleSettingsInputs): Leaves {
  return declaredLeaves(surface, inputs, inputs.approverIds);
}

/** What was found, where it is known. */
export function foundLeaves(inputs: RoleSettingsInputs): Leaves | undefined {
  return inputs.found === FOUND_AT_CREATE || inputs.found === undefined
    ? undefined
    : stateLeaves(inputs.found);
}

/** The inputs that outputs mirror. */
export function settingsInputsOf(outputs: RoleSettingsOutputs): RoleSettingsInputs {
  const {
    policyId: _id,
    written: _written,
    observed: _observed,
    changedAt: _at,
    ...inputs
  } = outputs;
  return inputs as RoleSettingsInputs;
}

/** A leaf's live value as the user's own property would say it: an approver keeps the text that names it. */
export function asDeclared(path: LeafPath, live: LeafValue, inputs: RoleSettingsInputs): LeafValue {
  if (path !== "activation.approvers") return live;
  const texts = new Map(Object.entries(inputs.approverIds ?? {}).map(([key, id]) => [id, key]));
  return (live as Approver[]).map(({ kind, id }) => {
    const key = texts.get(id) ?? `${kind}:${id}`;
    return { [key.slice(0, key.indexOf(":"))]: key.slice(key.indexOf(":") + 1) };
  }) as unknown as LeafValue;
}

/** The member that says when the service was last written to, where it is known. */
export function changedAt(of: { changedAt?: string }): { changedAt?: string } {
  return of.changedAt === undefined ? {} : { changedAt: of.changedAt };
}
