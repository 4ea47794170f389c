import type { GraphClient } from "../../http/graph";
import type { GraphPage } from "../../http/graph-pages";
import { GroupNeighbours } from "./group-neighbours";
import { GroupShelf } from "./group-shelf";

/** What is read of a group, each by one request. */
export type GroupCollection = "facts" | "policies" | "eligible" | "active";

/** Where a group's collection begins. */
export type FirstPages = Readonly<Record<GroupCollection, (groupId: string) => string>>;

type Page = GraphPage<unknown>;

/** Requests in one batch of Graph. */
const BATCH = 20;
/**
 * How long questions are collected. The engine has a handful of reads under way and sends the next ones when those are
 * answered: long enough for all of a handful to arrive, so that they share a batch.
 */
const PAUSE_MS = 50;

/**
 * The first pages of groups' collections. PIM has no listing over all groups, and the engine asks for a few resources
 * at a time: so batches are filled up with what will probably be asked next, which is what was asked of other groups.
 * A guess only ever saves a request: what was not guessed, or failed, is read when it is asked for.
 */
export class GroupReads {
  private readonly shelves: Readonly<Record<GroupCollection, GroupShelf<Page>>> = {
    facts: new GroupShelf(),
    policies: new GroupShelf(),
    eligible: new GroupShelf(),
    active: new GroupShelf(),
  };
  private readonly met = new Set<string>();
  private readonly neighbours: GroupNeighbours;
  private waiting: Waiting[] = [];

  constructor(
    private readonly graph: GraphClient,
    private readonly firstPages: FirstPages,
  ) {
    this.neighbours = new GroupNeighbours(graph);
  }

  /** The first page of a group's collection, read ahead or now; each is given out once, so that a second look is new. */
  first(collection: GroupCollection, groupId: string): Promise<Page> {
    this.met.add(groupId);
    const shelf = this.shelves[collection];
    const known = shelf.take(groupId);
    if (known !== undefined) return known;
    const page = new Promise<Page>((resolve, reject) => {
      this.waiting.push({ collection, groupId, resolve, reject });
      if (this.waiting.length === 1) setTimeout(() => void this.flush(), PAUSE_MS);
    });
    shelf.start(groupId, page);
    return page;
  }

  /** After a write: what was read of the group before does not count any more. */
  forget(groupId: string, collections: readonly GroupCollection[]): void {
    for (const collection of collections) this.shelves[collection].forget(groupId);
  }

  private async flush(): Promise<void> {
    const asked = this.waiting;
    this.waiting = [];
    this.neighbours.look(this.met.size);
    const all = [...asked, ...this.guess(asked.length)];
    try {
      const paths = all.map(({ collection, groupId }) => this.firstPages[collection](groupId));
      const pages = await this.graph.pages<unknown>(paths, { purpose: "reading PIM of groups" });
      for (const [index, { resolve, reject }] of all.entries()) {
        const page = pages[index];
        if (page === undefined || page instanceof Error) reject(page);
        else resolve(page);
      }
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  /** What to read besides what was asked for; a batch that is begun is filled, a further one is sent only when it is full. */
  private guess(asked: number): Waiting[] {
    const guesses = this.candidates();
    const total = asked + guesses.length;
    const whole = total - (total % BATCH);
    const room = whole < asked || total < BATCH ? total : whole;
    return guesses.slice(0, room - asked).map(({ collection, groupId }) => {
      const guess: Waiting = { collection, groupId, resolve: ignore, reject: ignore };
      const page = new Promise<Page>((resolve, reject) =>
        Object.assign(guess, { resolve, reject }),
      );
      this.shelves[collection].keep(groupId, page);
      return guess;
    });
  }

  private candidates(): { collection: GroupCollection; groupId: string }[] {
    const wanted = Object.keys(this.shelves) as GroupCollection[];
    const left = new Map(wanted.map((name) => [name, this.shelves[name].allowance]));
    const found: { collection: GroupCollection; groupId: string }[] = [];
    const last = [...this.met].pop() ?? "";
    for (const groupId of new Set([...this.met, ...this.neighbours.near(last)])) {
      for (const collection of wanted) {
        const shelf = this.shelves[collection];
        const allowance = left.get(collection) ?? 0;
        if (!shelf.isWanted || allowance === 0 || !shelf.isOpen(groupId)) continue;
        left.set(collection, allowance - 1);
        found.push({ collection, groupId });
      }
    }
    return found;
  }
}

interface Waiting {
  collection: GroupCollection;
  groupId: string;
  resolve(page: Page): void;
  reject(error: unknown): void;
}

function ignore(): void {
  // replaced at once by the functions of the promise that keeps the guess
}
