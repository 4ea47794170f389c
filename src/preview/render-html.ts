import { htmlMatrix } from "./html-matrix";
import { HTML_STYLE } from "./html-style";
import { htmlName, htmlPhrase, htmlTable, htmlText } from "./html-text";
import {
  adviceWords,
  countWords,
  existingWords,
  identityWords,
  isBlocking,
  kindWord,
  LEGEND,
  LONGEST_CONDITION,
  memberWords,
  NATIVE_TITLE,
  NOT_COVERED,
  reasonWords,
  roleName,
  SEVERITY_MARKS,
  stackTitle,
  THERE_BEFORE,
  verdictWords,
} from "./marks";
import type { ConditionRow, GrantRow, Report, ReportFinding } from "./report";

/** The report as one static page: no script, nothing fetched, readable by a screen reader and on paper. */
export function renderHtml(report: Report): string {
  const title = `PIM access preview of ${htmlText(stackTitle(report))}`;
  const { findings } = report;
  const isOld = ({ isExisting, waived }: ReportFinding) =>
    isExisting === true && waived === undefined;
  const others = findings.filter((finding) => !isBlocking(finding) && !isOld(finding));
  const say = [adviceWords(report), countWords(report), existingWords(report)].filter(Boolean);
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${title}</title>\n<style>\n${HTML_STYLE}</style>\n</head>\n<body>`,
    `<header><h1>${title}</h1>`,
    `<p class="verdict">${htmlText(verdictWords(report.verdict))}</p>`,
    `<p>${htmlText(say.join(" "), 1000)}</p>`,
    `<p class="quiet">${htmlText(identityWords(report).join(", "), 2000)}</p></header>`,
    "<main>",
    report.verdict.failed
      ? '<p class="box" role="alert">The preview failed. What follows is incomplete.</p>'
      : "",
    errorList(report),
    findingList("Must not be merged", findings.filter(isBlocking), "blocking"),
    policyList(report),
    grantTable("Gains access", report.gains),
    grantTable("Loses access", report.losses),
    changeTable(report.changes),
    grantTable("Leaves the program, stays in the tenant", report.stays),
    nativeTable(report),
    conditionTable("Conditions changed", report.conditions),
    conditionTable("Changed in the tenant since the last run, not by this change", report.drift),
    findingList("Other findings", others, "others"),
    findingList(THERE_BEFORE, findings.filter(isOld), "existing"),
    grantTable("Taken over, no access change", report.adopted),
    grantTable("Recreated, the same access", report.recreated),
    `<section aria-labelledby="matrix"><h2 id="matrix">Who holds which role</h2>\n${htmlMatrix(report)}</section>`,
    notEvaluated(report),
    "</main>",
    `<footer><p>${htmlText(LEGEND, 1000)}</p><p>${htmlText(NOT_COVERED, 1000)}</p></footer>\n</body>\n</html>\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function findingList(title: string, findings: readonly ReportFinding[], id: string): string {
  if (findings.length === 0) return "";
  const items = findings.map((finding) => `<li>${findingHtml(finding)}</li>`);
  return `<section class="${id}" aria-labelledby="${id}"><h2 id="${id}">${title} (${findings.length})</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}

function errorList({ diagnostics }: Report): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return "";
  const items = errors.map(
    ({ message, resource, count }) =>
      `<li>${resource === undefined ? "" : `${htmlName(resource)}: `}${htmlText(message, 2000)}${count > 1 ? ` × ${count}` : ""}</li>`,
  );
  return `<section aria-labelledby="errors"><h2 id="errors">Errors (${errors.length})</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}

function policyList({ policies }: Report): string {
  if (policies.length === 0) return "";
  const items = policies.map(({ policy, pack, level, message, resource }) => {
    const mark = level === "mandatory" ? "block" : "warn";
    const where = resource === undefined ? "" : ` on ${htmlName(resource)}`;
    const which = policy === "" ? "" : `policy ${htmlName(policy)} of ${htmlName(pack)}${where}: `;
    return `<li><strong class="${mark}">${SEVERITY_MARKS[mark]}</strong> ${which}${htmlText(message, 400)}</li>`;
  });
  return `<section aria-labelledby="policies"><h2 id="policies">Policy packs (${policies.length})</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}

function findingHtml(finding: ReportFinding): string {
  const { severity, rule, message, fix, controls, waived } = finding;
  const mark =
    waived === undefined
      ? `<strong class="${severity}">${SEVERITY_MARKS[severity]} ${rule}</strong>`
      : `waived until ${htmlText(waived.expires)} (${htmlName(waived.reason)}): ${rule}`;
  const norm = controls.length === 0 ? "" : ` <small>${htmlText(controls.join(", "), 400)}</small>`;
  return `${mark} ${htmlPhrase(message)}. ${sourceHtml(finding)}<br>Fix: ${htmlPhrase(fix)}.${norm}`;
}

function grantTable(title: string, rows: readonly GrantRow[]): string {
  if (rows.length === 0) return "";
  const columns = ["Who", "Role", "Scope", "How", "For how long", "To activate", "Flags", "Source"];
  const body = rows.map((row) => [
    whoHtml(row),
    roleHtml(row),
    htmlName(row.role.scopeName),
    [`${row.kind}${conditionHtml(row)}`, htmlText(reasonWords(row))]
      .filter((part) => part !== "")
      .join("; "),
    row.window.isPermanent
      ? `<strong>${htmlText(row.window.text)}</strong>`
      : htmlText(row.window.text),
    row.toActivate.map(htmlPhrase).join(", "),
    flagsHtml(row.flags),
    sourceHtml(row),
  ]);
  return section(title, columns, body);
}

function changeTable(rows: readonly GrantRow[]): string {
  if (rows.length === 0) return "";
  const state = (kind: string, scope: string, text: string, held: { condition?: string }) =>
    `${kind}${placeHtml(scope)}, ${htmlText(text)}${conditionHtml(held)}`;
  const body = rows.map((row) => [
    whoHtml(row),
    roleHtml(row),
    row.before === undefined
      ? ""
      : state(row.before.kind, row.before.scopeName, row.before.window.text, row.before),
    state(row.kind, row.role.scopeName, row.window.text, row),
    row.direction === "broadening"
      ? "<strong>more</strong>"
      : row.direction === "narrowing"
        ? "less"
        : "other",
    flagsHtml(row.flags),
    sourceHtml(row),
  ]);
  return section(
    "Changed access",
    ["Who", "Role", "Before", "After", "Change", "Flags", "Source"],
    body,
  );
}

function nativeTable({ native }: Report): string {
  if (native.length === 0) return "";
  const columns = ["What", "Who", "Role", "Scope", "Step", "Resource", "Flags", "Source"];
  const body = native.map((row) => [
    htmlText(row.what),
    row.who === undefined ? "" : whoHtml({ who: row.who }),
    row.role === undefined ? "" : roleHtml({ role: row.role }),
    row.role === undefined ? "" : htmlName(row.role.scopeName),
    htmlText(row.op),
    `<code>${htmlText(row.type)}</code> ${htmlName(row.name)}`,
    flagsHtml(row.flags),
    sourceHtml(row),
  ]);
  return section(NATIVE_TITLE, columns, body);
}

/** Where it is, when that is not the only place. */
function placeHtml(scopeName: string): string {
  return scopeName === "directory" ? "" : ` at ${htmlName(scopeName)}`;
}

/** Under which condition of Azure's it holds. */
function conditionHtml({ condition }: { condition?: string }): string {
  return condition === undefined
    ? ""
    : `, if <code>${htmlText(condition, LONGEST_CONDITION)}</code>`;
}

function conditionTable(title: string, rows: readonly ConditionRow[]): string {
  if (rows.length === 0) return "";
  const body = rows.map((row) => [
    `${roleHtml(row)}${placeHtml(row.role.scopeName)}`,
    htmlText(row.label),
    htmlPhrase(row.before),
    htmlPhrase(row.after),
    `${row.strength === "weaker" ? "<strong>weaker</strong>" : row.strength}${row.note === undefined ? "" : ` (${htmlText(row.note)})`}`,
    flagsHtml(row.flags),
    sourceHtml(row),
  ]);
  return section(title, ["Role", "Setting", "Before", "After", "Change", "Flags", "Source"], body);
}

function section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const id = title.toLowerCase().replace(/[^a-z]+/g, "-");
  return `<section aria-labelledby="${id}"><h2 id="${id}">${title} (${rows.length})</h2>\n${htmlTable(title, columns, rows)}</section>`;
}

function whoHtml(row: Pick<GrantRow, "who">): string {
  const { name, userPrincipalName, members } = row.who;
  const upn =
    userPrincipalName === undefined || userPrincipalName === name
      ? ""
      : ` <small>${htmlName(userPrincipalName)}</small>`;
  const count = memberWords(row);
  const names = members?.names;
  const list =
    names === undefined || names.length === 0
      ? count
      : `<details><summary>${count}</summary>${names.map(htmlName).join(", ")}</details>`;
  return `${kindWord(row)} <strong>${htmlName(name)}</strong>${upn}${list === "" ? "" : ` (${list})`}`;
}

function roleHtml({ role }: Pick<GrantRow, "role">): string {
  const warning =
    role.looksLike === undefined ? "" : ` <strong>custom, not ${htmlText(role.looksLike)}</strong>`;
  return `${htmlName(roleName(role))} <small class="${role.tier}">${role.tier}</small>${warning}`;
}

function flagsHtml(flags: GrantRow["flags"]): string {
  return flags
    .map(({ severity, rule, isWaived, isExisting }) => {
      if (isWaived) return `waived ${rule}`;
      return isExisting === true
        ? `${rule} as before`
        : `<strong class="${severity}">${SEVERITY_MARKS[severity]} ${rule}</strong>`;
    })
    .join(", ");
}

function sourceHtml({ source }: Pick<GrantRow, "source">): string {
  return source === undefined ? "" : `<code>${htmlText(`${source.file}:${source.line}`)}</code>`;
}

function notEvaluated({ notEvaluated: rules }: Report): string {
  if (rules.length === 0) return "";
  const items = rules.map(
    ({ rule, name, reason }) => `<li>${rule} ${htmlText(name)}: ${htmlText(reason)}</li>`,
  );
  return `<section aria-labelledby="blind"><h2 id="blind">Not evaluated (${rules.length})</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}
