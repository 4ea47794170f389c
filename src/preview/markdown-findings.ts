import type { MarkdownHost } from "./markdown-host";
import { sourceCell } from "./markdown-rows";
import { nameText, phraseText } from "./markdown-text";
import { plural, SEVERITY_MARKS } from "./marks";
import type { PolicyResult, Report, ReportFinding } from "./report";

/** Findings as lines: the blocking ones in a box above everything, the others folded below. */
export interface FindingLines {
  blocking(maxRows: number): string[];
  others(withNotes: boolean, maxRows: number): string;
}

/** Prints every finding once. */
export function findingLines(report: Report, host: MarkdownHost): FindingLines {
  const blocking = report.findings.filter(isBlocking).map(findingLine);
  const policies = report.policies.filter(({ level }) => level === "mandatory").map(policyLine);
  const others = report.findings
    .filter((finding) => !isBlocking(finding))
    .map((finding) => ({ line: findingLine(finding), isNote: finding.severity === "note" }));
  const advice = report.policies
    .filter(({ level }) => level !== "mandatory")
    .map((result) => ({ line: policyLine(result), isNote: false }));
  return {
    blocking: (maxRows) => boxed([...blocking, ...policies], host, maxRows),
    others: (withNotes, maxRows) => {
      const all = [...others, ...advice];
      const shown = all.filter(({ isNote }) => withNotes || !isNote).slice(0, maxRows);
      const more = all.length - shown.length;
      if (all.length === 0) return "";
      const list = shown.map(({ line }) => `- ${line}`).join("\n");
      const rest = more > 0 ? `_${more} more ${plural(more, "finding")}, in the full report._` : "";
      const body = [list, rest].filter((part) => part !== "").join("\n\n");
      const title = `Other findings (${all.length})`;
      return host.hasDetails
        ? `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
        : `#### ${title}\n\n${body}`;
    },
  };
}

function isBlocking({ severity, waived }: ReportFinding): boolean {
  return severity === "block" && waived === undefined;
}

function boxed(lines: readonly string[], { hasAlerts }: MarkdownHost, maxRows: number): string[] {
  if (lines.length === 0) return [];
  // What blocks is named at least once per kind, however short the report must be.
  const shown = lines.slice(0, Math.max(3, maxRows));
  const more = lines.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more that block, in the full report.`] : shown;
  return hasAlerts
    ? [["> [!CAUTION]", ...all.map((line) => `> - ${line}`)].join("\n")]
    : [all.map((line) => `- ${line}`).join("\n")];
}

function findingLine(finding: ReportFinding): string {
  const { severity, rule, message, fix, controls, waived } = finding;
  const mark =
    waived === undefined
      ? `**${SEVERITY_MARKS[severity]} ${rule}**`
      : `waived until ${waived.expires} (${nameText(waived.reason)}): ${rule}`;
  const source = sourceCell(finding);
  return [
    `${mark} ${phraseText(message)}.`,
    source,
    `Fix: ${phraseText(fix)}.`,
    controls.length === 0 ? "" : `_${controls.join(", ")}_`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function policyLine({ policy, pack, level, message, resource }: PolicyResult): string {
  const mark = level === "mandatory" ? SEVERITY_MARKS.block : SEVERITY_MARKS.warn;
  const where = resource === undefined ? "" : ` on ${nameText(resource)}`;
  const which = policy === "" ? "" : `policy ${nameText(policy)} of ${nameText(pack)}${where}: `;
  return `**${mark}** ${which}${nameText(message)}`;
}
