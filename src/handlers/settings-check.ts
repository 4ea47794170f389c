import { settingsId } from "../model/identity";
import { FOUND_AT_CREATE, type RoleSettingsInputs } from "../model/kinds";
import { roleProblems, surfaceOf } from "../model/role-target";
import {
  declaredPaths,
  differingLeaves,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
} from "../model/settings-leaves";
import { settingsProblems } from "../model/settings-rules";
import { stateTree } from "../model/state-leaves";
import { isBroken } from "../tenant/errors";
import type { Tenant } from "../tenant/tenant";
import type { Checked } from "./handler";
import { Memory } from "./memory";
import { newGroupProblems } from "./new-group";
import { belongingProblem, claim } from "./ownership";
import { resolveRole, roleKeyOf } from "./resolution";
import { forgetFound, foundBeforeCutOff } from "./settings-journal";
import { settingsLockout } from "./settings-lockout";
import { resolveNamed } from "./settings-principals";
import { declaredIn, foundLeaves, lookAtPimOnlyMode, settingsKeyOf } from "./settings-state";

const pasts = new Memory<RoleSettingsInputs>();

/** Resolves names, refuses what the service would refuse, claims the role's settings, and records what is there before us. */
export async function checkSettings(
  tenant: Tenant,
  olds: RoleSettingsInputs | undefined,
  { newGroup, ...news }: RoleSettingsInputs,
): Promise<Checked> {
  const foreign = belongingProblem(tenant, olds);
  if (foreign !== undefined) return { inputs: news, problems: [foreign] };
  const surface = surfaceOf(news);
  const role = await resolveRole(tenant, news.owner, news, olds);
  const named = await resolveNamed(tenant, olds, news);
  const inputs: RoleSettingsInputs = {
    ...news,
    tenantId: tenant.tenantId,
    ...role.value,
    ...(Object.keys(named.ids).length === 0 ? {} : { approverIds: named.ids }),
  };
  const problems = [
    ...roleProblems(news, "settings"),
    ...(surface === undefined ? [] : settingsProblems(surface, news)),
    ...role.problems,
    ...named.problems,
    ...(await newGroupProblems(tenant, newGroup, news.group)),
  ];
  if (problems.length > 0 || surface === undefined || roleKeyOf(inputs) === undefined)
    return { inputs, problems };
  return withIdentity(tenant, olds, inputs);
}

async function withIdentity(
  tenant: Tenant,
  olds: RoleSettingsInputs | undefined,
  inputs: RoleSettingsInputs,
): Promise<Checked> {
  const role = settingsKeyOf(inputs);
  const identity = settingsId(tenant.tenantId, role);
  const problems = await claim(tenant, identity, inputs.owner);
  if (problems.length > 0) return { inputs, problems };
  const isSame =
    olds !== undefined &&
    roleKeyOf(olds) !== undefined &&
    settingsId(tenant.tenantId, settingsKeyOf(olds)) === identity;
  const before = isSame ? olds : pasts.get(tenant, inputs.owner, identity);
  if (isSame) pasts.set(tenant, inputs.owner, identity, olds);
  const declared = declaredIn(role.surface, inputs);
  lookAtPimOnlyMode(tenant, role, inputs, before);
  const looking = found(tenant, inputs, declared, before);
  const looked = looking.catch(() => undefined); // what is wrong with the role itself is said first
  const unfit = isSame ? [] : await tenant.snapshot(role.surface).surface.problemsOf(role);
  if (unfit.length > 0) return looked.then(() => ({ inputs, problems: unfit }));
  const past = before === undefined ? {} : declaredIn(role.surface, before);
  const changes = pickLeaves(declared, differingLeaves(declared, past));
  const lockout = await settingsLockout(tenant, role, changes, declared);
  if (lockout.length > 0) return looked.then(() => ({ inputs, problems: lockout }));
  return { inputs: { ...inputs, found: await looking }, problems: [] };
}

/**
 * The live value of each declared leaf at first contact. What was found once is kept, also for leaves that left the
 * program: it is what a delete gives back.
 */
async function found(
  tenant: Tenant,
  inputs: RoleSettingsInputs,
  declared: Leaves,
  before: RoleSettingsInputs | undefined,
): Promise<NonNullable<RoleSettingsInputs["found"]>> {
  if (before?.found === FOUND_AT_CREATE) return FOUND_AT_CREATE;
  const kept = before === undefined ? {} : (foundLeaves(before) ?? {});
  const first = declaredPaths(omitLeaves(declared, declaredPaths(kept)));
  if (before !== undefined) forgetFound(tenant, before, kept);
  if (first.length === 0) return stateTree(kept);
  const role = settingsKeyOf(inputs);
  const policy = await readable(tenant.snapshot(role.surface).policies.of(role));
  if (policy === undefined) return before === undefined ? FOUND_AT_CREATE : stateTree(kept);
  const live = readLeaves(policy.rules);
  const cutOff = foundBeforeCutOff(tenant, inputs, live);
  return stateTree({ ...pickLeaves({ ...live, ...cutOff }, first), ...kept });
}

/** A failing check ends the whole program: settings that the service cannot read fail later, alone. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isBroken(error)) return undefined;
    throw error;
  }
}
