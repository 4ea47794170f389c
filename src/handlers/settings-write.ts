import { withoutDeliveredMails } from "../model/default-settings";
import type { RoleKey } from "../model/identity";
import type { RoleSettingsInputs, RoleSettingsOutputs } from "../model/kinds";
import { formatProblem } from "../model/problem";
import {
  declaredPaths,
  differingLeaves,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
  writeLeaves,
} from "../model/settings-leaves";
import { tryUntil } from "../tenant/clock";
import { isNotFound } from "../tenant/errors";
import type { LivePolicy } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { whileSaying } from "../tenant/voice";
import { RefusedError } from "./handler";
import { settingsLockout } from "./settings-lockout";
import {
  changedAt,
  declaredIn,
  foundLeaves,
  settingsKeyOf,
  stateLeaves,
  stateTree,
} from "./settings-state";
import { describeSettings } from "./settings-words";

/** Writes the declared leaves that differ and records what was found and what was written. */
export async function writeSettings(
  tenant: Tenant,
  inputs: RoleSettingsInputs,
  olds: RoleSettingsOutputs | undefined,
  until: number,
): Promise<RoleSettingsOutputs> {
  const role = settingsKeyOf(inputs);
  const declared = declaredIn(role.surface, inputs);
  const past = pastOf(inputs, olds);
  const before = await livePolicy(tenant, role, inputs, until);
  const live = readLeaves(before.rules);
  const changes = pickLeaves(declared, differingLeaves(declared, live));
  const lockout = await settingsLockout(tenant, role, changes, declared);
  if (lockout.length > 0)
    throw new RefusedError(`${describeSettings(inputs)}: ${lockout.map(formatProblem).join("; ")}`);
  const after = await writeLive(tenant, before, changes);
  const firstSeen = omitLeaves(
    pickLeaves(live, declaredPaths(declared)),
    declaredPaths(past.found),
  );
  return {
    ...inputs,
    found: stateTree({ ...firstSeen, ...past.found }),
    policyId: after.policyId,
    written: stateTree({ ...past.written, ...declared }),
    ...changedAt(after),
    observed: stateTree(
      withoutDeliveredMails(omitLeaves(readLeaves(after.rules), declaredPaths(declared))),
    ),
  };
}

/** Writes leaves over a live policy; one whose id is not known any more is found anew and written once more. */
export async function writeLive(
  tenant: Tenant,
  policy: LivePolicy,
  leaves: Leaves,
): Promise<LivePolicy> {
  const { policies, surface } = tenant.snapshot(policy.role.surface);
  if (declaredPaths(leaves).length === 0) return policy;
  try {
    const written = await surface.writePolicy(policy, writeLeaves(policy.rules, leaves));
    policies.record(written);
    return written;
  } catch (error) {
    policies.forget(policy.role);
    if (!isNotFound(error)) throw error;
  }
  const found = await policies.of(policy.role);
  if (found === undefined) throw new RefusedError("the role has no settings any more");
  const written = await surface.writePolicy(found, writeLeaves(found.rules, leaves));
  policies.record(written);
  return written;
}

/** What was found and written so far, for leaves that are declared or once were. */
function pastOf(
  inputs: RoleSettingsInputs,
  olds: RoleSettingsOutputs | undefined,
): { found: Leaves; written: Leaves } {
  const recorded = olds === undefined ? {} : (foundLeaves(olds) ?? {});
  return {
    found: { ...(foundLeaves(inputs) ?? {}), ...recorded },
    written: stateLeaves(olds?.written),
  };
}

/** The settings of a role made in the same run appear after a while. */
async function livePolicy(
  tenant: Tenant,
  role: RoleKey,
  inputs: RoleSettingsInputs,
  until: number,
): Promise<LivePolicy> {
  const what = describeSettings(inputs);
  const { policies } = tenant.snapshot(role.surface);
  const appearing = tryUntil(tenant.clock, { until }, async () => {
    const policy = await policies.of(role);
    if (policy === undefined) policies.forget(role);
    return policy;
  });
  const waitingFor = `${what}: waiting for the role's settings to appear`;
  const policy = await whileSaying(tenant.voice, waitingFor, appearing);
  if (policy !== undefined) return policy;
  throw new RefusedError(
    `${what}: the service has no settings for this role; system-assigned roles have none, and a new role's appear late: check the role, or raise timeouts.create`,
  );
}
