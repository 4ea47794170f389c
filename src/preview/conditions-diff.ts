import type { Conditions } from "../model/access";
import type { ConditionsChange, LeafChange } from "../model/access-change";
import type { LiveFacts } from "../model/access-facts";
import { defaultSettings } from "../model/default-settings";
import { compareStrength } from "../model/leaf-strength";
import {
  LEAF_PATHS,
  type LeafPath,
  type LeafValue,
  type Leaves,
  sameLeaf,
} from "../model/settings-leaves";
import { liveSettings } from "./live-settings";
import type { PlannedAccess } from "./plan-access";

/** What becomes of the conditions of roles, leaf by leaf. */
export function conditionsChanges(
  planned: PlannedAccess,
  facts: LiveFacts | undefined,
): ConditionsChange[] {
  const old = new Map(planned.before.conditions.map((conditions) => [conditions.key, conditions]));
  const next = new Map(planned.after.conditions.map((conditions) => [conditions.key, conditions]));
  const changes: ConditionsChange[] = [];
  for (const [key, after] of next) {
    const before = old.get(key);
    // What is hidden differs from nothing where the engine changes nothing.
    if (before !== undefined && planned.steps.get(after.urn)?.op === "same") continue;
    changes.push(before === undefined ? created(after, facts) : updated(before, after));
  }
  for (const [key, before] of old) {
    if (!next.has(key)) changes.push(left(before, planned.retained.has(before.urn)));
  }
  return changes.filter(
    ({ leaves, kind, beforeIsUnknown }) => leaves.length > 0 || kind === "stays" || beforeIsUnknown,
  );
}

/** Settings that come under management: before is what was found, or what the tenant or a baseline says. */
function created(after: Conditions, facts: LiveFacts | undefined): ConditionsChange {
  const live = liveSettings(after, facts);
  const before = { ...live, ...after.found };
  const isUnknown = after.found === undefined && live === undefined;
  return {
    kind: "created",
    conditions: after,
    leaves: leafChanges(before, after.declared, after.unknown),
    beforeIsUnknown: isUnknown,
  };
}

function updated(before: Conditions, after: Conditions): ConditionsChange {
  const values = { ...before.found, ...before.observed, ...before.declared };
  const released = LEAF_PATHS.filter(
    (path) =>
      before.declared[path] !== undefined &&
      after.declared[path] === undefined &&
      !after.unknown.includes(path),
  );
  return {
    kind: "changed",
    // Approvers who go are still named.
    conditions: { ...after, approverNames: { ...before.approverNames, ...after.approverNames } },
    leaves: [
      ...leafChanges({ ...after.found, ...values }, after.declared, after.unknown),
      ...released.map((path) => releasedLeaf(path, before.declared[path])),
    ],
    beforeIsUnknown: false,
  };
}

/** Settings that leave the program: what we wrote is given back, where the live value is still ours. */
function left(before: Conditions, isRetained: boolean): ConditionsChange {
  if (before.onDelete === "keep" || isRetained) {
    return { kind: "stays", conditions: before, leaves: [], beforeIsUnknown: false };
  }
  const target =
    before.onDelete === "defaults" ? defaultSettings(before.role.surface) : before.found;
  const given: Leaves = {};
  for (const path of LEAF_PATHS) {
    const written = before.written[path];
    const value = target?.[path];
    const isOurs =
      before.declared[path] === undefined
        ? sameLeaf(path, written, before.observed[path])
        : sameLeaf(path, written, before.declared[path]);
    if (written !== undefined && value !== undefined && isOurs) given[path] = value;
  }
  return {
    kind: "restored",
    conditions: before,
    leaves: leafChanges({ ...before.observed, ...before.written }, given, []),
    beforeIsUnknown: target === undefined,
  };
}

function leafChanges(before: Leaves, after: Leaves, unknown: readonly LeafPath[]): LeafChange[] {
  return LEAF_PATHS.flatMap((path): LeafChange[] => {
    if (unknown.includes(path)) {
      return [{ path, before: before[path], after: undefined, strength: "different" }];
    }
    const value = after[path];
    if (value === undefined || sameLeaf(path, before[path], value)) return [];
    return [
      withKnob(
        {
          path,
          before: before[path],
          after: value,
          strength: compareStrength(path, before[path], value),
        },
        before,
        after,
      ),
    ];
  });
}

/**
 * MFA and an authentication context exclude each other: MFA that goes because a context comes is no weakening, a context
 * that goes is one even when MFA comes.
 */
function withKnob(change: LeafChange, before: Leaves, after: Leaves): LeafChange {
  const context =
    after["activation.authenticationContext"] ?? before["activation.authenticationContext"];
  const hasContext = typeof context === "string" && context !== "";
  if (change.path === "activation.requireMfa" && change.strength === "weaker" && hasContext) {
    return { ...change, strength: "same", replacedBy: "activation.authenticationContext" };
  }
  const approval = after["activation.requireApproval"] ?? before["activation.requireApproval"];
  if (change.path === "activation.approvers" && approval === false)
    return { ...change, strength: "same" };
  if (change.path.endsWith(".maximumDuration") && permanenceDecides(change, after, before)) {
    return { ...change, strength: "same" };
  }
  return change.path === "activation.approvers" ? approverStrength(change) : change;
}

/** While permanence is allowed a longest duration limits nobody. */
function permanenceDecides({ path }: LeafChange, after: Leaves, before: Leaves): boolean {
  if (path === "activation.maximumDuration") return false;
  const permission = path.replace("maximumDuration", "allowPermanent") as LeafPath;
  return (after[permission] ?? before[permission]) === true;
}

/** Who could say no and no longer can is missed, whoever comes in their place; others beside them are neither more nor less. */
function approverStrength(change: LeafChange): LeafChange {
  const ids = (value: LeafValue | undefined) =>
    Array.isArray(value) ? value.map((entry) => JSON.stringify(entry).toLowerCase()) : [];
  const [old, next] = [ids(change.before), ids(change.after)];
  if (old.length === 0 && next.length > 0) return { ...change, strength: "different" };
  const isMissed = old.some((id) => !next.includes(id));
  return { ...change, strength: isMissed ? "weaker" : "different" };
}

function releasedLeaf(path: LeafPath, value: LeafValue | undefined): LeafChange {
  return { path, before: value, after: value, strength: "same", isReleased: true };
}
