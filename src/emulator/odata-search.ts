import { refuse } from "./errors";
import type { Json } from "./schema";

/** Whether a wire object is found by a `$search`. */
export type Search = (row: Json) => boolean;

/** Parses `$search` of directory objects: quoted `"member:words"`, joined by AND and OR; AND binds first. */
export function parseSearch(text: string): Search {
  const clauses = text.match(/"[^"]*"|\bAND\b|\bOR\b|\S+/g) ?? [];
  const alternatives: Search[][] = [[]];
  for (const clause of clauses) {
    if (clause === "OR") alternatives.push([]);
    else if (clause !== "AND") alternatives.at(-1)?.push(parseClause(clause));
  }
  if (alternatives.some((all) => all.length === 0)) throw syntaxError(text);
  return (row) => alternatives.some((all) => all.every((isFound) => isFound(row)));
}

function parseClause(clause: string): Search {
  const [, member, words] = /^"(\w+):(.+)"$/.exec(clause) ?? [];
  if (member === undefined || words === undefined) throw syntaxError(clause);
  const wanted = wordsOf(words);
  return (row) => {
    const there = wordsOf(String(row[member] ?? ""));
    return wanted.every((word) => there.some((candidate) => candidate.startsWith(word)));
  };
}

// Names are searched word by word, each by its beginning.
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function syntaxError(text: string): Error {
  return refuse.badRequest(`Syntax error: character '"' is not valid at position 0 in '${text}'.`);
}
