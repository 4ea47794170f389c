import { isNotFound } from "../http/errors";
import type { GraphClient } from "../http/graph";
import type { PrincipalKind } from "../model/constants";
import { objectIdIn, type PrincipalReference, referenceKey } from "../model/principal";
import { readPrincipal, type WirePrincipal } from "../surfaces/graph-wire/schedule-codec";
import type { PrincipalFound } from "../surfaces/surface";
import type { Clock } from "./clock";
import { Coalescer } from "./coalescer";
import { each, SharedWait } from "./shared-wait";

const COLLECTIONS: Record<PrincipalKind, { path: string; select: string; names: string[] }> = {
  user: {
    path: "/users",
    select: "id,displayName,userPrincipalName,accountEnabled,userType,onPremisesSyncEnabled",
    names: ["userPrincipalName", "displayName"],
  },
  group: {
    path: "/groups",
    select: "id,displayName,isAssignableToRole,groupTypes",
    names: ["displayName"],
  },
  servicePrincipal: {
    path: "/servicePrincipals",
    select: "id,displayName,accountEnabled",
    names: ["displayName"],
  },
};

/** How long an object that was made in the same run may stay invisible. */
const APPEARS_WITHIN_MS = 45_000;
const PAUSES = { firstMs: 2_000, longestMs: 8_000 };

/** What the directory says of the objects that hold or approve access; every answer is remembered. */
export class Principals {
  private readonly byName = new Map<string, Promise<PrincipalFound[]>>();
  private readonly byId = new Map<string, Promise<PrincipalFound | undefined>>();
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

  /** The objects that a name may mean. */
  find(reference: PrincipalReference): Promise<PrincipalFound[]> {
    const key = referenceKey(reference);
    const found = this.byName.get(key) ?? this.search(reference);
    this.byName.set(key, found);
    found.catch(() => this.byName.delete(key));
    return found;
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

  private async search(reference: PrincipalReference): Promise<PrincipalFound[]> {
    const { path, select, names } = COLLECTIONS[reference.kind];
    const id = objectIdIn(reference.text);
    if (id !== undefined) return [(await this.read(reference.kind, id)) ?? []].flat();
    for (const name of names) {
      const filter = encodeURIComponent(`${name} eq '${reference.text.replace(/'/g, "''")}'`);
      const found = await this.graph.list<WirePrincipal>(
        `${path}?$filter=${filter}&$select=${select}`,
        {
          purpose: `looking up ${reference.kind} ${JSON.stringify(reference.text)}`,
        },
      );
      if (found.length > 0) return found.map((wire) => typed(reference.kind, wire));
    }
    return [];
  }

  private async readAll(
    references: readonly PrincipalReference[],
  ): Promise<(PrincipalFound | undefined | Error)[]> {
    const answers = await this.graph.batch(
      references.map(({ kind, text }) => ({
        method: "GET",
        path: `${COLLECTIONS[kind].path}/${text}?$select=${COLLECTIONS[kind].select}`,
      })),
      { purpose: "reading principals" },
    );
    return answers.map(({ body, error }, index) => {
      if (error !== undefined) return isNotFound(error) ? undefined : error;
      return typed(references[index]?.kind ?? "user", body as WirePrincipal);
    });
  }
}

/** A collection of one type leaves the type annotation out. */
function typed(kind: PrincipalKind, wire: WirePrincipal): PrincipalFound {
  const found = readPrincipal({ "@odata.type": `#microsoft.graph.${kind}`, ...wire });
  if (found === undefined) throw new TypeError(`a ${kind} without an id`);
  return found;
}
