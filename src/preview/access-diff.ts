import type { Grant } from "../model/access";
import type { AccessChanges, Difference, Direction, GrantChange } from "../model/access-change";
import type { LiveFacts } from "../model/access-facts";
import { compareEnds } from "../model/access-window";
import { parseInstant } from "../model/instant";
import { sameScope } from "../model/role-target";
import { WINDOW_TOLERANCE_MS } from "../model/window";
import { conditionsChanges } from "./conditions-diff";
import type { PlannedAccess } from "./plan-access";

/** What differs between access before and after, as somebody feels it who holds a role or wants one. */
export function accessChanges(
  planned: PlannedAccess,
  facts: LiveFacts | undefined,
  now: number | undefined,
): AccessChanges {
  const { before, after } = planned;
  return {
    before,
    after,
    grants: grantChanges(planned, now),
    conditions: conditionsChanges(planned, facts),
    native: planned.native,
  };
}

function grantChanges(planned: PlannedAccess, now: number | undefined): GrantChange[] {
  const old = new Map(planned.before.grants.map((grant) => [grant.key, grant]));
  const next = new Map(planned.after.grants.map((grant) => [grant.key, grant]));
  const changes: GrantChange[] = [];
  const gone: Grant[] = [];
  const come: Grant[] = [];
  for (const [key, before] of old) {
    const after = next.get(key);
    if (after === before) continue;
    if (after !== undefined) changes.push(...sameKeyChange(before, after, planned, now));
    else if (before.standing === "held") gone.push(before);
  }
  for (const [key, after] of next) {
    if (!old.has(key) && after.standing === "held") come.push(after);
  }
  const pairs = movedPairs(
    gone.filter((grant) => !stays(grant, planned)),
    come.filter((grant) => grant.existing === undefined && !planned.imported.has(grant.urn)),
  );
  changes.push(...pairs.map(([before, after]) => movedChange(before, after, now)));
  const paired = new Set(pairs.flat());
  changes.push(
    ...gone.filter((grant) => !paired.has(grant)).map((grant) => goneChange(grant, planned)),
  );
  changes.push(
    ...come.filter((grant) => !paired.has(grant)).map((grant) => comeChange(grant, planned, now)),
  );
  return changes;
}

/** The same assignment before and after. */
function sameKeyChange(
  before: Grant,
  after: Grant,
  { recreated, retained }: PlannedAccess,
  now: number | undefined,
): GrantChange[] {
  if (after.key === after.urn && recreated.has(after.urn)) return replaced(before, after);
  if (before.standing !== "held" && after.standing === "held") {
    const reason = before.standing === "expired" ? "renewed" : "regranted";
    return [{ kind: "gains", before, after, reason, differences: [], direction: "broadening" }];
  }
  if (after.standing !== "held") {
    if (before.standing !== "held") return [];
    return [{ kind: "loses", before, differences: [], direction: "narrowing" }];
  }
  const differences = differencesOf(before, after, now);
  if (differences.length > 0) {
    return [{ kind: "changed", before, after, differences, direction: overall(differences) }];
  }
  const isRecreated = recreated.has(after.urn) && !retained.has(after.urn);
  return isRecreated
    ? [{ kind: "recreated", before, after, differences: [], direction: "neutral" }]
    : [];
}

/** Somebody, or some role, that nobody can read took the place of another: nothing says that they are the same. */
function replaced(before: Grant, after: Grant): GrantChange[] {
  const changes: GrantChange[] = [];
  if (before.standing === "held")
    changes.push({ kind: "loses", before, differences: [], direction: "narrowing" });
  if (after.standing === "held")
    changes.push({
      kind: "gains",
      after,
      reason: "granted",
      differences: [],
      direction: "broadening",
    });
  return changes;
}

/**
 * Access that moved: eligible became active, or the scope changed, for the same principal and role. Only where it is
 * beyond doubt which became which; everything else is lost and gained.
 */
function movedPairs(gone: readonly Grant[], come: readonly Grant[]): [Grant, Grant][] {
  const arrivals = groupBy(come);
  const departures = groupBy(gone);
  const pairs: [Grant, Grant][] = [];
  for (const [person, left] of departures) {
    const arrived = arrivals.get(person) ?? [];
    const [before] = left;
    const [after] = arrived;
    if (before === undefined || after === undefined || left.length > 1 || arrived.length > 1)
      continue;
    const sameKind = before.kind === after.kind;
    const samePlace = sameScope(before.role.scope, after.role.scope);
    if (sameKind !== samePlace) pairs.push([before, after]);
  }
  return pairs;
}

function groupBy(grants: readonly Grant[]): Map<string, Grant[]> {
  const groups = new Map<string, Grant[]>();
  for (const grant of grants) {
    const { role, principal, tenantId } = grant;
    if (role.id === undefined || principal.id === undefined) continue;
    const key = [tenantId, role.surface, role.id, role.access, principal.id].join("|");
    groups.set(key, [...(groups.get(key) ?? []), grant]);
  }
  return groups;
}

function movedChange(before: Grant, after: Grant, now: number | undefined): GrantChange {
  const differences = differencesOf(before, after, now);
  return { kind: "changed", before, after, differences, direction: overall(differences) };
}

/** Whether the access is left behind where its resource goes. */
function stays({ staysOnDelete, urn }: Grant, { retained }: PlannedAccess): boolean {
  return staysOnDelete || retained.has(urn);
}

function goneChange(before: Grant, planned: PlannedAccess): GrantChange {
  return stays(before, planned)
    ? { kind: "stays", before, differences: [], direction: "neutral" }
    : { kind: "loses", before, differences: [], direction: "narrowing" };
}

/** What was held before it was declared is no gain, unless declaring it makes it longer. */
function comeChange(
  after: Grant,
  { imported }: PlannedAccess,
  now: number | undefined,
): GrantChange {
  if (after.existing !== undefined) {
    const { startsAt, endsAt } = after.existing;
    const start = startsAt === null ? {} : { startsAt };
    const window =
      endsAt === null
        ? ({ type: "permanent", ...start } as const)
        : ({ type: "until", endsAt, ...start } as const);
    const before: Grant = { ...after, window };
    const differences = differencesOf(before, after, now);
    const kind = differences.length === 0 ? "adopted" : "changed";
    return { kind, before, after, differences, direction: overall(differences) };
  }
  if (imported.has(after.urn)) {
    return { kind: "adopted", after, differences: [], direction: "neutral" };
  }
  return { kind: "gains", after, reason: "granted", differences: [], direction: "broadening" };
}

function differencesOf(before: Grant, after: Grant, now: number | undefined): Difference[] {
  const differences: Difference[] = [];
  if (before.kind !== after.kind) {
    const direction = after.kind === "active" ? "broadening" : "narrowing";
    differences.push({ type: "kind", direction });
  }
  if (!sameScope(before.role.scope, after.role.scope)) {
    differences.push({
      type: "scope",
      direction: scopeDirection(before.role.scope, after.role.scope),
    });
  }
  differences.push(...endDifference(before, after, now), ...startDifference(before, after));
  differences.push(...conditionDifference(before, after));
  return differences;
}

/** Nobody can tell whether one condition allows less than another: a first one narrows, every other change may not. */
function conditionDifference(before: Grant, after: Grant): Difference[] {
  const isHidden = ({ unknown }: Grant) => unknown.includes("condition");
  const isSame = before.condition === after.condition && !isHidden(before) && !isHidden(after);
  if (isSame) return [];
  const isFirst = before.condition === undefined && !isHidden(before) && !isHidden(after);
  return [{ type: "condition", direction: isFirst ? "narrowing" : "broadening" }];
}

function endDifference(before: Grant, after: Grant, now: number | undefined): Difference[] {
  const order = compareEnds(before.window, after.window, now);
  if (order === "same") return [];
  const direction =
    order === "later" ? "broadening" : order === "earlier" ? "narrowing" : "neutral";
  return [{ type: "end", direction }];
}

function startDifference(before: Grant, after: Grant): Difference[] {
  const start = ({ window }: Grant) =>
    window.type === "unknown" ? undefined : parseInstant(window.startsAt ?? "");
  const [old, next] = [start(before), start(after)];
  if (old === undefined || next === undefined || Math.abs(old - next) <= WINDOW_TOLERANCE_MS)
    return [];
  return [{ type: "start", direction: next < old ? "broadening" : "narrowing" }];
}

/** Whether one place lies inside the other: the directory holds every unit, a subscription its groups. */
function scopeDirection(before: string, after: string): Direction {
  const old = before.toLowerCase();
  const next = after.toLowerCase();
  if (next === "/" || old.startsWith(`${next}/`)) return "broadening";
  if (old === "/" || next.startsWith(`${old}/`)) return "narrowing";
  return "broadening";
}

function overall(differences: readonly Difference[]): Direction {
  if (differences.some(({ direction }) => direction === "broadening")) return "broadening";
  return differences.some(({ direction }) => direction === "narrowing") ? "narrowing" : "neutral";
}
