import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs, AssignmentOutputs } from "../model/kinds";
import { describeOwner } from "./ownership";

/** The assignment in one phrase: who, how, which role, where. */
export function describeAssignment(
  key: AssignmentKey,
  state: AssignmentInputs | AssignmentOutputs,
): string {
  const who =
    state.principalName ??
    Object.values(state.principal).find((text) => text !== undefined) ??
    key.principalId;
  return `${describeOwner(state.owner)}: ${who} ${key.kind} for ${describeRole(key, state)}`;
}

function describeRole(
  { role }: AssignmentKey,
  state: AssignmentInputs | AssignmentOutputs,
): string {
  if (role.surface === "groups")
    return `${role.access} of group ${state.groupName ?? role.groupId}`;
  const name =
    state.roleName ?? state.directoryRole?.role ?? state.azureRole?.role ?? role.roleDefinitionId;
  return role.scope === "/" ? String(name) : `${name} at ${role.scope}`;
}
