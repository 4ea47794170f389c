import type { GraphClient } from "../../http/graph";
import type { CallOptions } from "../../http/graph-call";

/** Where groups are listed that PIM probably manages: those it says it does, and those that can hold roles. */
const LISTINGS = [
  "/identityGovernance/privilegedAccess/group/resources?$select=id",
  "/groups?$filter=isAssignableToRole%20eq%20true&$select=id&$top=999",
];

/** From this many groups on, it pays to know which others there are. */
const MANY_GROUPS = 4;
/** How many more groups pay for a further page. */
const GROUPS_PER_PAGE = 8;
/** Somebody met in one group only says nothing about others. */
const SHARED_BY = 2;
/** So many people without a further group, and nobody else is asked for. */
const MOST_IN_VAIN = 2;

/** The paths of somebody's assignments in groups, whichever group. */
export type AssignmentPaths = (principalId: string) => readonly string[];

/**
 * Groups that may be asked about next. Only ever a guess: the first listing is documented for beta and needs a
 * permission of its own, the second knows role-assignable groups alone. Where neither knows the groups that are asked
 * about, those who are in several of them are asked for: their further groups are probably of the same program. That
 * takes no permission beyond the one by which the groups' assignments are read. A tenant where nobody is shared is
 * read group by group.
 */
export class GroupNeighbours {
  private readonly ids: string[] = [];
  private readonly positions = new Map<string, number>();
  private readonly groupsOf = new Map<string, Set<string>>();
  private readonly asked = new Set<string>();
  private inVain = 0;
  private paths: readonly string[] = LISTINGS;
  private pages = 0;
  private isReading = false;

  constructor(
    private readonly graph: GraphClient,
    private readonly pathsOf: AssignmentPaths,
  ) {}

  /** Notes who holds something in a group. */
  meet(groupId: string, principalIds: readonly string[]): void {
    for (const id of principalIds) {
      const groups = this.groupsOf.get(id) ?? new Set();
      this.groupsOf.set(id, groups.add(groupId));
    }
  }

  /** Whether a listing shows what stands beside this group. */
  knows(groupId: string): boolean {
    return this.positions.has(groupId);
  }

  /** Reads on when that many groups were asked about, `groupId` last, without anybody waiting for it. */
  look(groups: number, groupId: string): void {
    const isWorthIt = groups >= MANY_GROUPS + this.pages * GROUPS_PER_PAGE;
    if (!isWorthIt || this.isReading) return;
    const reading = this.readOn(groupId);
    if (reading === undefined) return;
    this.isReading = true;
    const end = () => {
      this.isReading = false;
    };
    reading.then(end, end); // nothing depends on it
  }

  /** The groups listed around one, nearest first: programs often follow the order of a listing. */
  *near(groupId: string): Generator<string> {
    const at = this.positions.get(groupId);
    if (at === undefined) return;
    for (let step = 1; step < this.ids.length; step += 1) {
      const after = this.ids[at + step];
      const before = this.ids[at - step];
      if (after !== undefined) yield after;
      if (before !== undefined) yield before;
    }
  }

  private readOn(groupId: string): Promise<void> | undefined {
    const isListed = this.knows(groupId);
    if (this.paths.length > 0 && (isListed || this.pages === 0)) return this.readListings();
    const shared = isListed ? undefined : this.mostShared();
    if (shared !== undefined) return this.readAssignments(shared);
    return this.paths.length > 0 ? this.readListings() : undefined;
  }

  private async readListings(): Promise<void> {
    const { paths } = this;
    this.paths = [];
    const pages = await this.read<{ id: string }>(paths, { version: "beta" });
    for (const { value } of pages) for (const { id } of value) this.add(id.toLowerCase());
    this.paths = pages.flatMap(({ next }) => (next === undefined ? [] : [next]));
  }

  private async readAssignments(principalId: string): Promise<void> {
    this.asked.add(principalId);
    const before = this.ids.length;
    const pages = await this.read<{ groupId: string }>(this.pathsOf(principalId), {});
    for (const { value } of pages) for (const { groupId } of value) this.add(groupId.toLowerCase());
    if (this.ids.length === before) this.inVain += 1;
  }

  private async read<Row>(paths: readonly string[], options: CallOptions) {
    this.pages += 1;
    const purpose = "looking for groups in PIM";
    const pages = await this.graph.pages<Row>(paths, { ...options, purpose });
    return pages.flatMap((page) => (page instanceof Error ? [] : page));
  }

  /** Whoever is in most of the groups, and was not asked for yet. */
  private mostShared(): string | undefined {
    if (this.inVain >= MOST_IN_VAIN) return undefined;
    const known = [...this.groupsOf].filter(
      ([id, groups]) => groups.size >= SHARED_BY && !this.asked.has(id),
    );
    return known.sort(([, a], [, b]) => b.size - a.size)[0]?.[0];
  }

  private add(groupId: string): void {
    if (this.positions.has(groupId)) return;
    this.positions.set(groupId, this.ids.length);
    this.ids.push(groupId);
  }
}
