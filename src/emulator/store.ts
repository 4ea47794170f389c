/** When writes become visible to reads; validation always sees them at once. */
export interface Visibility {
  now(): number;
  /** Milliseconds between a write and the first read that shows it. */
  delay(): number;
}

interface Version<T> {
  at: number;
  value: T | undefined;
}

interface Row<T> {
  readonly id: string;
  readonly madeAt: number;
  readonly seq: number;
  versions: Version<T>[];
  readonly lanes: Set<Lane<T>>;
  gone: boolean;
}

/** A row met while scanning, with its place in the stable order of the collection. */
export interface Scanned<T> {
  seq: number;
  value: T;
}

/** Where a scan begins and what it may be narrowed to. */
export interface ScanHint {
  key?: string;
  value?: string;
  after?: number;
}

/** Rows in order of their making, which never changes: what paging stands on. */
class Lane<T> {
  private rows: Row<T>[] = [];
  private dead = 0;

  add(row: Row<T>): void {
    const last = this.rows.at(-1);
    if (last === undefined || last.seq < row.seq) this.rows.push(row);
    else this.rows.splice(this.firstAfter(row.seq), 0, row);
  }

  drop(): void {
    this.dead += 1;
    if (this.dead < 64 || this.dead * 2 < this.rows.length) return;
    this.rows = this.rows.filter((row) => !row.gone);
    this.dead = 0;
  }

  *from(seq: number): Generator<Row<T>> {
    // A copy of the reference: compaction during a scan replaces the array, not this one.
    const rows = this.rows;
    for (let index = this.firstAfter(seq); index < rows.length; index += 1) {
      const row = rows[index];
      if (row !== undefined && !row.gone) yield row;
    }
  }

  private firstAfter(seq: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Values by id, indexed by keys, in stable order, with writes that may take a while to be seen. */
export class Collection<T extends { readonly id: string }> {
  private readonly rows = new Map<string, Row<T>>();
  private readonly order = new Lane<T>();
  private readonly lanes = new Map<string, Lane<T>>();
  private readonly leaving: Row<T>[] = [];
  private nextSeq = 1;

  constructor(
    private readonly visibility: Visibility,
    private readonly keys: Readonly<Record<string, (value: T) => string | undefined>> = {},
  ) {}

  /** The value as it is, seen or not yet: what the service itself checks against. */
  get(id: string): T | undefined {
    return current(this.rows.get(id.toLowerCase()));
  }

  /** The value as a reader sees it now. */
  read(id: string): T | undefined {
    const row = this.rows.get(id.toLowerCase());
    return row === undefined ? undefined : this.visible(row);
  }

  /** When the value was first entered; long ago for what was settled. */
  madeAt(id: string): number | undefined {
    return this.rows.get(id.toLowerCase())?.madeAt;
  }

  /** Adds or replaces. `settled` skips the delay: for seeds and generated tenants. */
  put(value: T, settled = false): T {
    const at = settled ? Number.NEGATIVE_INFINITY : this.visibility.now();
    const id = value.id.toLowerCase();
    let row = this.rows.get(id);
    if (row === undefined) {
      row = { id, madeAt: at, seq: this.nextSeq++, versions: [], lanes: new Set(), gone: false };
      this.rows.set(id, row);
      this.join(row, this.order);
    }
    this.write(row, { at, value });
    for (const [key, keyOf] of Object.entries(this.keys)) {
      const keyValue = keyOf(value);
      if (keyValue !== undefined) this.join(row, this.lane(key, keyValue));
    }
    return value;
  }

  /** Takes the value away; readers may see it until the delay is over. */
  remove(id: string): void {
    const row = this.rows.get(id.toLowerCase());
    if (row === undefined || current(row) === undefined) return;
    this.write(row, { at: this.visibility.now(), value: undefined });
    if (this.visibility.delay() === 0) this.bury(row);
    else this.leaving.push(row);
    this.sweep();
  }

  /** All values as they are, in order. */
  *all(): Generator<T> {
    yield* this.currents(this.order);
  }

  /** The values of one key as they are, in order. */
  *by(key: string, value: string): Generator<T> {
    const lane = this.lanes.get(laneName(key, value));
    if (lane === undefined) return;
    for (const found of this.currents(lane)) {
      if (this.keys[key]?.(found)?.toLowerCase() === value.toLowerCase()) yield found;
    }
  }

  /** The visible values in order, after a place, narrowed by a key where one is given. */
  *scan(hint: ScanHint = {}): Generator<Scanned<T>> {
    const lane =
      hint.key !== undefined && hint.value !== undefined
        ? this.lanes.get(laneName(hint.key, hint.value))
        : this.order;
    if (lane === undefined) return;
    for (const row of lane.from(hint.after ?? 0)) {
      const value = this.visible(row);
      if (value !== undefined) yield { seq: row.seq, value };
    }
  }

  /** Whether a key can narrow a scan. */
  hasKey(key: string): boolean {
    return key in this.keys;
  }

  private *currents(lane: Lane<T>): Generator<T> {
    for (const row of lane.from(0)) {
      const value = current(row);
      if (value !== undefined) yield value;
    }
  }

  private write(row: Row<T>, version: Version<T>): void {
    const settledBefore = this.visibility.now() - this.visibility.delay();
    if (version.at <= settledBefore) row.versions = [];
    const settled = row.versions.filter((older) => older.at <= settledBefore).length;
    if (settled > 1) row.versions = row.versions.slice(settled - 1);
    row.versions.push(version);
  }

  private visible(row: Row<T>): T | undefined {
    const last = row.versions.at(-1);
    const delay = this.visibility.delay();
    if (delay === 0) return last?.value;
    const settledBefore = this.visibility.now() - delay;
    return row.versions.filter((version) => version.at <= settledBefore).at(-1)?.value;
  }

  private lane(key: string, value: string): Lane<T> {
    const name = laneName(key, value);
    const found = this.lanes.get(name);
    if (found !== undefined) return found;
    const made = new Lane<T>();
    this.lanes.set(name, made);
    return made;
  }

  private join(row: Row<T>, lane: Lane<T>): void {
    if (row.lanes.has(lane)) return;
    row.lanes.add(lane);
    lane.add(row);
  }

  private bury(row: Row<T>): void {
    row.gone = true;
    for (const lane of row.lanes) lane.drop();
    this.rows.delete(row.id);
  }

  // Amortized: each removal is looked at once more, when its delay is over.
  private sweep(): void {
    const settledBefore = this.visibility.now() - this.visibility.delay();
    for (;;) {
      const row = this.leaving[0];
      const last = row?.versions.at(-1);
      if (row === undefined || last === undefined || last.at > settledBefore) return;
      this.leaving.shift();
      if (last.value === undefined && !row.gone) this.bury(row);
    }
  }
}

function current<T>(row: Row<T> | undefined): T | undefined {
  return row?.versions.at(-1)?.value;
}

function laneName(key: string, value: string): string {
  return `${key}\n${value.toLowerCase()}`;
}
