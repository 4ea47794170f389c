import { type Call, created, ok, type Reply } from "./api";
import { refuse } from "./errors";
import { type CaseRule, type Filter, fixedValues, matches } from "./odata-filter";
import { directoryAddress, directoryPlace, metadataLevel, withMetadata } from "./odata-metadata";
import { contextSuffix, type Expand } from "./odata-query";
import { parseSearch } from "./odata-search";
import { continued, placeOf } from "./paging";
import { checkOptions, checkShape, isEventual } from "./query-check";
import { emptyValue, isEnumeration, type Json, project, spelled } from "./schema";
import type { ScanHint, Scanned } from "./store";

/** What a collection of Graph is: its name, its wire form, and which query options it takes. */
export interface EntitySet<T> {
  /** Path in `@odata.context`, as "roleManagement/directory/roleDefinitions". */
  context: string;
  /** Type in Microsoft's metadata, without namespace. */
  type: string;
  toWire(value: T, call: Call): Json;
  /** Filterable members and the operators each takes, separated by spaces. */
  filter: Readonly<Record<string, string>>;
  /** Navigations that may be expanded. */
  expand?: Readonly<Record<string, (value: T, call: Call, nested: Expand) => unknown>>;
  /** Which service words refusals: PIM compares ids as written and takes no `$orderby`. */
  service: "pim" | "directory";
  /** Whether each value says its type, as functions over a collection do. */
  typed?: boolean;
  /** Whether `ne`, `not` and `endswith` need the header `ConsistencyLevel: eventual`. */
  isAdvanced?: boolean;
  /** Navigations that are told unasked, unless `$select` leaves them out. */
  always?: Readonly<Record<string, (value: T, call: Call) => unknown>>;
  /** Expanded collections that are told with a context of their own. */
  contained?: readonly string[];
  /** Members returned without `$select`; absent means all. */
  defaults?: readonly string[];
  /** The same where it depends on the value: collections of several kinds. */
  defaultsOf?(wire: Json): readonly string[] | undefined;
  /** Members that an index serves, by index name. */
  indexed?: Readonly<Record<string, string>>;
}

/** Something a list can be read from, in a stable order. */
export interface Source<T> {
  scan(hint: ScanHint): Iterable<Scanned<T>>;
}

/** Graph's page: 100, whatever `$top` asks above it. */
const PAGE_SIZE = 100;

/** Answers a list request: filter, page, expand, select. */
export function list<T>(
  call: Call,
  set: EntitySet<T>,
  source: Source<T>,
  keep?: (value: T) => boolean,
): Reply {
  checkOptions(call, set);
  const size = Math.min(call.query.top ?? PAGE_SIZE, PAGE_SIZE);
  const ordered = call.query.orderby === undefined ? source : sorted(call, set, source);
  const rows = wanted(call, set, ordered, keep);
  for (let skipped = 0; skipped < (call.query.skip ?? 0); skipped += 1) rows.next();
  const { found, hasMore } = page(rows, size);
  const value = found.map((row) => render(call, set, row.value));
  const body: Json = { "@odata.context": contextOf(call, set, false) };
  if (isCounted(call, set)) body["@odata.count"] = countAll(call, set, source, keep);
  const last = found.at(-1);
  if (hasMore && last !== undefined) body["@odata.nextLink"] = nextLink(call, last.seq);
  return ok({ ...body, value });
}

// The directory counts for those who accept an index that lags, on the first page; others get no count, and no error.
function isCounted<T>(call: Call, set: EntitySet<T>): boolean {
  if (!call.query.count || set.isAdvanced !== true) return call.query.count;
  return isEventual(call) && call.query.skipToken === undefined;
}

/** Answers `…/$count`: how many, as text. */
export function counted<T>(call: Call, set: EntitySet<T>, source: Source<T>): Reply {
  checkOptions(call, set);
  if (set.isAdvanced === true && !isEventual(call)) throw refuse.countUnsupported();
  return {
    status: 200,
    body: countAll(call, set, source),
    headers: { "content-type": "text/plain" },
  };
}

/** Answers a single entity, 200 by default. */
export function entity<T>(call: Call, set: EntitySet<T>, value: T, status: 200 | 201 = 200): Reply {
  checkShape(call, set);
  const body = { "@odata.context": contextOf(call, set, true), ...render(call, set, value) };
  if (status === 200) return ok(body);
  const place = directoryPlace(set.type, set.toWire(value, call)["id"]);
  return place === undefined
    ? created(body)
    : { ...created(body), headers: { location: directoryAddress(call, place) } };
}

/** One value as it is sent: this version's members, selected and expanded, without context. */
export function render<T>(
  call: Call,
  set: EntitySet<T>,
  value: T,
  expand = call.query.expand,
): Json {
  const wire = project(call.version, set.type, set.toWire(value, call));
  const { select } = call.query;
  const rendered =
    select === undefined
      ? selectMembers(wire, set.defaultsOf?.(wire) ?? set.defaults)
      : withUnset(call, set.type, select, selectMembers(wire, select));
  Object.assign(rendered, unaskedOf(call, set, value));
  for (const nested of expandedOf(set, expand)) {
    const make = set.expand?.[nested.name];
    if (make === undefined) continue;
    if (set.contained?.includes(nested.name) === true) {
      rendered[`${nested.name}@odata.context`] = containedContext(call, set, wire, nested);
    }
    rendered[nested.name] = selectNested(make(value, call, nested), nested);
  }
  if (metadataLevel(call.headers) === "full") return withMetadata(call, set, rendered);
  return set.typed === true
    ? { "@odata.type": `#microsoft.graph.${set.type}`, ...rendered }
    : rendered;
}

// What `$select` inside `$expand` chooses, besides what is expanded in it.
function selectNested(expanded: unknown, { select, expand }: Expand): unknown {
  if (select === undefined || typeof expanded !== "object" || expanded === null) return expanded;
  const chosen = [...select, ...expand.map(({ name }) => name)];
  if (!Array.isArray(expanded)) return selectMembers(expanded as Json, chosen);
  return expanded.map((item: Json) => selectMembers(item, chosen));
}

function unaskedOf<T>(call: Call, set: EntitySet<T>, value: T): Json {
  const { select } = call.query;
  return Object.fromEntries(
    Object.entries(set.always ?? {})
      .filter(([name]) => select === undefined || select.includes(name))
      .map(([name, make]) => [name, make(value, call)]),
  );
}

function containedContext<T>(call: Call, set: EntitySet<T>, wire: Json, nested: Expand): string {
  const suffix = contextSuffix(nested.select, nested.expand);
  return `${call.origin}/${call.version}/$metadata#${set.context}('${String(wire["id"])}')/${nested.name}${suffix}`;
}

/** Members chosen by `$select`; annotations stay. */
export function selectMembers(wire: Json, select: readonly string[] | undefined): Json {
  if (select === undefined) return { ...wire };
  const wanted = new Set(select.map((path) => path.split("/")[0]?.toLowerCase()));
  return Object.fromEntries(
    Object.entries(wire).filter(
      ([member]) => member.startsWith("@odata.") || wanted.has(member.toLowerCase()),
    ),
  );
}

/** How a function over a collection answers: with its return type, and each value with its own. */
export function functionResult<T>(set: EntitySet<T>): EntitySet<T> {
  return { ...set, context: `Collection(${set.type})`, typed: true };
}

// What is asked for and was never given is told as empty.
function withUnset(call: Call, type: string, select: readonly string[], wire: Json): Json {
  const unset: Json = {};
  for (const path of select) {
    const member = spelled(call.version, type, path);
    if (member === undefined || member in wire) continue;
    const value = emptyValue(call.version, type, member);
    if (value !== undefined) unset[member] = value;
  }
  return { ...wire, ...unset };
}

/** A source over values that are few and already at hand. */
export function sourceOf<T>(values: Iterable<T>): Source<T> {
  return {
    *scan(hint) {
      let seq = 0;
      for (const value of values) {
        seq += 1;
        if (seq > (hint.after ?? 0)) yield { seq, value };
      }
    },
  };
}

// The rows that are asked for, from the place that the page before ended at.
function* wanted<T>(
  call: Call,
  set: EntitySet<T>,
  source: Source<T>,
  keep?: (value: T) => boolean,
  after = startOf(call),
): Generator<Scanned<T>> {
  const { filter } = call.query;
  const isAsked = predicateOf(call, set);
  for (const row of source.scan({ ...hintOf(set, filter), after })) {
    if (keep?.(row.value) === false) continue;
    if (isAsked(row.value)) yield row;
  }
}

// Whether a row meets `$filter` and `$search`; without either no row is put into its wire form.
function predicateOf<T>(call: Call, set: EntitySet<T>): (value: T) => boolean {
  const { filter, search } = call.query;
  const exactCase = caseRule(call, set);
  const tests: ((wire: Json) => boolean)[] = [];
  if (filter !== undefined) tests.push((wire) => matches(filter, wire, exactCase));
  if (search !== undefined) tests.push(parseSearch(search));
  if (tests.length === 0) return () => true;
  return (value) => {
    const wire = set.toWire(value, call);
    return tests.every((test) => test(wire));
  };
}

// PIM compares ids as written; members of an enumeration are no text.
function caseRule<T>(call: Call, set: EntitySet<T>): CaseRule {
  if (set.service !== "pim") return () => false;
  return (path) => !isEnumeration(call.version, set.type, path);
}

function page<T>(rows: Iterable<Scanned<T>>, size: number) {
  const found: Scanned<T>[] = [];
  for (const row of rows) {
    if (found.length === size) return { found, hasMore: size > 0 };
    found.push(row);
  }
  return { found, hasMore: false };
}

function expandedOf<T>(set: EntitySet<T>, expand: readonly Expand[]): Expand[] {
  // Microsoft's samples tell all relationships in the order of the alphabet.
  const all = Object.keys(set.expand ?? {})
    .sort()
    .map((name) => ({ name, expand: [] }));
  return expand.flatMap((item) => (item.name === "*" ? all : [item]));
}

function contextOf<T>(call: Call, set: EntitySet<T>, single: boolean): string {
  const suffix = contextSuffix(call.query.select, expandedOf(set, call.query.expand));
  return `${call.origin}/${call.version}/$metadata#${set.context}${suffix}${single ? "/$entity" : ""}`;
}

function hintOf<T>(set: EntitySet<T>, filter: Filter | undefined): ScanHint {
  const fixed = fixedValues(filter);
  for (const [member, key] of Object.entries(set.indexed ?? {})) {
    const value = fixed.get(member);
    if (value !== undefined) return { key, value };
  }
  return {};
}

function countAll<T>(
  call: Call,
  set: EntitySet<T>,
  source: Source<T>,
  keep?: (value: T) => boolean,
): number {
  return [...wanted(call, set, source, keep, 0)].length;
}

function nextLink(call: Call, seq: number): string {
  return `${call.origin}/${call.version}${call.path}?${continued(call.search, seq)}`;
}

function startOf(call: Call): number {
  const place = placeOf(call.query.skipToken);
  if (place === undefined) throw refuse.badSkipToken();
  return place;
}

// Sorted lists are few and small: directory objects by name. The place is then the rank.
function sorted<T>(call: Call, set: EntitySet<T>, source: Source<T>): Source<T> {
  const orders = call.query.orderby ?? [];
  const rows = [...source.scan({})].map(({ value }) => ({ value, wire: set.toWire(value, call) }));
  rows.sort((left, right) => {
    for (const { path, descending } of orders) {
      const order = String(left.wire[path] ?? "").localeCompare(String(right.wire[path] ?? ""));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
  return sourceOf(rows.map((row) => row.value));
}
