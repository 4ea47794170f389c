import { isNotFound } from "../http/errors";
import type { GraphClient } from "../http/graph";
import type { PrincipalKind } from "../model/constants";
import { objectIdIn, type PrincipalReference, referenceKey } from "../model/principal";
import type { WirePrincipal } from "../surfaces/graph-wire/schedule-codec";
import type { PrincipalFound } from "../surfaces/surface";
import type { Clock } from "./clock";
import { Coalescer } from "./coalescer";
import { searchNames } from "./name-search";
import { principalPath, typedPrincipal } from "./principal-collections";
import { each, SharedWait } from "./shared-wait";

/** How long an object that was made in the same run may stay invisible. */
const APPEARS_WITHIN_MS = 45_000;
const PAUSES = { firstMs: 2_000, longestMs: 8_000 };

/** What the directory says of the objects that hold or approve access; every answer is remembered. */
export class Principals {
  private readonly byName = new Map<string, Promise<PrincipalFound[]>>();
  private readonly byId = new Map<string, Promise<PrincipalFound | undefined>>();
  private hasSearched = false;
  private readonly reads: Coalescer<PrincipalReference, PrincipalFound | undefined>;

  private readonly newcomers: SharedWait<PrincipalReference, PrincipalFound>;
  /** Until when each object that could not be seen was, or is, waited for. */
  private readonly waitedFor = new Map<string, number>();

  constructor(
    private readonly graph: GraphClient,
    private readonly clock: Clock,
  ) {
    this.reads = new Coalescer((references) => this.readAll(references));
    this.newcomers = new SharedWait(
      (asked) => each(asked, ({ kind, text }) => this.read(kind, text)),
      clock,
      PAUSES,
    );
  }

  /**
   * The objects that a name may mean. Whoever asks for a second name probably goes on asking: the names beside it are
   * then looked up by the same call.
   */
  find(
    reference: PrincipalReference,
    beside: readonly PrincipalReference[] = [],
  ): Promise<PrincipalFound[]> {
    const known = this.byName.get(referenceKey(reference));
    if (known !== undefined) return known;
    const others = this.hasSearched ? beside.filter((other) => this.isNew(other)) : [];
    this.hasSearched = true;
    const asked = new Map([reference, ...others].map((one) => [referenceKey(one), one]));
    const searching = searchNames(this.graph, [...asked.values()]);
    const found = [...asked.keys()].map((key, index) =>
      this.keep(
        key,
        searching.then((all) => hitsOf(all[index])),
      ),
    );
    return found[0] ?? Promise.resolve([]);
  }

  /** An object by its id, or undefined while the directory does not show it. */
  read(kind: PrincipalKind, id: string): Promise<PrincipalFound | undefined> {
    const known = this.byId.get(id) ?? this.reads.ask({ kind, text: id });
    this.byId.set(id, known);
    known.then(
      // A principal made in the same run is invisible for a while: "not there" is never remembered.
      (found) => found ?? this.byId.delete(id),
      () => this.byId.delete(id),
    );
    return known;
  }

  /** The same, given time to appear: once, however often it is asked for. */
  async appear(kind: PrincipalKind, id: string): Promise<PrincipalFound | undefined> {
    const found = await this.read(kind, id);
    if (found !== undefined) return found;
    const until = this.waitedFor.get(id) ?? this.clock.now() + APPEARS_WITHIN_MS;
    this.waitedFor.set(id, until);
    return this.clock.now() < until ? this.newcomers.wait({ kind, text: id }, until) : undefined;
  }

  /** Remembers what another look-up said of an object. */
  learn(found: PrincipalFound): void {
    if (!this.byId.has(found.id)) this.byId.set(found.id, Promise.resolve(found));
  }

  /** The object id behind an application (client) id, for the message to whoever confused the two. */
  async servicePrincipalOf(applicationId: string): Promise<string | undefined> {
    try {
      const path = `/servicePrincipals(appId='${applicationId}')?$select=id`;
      return (await this.graph.get<{ id: string }>(path)).id;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private isNew(reference: PrincipalReference): boolean {
    return !this.byName.has(referenceKey(reference)) && objectIdIn(reference.text) === undefined;
  }

  private keep(key: string, found: Promise<PrincipalFound[]>): Promise<PrincipalFound[]> {
    this.byName.set(key, found);
    found.then(
      (all) => {
        for (const one of all) this.learn(one);
        // Who was looked up ahead of time may be made before somebody asks.
        if (all.length === 0) this.byName.delete(key);
      },
      () => this.byName.delete(key),
    );
    return found;
  }

  private async readAll(
    references: readonly PrincipalReference[],
  ): Promise<(PrincipalFound | undefined | Error)[]> {
    const answers = await this.graph.batch(
      references.map(({ kind, text }) => ({ method: "GET", path: principalPath(kind, text) })),
      { purpose: "reading principals" },
    );
    return answers.map(({ body, error }, index) => {
      if (error !== undefined) return isNotFound(error) ? undefined : error;
      return typedPrincipal(references[index]?.kind ?? "user", body as WirePrincipal);
    });
  }
}

function hitsOf(found: PrincipalFound[] | Error | undefined): PrincipalFound[] {
  if (found instanceof Error) throw found;
  return found ?? [];
}
