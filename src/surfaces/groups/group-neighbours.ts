import type { GraphClient } from "../../http/graph";

/** Where groups are listed that PIM probably manages: those it says it does, and those that can hold roles. */
const LISTINGS = [
  "/identityGovernance/privilegedAccess/group/resources?$select=id",
  "/groups?$filter=isAssignableToRole%20eq%20true&$select=id&$top=999",
];

/** From this many groups on, it pays to know which others there are. */
const MANY_GROUPS = 4;
/** How many more groups pay for a further page. */
const GROUPS_PER_PAGE = 8;

/**
 * Groups that may be asked about next. Only ever a guess: the first listing is documented for beta and needs a
 * permission of its own, the second knows role-assignable groups alone, and a tenant that answers neither is read
 * group by group.
 */
export class GroupNeighbours {
  private readonly ids: string[] = [];
  private readonly positions = new Map<string, number>();
  private paths: readonly string[] = LISTINGS;
  private pages = 0;
  private isReading = false;

  constructor(private readonly graph: GraphClient) {}

  /** Reads on when that many groups were asked about, without anybody waiting for it. */
  look(groups: number): void {
    const isWorthIt = groups >= MANY_GROUPS + this.pages * GROUPS_PER_PAGE;
    if (!isWorthIt || this.isReading || this.paths.length === 0) return;
    this.isReading = true;
    const end = () => {
      this.isReading = false;
    };
    this.read().then(end, end); // nothing depends on it
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

  private async read(): Promise<void> {
    const { paths } = this;
    this.paths = [];
    this.pages += 1;
    const pages = await this.graph.pages<{ id: string }>(paths, {
      version: "beta",
      purpose: "looking for groups in PIM",
    });
    const read = pages.flatMap((page) => (page instanceof Error ? [] : page));
    for (const { value } of read) for (const { id } of value) this.add(id.toLowerCase());
    this.paths = read.flatMap(({ next }) => (next === undefined ? [] : [next]));
  }

  private add(groupId: string): void {
    if (this.positions.has(groupId)) return;
    this.positions.set(groupId, this.ids.length);
    this.ids.push(groupId);
  }
}
