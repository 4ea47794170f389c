import type { GraphClient } from "../../http/graph";

/** Where groups are listed that PIM probably manages: those it says it does, and those that can hold roles. */
const LISTINGS = [
  "/identityGovernance/privilegedAccess/group/resources?$select=id",
  "/groups?$filter=isAssignableToRole%20eq%20true&$select=id&$top=999",
];

/** Groups of a very large tenant that are worth knowing; more would be no help. */
const ENOUGH = 2_000;

/**
 * Groups that may be asked about next. Only ever a guess: the first listing is documented for beta and needs a
 * permission of its own, the second knows role-assignable groups alone, and a tenant that answers neither is read
 * group by group.
 */
export class GroupNeighbours {
  private ids: readonly string[] = [];
  private isAsked = false;

  constructor(private readonly graph: GraphClient) {}

  get known(): readonly string[] {
    return this.ids;
  }

  /** Looks once, without anybody waiting for it. */
  look(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    void this.read().catch(() => undefined); // nothing depends on it
  }

  private async read(): Promise<void> {
    let paths = LISTINGS;
    const ids = new Set<string>();
    while (paths.length > 0 && ids.size < ENOUGH) {
      const pages = await this.graph.pages<{ id: string }>(paths, {
        version: "beta",
        purpose: "looking for groups in PIM",
      });
      const read = pages.flatMap((page) => (page instanceof Error ? [] : page));
      for (const { value } of read) for (const { id } of value) ids.add(id.toLowerCase());
      this.ids = [...ids];
      paths = read.flatMap(({ next }) => (next === undefined ? [] : [next]));
    }
  }
}
