import { parseDuration } from "./duration";
import { LEAVES, type LeafPath, type LeafValue, sameLeaf } from "./settings-leaves";

/** How a change of one condition counts for security. */
export type Strength = "same" | "weaker" | "stricter" | "different";

const LEVELS = ["none", "critical", "all"];

/** Whether a condition became weaker or stricter; `different` where neither can be said, as for other approvers. */
export function compareStrength(
  path: LeafPath,
  before: LeafValue | undefined,
  after: LeafValue | undefined,
): Strength {
  if (before === undefined || after === undefined) return before === after ? "same" : "different";
  if (sameLeaf(path, before, after)) return "same";
  switch (LEAVES[path].type) {
    case "maximumDuration":
      return bySize(parseDuration(String(before)), parseDuration(String(after)));
    case "requirement":
    case "defaultRecipients":
      return after === true ? "stricter" : "weaker";
    case "permission":
      return after === true ? "weaker" : "stricter";
    case "context":
      return after === "" ? "weaker" : before === "" ? "stricter" : "different";
    case "level":
      return LEVELS.indexOf(String(after)) > LEVELS.indexOf(String(before)) ? "stricter" : "weaker";
    case "recipients":
      return byMembers(before as string[], after as string[]);
    case "approvers":
      return (after as unknown[]).length === 0 ? "weaker" : "different";
  }
}

export function isWeaker(
  path: LeafPath,
  before: LeafValue | undefined,
  after: LeafValue | undefined,
): boolean {
  return compareStrength(path, before, after) === "weaker";
}

function bySize(before: number | undefined, after: number | undefined): Strength {
  if (before === undefined || after === undefined) return "different";
  return after > before ? "weaker" : "stricter";
}

/** Fewer people told is weaker; others told is neither. */
function byMembers(before: readonly string[], after: readonly string[]): Strength {
  const lost = before.some((entry) => !after.includes(entry));
  const gained = after.some((entry) => !before.includes(entry));
  if (lost && gained) return "different";
  return lost ? "weaker" : "stricter";
}
