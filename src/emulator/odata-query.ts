import { refuse } from "./errors";
import { type Filter, parseFilter } from "./odata-filter";
import type { Version } from "./schema";

/** One `$expand`ed navigation with its nested options. */
export interface Expand {
  name: string;
  select?: string[];
  expand: Expand[];
}

/** The query options of one request, parsed. */
export interface Query {
  filter?: Filter;
  /** `$filter` as it was sent, for error texts. */
  filterText?: string;
  select?: string[];
  expand: Expand[];
  top?: number;
  /** Only where the operation takes it. */
  skip?: number;
  orderby?: { path: string; descending: boolean }[];
  count: boolean;
  search?: string;
  skipToken?: string;
  deltaToken?: string;
}

const KNOWN = new Set([
  "$filter",
  "$select",
  "$expand",
  "$top",
  "$orderby",
  "$count",
  "$search",
  "$skiptoken",
  "$deltatoken",
  "$format",
]);

/**
 * Parses the query string, form-encoded or not. Options without `$` are not OData's and are left alone, save on beta,
 * where the `$` may be left out.
 */
export function parseQuery(search: string, version: Version, takesSkip = false): Query {
  const options = optionsOf(search, version, takesSkip);
  const text = (name: string) => options.get(name) || undefined;
  const [filterText, searched] = [text("$filter"), text("$search")];
  const [skipToken, deltaToken] = [text("$skiptoken"), text("$deltatoken")];
  const select = splitTop(text("$select") ?? "");
  const orderby = splitTop(text("$orderby") ?? "");
  return {
    expand: parseExpand(text("$expand") ?? ""),
    count: text("$count")?.toLowerCase() === "true",
    ...(filterText !== undefined && { filterText, filter: parseFilter(filterText) }),
    ...(select.length > 0 && !select.includes("*") && { select }),
    ...(options.has("$top") && { top: parseSize("$top", options.get("$top")) }),
    ...(options.has("$skip") && { skip: parseSize("$skip", options.get("$skip")) }),
    ...(orderby.length > 0 && { orderby: orderby.map(parseOrder) }),
    ...(searched !== undefined && { search: searched }),
    ...(skipToken !== undefined && { skipToken }),
    ...(deltaToken !== undefined && { deltaToken }),
  };
}

function optionsOf(search: string, version: Version, takesSkip: boolean): Map<string, string> {
  const options = new Map<string, string>();
  const isKnown = (option: string) => KNOWN.has(option) || (takesSkip && option === "$skip");
  for (const [name, value] of new URLSearchParams(search)) {
    const written = name.trim().toLowerCase();
    const option = version === "beta" && isKnown(`$${written}`) ? `$${written}` : written;
    if (!option.startsWith("$")) continue;
    if (!isKnown(option)) throw refuse.optionNotAllowed(name);
    options.set(option, value.trim());
  }
  return options;
}

/** Parses `$expand`, nested options included. */
export function parseExpand(text: string): Expand[] {
  return splitTop(text).map(parseExpandItem);
}

function parseExpandItem(item: string): Expand {
  const open = item.indexOf("(");
  if (open < 0) return { name: item, expand: [] };
  if (!item.endsWith(")"))
    throw refuse.badRequest("Parsing OData Select and Expand failed: unbalanced parentheses.");
  const expand: Expand = { name: item.slice(0, open).trim(), expand: [] };
  for (const option of splitTop(item.slice(open + 1, -1), ";")) {
    const [name, value = ""] = splitOnce(option, "=");
    if (name.toLowerCase() === "$select") expand.select = splitTop(value);
    else if (name.toLowerCase() === "$expand") expand.expand = parseExpand(value);
    else throw refuse.optionNotAllowed(name);
  }
  return expand;
}

/** The part of `@odata.context` that names what was selected and expanded. */
export function contextSuffix(
  select: readonly string[] | undefined,
  expand: readonly Expand[],
): string {
  const parts = [
    ...(select ?? []),
    ...expand.map(
      (item) => `${item.name}(${contextSuffix(item.select, item.expand).slice(1, -1)})`,
    ),
  ];
  return parts.length === 0 ? "" : `(${parts.join(",")})`;
}

function parseSize(option: string, text: string | undefined): number {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0)
    throw refuse.badRequest(`Invalid value '${text}' for ${option} query option.`);
  return size;
}

function parseOrder(text: string): { path: string; descending: boolean } {
  const [path = "", direction = "asc"] = text.split(/\s+/);
  return { path, descending: direction.toLowerCase() === "desc" };
}

function splitTop(text: string, separator = ","): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === separator && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += character;
  }
  return [...parts, part.trim()].filter((item) => item !== "");
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text.trim()] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
