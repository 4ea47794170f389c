import type { Tier } from "../model/constants";
import { type FindingLines, findingLines } from "./markdown-findings";
import type { MarkdownHost } from "./markdown-host";
import {
  CHANGES_TABLE,
  CONDITIONS_TABLE,
  GAINS_TABLE,
  LOSSES_TABLE,
  lineOf,
  type MarkdownTable,
  NATIVE_TABLE,
  tableOf,
} from "./markdown-rows";
import { codeText, fencedBlock } from "./markdown-text";
import { LEGEND, NATIVE_TITLE, NOT_COVERED, plural, roleName } from "./marks";
import { mermaidBlock } from "./render-mermaid";
import type { Report, Which } from "./report";

/** How much of a report is shown; every step shows less than the one before it. */
export type Detail =
  | { level: "all" | "no-steps" | "no-diagnostics" | "no-recreated" | "no-notes" }
  | { level: "collapsed"; tiers: readonly Tier[] }
  | { level: "rows"; maxRows: number };

/** The steps of shortening, longest first; what follows them is a limit on rows. */
export function detailLevels(): Detail[] {
  return [
    { level: "all" },
    { level: "no-steps" },
    { level: "no-diagnostics" },
    { level: "no-recreated" },
    { level: "no-notes" },
    { level: "collapsed", tiers: ["standard"] },
    { level: "collapsed", tiers: ["standard", "privileged"] },
  ];
}

/** A report whose rows are printed, once for all attempts to make it fit. */
export interface PreparedReport {
  report: Report;
  host: MarkdownHost;
  findings: FindingLines;
  /** Empty unless it is asked for. */
  diagram: string;
  tables: readonly PreparedTable[];
}

interface PreparedTable {
  title: string;
  intro?: string;
  head: (lines: readonly string[]) => string;
  rows: readonly { line: string; tier: Tier; role: string }[];
  isFolded: boolean;
  isMinor: boolean;
}

/** Prints every row once. */
export function prepareMarkdown(
  report: Report,
  host: MarkdownHost,
  hasDiagram = false,
): PreparedReport {
  return {
    report,
    host,
    diagram: hasDiagram && host.hasDetails ? mermaidBlock(report) : "",
    findings: findingLines(report, host),
    tables: [
      prepared("Gains access", GAINS_TABLE, report.gains),
      prepared("Loses access", LOSSES_TABLE, report.losses),
      prepared("Changed access", CHANGES_TABLE, report.changes),
      prepared("Leaves the program, stays in the tenant", LOSSES_TABLE, report.stays),
      prepared(NATIVE_TITLE, NATIVE_TABLE, report.native),
      prepared("Conditions changed", CONDITIONS_TABLE, report.conditions),
      prepared(
        "Changed in the tenant since the last run, not by this change",
        CONDITIONS_TABLE,
        report.drift,
      ),
      {
        ...prepared("Taken over, no access change", GAINS_TABLE, report.adopted),
        isFolded: true,
        isMinor: true,
      },
      {
        ...prepared("Recreated, the same access", LOSSES_TABLE, report.recreated),
        isFolded: true,
        isMinor: true,
      },
    ],
  };
}

/** The sections that a level of detail shows, in their fixed order. */
export function markdownSections(
  prepared: PreparedReport,
  detail: Detail,
): { sections: string[]; isCut: boolean } {
  const { report, findings, tables } = prepared;
  const rank = detailRank(detail);
  const maxRows = detail.level === "rows" ? detail.maxRows : Number.POSITIVE_INFINITY;
  const collapsed = collapsedTiers(detail);
  const main = tables.filter(({ isMinor }) => !isMinor);
  const minor = rank >= RANKS["no-recreated"] ? [] : tables.filter(({ isMinor }) => isMinor);
  const sections = [
    failureBox(prepared),
    ...findings.blocking(maxRows),
    ...main.map((table) => tableSection(table, prepared.host, collapsed, maxRows)),
    findings.others(rank < RANKS["no-notes"], maxRows),
    findings.existing(rank < RANKS["no-notes"], maxRows),
    ...minor.map((table) => tableSection(table, prepared.host, collapsed, maxRows)),
    otherResources(report),
    errorSection(prepared, maxRows),
    rank >= RANKS["no-diagnostics"] ? "" : warningSection(prepared),
    rank >= RANKS["no-steps"] ? "" : prepared.diagram,
    rank >= RANKS["no-steps"] ? "" : stepSection(prepared),
    footer(report, prepared.host),
  ].filter((section) => section !== "");
  return { sections, isCut: rank > 0 };
}

const RANKS = {
  all: 0,
  "no-steps": 1,
  "no-diagnostics": 2,
  "no-recreated": 3,
  "no-notes": 4,
  collapsed: 5,
  rows: 6,
};

function detailRank({ level }: Detail): number {
  return RANKS[level];
}

function collapsedTiers(detail: Detail): readonly Tier[] {
  if (detail.level === "rows") return ["standard", "privileged"];
  return detail.level === "collapsed" ? detail.tiers : [];
}

function prepared<Row extends { role?: Which }>(
  title: string,
  table: MarkdownTable<Row>,
  rows: readonly Row[],
): PreparedTable {
  return {
    title: `${title} (${rows.length})`,
    head: (lines) => tableOf(table, lines),
    rows: rows.map((row) => ({
      line: lineOf(table, row),
      tier: row.role?.tier ?? "standard",
      role: row.role === undefined ? "no role" : roleName(row.role),
    })),
    isFolded: false,
    isMinor: false,
  };
}

function tableSection(
  { title, head, rows, isFolded }: PreparedTable,
  host: MarkdownHost,
  collapsed: readonly Tier[],
  maxRows: number,
): string {
  if (rows.length === 0) return "";
  const whole = rows.filter(({ tier }) => !collapsed.includes(tier));
  const shown = whole.slice(0, maxRows);
  const parts = shown.length === 0 ? [] : [head(shown.map(({ line }) => line))];
  const cut = whole.length - shown.length;
  if (cut > 0) parts.push(`_${cut} more ${plural(cut, "row")}, in the full report._`);
  const summed = rows.filter(({ tier }) => collapsed.includes(tier));
  if (summed.length > 0) parts.push(sumWords(summed));
  const body = parts.join("\n\n");
  return isFolded ? folded(title, body, host) : `#### ${title}\n\n${body}`;
}

/** Rows of lesser roles as counts. */
function sumWords(rows: readonly { role: string }[]): string {
  const counts = new Map<string, number>();
  for (const { role } of rows) counts.set(role, (counts.get(role) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.slice(0, 12).map(([role, count]) => `${codeText(role)} × ${count}`);
  const more = sorted.length - shown.length;
  const list = more > 0 ? [...shown, `${more} more roles`] : shown;
  return `_Lesser roles, summed up:_ ${list.join(", ")}`;
}

function failureBox({ report, host }: PreparedReport): string {
  if (!report.verdict.failed) return "";
  const text = "**The preview failed.** What follows is incomplete: do not merge on it.";
  return host.hasAlerts ? `> [!WARNING]\n> ${text}` : text;
}

function otherResources({ otherResources: counts }: Report): string {
  const parts = Object.entries(counts).map(([op, count]) => `${count} ${op}`);
  return parts.length === 0 ? "" : `Resources that are not about access: ${parts.join(", ")}.`;
}

/** Errors stand open. */
function errorSection({ report }: PreparedReport, maxRows: number): string {
  const errors = report.diagnostics.filter(({ severity }) => severity === "error");
  const shown = errors.slice(0, Math.min(20, maxRows));
  if (errors.length === 0) return "";
  const more = errors.length - shown.length;
  const text = shown.map(diagnosticText).join("\n\n");
  return [
    `#### Errors (${errors.length})`,
    ...(text === "" ? [] : ["", fencedBlock(text.slice(0, 6000))]),
    ...(more > 0 ? ["", `_${more} more, in the full report._`] : []),
  ].join("\n");
}

function warningSection({ report, host }: PreparedReport): string {
  const warnings = report.diagnostics.filter(({ severity }) => severity !== "error");
  if (warnings.length === 0) return "";
  const text = warnings.slice(0, 200).map(diagnosticText).join("\n");
  return folded(`What Pulumi said (${warnings.length})`, fencedBlock(text.slice(0, 40_000)), host);
}

function stepSection({ report, host }: PreparedReport): string {
  if (report.steps.length === 0) return "";
  const lines = report.steps
    .slice(0, 5000)
    .map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join("::")}`);
  return folded(`Pulumi's own steps (${report.steps.length})`, fencedBlock(lines.join("\n")), host);
}

function footer(report: Report, host: MarkdownHost): string {
  const { notEvaluated, holders, losses } = report;
  const rules = notEvaluated.map(({ rule, reason }) => `${rule} (${reason})`);
  const missing = rules.length === 0 ? "" : ` Not evaluated: ${rules.join("; ")}.`;
  const legend = holders.length + losses.length === 0 ? "" : `${LEGEND} `;
  return small(
    `${legend}${NOT_COVERED}${missing} If the base branch moved since, make the preview again.`,
    host,
  );
}

function diagnosticText({
  severity,
  message,
  resource,
  count,
}: Report["diagnostics"][number]): string {
  const times = count > 1 ? ` × ${count}` : "";
  return `${severity}${times}${resource === undefined ? "" : ` (${resource})`}: ${message}`;
}

/** What only some readers want to know. */
export function small(text: string, { hasDetails }: MarkdownHost): string {
  return hasDetails ? `<sub>${text}</sub>` : text;
}

/** A part that opens on a click; without folding it is a section of its own. */
function folded(title: string, body: string, { hasDetails }: MarkdownHost): string {
  return hasDetails
    ? `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
    : `#### ${title}\n\n${body}`;
}
