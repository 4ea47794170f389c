import type { AccessModel, AccessRole, Grant } from "../model/access";
import type { AccessChanges } from "../model/access-change";
import { plainText } from "../model/access-phrase";
import { highestTiers, roleTier } from "../model/access-tier";
import type { Tier } from "../model/constants";
import type { GuardrailConfig } from "./config";
import { type Finding, severityRank } from "./finding";
import { HIDDEN_RULE } from "./rules-changes";

/**
 * Access as it was before the change. Of settings that the change begins to declare only what it leaves alone was there:
 * what a program says for the first time is judged, also when the tenant said it already.
 */
export function accessBefore(
  { before, conditions }: AccessChanges,
  { tiers }: GuardrailConfig,
): AccessModel {
  const untouched = conditions
    .filter(({ kind }) => kind === "created")
    .map(({ conditions: { secret: _, ...created } }) => ({
      ...created,
      declared: {},
      unknown: [],
    }));
  const all = { grants: before.grants, conditions: [...before.conditions, ...untouched] };
  return withTiersOf(before.grants, all, tiers);
}

/** A group had the tier of what it held then: a change that gives it a role makes its settings matter more. */
function withTiersOf(
  grants: readonly Grant[],
  model: AccessModel,
  byId: Readonly<Record<string, Tier>>,
): AccessModel {
  const held = highestTiers(
    grants.flatMap(({ principal: { kind, id }, role }): [string, Tier][] =>
      kind === "group" && id !== undefined && role.surface !== "groups" ? [[id, role.tier]] : [],
    ),
  );
  const tiered = <Thing extends { role: AccessRole }>(thing: Thing): Thing => {
    const { surface, id, access = "member" } = thing.role;
    if (surface !== "groups" || id === undefined) return thing;
    const tier = roleTier({ surface, groupId: id, access }, { byId, held });
    return tier === thing.role.tier ? thing : { ...thing, role: { ...thing.role, tier } };
  };
  return { grants: model.grants.map(tiered), conditions: model.conditions.map(tiered) };
}

/**
 * Marks what was so before the change: the same rule says the same of the same thing, no less severely. Whoever changes
 * something else is not to be stopped by it. What somebody gains, and what changes unseen, was not so before.
 */
export function markExisting(
  findings: readonly Finding[],
  before: readonly Finding[],
  changes: AccessChanges | undefined,
): Finding[] {
  const isNew = changes === undefined ? () => false : newFindings(changes);
  const known = new Map<string, number>();
  for (const finding of before) {
    const text = identity(finding);
    const rank = severityRank(finding.severity);
    known.set(text, Math.min(rank, known.get(text) ?? rank));
  }
  return findings.map((finding) => {
    const rank = isNew(finding) ? undefined : known.get(identity(finding));
    const isExisting = rank !== undefined && rank <= severityRank(finding.severity);
    return isExisting ? { ...finding, isExisting } : finding;
  });
}

/** Who gains may be somebody else under the same key, and a value that nobody sees may be another one. */
function newFindings({ grants, conditions }: AccessChanges): (finding: Finding) => boolean {
  const gained = new Set(
    grants.flatMap(({ kind, after }) => (kind === "gains" ? (after?.key ?? []) : [])),
  );
  const touched = new Set([
    ...grants.flatMap(({ after }) => after?.key ?? []),
    ...conditions.map((change) => change.conditions.key),
  ]);
  return ({ rule, key = "" }) => gained.has(key) || (rule === HIDDEN_RULE && touched.has(key));
}

function identity({ rule, key, message }: Finding): string {
  return [rule, key ?? "", plainText(message)].join("\n");
}
