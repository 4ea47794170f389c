import type { NamedPrincipal } from "./policy-rules";
import { type LeafValue, type Leaves, PRINCIPAL_LEAVES } from "./settings-leaves";
import { leavesOf, type SettingsTree, treeOf } from "./settings-tree";

/** Leaves in the shape that state holds: nested, principals as the user would name them by id. */
export function stateTree(leaves: Leaves): SettingsTree {
  const named = { ...leaves };
  for (const path of PRINCIPAL_LEAVES) {
    const principals = leaves[path];
    if (!Array.isArray(principals)) continue;
    named[path] = (principals as NamedPrincipal[]).map(({ kind, id }) => ({
      [kind]: id,
    })) as unknown as LeafValue;
  }
  return treeOf(named);
}

/** The leaves of a tree that `stateTree` made; principals that are not known yet stay as they are. */
export function stateLeaves(tree: SettingsTree | undefined): Leaves {
  const leaves = leavesOf(tree ?? {});
  for (const path of PRINCIPAL_LEAVES) {
    const named: unknown = leaves[path];
    if (!Array.isArray(named)) continue;
    leaves[path] = (named as Record<string, string>[]).flatMap((principal) =>
      Object.entries(principal).map(([kind, id]) => ({ kind: kind as NamedPrincipal["kind"], id })),
    );
  }
  return leaves;
}
