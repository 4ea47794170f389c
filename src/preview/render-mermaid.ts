import { visibleText } from "../model/access-text";
import { kindWord, memberWords, plural, roleName } from "./marks";
import type { GrantRow, Report } from "./report";

/** More lines than this make a picture that nobody reads; hosts refuse far larger ones. */
const MOST_EDGES = 60;

/**
 * Who gains, loses or changes which role, as a Mermaid diagram in a fence. Never the only place of a fact: mails and some
 * hosts do not draw it. Empty when nothing changes.
 */
export function mermaidBlock({ gains, losses, changes }: Report): string {
  const rows = [...gains, ...changes, ...losses];
  if (rows.length === 0) return "";
  const nodes: Nodes = new Map();
  const edges = rows.slice(0, MOST_EDGES).map((row) => edge(row, nodes));
  const drawn = [...nodes.values()].map(({ id, text }) => `  ${id}["${text}"]`);
  const more = rows.length - edges.length;
  const rest = more > 0 ? `\n\n_${more} more ${plural(more, "change")}, in the tables._` : "";
  return `\`\`\`mermaid\nflowchart LR\n${[...drawn, ...edges].join("\n")}\n\`\`\`${rest}`;
}

/** What is drawn, by what it stands for. */
type Nodes = Map<string, { id: string; text: string }>;

/** A plain line for a gain, a dotted one for a loss, a thick one for a change. */
function edge(row: GrantRow, nodes: Nodes): string {
  const { who, role, kind, window, change } = row;
  const members = memberWords(row);
  const person = `${kindWord(row)} ${who.name}${members === "" ? "" : `, ${members}`}`;
  const place = role.scopeName === "directory" ? "" : ` at ${role.scopeName}`;
  const from = nodeOf(`who ${who.id ?? who.name}`, person, nodes);
  const to = nodeOf(
    `role ${role.id ?? role.name} ${role.access} ${role.scope}`,
    `${roleName(role)}${place}, ${role.tier}`,
    nodes,
  );
  const arrow = change === "loses" ? "-.->" : change === "changed" ? "==>" : "-->";
  return `  ${from} ${arrow}|"${label(`${change}: ${kind}, ${window.text}`)}"| ${to}`;
}

/** Two people of one name are two nodes. */
function nodeOf(key: string, text: string, nodes: Nodes): string {
  const known = nodes.get(key);
  if (known !== undefined) return known.id;
  const id = `n${nodes.size + 1}`;
  nodes.set(key, { id, text: label(text) });
  return id;
}

/** Every sign that could mean something to Mermaid, Markdown or HTML as a character number. */
function label(text: string): string {
  return visibleText(text, 80).replace(
    /[^\p{L}\p{N}\p{Mn}\p{Mc} ,.:()+…–-]/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  );
}
