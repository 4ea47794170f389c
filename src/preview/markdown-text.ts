import type { Phrase } from "../model/access-phrase";
import { visibleText } from "../model/access-text";

/** Letters, digits and the signs that mean nothing in any Markdown that a code host speaks. */
const PLAIN = /^[\p{L}\p{N}\p{Mn}\p{Mc} ,'’()\-–.…]+$/u;
/** Texts that a host turns into a link: hosts, hashes of commits, ticket numbers. */
const LINKED = /\.(?=\S)|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b|\b[A-Za-z]+-\d/i;

/**
 * A name as a table cell or a sentence can hold it. Ordinary names stay as they are; a name with any sign that could
 * mean something to a renderer (a link, a mention, HTML, a pipe) becomes a code span, where nothing means anything.
 */
export function nameText(text: string): string {
  const shown = visibleText(text);
  return PLAIN.test(shown) && !LINKED.test(shown) ? shown : codeText(shown);
}

/** A code span that its content cannot end, also inside a table. */
export function codeText(text: string, longest?: number): string {
  const shown = visibleText(text, longest) || "(empty)";
  // A backslash before a pipe would escape the escape, so such a pipe is drawn broken.
  const content = shown.replace(/(\\?)\|/g, (_, slash: string) => (slash === "" ? "\\|" : "\\¦"));
  const ticks = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(ticks + 1);
  const pad = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A sentence of ours with its names made safe. */
export function phraseText(parts: Phrase): string {
  return parts.map((part) => (typeof part === "string" ? part : nameText(part.value))).join("");
}

/** A fenced block that its content cannot end; lines are kept, what is invisible is not. */
export function fencedBlock(text: string, longestLine = 400): string {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/).map((line) => visibleLine(line, longestLine));
  const body = lines.join("\n");
  const longest = Math.max(2, ...(body.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${body}\n${fence}`;
}

/** A row of a table. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === "" ? "-" : cell)).join(" | ")} |`;
}

/** The two lines that begin a table. */
export function tableHead(columns: readonly string[]): string {
  return `${tableRow(columns.map((column) => column || " "))}\n|${columns.map(() => "---").join("|")}|`;
}

/** Length as hosts count it in the worst case. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function visibleLine(line: string, longest: number): string {
  const indent = /^ {0,20}/.exec(line)?.[0] ?? "";
  return `${indent}${visibleText(line, longest)}`;
}
