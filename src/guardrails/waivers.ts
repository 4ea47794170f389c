import type { AccessPrincipal, AccessRole } from "../model/access";
import { ours, phrase } from "../model/access-phrase";
import { DAY_MS } from "../model/duration";
import { nearestNames } from "../model/nearest";
import type { Problem } from "../model/problem";
import type { Finding } from "./finding";

/** A finding that somebody answers for until a day. */
export interface Waiver {
  rule: string;
  principal?: string;
  role?: string;
  reason: string;
  /** The last day on which it counts. */
  expires: string;
}

const KEYS = ["rule", "principal", "role", "reason", "expires"];

/** Reads waivers; each needs a rule, somebody or some role, a reason and a last day. */
export function readWaivers(
  value: unknown,
  ruleIds: readonly string[],
  problems: Problem[],
): Waiver[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push({ path: "waivers", got: value, expected: "a list" });
    return [];
  }
  return value.flatMap((entry: unknown, index) =>
    readWaiver(entry, `waivers[${index}]`, ruleIds, problems),
  );
}

/**
 * The findings with waivers applied. A waiver that has expired excuses nothing and is a finding itself; one that
 * matches nothing is noted, so that the list does not grow stale.
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  now: number | undefined,
): Finding[] {
  const used = new Set<Waiver>();
  const applied = findings.map((finding) => {
    const waiver = waivers.find((candidate) => matches(candidate, finding));
    if (waiver === undefined) return finding;
    used.add(waiver);
    if (hasExpired(waiver, now)) return finding;
    return { ...finding, waived: { reason: waiver.reason, expires: waiver.expires } };
  });
  const said = waivers.flatMap((waiver) => {
    if (used.has(waiver)) return hasExpired(waiver, now) ? [expiredFinding(waiver)] : [];
    return [unusedFinding(waiver)];
  });
  return [...applied, ...said];
}

function readWaiver(
  entry: unknown,
  path: string,
  ruleIds: readonly string[],
  problems: Problem[],
): Waiver[] {
  if (entry === null || typeof entry !== "object" || Array.isArray(entry)) {
    const expected = "an object with rule, principal or role, reason, expires";
    problems.push({ path, got: entry, expected });
    return [];
  }
  const bag = entry as Record<string, unknown>;
  const own = [
    ...keyProblems(path, bag),
    ...textProblems(path, bag),
    ...contentProblems(path, bag, ruleIds),
  ];
  problems.push(...own);
  return own.length > 0 ? [] : [bag as unknown as Waiver];
}

function keyProblems(path: string, bag: Record<string, unknown>): Problem[] {
  return Object.keys(bag)
    .filter((name) => !KEYS.includes(name))
    .map((key) => {
      const [nearest] = nearestNames(key, KEYS);
      const fix =
        nearest === undefined
          ? `known keys: ${KEYS.join(", ")}`
          : `did you mean ${JSON.stringify(nearest)}?`;
      return { path: `${path}.${key}`, expected: "a known key", fix };
    });
}

function textProblems(path: string, bag: Record<string, unknown>): Problem[] {
  const isOptional = (key: string) => key === "principal" || key === "role";
  return KEYS.filter((key) => bag[key] !== undefined || !isOptional(key))
    .filter((key) => typeof bag[key] !== "string" || String(bag[key]).trim() === "")
    .map((key) => ({ path: `${path}.${key}`, got: bag[key], expected: "a text" }));
}

function contentProblems(
  path: string,
  bag: Record<string, unknown>,
  ruleIds: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  const { rule, principal, role, expires } = bag;
  if (typeof rule === "string" && ruleIds.length > 0 && !ruleIds.includes(rule)) {
    const [nearest] = nearestNames(rule, ruleIds);
    problems.push({
      path: `${path}.rule`,
      got: rule,
      expected: "the id of a rule",
      ...(nearest === undefined ? {} : { fix: `did you mean ${JSON.stringify(nearest)}?` }),
    });
  }
  if (principal === undefined && role === undefined) {
    problems.push({
      path,
      expected: "principal or role",
      fix: "a waiver for everybody is rules: { … }",
    });
  }
  if (typeof expires === "string" && !isDay(expires)) {
    problems.push({ path: `${path}.expires`, got: expires, expected: "a day, as 2027-03-31" });
  }
  return problems;
}

function matches(waiver: Waiver, { rule, principal, role }: Finding): boolean {
  if (waiver.rule !== rule) return false;
  if (waiver.principal !== undefined && !isPrincipal(waiver.principal, principal)) return false;
  return waiver.role === undefined || isRole(waiver.role, role);
}

function isPrincipal(text: string, principal: AccessPrincipal | undefined): boolean {
  const { id, displayName, userPrincipalName } = principal ?? {};
  return [id, displayName, userPrincipalName].some((name) => same(name, text));
}

function isRole(text: string, role: AccessRole | undefined): boolean {
  return same(role?.id, text) || same(role?.name, text);
}

function same(a: string | undefined, b: string): boolean {
  return a !== undefined && a.trim().toLowerCase() === b.trim().toLowerCase();
}

function hasExpired({ expires }: Waiver, now: number | undefined): boolean {
  return now !== undefined && now >= Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function expiredFinding(waiver: Waiver): Finding {
  return {
    ...about(waiver),
    severity: "warn",
    message: phrase`the waiver of ${ours(waiver.rule)} for ${subject(waiver)} expired on ${ours(waiver.expires)} and excuses nothing any more`,
    fix: phrase`repair what it excused, or renew it with a new reason`,
  };
}

function unusedFinding(waiver: Waiver): Finding {
  return {
    ...about(waiver),
    severity: "note",
    message: phrase`the waiver of ${ours(waiver.rule)} for ${subject(waiver)} matches no finding`,
    fix: phrase`remove it`,
  };
}

function about({ rule }: Waiver): Pick<Finding, "rule" | "name" | "controls" | "tier"> {
  return { rule, name: "waiver", controls: [], tier: "standard" };
}

function subject({ principal, role }: Waiver): string {
  return [principal, role].filter((text) => text !== undefined).join(", ");
}
