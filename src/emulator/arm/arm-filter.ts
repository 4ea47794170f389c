import { refuseArm } from "./arm-errors";

/** A parsed `$filter` of the authorization resource types: functions, and equalities by member. */
export interface ArmFilter {
  /** Function in lower case, with its argument. */
  functions: ReadonlyMap<string, string>;
  /** Member in lower case, with the values of which one must be met. */
  equals: ReadonlyMap<string, readonly string[]>;
}

const FUNCTION = /^(\w+)\(\s*(?:'(.*)')?\s*\)$/;
const EQUALITY = /^(\w+)\s+eq\s+'(.*)'$/i;

/** Parses a filter: terms joined by `and`, or by `or` for one member; what is not allowed is refused. */
export function parseArmFilter(text: string, allowed: readonly string[]): ArmFilter {
  const functions = new Map<string, string>();
  const equals = new Map<string, readonly string[]>();
  for (const term of termsOf(text)) {
    const call = FUNCTION.exec(term);
    const equality = EQUALITY.exec(term);
    const name = (call?.[1] ?? equality?.[1] ?? "").toLowerCase();
    const spelled = call === null ? name : `${name}()`;
    if (!allowed.some((known) => known.toLowerCase() === spelled))
      throw refuseArm.filterUnsupported(text);
    if (call !== null) functions.set(name, (call[2] ?? "").toLowerCase());
    else
      equals.set(name, [...(equals.get(name) ?? []), (equality?.[2] ?? "").replaceAll("''", "'")]);
  }
  return { functions, equals };
}

// Quoted text is set aside first: names may have "and" in them. Plus signs are spaces, as published.
function termsOf(text: string): string[] {
  const quoted: string[] = [];
  const bare = text.replace(/'(?:[^']|'')*'/g, (found) => {
    quoted.push(found);
    return `'${quoted.length - 1}'`;
  });
  return bare
    .replaceAll("+", " ")
    .split(/\s+(?:and|or)\s+/i)
    .map((term) => withoutParentheses(term.trim()))
    .filter((term) => term !== "")
    .map((term) => term.replace(/'(\d+)'/g, (_, index: string) => quoted[Number(index)] ?? ""));
}

// Around a term, or opened before one and closed after another.
function withoutParentheses(term: string): string {
  let text = term;
  for (;;) {
    const surplus = text.split("(").length - text.split(")").length;
    if (surplus > 0 && text.startsWith("(")) text = text.slice(1).trim();
    else if (surplus < 0 && text.endsWith(")")) text = text.slice(0, -1).trim();
    else if (text.startsWith("(") && text.endsWith(")")) text = text.slice(1, -1).trim();
    else return text;
  }
}
