import { plainText } from "../model/access-phrase";
import { visibleText } from "../model/access-text";
import type { Report, ReportFinding } from "./report";

const LEVELS = { block: "error", warn: "warning", note: "notice" } as const;

/**
 * Findings as GitHub workflow commands, at the line that declares what they are about. GitHub shows the first ten of a
 * level per step, so the most severe come first and repeats of a rule at one line are one. What was there before is a
 * notice, however severe.
 */
export function renderAnnotations(report: Report, pathPrefix = ""): string {
  const lines = new Set<string>();
  for (const finding of report.findings) {
    if (finding.waived === undefined) lines.add(annotation(finding, pathPrefix));
  }
  return [...lines].map((line) => `${line}\n`).join("");
}

function annotation(
  { severity, rule, name, message, fix, source, isExisting }: ReportFinding,
  prefix: string,
): string {
  const title = property(`${rule} ${name}`);
  const place =
    source === undefined
      ? ""
      : `file=${property(pathOf(prefix, visibleText(source.file, 300)))},line=${source.line},`;
  const level = isExisting === true ? "notice" : LEVELS[severity];
  return `::${level} ${place}title=${title}::${content(`${plainText(message)}. Fix: ${plainText(fix)}`)}`;
}

function pathOf(prefix: string, file: string): string {
  const folder = prefix.replace(/^\.\//, "").replace(/\/+$/, "");
  return folder === "" || folder === "." ? file : `${folder}/${file}`;
}

/** The runner reads %, line ends, and in properties also colons and commas. */
function content(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return content(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
