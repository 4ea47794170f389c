import type { Approver } from "./policy-rules";
import type { LeafValue, Leaves } from "./settings-leaves";
import { leavesOf, type SettingsTree, treeOf } from "./settings-tree";

const APPROVERS = "activation.approvers";

/** Leaves in the shape that state holds: nested, approvers as the user would name them by id. */
export function stateTree(leaves: Leaves): SettingsTree {
  const approvers = leaves[APPROVERS];
  if (!Array.isArray(approvers)) return treeOf(leaves);
  const named = (approvers as Approver[]).map(({ kind, id }) => ({ [kind]: id }));
  return treeOf({ ...leaves, [APPROVERS]: named as unknown as LeafValue });
}

/** The leaves of a tree that `stateTree` made; approvers that are not known yet stay as they are. */
export function stateLeaves(tree: SettingsTree | undefined): Leaves {
  const leaves = leavesOf(tree ?? {});
  const named: unknown = leaves[APPROVERS];
  if (!Array.isArray(named)) return leaves;
  const approvers = (named as Record<string, string>[]).flatMap((approver) =>
    Object.entries(approver).map(([kind, id]) => ({ kind: kind as Approver["kind"], id })),
  );
  return { ...leaves, [APPROVERS]: approvers };
}
