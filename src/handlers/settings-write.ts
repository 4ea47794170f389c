import { withoutDeliveredMails } from "../model/default-settings";
import type { RoleKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { RoleSettingsInputs, RoleSettingsOutputs } from "../model/kinds";
import { formatProblem } from "../model/problem";
import {
  declaredPaths,
  differingLeaves,
  type LeafPath,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
  writeLeaves,
} from "../model/settings-leaves";
import { stateLeaves, stateTree } from "../model/state-leaves";
import { tryUntil } from "../tenant/clock";
import { isNotFound } from "../tenant/errors";
import type { LivePolicy } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { whileSaying } from "../tenant/voice";
import { RefusedError } from "./handler";
import { noteFound } from "./settings-journal";
import { settingsLockout } from "./settings-lockout";
import {
  changedAt,
  declaredIn,
  foundLeaves,
  lookAtPimOnlyMode,
  settingsKeyOf,
} from "./settings-state";
import { describeSettings } from "./settings-words";

/** What was found and written so far. */
interface Past {
  /** With what this run's check found. */
  found: Leaves;
  /** What of it the state holds. */
  recorded: Leaves;
  written: Leaves;
  /** Whether there is no state yet. */
  isFirst: boolean;
}

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
  lookAtPimOnlyMode(tenant, role, inputs, olds?.written);
  const before = await livePolicy(tenant, role, inputs, until);
  const live = readLeaves(before.rules);
  const changes = pickLeaves(declared, differingLeaves(declared, live));
  const lockout = await settingsLockout(tenant, role, changes, declared);
  if (lockout.length > 0)
    throw new RefusedError(`${describeSettings(inputs)}: ${lockout.map(formatProblem).join("; ")}`);
  const firstSeen = omitLeaves(
    pickLeaves(live, declaredPaths(declared)),
    declaredPaths(past.found),
  );
  const found = { ...firstSeen, ...past.found };
  if (declaredPaths(changes).length > 0)
    noteFound(tenant, inputs, { found, recorded: past.recorded, declared });
  else if (past.isFirst) sayWhatIsUnknown(tenant, inputs, differingLeaves(declared, found), before);
  const after = await writeLive(tenant, before, changes);
  return {
    ...inputs,
    found: stateTree(found),
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
function pastOf(inputs: RoleSettingsInputs, olds: RoleSettingsOutputs | undefined): Past {
  const recorded = olds === undefined ? {} : (foundLeaves(olds) ?? {});
  return {
    found: { ...(foundLeaves(inputs) ?? {}), ...recorded },
    recorded,
    written: stateLeaves(olds?.written),
    isFirst: olds === undefined,
  };
}

/** A run that was cut off may have written a moment ago. */
const JUST_NOW_MS = 60 * 60_000;

/** Settings that are as declared before anything was written are as somebody else made them, or as a lost run of ours did. */
function sayWhatIsUnknown(
  tenant: Tenant,
  inputs: RoleSettingsInputs,
  foundOtherwise: readonly LeafPath[],
  { changedAt: at }: LivePolicy,
): void {
  const changed = parseInstant(at ?? "");
  if (foundOtherwise.length > 0 || changed === undefined) return;
  if (changed < tenant.clock.now() - JUST_NOW_MS) return;
  tenant.voice(
    `${describeSettings(inputs)}: are as declared already, changed at ${at}; if a run of this stack made them so and was cut off, what it found is not known here: deleting gives back what is there now`,
  );
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
