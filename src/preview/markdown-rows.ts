import { codeText, nameText, phraseText, tableHead, tableRow } from "./markdown-text";
import { kindWord, LONGEST_CONDITION, memberWords, reasonWords, SEVERITY_MARKS } from "./marks";
import type { ConditionRow, GrantRow, NativeRow, Which, WindowText } from "./report";

/** A table whose rows can be counted, cut and summed up. */
export interface MarkdownTable<Row> {
  columns: readonly string[];
  cells(row: Row): string[];
}

/** Who gains, or holds. */
export const GAINS_TABLE: MarkdownTable<GrantRow> = {
  columns: ["Who", "Role", "Scope", "How", "For how long", "To activate", "Flags", "Source"],
  cells: (row) => [
    whoCell(row),
    roleCell(row.role),
    nameText(row.role.scopeName),
    howCell(row),
    windowCell(row.window),
    row.toActivate.map(phraseText).join(", "),
    flagsCell(row.flags),
    sourceCell(row),
  ],
};

/** Who loses. */
export const LOSSES_TABLE: MarkdownTable<GrantRow> = {
  columns: ["Who", "Role", "Scope", "How", "Would have lasted", "Flags", "Source"],
  cells: (row) => [
    whoCell(row),
    roleCell(row.role),
    nameText(row.role.scopeName),
    row.kind,
    windowCell(row.window),
    flagsCell(row.flags),
    sourceCell(row),
  ],
};

/** Whose access is another afterwards. */
export const CHANGES_TABLE: MarkdownTable<GrantRow> = {
  columns: ["Who", "Role", "Before", "After", "Change", "Flags", "Source"],
  cells: (row) => [
    whoCell(row),
    roleCell(row.role),
    row.before === undefined
      ? ""
      : stateCell(row.before.kind, row.before.scopeName, row.before.window, row.before.condition),
    stateCell(row.kind, row.role.scopeName, row.window, row.condition),
    row.direction === "broadening" ? "**more**" : row.direction === "narrowing" ? "less" : "other",
    flagsCell(row.flags),
    sourceCell(row),
  ],
};

/** What activating or assigning a role asks for. */
export const CONDITIONS_TABLE: MarkdownTable<ConditionRow> = {
  columns: ["Role", "Setting", "Before", "After", "Change", "Flags", "Source"],
  cells: (row) => [
    `${roleCell(row.role)}${placeText(row.role)}`,
    row.label,
    phraseText(row.before),
    phraseText(row.after),
    strengthCell(row),
    flagsCell(row.flags),
    sourceCell(row),
  ],
};

/** What resources of other packages do. */
export const NATIVE_TABLE: MarkdownTable<NativeRow> = {
  columns: ["What", "Who", "Role", "Scope", "Step", "Resource", "Flags", "Source"],
  cells: (row) => [
    row.what,
    row.who === undefined ? "" : whoCell({ who: row.who }),
    row.role === undefined ? "" : roleCell(row.role),
    row.role === undefined ? "" : nameText(row.role.scopeName),
    nameText(row.op),
    `${codeText(row.type)} ${nameText(row.name)}`,
    flagsCell(row.flags),
    sourceCell(row),
  ],
};

/** A whole table. */
export function tableOf<Row>(table: MarkdownTable<Row>, lines: readonly string[]): string {
  return [tableHead(table.columns), ...lines].join("\n");
}

/** One line of a table. */
export function lineOf<Row>(table: MarkdownTable<Row>, row: Row): string {
  return tableRow(table.cells(row));
}

/** The program's line. */
export function sourceCell({ source }: Pick<GrantRow, "source">): string {
  return source === undefined ? "" : codeText(`${source.file}:${source.line}`);
}

function whoCell(row: Pick<GrantRow, "who">): string {
  const { name, userPrincipalName } = row.who;
  const members = memberWords(row);
  return [
    kindWord(row),
    row.who.isPlaceholder ? `_${nameText(name)}_` : strong(name),
    userPrincipalName === undefined || userPrincipalName === name
      ? ""
      : codeText(userPrincipalName),
    members === "" ? "" : `(${members})`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function roleCell(role: Which): string {
  const side = role.surface === "groups" ? `${role.access ?? "member"} of ` : "";
  const warning = role.looksLike === undefined ? "" : `, custom, **not ${role.looksLike}**`;
  return `${side}${strong(role.name)} (${role.tier}${warning})`;
}

/** Where settings hold, when that is not the only place. */
function placeText({ scopeName }: Pick<Which, "scopeName">): string {
  return scopeName === "directory" ? "" : ` at ${nameText(scopeName)}`;
}

function howCell(row: GrantRow): string {
  const how = row.kind === "active" ? "**active**" : "eligible";
  const reason = reasonWords(row);
  const condition =
    row.condition === undefined ? "" : `, if ${codeText(row.condition, LONGEST_CONDITION)}`;
  return `${how}${condition}${reason === "" ? "" : `; **${reason}**`}`;
}

function windowCell({ isPermanent, text }: WindowText): string {
  return isPermanent ? `**permanent**${nameSuffix(text)}` : safeWindow(text);
}

function nameSuffix(text: string): string {
  return text.replace(/^permanent/, "");
}

function stateCell(
  kind: string,
  scopeName: string,
  window: WindowText,
  condition?: string,
): string {
  const limit = window.isPermanent
    ? `**permanent**${nameSuffix(window.text)}`
    : safeWindow(window.text);
  const place = placeText({ scopeName });
  const only = condition === undefined ? "" : `, if ${codeText(condition, LONGEST_CONDITION)}`;
  return `${kind === "active" ? "**active**" : kind}${place}, ${limit}${only}`;
}

/** Texts of ours, unless a state was written by hand. */
function safeWindow(text: string): string {
  return /^[\w :()+\-.]+$/.test(text) ? text : codeText(text);
}

function strengthCell({ strength, note }: ConditionRow): string {
  const words = { weaker: "**weaker**", stricter: "stricter", same: "same", different: "other" };
  return note === undefined ? words[strength] : `${words[strength]} (${note})`;
}

function flagsCell(flags: GrantRow["flags"]): string {
  return flags
    .map(({ severity, rule, isWaived, isExisting }) => {
      if (isWaived) return `waived ${rule}`;
      return isExisting === true ? `${rule} as before` : `${SEVERITY_MARKS[severity]} ${rule}`;
    })
    .join(", ");
}

function strong(name: string): string {
  return `**${nameText(name)}**`;
}
