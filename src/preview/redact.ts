import { createHash } from "node:crypto";
import type { Report } from "./report";

/** What is hidden: nothing, user principal names and mail addresses, or every name and id of a principal. */
export const REDACTIONS = ["none", "upn", "all"] as const;
export type Redaction = (typeof REDACTIONS)[number];

const ADDRESS = /[\p{L}\p{N}._%+'#-]+@[\p{L}\p{N}.-]+\p{L}/gu;

/** The report with names replaced by short stable hashes, so that two reports can still be compared. */
export function redactReport(report: Report, redaction: Redaction): Report {
  if (redaction === "none") return report;
  const names = redaction === "all" ? namesIn(report) : [];
  const pattern = names.length === 0 ? undefined : new RegExp(names.map(escaped).join("|"), "gu");
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
function namesIn(report: Report): string[] {
  const { gains, losses, changes, adopted, recreated, stays, holders } = report;
  const names = new Set<string>();
  for (const { who } of [gains, losses, changes, adopted, recreated, stays, holders].flat()) {
    if (who.isPlaceholder) continue;
    for (const name of [who.name, who.userPrincipalName, who.id, ...(who.members?.names ?? [])]) {
      if (name !== undefined && name.length > 1) names.add(name);
    }
  }
  return [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((entry) => walk(entry, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, walk(entry, change)]),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
