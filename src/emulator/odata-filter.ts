import { refuse } from "./errors";

/** A constant in a filter. */
export type Literal = string | number | boolean | null;

/** A parsed `$filter`. */
export type Filter =
  | { op: "and"; left: Filter; right: Filter }
  | { op: "or"; left: Filter; right: Filter }
  | { op: "not"; inner: Filter }
  | { op: Comparison; path: string; value: Literal }
  | { op: "in"; path: string; values: Literal[] }
  | { op: "any"; path: string; variable: string; inner: Filter };

/** Comparisons and functions of two operands. */
export type Comparison =
  | "eq"
  | "ne"
  | "gt"
  | "ge"
  | "lt"
  | "le"
  | "startswith"
  | "endswith"
  | "contains";

const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w./-]*(?::)?)|(-?\d[\w.:+-]*)|([(),]))/y;
const FUNCTIONS = new Set(["startswith", "endswith", "contains"]);
const COMPARISONS = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);

/** Parses a `$filter` of the grammar Graph documents for these collections. */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  const cursor = { tokens, at: 0 };
  const filter = parseOr(cursor);
  if (cursor.at < tokens.length) throw syntaxError(cursor);
  return filter;
}

/** Whether a member's text is compared as written, by its path. */
export type CaseRule = (path: string) => boolean;

/** Whether a wire object meets a filter. `exactCase`: PIM compares ids as written. */
export function matches(filter: Filter, row: unknown, exactCase: CaseRule): boolean {
  if (filter.op === "and")
    return matches(filter.left, row, exactCase) && matches(filter.right, row, exactCase);
  if (filter.op === "or")
    return matches(filter.left, row, exactCase) || matches(filter.right, row, exactCase);
  if (filter.op === "not") return !matches(filter.inner, row, exactCase);
  const actual = valueAt(row, filter.path);
  const isExact = exactCase(filter.path);
  if (filter.op === "in") return filter.values.some((value) => equals(actual, value, isExact));
  if (filter.op === "any") return anyMatches(filter, actual, exactCase);
  return compare(filter.op, actual, filter.value, isExact);
}

/** Every path a filter asks for, with how it is asked. */
export function filterLeaves(filter: Filter): { path: string; op: string }[] {
  if (filter.op === "and" || filter.op === "or") {
    return [...filterLeaves(filter.left), ...filterLeaves(filter.right)];
  }
  if (filter.op === "not")
    return filterLeaves(filter.inner).map((leaf) => ({ ...leaf, op: `not ${leaf.op}` }));
  if (filter.op === "any") return [{ path: filter.path, op: "any" }];
  return [{ path: filter.path, op: filter.op }];
}

/** The values that a filter fixes by `eq` in its topmost conjunction: what an index can use. */
export function fixedValues(filter: Filter | undefined): Map<string, string> {
  const fixed = new Map<string, string>();
  const visit = (node: Filter | undefined): void => {
    if (node?.op === "and") {
      visit(node.left);
      visit(node.right);
    } else if (node?.op === "eq" && typeof node.value === "string")
      fixed.set(node.path, node.value);
  };
  visit(filter);
  return fixed;
}

interface Cursor {
  tokens: string[];
  at: number;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    end = TOKEN.lastIndex;
    const token = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (token !== undefined) tokens.push(token);
  }
  if (text.slice(end).trim() !== "") {
    throw refuse.malformedFilter(`Syntax error at position ${end} in '${text}'.`);
  }
  return tokens;
}

function parseOr(cursor: Cursor): Filter {
  let left = parseAnd(cursor);
  while (takeWord(cursor, "or")) left = { op: "or", left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Filter {
  let left = parseNot(cursor);
  while (takeWord(cursor, "and")) left = { op: "and", left, right: parseNot(cursor) };
  return left;
}

function parseNot(cursor: Cursor): Filter {
  if (takeWord(cursor, "not")) return { op: "not", inner: parseNot(cursor) };
  if (!takeWord(cursor, "(")) return parseLeaf(cursor);
  const inner = parseOr(cursor);
  expect(cursor, ")");
  return inner;
}

function parseLeaf(cursor: Cursor): Filter {
  const path = next(cursor);
  if (!/^[A-Za-z_]/.test(path)) throw syntaxError(cursor);
  const name = path.toLowerCase();
  if (FUNCTIONS.has(name) && takeWord(cursor, "("))
    return parseFunction(cursor, name as Comparison);
  if (path.endsWith("/any") && takeWord(cursor, "(")) return parseAny(cursor, path.slice(0, -4));
  const op = next(cursor).toLowerCase();
  if (op === "in") return { op: "in", path, values: parseList(cursor) };
  if (!COMPARISONS.has(op)) throw syntaxError(cursor);
  return { op: op as Comparison, path, value: literal(cursor) };
}

function parseFunction(cursor: Cursor, op: Comparison): Filter {
  const path = next(cursor);
  expect(cursor, ",");
  const value = literal(cursor);
  expect(cursor, ")");
  // `startswith(x,'a') eq true` is the long form of the same.
  if (takeWord(cursor, "eq")) {
    const wanted = literal(cursor);
    return wanted === false ? { op: "not", inner: { op, path, value } } : { op, path, value };
  }
  return { op, path, value };
}

function parseAny(cursor: Cursor, path: string): Filter {
  const variable = next(cursor).replace(/:$/, "");
  const inner = parseOr(cursor);
  expect(cursor, ")");
  return { op: "any", path, variable, inner };
}

function parseList(cursor: Cursor): Literal[] {
  expect(cursor, "(");
  const values: Literal[] = [literal(cursor)];
  while (takeWord(cursor, ",")) values.push(literal(cursor));
  expect(cursor, ")");
  return values;
}

function literal(cursor: Cursor): Literal {
  const token = next(cursor);
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === "true" || token === "false") return token === "true";
  if (token === "null") return null;
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (/^[\d(),]/.test(token) && !/^[(),]/.test(token)) return token;
  if (/^[0-9a-f]{8}-/i.test(token)) return token;
  throw syntaxError(cursor);
}

function next(cursor: Cursor): string {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) throw syntaxError(cursor);
  cursor.at += 1;
  return token;
}

function takeWord(cursor: Cursor, word: string): boolean {
  if (cursor.tokens[cursor.at]?.toLowerCase() !== word) return false;
  cursor.at += 1;
  return true;
}

function expect(cursor: Cursor, token: string): void {
  if (!takeWord(cursor, token)) throw syntaxError(cursor);
}

function syntaxError(cursor: Cursor): Error {
  return refuse.malformedFilter(
    `Syntax error near '${cursor.tokens.slice(0, cursor.at + 1).join(" ")}'.`,
  );
}

function valueAt(row: unknown, path: string): unknown {
  let value = row;
  for (const step of path.split("/")) {
    if (step.startsWith("microsoft.graph.")) continue;
    value =
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[step]
        : undefined;
  }
  return value;
}

function anyMatches(
  filter: Extract<Filter, { op: "any" }>,
  list: unknown,
  exactCase: CaseRule,
): boolean {
  if (!Array.isArray(list)) return false;
  return list.some((item) => matches(filter.inner, { [filter.variable]: item }, exactCase));
}

function equals(actual: unknown, wanted: Literal, exactCase: boolean): boolean {
  if (wanted === null) return actual === null || actual === undefined;
  if (typeof actual === "string" && typeof wanted === "string") {
    return exactCase ? actual === wanted : actual.toLowerCase() === wanted.toLowerCase();
  }
  return actual === wanted;
}

function compare(op: Comparison, actual: unknown, wanted: Literal, exactCase: boolean): boolean {
  if (op === "eq") return equals(actual, wanted, exactCase);
  if (op === "ne") return !equals(actual, wanted, exactCase);
  const byText = TEXT_TESTS[op];
  if (byText !== undefined) {
    if (typeof actual !== "string" || typeof wanted !== "string") return false;
    return byText(actual.toLowerCase(), wanted.toLowerCase());
  }
  const order = orderOf(actual, wanted);
  return order !== undefined && ORDER_TESTS[op]?.(order) === true;
}

const TEXT_TESTS: Partial<Record<Comparison, (actual: string, wanted: string) => boolean>> = {
  startswith: (actual, wanted) => actual.startsWith(wanted),
  endswith: (actual, wanted) => actual.endsWith(wanted),
  contains: (actual, wanted) => actual.includes(wanted),
};

const ORDER_TESTS: Partial<Record<Comparison, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

function orderOf(actual: unknown, wanted: Literal): number | undefined {
  if (typeof actual === "number" && typeof wanted === "number") return actual - wanted;
  if (typeof actual !== "string" || typeof wanted !== "string") return undefined;
  const [left, right] = [Date.parse(actual), Date.parse(wanted)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return actual < wanted ? -1 : Number(actual > wanted);
}
