import type { MarkdownHost } from "./markdown-host";
import { sourceCell } from "./markdown-rows";
import { nameText, phraseText } from "./markdown-text";
import { isBlocking, plural, SEVERITY_MARKS, THERE_BEFORE } from "./marks";
import type { PolicyResult, Report, ReportFinding } from "./report";

/** Findings as lines: the blocking ones in a box above everything, the others folded below. */
export interface FindingLines {
  blocking(maxRows: number): string[];
  others(withNotes: boolean, maxRows: number): string;
  existing(withNotes: boolean, maxRows: number): string;
}

/** Prints every finding once. */
export function findingLines(report: Report, host: MarkdownHost): FindingLines {
  const blocking = report.findings.filter(isBlocking).map((finding) => findingLine(finding, host));
  const policies = report.policies.filter(({ level }) => level === "mandatory").map(policyLine);
  const lineOf = (finding: ReportFinding) => ({
    line: findingLine(finding, host),
    isNote: finding.severity === "note",
  });
  const isOld = ({ isExisting, waived }: ReportFinding) =>
    isExisting === true && waived === undefined;
  const others = report.findings
    .filter((finding) => !isBlocking(finding) && !isOld(finding))
    .map(lineOf);
  const existing = report.findings.filter(isOld).map(lineOf);
  const advice = report.policies
    .filter(({ level }) => level !== "mandatory")
    .map((result) => ({ line: policyLine(result), isNote: false }));
  return {
    blocking: (maxRows) => boxed([...blocking, ...policies], host, maxRows),
    others: (withNotes, maxRows) => {
      const all = [...others, ...advice];
      const shown = all.filter(({ isNote }) => withNotes || !isNote).slice(0, maxRows);
      return listed("Other findings", shown, all.length, host);
    },
    existing: (withNotes, maxRows) => {
      const shown = existing.slice(0, withNotes ? maxRows : 0);
      return listed(THERE_BEFORE, shown, existing.length, host);
    },
  };
}

/** Findings that a click opens; those that there is no room for are counted. */
function listed(
  title: string,
  shown: readonly { line: string }[],
  count: number,
  host: MarkdownHost,
): string {
  if (count === 0) return "";
  const more = count - shown.length;
  const list = shown.map(({ line }) => `- ${line}`).join("\n");
  const rest = more > 0 ? `_${more} more ${plural(more, "finding")}, in the full report._` : "";
  const body = [list, rest].filter((part) => part !== "").join("\n\n");
  return host.hasDetails
    ? `<details><summary>${title} (${count})</summary>\n\n${body}\n\n</details>`
    : `#### ${title} (${count})\n\n${body}`;
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

function findingLine(finding: ReportFinding, { hasDetails }: MarkdownHost): string {
  const { severity, rule, message, fix, controls, waived } = finding;
  const mark =
    waived === undefined
      ? `**${SEVERITY_MARKS[severity]} ${rule}**`
      : `waived until ${waived.expires} (${nameText(waived.reason)}): ${rule}`;
  const source = sourceCell(finding);
  const what = [`${mark} ${phraseText(message)}.`, source];
  const then = [
    `Fix: ${phraseText(fix)}.`,
    controls.length === 0 ? "" : `_${controls.join(", ")}_`,
  ];
  const words = (parts: readonly string[]) => parts.filter((part) => part !== "").join(" ");
  return `${words(what)}${hasDetails ? "<br>" : " "}${words(then)}`;
}

function policyLine({ policy, pack, level, message, resource }: PolicyResult): string {
  const mark = level === "mandatory" ? SEVERITY_MARKS.block : SEVERITY_MARKS.warn;
  const where = resource === undefined ? "" : ` on ${nameText(resource)}`;
  const which = policy === "" ? "" : `policy ${nameText(policy)} of ${nameText(pack)}${where}: `;
  return `**${mark}** ${which}${nameText(message)}`;
}
