import type { Surface } from "../model/constants";
import { declaredLeaves } from "../model/declared-settings";
import type { RoleKey } from "../model/identity";
import { FOUND_AT_CREATE, type RoleSettingsInputs, type RoleSettingsOutputs } from "../model/kinds";
import type { NamedPrincipal } from "../model/policy-rules";
import { type LeafValue, type Leaves, PRINCIPAL_LEAVES } from "../model/settings-leaves";
import type { SettingsTree } from "../model/settings-tree";
import { stateLeaves } from "../model/state-leaves";
import { settingsRole } from "../tenant/policies";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";
import { roleKeyOf } from "./resolution";

/** The properties that hold settings. */
export const CONTAINERS = [
  "activation",
  "eligibleAssignment",
  "activeAssignment",
  "notifications",
  "pimOnlyMode",
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

/** Has the role's PIM-only mode looked at, where something that was declared or written speaks of it. */
export function lookAtPimOnlyMode(
  tenant: Tenant,
  role: RoleKey,
  ...speaking: readonly (SettingsTree | undefined)[]
): void {
  if (speaking.every((tree) => tree?.["pimOnlyMode"] === undefined)) return;
  tenant.snapshot(role.surface).policies.includePimOnlyMode(role);
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

/** Live leaves as the user's own properties would say them: a principal keeps the text that names it. */
export function asDeclared(live: Leaves, inputs: RoleSettingsInputs): Leaves {
  const declared = { ...live };
  for (const path of PRINCIPAL_LEAVES) {
    const principals = live[path] as NamedPrincipal[] | undefined;
    if (principals !== undefined) declared[path] = asNamed(principals, inputs);
  }
  return declared;
}

function asNamed(principals: readonly NamedPrincipal[], inputs: RoleSettingsInputs): LeafValue {
  const texts = new Map(Object.entries(inputs.approverIds ?? {}).map(([key, id]) => [id, key]));
  return principals.map(({ kind, id }) => {
    const key = texts.get(id) ?? `${kind}:${id}`;
    return { [key.slice(0, key.indexOf(":"))]: key.slice(key.indexOf(":") + 1) };
  }) as unknown as LeafValue;
}

/** The member that says when the service was last written to, where it is known. */
export function changedAt(of: { changedAt?: string }): { changedAt?: string } {
  return of.changedAt === undefined ? {} : { changedAt: of.changedAt };
}
