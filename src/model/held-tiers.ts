import { checkedRole } from "./access-role";
import { highestTiers, roleTier } from "./access-tier";
import type { Tier } from "./constants";
import type { AssignmentInputs } from "./kinds";

/** The highest tier of the roles that each group holds by these assignments; other things among them count for nothing. */
export function heldTiers(
  assignments: readonly Partial<AssignmentInputs>[],
  byId: Readonly<Record<string, Tier>>,
): Record<string, Tier> {
  return highestTiers(
    assignments.flatMap((inputs): [string, Tier][] => {
      const role = checkedRole(inputs);
      const { principal, principalId } = inputs;
      if (role === undefined || role.surface === "groups") return [];
      if (principal?.group === undefined || principalId === undefined) return [];
      return [[principalId.toLowerCase(), roleTier(role, { byId })]];
    }),
  );
}
