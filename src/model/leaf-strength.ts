import { parseDuration } from "./duration";
import { LEAVES, type LeafPath, type LeafType, type LeafValue, sameLeaf } from "./settings-leaves";

/** How a change of one condition counts for security. */
export type Strength = "same" | "weaker" | "stricter" | "different";

const LEVELS = ["none", "critical", "all"];

/** Weakest first. */
const PIM_ONLY_MODES = ["disabled", "reportonly", "enabled"];

/** Whether a condition became weaker or stricter; `different` where neither can be said, as for other approvers. */
export function compareStrength(
  path: LeafPath,
  before: LeafValue | undefined,
  after: LeafValue | undefined,
): Strength {
  if (before === undefined || after === undefined) return before === after ? "same" : "different";
  if (sameLeaf(path, before, after)) return "same";
  return COMPARISONS[LEAVES[path].type](before, after);
}

/** What makes a condition of each type weaker. */
const COMPARISONS: Record<LeafType, (before: LeafValue, after: LeafValue) => Strength> = {
  maximumDuration: (before, after) =>
    bySize(parseDuration(String(before)), parseDuration(String(after))),
  requirement: (_, after) => (after === true ? "stricter" : "weaker"),
  defaultRecipients: (_, after) => (after === true ? "stricter" : "weaker"),
  permission: (_, after) => (after === true ? "weaker" : "stricter"),
  context: byContext,
  level: (before, after) =>
    LEVELS.indexOf(String(after)) > LEVELS.indexOf(String(before)) ? "stricter" : "weaker",
  recipients: (before, after) => byMembers(before as string[], after as string[]),
  pimOnlyMode: (before, after) =>
    PIM_ONLY_MODES.indexOf(String(after).toLowerCase()) >
    PIM_ONLY_MODES.indexOf(String(before).toLowerCase())
      ? "stricter"
      : "weaker",
  exclusions: (before, after) => opposite(byMembers(entries(before), entries(after))),
  approvers: (_, after) => ((after as unknown[]).length === 0 ? "weaker" : "different"),
};

function byContext(before: LeafValue, after: LeafValue): Strength {
  if (after === "") return "weaker";
  return before === "" ? "stricter" : "different";
}

/** Whether a condition became weaker. */
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

function entries(list: LeafValue): string[] {
  return Array.isArray(list) ? list.map((entry) => JSON.stringify(entry).toLowerCase()) : [];
}

/** Who is excluded from a condition makes it weaker. */
function opposite(strength: Strength): Strength {
  if (strength === "weaker") return "stricter";
  return strength === "stricter" ? "weaker" : strength;
}

/** Fewer people told is weaker; others told is neither. */
function byMembers(before: readonly string[], after: readonly string[]): Strength {
  const lost = before.some((entry) => !after.includes(entry));
  const gained = after.some((entry) => !before.includes(entry));
  if (lost && gained) return "different";
  return lost ? "weaker" : "stricter";
}
