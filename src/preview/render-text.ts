import { plainText } from "../model/access-phrase";
import { visibleText } from "../model/access-text";
import {
  adviceWords,
  countWords,
  existingWords,
  identityWords,
  isBlocking,
  kindWord,
  LONGEST_CONDITION,
  memberWords,
  NATIVE_TITLE,
  NOT_COVERED,
  reasonWords,
  roleName,
  stackTitle,
  THERE_BEFORE,
  verdictWords,
} from "./marks";
import type {
  ConditionRow,
  GrantRow,
  NativeRow,
  PolicyResult,
  Report,
  ReportDiagnostic,
  ReportFinding,
  Which,
} from "./report";

/** The report for a terminal: no colour, no width, one fact a line. */
export function renderText(report: Report): string {
  const head = [
    `PIM access preview of ${stackTitle(report)}: ${verdictWords(report.verdict)}`,
    [adviceWords(report), countWords(report), existingWords(report)]
      .filter((part) => part !== "")
      .join(" "),
    identityWords(report)
      .map((words) => visibleText(words))
      .join(", "),
  ];
  const blocks = [head, ...accessSections(report), ...otherSections(report), [NOT_COVERED]];
  const texts = blocks.filter((block) => block.length > 0).map((block) => block.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

function accessSections(report: Report): string[][] {
  const { findings, gains, losses, changes, stays, native, conditions, drift } = report;
  return [
    section("Blocking", findings.filter(isBlocking).map(findingLine)),
    section(
      "Gains access",
      gains.map((row) => `+ ${grantLine(row)}`),
    ),
    section(
      "Loses access",
      losses.map((row) => `- ${grantLine(row)}`),
    ),
    section("Changed access", changes.map(changeLine)),
    section(
      "Leaves the program, stays in the tenant",
      stays.map((row) => `! ${grantLine(row)}`),
    ),
    section(NATIVE_TITLE, native.map(nativeLine)),
    section("Conditions changed", conditions.map(conditionLine)),
    section(
      "Changed in the tenant since the last run, not by this change",
      drift.map(conditionLine),
    ),
  ];
}

function otherSections(report: Report): string[][] {
  const { findings, policies, adopted, recreated, diagnostics, notEvaluated } = report;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return [
    section(
      "Other findings",
      findings.filter((finding) => !isBlocking(finding) && !isOld(finding)).map(findingLine),
    ),
    section(THERE_BEFORE, findings.filter(isOld).map(findingLine)),
    section("Policies", policies.map(policyLine)),
    section(
      "Taken over, no access change",
      adopted.map((row) => `= ${grantLine(row)}`),
    ),
    section(
      "Recreated",
      recreated.map((row) => `~ ${grantLine(row)}`),
    ),
    section("Errors", errors.map(errorLine)),
    section(
      "Not evaluated",
      notEvaluated.map(({ rule, reason }) => `${rule} ${reason}`),
    ),
  ];
}

function isOld({ isExisting, waived }: ReportFinding): boolean {
  return isExisting === true && waived === undefined;
}

function policyLine({ policy, level, message }: PolicyResult): string {
  const which = policy === "" ? "" : ` ${visibleText(policy)}`;
  return `${visibleText(level)}${which}: ${visibleText(message, 400)}`;
}

function errorLine({ message, count }: ReportDiagnostic): string {
  return `${visibleText(message, 2000)}${count > 1 ? ` × ${count}` : ""}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`${title} (${lines.length})`, ...lines.map((line) => `  ${line}`)];
}

function grantLine(row: GrantRow): string {
  const { who, role, window, flags, toActivate } = row;
  const name = visibleText(who.name);
  const upn = who.userPrincipalName;
  const members = memberWords(row);
  const reason = reasonWords(row);
  const people = `${kindWord(row)} ${name}${upn === undefined || upn === who.name ? "" : ` <${visibleText(upn)}>`}${members === "" ? "" : ` (${members})`}`;
  const ask =
    row.kind === "eligible" && row.change === "gains"
      ? `; to activate: ${toActivate.map(plainText).join(", ")}`
      : "";
  const marks = flags.map(({ severity, rule, isWaived, isExisting }) => {
    if (isWaived) return `waived ${rule}`;
    return isExisting === true ? `${rule} as before` : `${severity.toUpperCase()} ${rule}`;
  });
  return [
    `${people}: ${row.kind} ${roleText(role)}${placeText(role)}, ${visibleText(window.text)}${conditionText(row)}${ask}`,
    reason,
    marks.join(", "),
    sourceText(row),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function changeLine(row: GrantRow): string {
  const { before } = row;
  const was =
    before === undefined
      ? ""
      : ` (was ${before.kind}${before.scopeName === row.role.scopeName ? "" : ` at ${visibleText(before.scopeName)}`}, ${visibleText(before.window.text)}${conditionText(before)})`;
  return `${row.direction === "broadening" ? "+" : row.direction === "narrowing" ? "-" : "~"} ${grantLine(row)}${was}`;
}

function nativeLine(row: NativeRow): string {
  const { what, who, role, op, type, name, flags } = row;
  const whom = who === undefined ? "" : ` for ${kindWord({ who })} ${visibleText(who.name)}`;
  const of = role === undefined ? "" : `: ${roleText(role)}${placeText(role)}`;
  return [
    `${visibleText(op)} ${what}${whom}${of}, by ${visibleText(name)} (${visibleText(type)})`,
    flags.map(({ severity, rule }) => `${severity.toUpperCase()} ${rule}`).join(", "),
    sourceText(row),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** The role with what a reader must not take it for. */
function roleText(role: Which): string {
  const warning = role.looksLike === undefined ? "" : `, custom, not ${role.looksLike}`;
  return `${visibleText(roleName(role))} (${role.tier}${warning})`;
}

function placeText({ scopeName }: Which): string {
  return scopeName === "directory" ? "" : ` at ${visibleText(scopeName)}`;
}

function conditionText({ condition }: { condition?: string }): string {
  return condition === undefined ? "" : `, if ${visibleText(condition, LONGEST_CONDITION)}`;
}

function conditionLine(row: ConditionRow): string {
  const note = row.note === undefined ? "" : ` (${row.note})`;
  return `${roleText(row.role)}${placeText(row.role)}: ${row.label}: ${plainText(row.before)} -> ${plainText(row.after)}, ${row.strength}${note}${sourceText(row) === "" ? "" : `; ${sourceText(row)}`}`;
}

function findingLine(finding: ReportFinding): string {
  const { severity, rule, message, fix, waived } = finding;
  const mark =
    waived === undefined
      ? severity.toUpperCase()
      : `waived until ${waived.expires} (${visibleText(waived.reason)})`;
  const source = sourceText(finding);
  return `${mark} ${rule} ${plainText(message)}${source === "" ? "" : ` [${source}]`}; fix: ${plainText(fix)}`;
}

function sourceText({ source }: Pick<GrantRow, "source">): string {
  return source === undefined ? "" : `${visibleText(source.file)}:${source.line}`;
}
