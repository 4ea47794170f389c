import { createHash } from "node:crypto";
import type { LiveFacts } from "../model/access-facts";
import type { Phrase } from "../model/access-phrase";
import { PRINCIPAL_LEAVES } from "../model/settings-leaves";
import type { ConditionRow, Report, Who } from "./report";

/** What is hidden: nothing, user principal names and mail addresses, or every name and id of a principal. */
export const REDACTIONS = ["none", "upn", "all"] as const;
export type Redaction = (typeof REDACTIONS)[number];

const ADDRESS = /[\p{L}\p{N}._%+'#-]+@[\p{L}\p{N}.-]+\p{L}/gu;

/**
 * The report with names replaced by short stable hashes, so that two reports can still be compared. `others` are names
 * of people who are in no row: those that findings about the tenant speak of.
 */
export function redactReport(
  report: Report,
  redaction: Redaction,
  others: readonly string[] = [],
): Report {
  if (redaction === "none") return report;
  const names = redaction === "all" ? namesIn(report, others) : [];
  const pattern = names.length === 0 ? undefined : new RegExp(names.map(escaped).join("|"), "giu");
  return walk(report, (text) => {
    const hidden = pattern === undefined ? text : text.replace(pattern, (name) => hashed(name));
    return hidden.replace(ADDRESS, (address) => hashed(address));
  }) as Report;
}

/** A name as nobody can read it and everybody can compare it. */
function hashed(name: string): string {
  return `hidden-${createHash("sha256").update(name.toLowerCase()).digest("hex").slice(0, 8)}`;
}

/** Every name and id of a principal, longest first, so that a name inside another one is no accident. */
function namesIn(report: Report, others: readonly string[]): string[] {
  const { gains, losses, changes, adopted, recreated, stays, holders, conditions, drift } = report;
  const rows = [gains, losses, changes, adopted, recreated, stays, holders].flat();
  const names = new Set(others);
  addNamed([...conditions, ...drift], names);
  for (const words of rows.flatMap(({ toActivate }) => toActivate)) addApprovers(words, names);
  const native = report.native.flatMap(({ who }) => who ?? []);
  for (const who of [...rows.map((row) => row.who), ...native]) addWho(who, names);
  return [...names]
    .filter((name) => name.length > 1)
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function addWho({ isPlaceholder, name, userPrincipalName, id, members }: Who, names: Set<string>) {
  if (isPlaceholder) return;
  for (const text of [name, userPrincipalName, id, ...(members?.names ?? [])]) {
    if (text !== undefined) names.add(text);
  }
}

const NAMING: ReadonlySet<string> = new Set(PRINCIPAL_LEAVES);

function addNamed(rows: readonly ConditionRow[], names: Set<string>): void {
  for (const { path, before, after } of rows) {
    if (!NAMING.has(path)) continue;
    for (const part of [...before, ...after]) if (typeof part !== "string") names.add(part.value);
  }
}

/** Who approves, where that is no change; what else activating asks for has no names in it. */
function addApprovers([first, ...rest]: Phrase, names: Set<string>): void {
  if (typeof first === "string" && !first.startsWith("approval")) return;
  for (const part of [first, ...rest]) {
    if (part !== undefined && typeof part !== "string") names.add(part.value);
  }
}

/** Names of everybody whom the tenant or a file told of. */
export function namesInFacts(facts: LiveFacts | undefined): string[] {
  const { principals = {}, outsidePim = [], unused = [], holders = [] } = facts ?? {};
  const people = Object.entries(principals).flatMap(([id, person]) => [
    id,
    person.displayName,
    person.userPrincipalName,
    ...(person.memberNames ?? []),
  ]);
  const told = [...outsidePim, ...unused].flatMap((row) => [row.principalId, row.principalName]);
  const held = holders.flatMap(({ principalId, name }) => [principalId, name]);
  return [...people, ...told, ...held].filter((name): name is string => name !== undefined);
}

/** Words of ours that renderers and gates go by: somebody who is called "block" must not change what blocks. */
const WORDS: ReadonlySet<string> = new Set([
  "access",
  "change",
  "direction",
  "kind",
  "level",
  "op",
  "path",
  "profile",
  "rule",
  "severity",
  "strength",
  "surface",
  "tier",
]);

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((entry) => walk(entry, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      WORDS.has(key) && typeof entry === "string" ? entry : walk(entry, change),
    ]),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
