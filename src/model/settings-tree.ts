import { LEAF_PATHS, type LeafPath, type LeafValue, type Leaves } from "./settings-leaves";
import { isUnknown } from "./unknown";

/** Settings as nested plain objects, in the shape that users write and state holds. */
export interface SettingsTree {
  [property: string]: unknown;
}

/** The leaves of nested settings, found by their paths; approvers are left to the caller, who knows their ids. */
export function leavesOf(tree: SettingsTree): Leaves {
  const leaves: Leaves = {};
  for (const path of LEAF_PATHS) {
    const value = valueAt(tree, path);
    if (value !== undefined && value !== null) leaves[path] = value as LeafValue;
  }
  return leaves;
}

/** Nested settings that hold exactly these leaves. */
export function treeOf(leaves: Leaves): SettingsTree {
  const tree: SettingsTree = {};
  for (const path of LEAF_PATHS) {
    const value = leaves[path];
    if (value !== undefined) setAt(tree, path, value);
  }
  return tree;
}

/** What stands at a path; a container that is not known yet makes all below it unknown. */
export function valueAt(tree: SettingsTree, path: string): unknown {
  let value: unknown = tree;
  for (const segment of path.split(".")) {
    if (isUnknown(value)) return value;
    if (value === null || typeof value !== "object") return undefined;
    value = (value as SettingsTree)[segment];
  }
  return value;
}

function setAt(tree: SettingsTree, path: LeafPath, value: LeafValue): void {
  const segments = path.split(".");
  const last = segments.pop() ?? "";
  let node = tree;
  for (const segment of segments) {
    const next = (node[segment] as SettingsTree | undefined) ?? {};
    node[segment] = next;
    node = next;
  }
  node[last] = value;
}
