import type { GraphClient } from "../../http/graph";
import type { GraphPage } from "../../http/graph-pages";
import { type AssignmentPaths, GroupNeighbours } from "./group-neighbours";
import { GroupShelf } from "./group-shelf";

/** What is read of a group, each by one request. */
export type GroupCollection = "facts" | "policies" | "eligible" | "active";

/** Where a group's collection begins. */
export type FirstPages = Readonly<Record<GroupCollection, (groupId: string) => string>>;

type Page = GraphPage<unknown>;

const ROWS: readonly GroupCollection[] = ["eligible", "active"];

/** After so many groups without a listing that shows the next ones, people are looked at. */
const LOST_AFTER = 6;
/** How many groups' people are looked at. */
const PROBED_GROUPS = 3;

/** Requests in one batch of Graph. */
const BATCH = 20;
/**
 * The engine has a handful of reads under way and sends the next ones when those are answered: a batch is sent once no
 * further question has come for a moment, so that a handful shares it however slowly the machine sends it.
 */
const QUIET_MS = 20;
/** How long the first of them waits at most. */
const LONGEST_MS = 100;

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
  private hasProbed = false;

  constructor(
    private readonly graph: GraphClient,
    private readonly firstPages: FirstPages,
    pathsOf: AssignmentPaths,
  ) {
    this.neighbours = new GroupNeighbours(graph, pathsOf);
  }

  /** The first page of a group's collection, read ahead or now; each is given out once, so that a second look is new. */
  first(collection: GroupCollection, groupId: string): Promise<Page> {
    this.met.delete(groupId); // the last one met stands last
    this.met.add(groupId);
    const shelf = this.shelves[collection];
    const known = shelf.take(groupId);
    if (known !== undefined) return known;
    const page = new Promise<Page>((resolve, reject) => {
      this.waiting.push({ collection, groupId, resolve, reject });
      if (this.waiting.length === 1) this.collect(1, Date.now() + LONGEST_MS);
    });
    shelf.start(groupId, page);
    return page;
  }

  /** After a write: what was read of the group before does not count any more. */
  forget(groupId: string, collections: readonly GroupCollection[]): void {
    for (const collection of collections) this.shelves[collection].forget(groupId);
  }

  /** Questions that have arrived, but were not read yet, are read before the timer counts as silence. */
  private collect(heard: number, until: number): void {
    const listen = () => {
      const { length } = this.waiting;
      if (length > heard && Date.now() < until) this.collect(length, until);
      else void this.flush();
    };
    setTimeout(() => setImmediate(listen), QUIET_MS);
  }

  private async flush(): Promise<void> {
    const asked = this.waiting;
    this.waiting = [];
    this.neighbours.look(this.met.size, this.lastMet());
    const all = [...asked, ...this.guess(asked.length)];
    try {
      const paths = all.map(({ collection, groupId }) => this.firstPages[collection](groupId));
      const pages = await this.graph.pages<unknown>(paths, { purpose: "reading PIM of groups" });
      for (const [index, question] of all.entries()) {
        const page = pages[index];
        if (page === undefined || page instanceof Error) question.reject(page);
        else this.answer(question, page);
      }
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  private answer({ collection, groupId, resolve }: Waiting, page: Page): void {
    if (ROWS.includes(collection)) this.neighbours.meet(groupId, principalsIn(page));
    resolve(page);
  }

  private lastMet(): string {
    return [...this.met].pop() ?? "";
  }

  /** What to read besides what was asked for; a batch that is begun is filled, a further one is sent only when it is full. */
  private guess(asked: number): Waiting[] {
    const guesses = [...this.probes(), ...this.candidates()];
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

  /**
   * Settings name nobody. Where no listing shows which groups come next, a few groups' assignments are read for the
   * people in them, whose further groups are then asked for.
   */
  private probes(): Question[] {
    const areRowsWanted = ROWS.some((collection) => this.shelves[collection].isWanted);
    const isLost = this.met.size >= LOST_AFTER && !this.neighbours.knows(this.lastMet());
    if (areRowsWanted || this.hasProbed || !isLost) return [];
    this.hasProbed = true;
    return [...this.met]
      .slice(0, PROBED_GROUPS)
      .flatMap((groupId) => ROWS.map((collection) => ({ collection, groupId })));
  }

  private candidates(): Question[] {
    const wanted = Object.keys(this.shelves) as GroupCollection[];
    const left = new Map(wanted.map((name) => [name, this.shelves[name].allowance]));
    const found: Question[] = [];
    for (const groupId of new Set([...this.met, ...this.neighbours.near(this.lastMet())])) {
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

interface Question {
  collection: GroupCollection;
  groupId: string;
}

interface Waiting extends Question {
  resolve(page: Page): void;
  reject(error: unknown): void;
}

function principalsIn({ value }: Page): string[] {
  return (value as { principalId: string }[]).map(({ principalId }) => principalId.toLowerCase());
}

function ignore(): void {
  // replaced at once by the functions of the promise that keeps the guess
}
