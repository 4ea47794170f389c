import Table from "cli-table3";
import pc from "picocolors";
import type { RoleKey } from "../../model/identity";
import { describeRole } from "../../tenant/people-words";
import type { Io } from "./io";

/** A table for people: headed columns, no lines, as wide as the terminal at most. */
export function printTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const colors = pc.createColors(io.isTerminal && io.env.NO_COLOR === undefined);
  const table = new Table({
    head: head.map((title) => colors.bold(title)),
    chars: BARE,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    wordWrap: true,
    ...(io.isTerminal && { colWidths: widthsOf(head, rows, io.columns) }),
  });
  table.push(...rows.map((row) => [...row]));
  const text = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  io.out(`${text.join("\n")}\n`);
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

/** Columns as wide as what is in them; when that is too wide, the widest give way. */
function widthsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): number[] {
  const widths = head.map(
    (title, index) => 2 + Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  for (let over = sum(widths) - columns; over > 0; over = sum(widths) - columns) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= LEAST_WIDTH) break;
    widths[widest] = Math.max(LEAST_WIDTH, width - over);
  }
  return widths;
}

const LEAST_WIDTH = 14;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
