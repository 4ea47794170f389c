import { settingsId } from "../model/identity";
import type { RoleSettingsInputs } from "../model/kinds";
import {
  declaredPaths,
  type Leaves,
  omitLeaves,
  pickLeaves,
  sameLeaf,
} from "../model/settings-leaves";
import type { SettingsTree } from "../model/settings-tree";
import { stateLeaves, stateTree } from "../model/state-leaves";
import type { Tenant } from "../tenant/tenant";
import { settingsKeyOf } from "./settings-state";

/** Leaves as they were before a write of ours, and as we wrote them. */
interface Entry {
  found: SettingsTree;
  written: SettingsTree;
}

/** Notes, before it is written over, what the state does not hold yet. */
export function noteFound(
  tenant: Tenant,
  inputs: RoleSettingsInputs,
  leaves: { found: Leaves; recorded: Leaves; declared: Leaves },
): void {
  const { found, recorded, declared } = leaves;
  const first = declaredPaths(omitLeaves(declared, declaredPaths(recorded)));
  if (first.length === 0) return;
  const entry: Entry = {
    found: stateTree(pickLeaves(found, first)),
    written: stateTree(pickLeaves(declared, first)),
  };
  tenant.journal.write(keyOf(tenant, inputs), entry);
}

/**
 * What a run of ours that was cut off had found, for each leaf that is still as that run wrote it. Whatever somebody
 * changed since is found anew.
 */
export function foundBeforeCutOff(
  tenant: Tenant,
  inputs: RoleSettingsInputs,
  live: Leaves,
): Leaves {
  const entry = tenant.journal.read(keyOf(tenant, inputs)) as Partial<Entry> | undefined;
  const found = stateLeaves(entry?.found);
  const written = stateLeaves(entry?.written);
  const ours = declaredPaths(found).filter(
    (path) => path in written && sameLeaf(path, written[path], live[path]),
  );
  return pickLeaves(found, ours);
}

/** Forgets what a state holds by now. */
export function forgetFound(tenant: Tenant, inputs: RoleSettingsInputs, recorded: Leaves): void {
  const key = keyOf(tenant, inputs);
  const entry = tenant.journal.read(key) as Partial<Entry> | undefined;
  if (entry === undefined) return;
  const open = omitLeaves(stateLeaves(entry.found), declaredPaths(recorded));
  if (declaredPaths(open).length === 0) tenant.journal.remove(key);
}

/** Forgets it in any case: the settings are given back. */
export function forgetAllFound(tenant: Tenant, inputs: RoleSettingsInputs): void {
  tenant.journal.remove(keyOf(tenant, inputs));
}

function keyOf(tenant: Tenant, inputs: RoleSettingsInputs): string {
  return `${settingsId(tenant.tenantId, settingsKeyOf(inputs))} ${inputs.owner}`;
}
