import type { RoleSettingsInputs } from "../model/kinds";
import type { LeafPath, LeafValue } from "../model/settings-leaves";
import { describeOwner } from "./ownership";

/** The settings in one phrase. */
export function describeSettings(state: RoleSettingsInputs): string {
  const { directoryRole, group, azureRole } = state;
  const name =
    state.roleName ??
    state.groupName ??
    directoryRole?.role ??
    azureRole?.role ??
    group?.group ??
    "a role";
  const access = group === undefined ? "" : ` (${group.access})`;
  return `${describeOwner(state.owner)}: settings of ${name}${access}`;
}

/** A leaf with its value. */
export function describeLeaf(path: LeafPath, value: LeafValue | undefined): string {
  return `${path} ${describeValue(value)}`;
}

/** A leaf's value; approvers by kind and id. */
export function describeValue(value: LeafValue | undefined): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.map((entry) => (typeof entry === "string" ? entry : `${entry.kind} ${entry.id}`)).join(", ")}]`;
}
