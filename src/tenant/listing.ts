import type { AssignmentKind } from "../model/constants";
import { type AssignmentKey, assignmentText, type RoleKey } from "../model/identity";
import type { AssignmentRow, PimSurface, RowPage, RowQuery } from "../surfaces/surface";
import { Coalescer } from "./coalescer";

/** Pages of the whole listing that are always worth reading before rows are asked for role by role. */
const FREE_PAGES = 4;
/** How many questions pay for one more page of the whole listing. */
const QUESTIONS_PER_PAGE = 4;
/** Pages of one role's rows that are read before only the asked principal's rows are. */
const PAGES_PER_ROLE = 3;

/**
 * The rows of one kind in one partition. Small partitions are read whole, once. In large ones the whole listing is
 * read only as far as the number of questions justifies, and questions beyond it are answered role by role: the
 * cost stays within a small factor of the better of the two, whichever that turns out to be.
 */
export class Listing {
  private readonly rows = new Map<string, AssignmentRow[]>();
  private readonly roles = new Map<string, Promise<void>>();
  private pages = 0;
  private isComplete = false;
  private next: string | undefined;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly queries: Coalescer<RowQuery, RowPage>,
    private readonly partition: string,
    /** Nothing in it is older than this moment. */
    readonly readAt: number,
    private readonly written = new Map<string, AssignmentRow | null>(),
    private questions = 0,
  ) {}

  /** The same listing, to be read once more; our own writes stay, and so does what many questions justify. */
  anew(readAt: number): Listing {
    return new Listing(this.queries, this.partition, readAt, this.written, this.questions);
  }

  /** Every row of one tuple, whatever made it; our own writes count at once. */
  async rowsOf(key: AssignmentKey): Promise<AssignmentRow[]> {
    this.questions += 1;
    await this.read(key);
    return this.known(key);
  }

  /** All rows of a role, for those who must see every holder. */
  async rowsOfRole(role: RoleKey): Promise<AssignmentRow[]> {
    await this.readFreePages();
    if (!this.isComplete) await this.readWholeRole(role);
    return this.knownOfRole(role);
  }

  /** The same as they are now, whatever was read before. */
  async rowsOfRoleNow(role: RoleKey): Promise<AssignmentRow[]> {
    const now = this.anew(this.readAt);
    await now.readWholeRole(role);
    return now.knownOfRole(role);
  }

  /** What a write of ours left behind; null after a removal. */
  record(key: AssignmentKey, row: AssignmentRow | null): void {
    this.written.set(assignmentText(key), row);
  }

  /** Reads one tuple anew, past everything that is known. */
  async reread(key: AssignmentKey): Promise<AssignmentRow[]> {
    const text = assignmentText(key);
    this.rows.delete(text);
    this.written.delete(text);
    await this.readPages(tupleQuery(key), Number.POSITIVE_INFINITY);
    return this.known(key);
  }

  private knownOfRole(role: RoleKey): AssignmentRow[] {
    const written = [...this.written.values()].filter((row): row is AssignmentRow => row !== null);
    const read = [...this.rows.entries()].flatMap(([text, rows]) =>
      this.written.has(text) ? [] : rows,
    );
    return [...read, ...written].filter((row) => definitionOf(row.role) === definitionOf(role));
  }

  private known(key: AssignmentKey): AssignmentRow[] {
    const text = assignmentText(key);
    const read = this.rows.get(text) ?? [];
    const written = this.written.get(text);
    if (written === undefined) return read;
    const others = read.filter(
      ({ memberType, assignmentType }) => memberType !== "direct" || assignmentType !== "assigned",
    );
    return written === null ? others : [written, ...others];
  }

  private async read(key: AssignmentKey): Promise<void> {
    await this.readFreePages();
    if (this.isComplete) return;
    const role = definitionOf(key.role);
    const asked = this.roles.get(role) ?? this.readRole(role);
    this.roles.set(role, asked);
    await asked.catch((error: unknown) => {
      this.roles.delete(role);
      throw error;
    });
    if (!this.rows.has(assignmentText(key)) && this.truncatedRoles.has(role)) {
      await this.readPages(tupleQuery(key), Number.POSITIVE_INFINITY);
    }
  }

  private async readFreePages(): Promise<void> {
    while (
      !this.isComplete &&
      this.pages < FREE_PAGES + Math.floor(this.questions / QUESTIONS_PER_PAGE)
    ) {
      await this.readOn();
    }
  }

  private readonly truncatedRoles = new Set<string>();

  private async readWholeRole(role: RoleKey): Promise<void> {
    await this.readPages({ roleDefinitionId: definitionOf(role) }, Number.POSITIVE_INFINITY);
  }

  private async readRole(roleDefinitionId: string): Promise<void> {
    const isWhole = await this.readPages({ roleDefinitionId }, PAGES_PER_ROLE);
    if (!isWhole) this.truncatedRoles.add(roleDefinitionId);
  }

  /** The next page of the whole listing; those who wait at the same time wait for the same page. */
  private readOn(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const page = await this.queries.ask({
      partition: this.partition,
      ...(this.next === undefined ? {} : { next: this.next }),
    });
    this.add(page.rows);
    this.pages += 1;
    this.next = page.next;
    this.isComplete = page.next === undefined;
  }

  private async readPages(filter: Partial<RowQuery>, limit: number): Promise<boolean> {
    let next: string | undefined;
    for (let read = 0; read < limit; read += 1) {
      const page: RowPage = await this.queries.ask({
        partition: this.partition,
        ...filter,
        ...(next === undefined ? {} : { next }),
      });
      this.add(page.rows);
      next = page.next;
      if (next === undefined) return true;
    }
    return false;
  }

  private add(rows: readonly AssignmentRow[]): void {
    for (const row of rows) {
      const text = assignmentText(row);
      const known = (this.rows.get(text) ?? []).filter(
        ({ scheduleId }) => scheduleId !== row.scheduleId,
      );
      this.rows.set(text, [...known, row]);
    }
  }
}

/** A listing's rows are asked through one queue for each surface and kind, so that partitions share batches. */
export function rowQueries(
  surface: PimSurface,
  kind: AssignmentKind,
): Coalescer<RowQuery, RowPage> {
  return new Coalescer((queries) => surface.queryAssignments(kind, queries));
}

function tupleQuery(key: AssignmentKey): Partial<RowQuery> {
  return { principalId: key.principalId, roleDefinitionId: definitionOf(key.role) };
}

/** What tells roles of one partition apart; in a group, its two sides. */
function definitionOf(role: RoleKey): string {
  return role.surface === "groups" ? role.access : role.roleDefinitionId;
}
