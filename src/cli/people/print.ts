import type CliTable from "cli-table3";
import pc from "picocolors";
import { visibleText } from "../../model/access-text";
import type { RoleKey } from "../../model/identity";
import { describeRole } from "../../tenant/people-words";
import type { Io } from "./io";

/**
 * A table for people: headed columns, no lines, as wide as the terminal at most. Where words would have to be cut, ids
 * among them, every row becomes a list.
 */
export function printTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  // https://no-color.org: any text but the empty one.
  const { bold } = pc.createColors(io.isTerminal && !io.env.NO_COLOR);
  const cells = rows.map((row) => row.map(shown));
  const widths = io.isTerminal
    ? fittingWidths(head, cells, io.columns)
    : naturalWidths(head, cells);
  io.out(
    widths === undefined ? asLists(head, cells, bold) : asTable(head.map(bold), cells, widths),
  );
}

function asTable(
  head: string[],
  rows: readonly (readonly string[])[],
  colWidths: number[],
): string {
  // Loaded when something is printed: help must not wait for it.
  const Table: typeof CliTable = require("cli-table3");
  const table = new Table({
    head,
    chars: BARE,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    wordWrap: true,
    colWidths,
  });
  table.push(...rows.map((row) => [...row]));
  const text = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return `${text.join("\n")}\n`;
}

/**
 * A text that somebody else chose, on one line and without what a terminal obeys: a requester's reason must not rewrite
 * what an approver reads.
 */
export function shown(text: string): string {
  return visibleText(text, LONGEST_TEXT);
}

/** One JSON document, the same whatever it is printed to. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Where something is, for the first column. */
export function surfaceWord(role: RoleKey): string {
  return { directoryRoles: "entra", groups: "group", azureRoles: "azure" }[role.surface];
}

/** The role without its scope. */
export function roleWord(role: RoleKey, name: string | null): string {
  return role.surface === "groups"
    ? describeRole(role, name)
    : describeRole({ ...role, scope: "/" }, name);
}

/** Where the role holds; empty for the tenant. */
export function scopeWord(role: RoleKey, scopeName: string | null): string {
  if (role.surface === "groups" || role.scope === "/") return "";
  return scopeName ?? role.scope;
}

/** An end as people read it. */
export function endWord(endsAt: string | null): string {
  return endsAt === null ? "no end" : shortInstant(endsAt);
}

/** An instant to the minute. */
export function shortInstant(text: string): string {
  return text.replace("T", " ").replace(/:\d\d(\.\d+)?Z$/, "Z");
}

/** How long, in the two largest units: "3 h 20 min". */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor(minutes / 60) % 24,
    minutes % 60,
  ];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  return hours > 0 ? (rest > 0 ? `${hours} h ${rest} min` : `${hours} h`) : `${rest} min`;
}

/** The same role for programs: every id by name. */
export function roleJson(role: RoleKey, name: string | null, scopeName: string | null) {
  return role.surface === "groups"
    ? { surface: role.surface, groupId: role.groupId, access: role.access, groupName: name }
    : {
        surface: role.surface,
        roleDefinitionId: role.roleDefinitionId,
        roleName: name,
        scope: role.scope,
        scopeName,
      };
}

const BARE = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

const GAP = 2;

/** Longer than any reason or message that the services take. */
const LONGEST_TEXT = 4000;

/** One line for each value that says something, an empty line between rows. */
function asLists(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  bold: (text: string) => string,
): string {
  const width = Math.max(...head.map((title) => title.length)) + GAP;
  const lists = rows.map((row) =>
    head.flatMap((title, index) => {
      const value = row[index] ?? "";
      return value === "" ? [] : [`${bold(title.padEnd(width))}${value}\n`];
    }),
  );
  return lists.map((lines) => lines.join("")).join("\n");
}

/** Columns as wide as what is in them. */
function naturalWidths(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return columnWidths(head, rows, (text) => text.length);
}

/** The same within a terminal: the widest give way until their longest word; undefined when that is not enough. */
function fittingWidths(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): number[] | undefined {
  const widths = naturalWidths(head, rows);
  const least = columnWidths(head, rows, longestWord);
  const spare = () => widths.map((width, index) => width - (least[index] ?? 0));
  // Nothing stands behind the gap of the last column.
  for (let over = sum(widths) - GAP - columns; over > 0; over -= 1) {
    const most = Math.max(...spare());
    if (most <= 0) return undefined;
    const widest = spare().indexOf(most);
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function columnWidths(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widthOf: (text: string) => number,
): number[] {
  return head.map(
    (title, index) =>
      GAP + Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
}

function longestWord(text: string): number {
  return Math.max(...text.split(/\s+/).map((word) => word.length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
