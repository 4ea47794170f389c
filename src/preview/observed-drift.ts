import type { Conditions } from "../model/access";
import type { ConditionsChange, LeafChange } from "../model/access-change";
import { compareStrength } from "../model/leaf-strength";
import { LEAF_PATHS, sameLeaf } from "../model/settings-leaves";

/**
 * Conditions that nobody declares and that somebody changed in the tenant since the last run: they are left alone, and
 * a reviewer should know of them.
 */
export function observedDrift(before: Conditions, after: Conditions): ConditionsChange | undefined {
  const leaves = LEAF_PATHS.flatMap((path): LeafChange[] => {
    const [old, now] = [before.observed[path], after.observed[path]];
    if (old === undefined || now === undefined || sameLeaf(path, old, now)) return [];
    return [{ path, before: old, after: now, strength: compareStrength(path, old, now) }];
  });
  return leaves.length === 0
    ? undefined
    : { kind: "observed", conditions: after, leaves, beforeIsUnknown: false };
}
