import { knownLeaves } from "../model/declared-settings";
import { withoutDeliveredMails } from "../model/default-settings";
import type { RoleKey } from "../model/identity";
import { FOUND_AT_CREATE, type RoleSettingsInputs, type RoleSettingsOutputs } from "../model/kinds";
import {
  declaredPaths,
  differingLeaves,
  type Leaves,
  omitLeaves,
  pickLeaves,
  readLeaves,
} from "../model/settings-leaves";
import { type SettingsTree, treeOf } from "../model/settings-tree";
import { stateLeaves, stateTree } from "../model/state-leaves";
import type { Tenant } from "../tenant/tenant";
import type { ReadState } from "./handler";
import {
  asDeclared,
  CONTAINERS,
  changedAt,
  declaredIn,
  lookAtPimOnlyMode,
  settingsInputsOf,
} from "./settings-state";

/** The settings as they are: declared leaves that somebody changed stand in the inputs with their live value. */
export async function readSettings(
  tenant: Tenant,
  role: RoleKey,
  outputs: RoleSettingsOutputs,
): Promise<ReadState | undefined> {
  lookAtPimOnlyMode(tenant, role, outputs, outputs.written);
  const policy = await tenant.unseen(role.surface).policy(role, outputs.changedAt);
  if (policy === undefined) return undefined;
  const live = readLeaves(policy.rules);
  const inputs = rewritten(role, outputs, live);
  const mirror = declaredIn(role.surface, outputs);
  const declared = declaredPaths(stateLeaves(outputs.written)).filter((path) => path in mirror);
  return {
    inputs,
    outputs: {
      ...inputs,
      policyId: policy.policyId,
      written: outputs.written,
      ...changedAt(outputs),
      observed: stateTree(withoutDeliveredMails(omitLeaves(live, declared))),
    },
  };
}

/**
 * The inputs with every declared leaf at its live value: drift then is a difference of that property. A leaf that was
 * rewritten by an earlier read and was repaired since has the declared value again, because `written` holds it.
 */
function rewritten(role: RoleKey, outputs: RoleSettingsOutputs, live: Leaves): RoleSettingsInputs {
  const inputs = settingsInputsOf(outputs);
  const mirror = declaredIn(role.surface, inputs);
  const drifted = differingLeaves(mirror, live);
  const found = inputs.found === FOUND_AT_CREATE ? outputs.found : inputs.found;
  const kept = { ...inputs, ...(found === undefined ? {} : { found }) };
  if (drifted.length === 0) return kept;
  const values = { ...knownLeaves(inputs, inputs.approverIds ?? {}), ...pickLeaves(live, drifted) };
  const tree = treeOf(asDeclared(values, inputs));
  return { ...kept, ...onlyContainers(tree) } as RoleSettingsInputs;
}

function onlyContainers(tree: SettingsTree): SettingsTree {
  return Object.fromEntries(
    CONTAINERS.filter((name) => name in tree).map((name) => [name, tree[name]]),
  );
}
