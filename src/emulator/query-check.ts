import type { Call } from "./api";
import { refuse } from "./errors";
import { type Filter, filterLeaves } from "./odata-filter";
import type { EntitySet } from "./respond";
import { hasNavigation, propertiesOf } from "./schema";

/** Refuses query options that a collection does not take. */
export function checkOptions<T>(call: Call, set: EntitySet<T>): void {
  const { query } = call;
  if (set.service === "pim") {
    // Seen live in 2026-05: any $orderby answers InvalidFilter with an empty name in it.
    if (query.orderby !== undefined) throw refuse.invalidFilter("");
    if (query.count) throw refuse.optionNotAllowed("$count");
  }
  if (query.search !== undefined) checkSearch(call, set);
  if (set.isAdvanced === true && query.filter !== undefined && query.orderby !== undefined)
    checkSorted(call);
  if (query.deltaToken !== undefined && !/\/delta(\(\))?\/?$/i.test(call.path))
    throw refuse.optionNotAllowed("$deltatoken");
  checkShape(call, set);
  if (query.filter !== undefined) checkFilter(call, set, query.filter);
}

// What is filtered is sorted by the index that lags only.
function checkSorted(call: Call): void {
  if (!isAdvancedQuery(call)) throw refuse.sortingUnsupported();
}

function checkSearch<T>(call: Call, set: EntitySet<T>): void {
  if (set.isAdvanced !== true) throw refuse.optionNotAllowed("$search");
  if (!isEventual(call)) throw refuse.searchNeedsHeader();
}

/** Whether the caller accepts what only an index that lags can answer. */
export function isEventual(call: Call): boolean {
  return call.headers["consistencylevel"]?.toLowerCase() === "eventual";
}

function checkFilter<T>(call: Call, set: EntitySet<T>, filter: Filter): void {
  const leaves = filterLeaves(filter);
  const refused = leaves.find(
    (leaf) => !isMember(call, set, leaf.path) || !isFilterable(set, leaf),
  );
  if (refused !== undefined) {
    checkKnown(call, set, refused.path);
    if (set.service === "pim") throw refuse.invalidFilter(call.query.filterText ?? "");
    throw refuse.unsupportedQuery(refused.path, set.type);
  }
  if (set.isAdvanced !== true || isAdvancedQuery(call)) return;
  const advanced = leaves.find(
    ({ op }) => op === "ne" || op === "endswith" || op.startsWith("not "),
  );
  if (advanced === undefined) return;
  throw isEventual(call) ? refuse.countNeeded() : refuse.missingConsistencyLevel(advanced.op);
}

// What the index that lags does takes the header, and counting: in the query or as the path.
function isAdvancedQuery(call: Call): boolean {
  return isEventual(call) && (call.query.count || call.path.toLowerCase().endsWith("/$count"));
}

// What the type does not have in this version is refused before anything is asked about support.
function checkKnown<T>(call: Call, set: EntitySet<T>, path: string): void {
  if (set.service === "pim" || isMember(call, set, path)) return;
  throw refuse.unknownFilterProperty(path, set.type);
}

function isFilterable<T>(set: EntitySet<T>, leaf: { path: string; op: string }): boolean {
  const allowed = set.filter[leaf.path]?.split(" ") ?? [];
  const isNegated = leaf.op.startsWith("not ");
  return (
    allowed.includes(leaf.op.replace(/^(not )+/, "")) && (!isNegated || allowed.includes("not"))
  );
}

/** Refuses members and navigations that the type does not have in this version. */
export function checkShape<T>(call: Call, set: EntitySet<T>): void {
  for (const { name } of call.query.expand) checkExpand(set, name);
  const stranger = call.query.select?.find((member) => !isMember(call, set, member));
  if (stranger !== undefined) throw refuse.unknownExpand(stranger, set.type);
}

// The names of members are read without regard to case; types outside the extract take any.
function isMember<T>(call: Call, set: EntitySet<T>, path: string): boolean {
  const known = propertiesOf(call.version, set.type);
  const [name = ""] = path.split("/");
  if (known === undefined || set.expand?.[name] !== undefined) return true;
  if (known.has(name) || hasNavigation(call.version, set.type, name)) return true;
  return [...known.keys()].some((member) => member.toLowerCase() === name.toLowerCase());
}

function checkExpand<T>(set: EntitySet<T>, name: string): void {
  if (name === "*" || set.expand?.[name] !== undefined) return;
  throw refuse.unknownExpand(name, set.type);
}
