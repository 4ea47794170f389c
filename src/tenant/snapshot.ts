import type { AssignmentKind } from "../model/constants";
import type { AssignmentKey, RoleKey } from "../model/identity";
import { sameScope } from "../model/role-target";
import type { AssignmentRow, PimSurface, RequestRow, RowPage, RowQuery } from "../surfaces/surface";
import type { Clock } from "./clock";
import { Coalescer } from "./coalescer";
import { Listing, rowQueries } from "./listing";
import { Policies } from "./policies";

/** What this process knows of one surface: read as a whole where that is cheaper, kept current by our own writes. */
export class Snapshot {
  readonly policies: Policies;
  private readonly queries: Record<AssignmentKind, Coalescer<RowQuery, RowPage>>;
  private readonly listings = new Map<string, Listing>();
  private readonly requestsOf: Coalescer<AssignmentKey, RequestRow[]>;

  constructor(
    readonly surface: PimSurface,
    private readonly clock: Pick<Clock, "now">,
  ) {
    this.policies = new Policies(surface);
    this.requestsOf = new Coalescer((keys) => surface.listRequests(keys));
    this.queries = {
      eligible: rowQueries(surface, "eligible"),
      active: rowQueries(surface, "active"),
    };
  }

  /** The row that is configuration: direct, assigned, at exactly this scope. */
  async assignment(key: AssignmentKey): Promise<AssignmentRow | undefined> {
    return (await this.listing(key).rowsOf(key)).find((row) => isConfiguration(row, key));
  }

  /** The same, read anew from the service. */
  async reread(key: AssignmentKey): Promise<AssignmentRow | undefined> {
    return (await this.listing(key).reread(key)).find((row) => isConfiguration(row, key));
  }

  /** Every row of one tuple, activations and derived ones included. */
  rows(key: AssignmentKey): Promise<AssignmentRow[]> {
    return this.listing(key).rowsOf(key);
  }

  /** Every row of a role. */
  holders(kind: AssignmentKind, role: RoleKey): Promise<AssignmentRow[]> {
    return this.listing({ kind, role }).rowsOfRole(role);
  }

  /** The same as they are now: what may lock a tenant is not decided by what was read minutes ago. */
  holdersNow(kind: AssignmentKind, role: RoleKey): Promise<AssignmentRow[]> {
    return this.listing({ kind, role }).rowsOfRoleNow(role);
  }

  /** The requests for an assignment, newest first; never remembered. */
  requests(key: AssignmentKey): Promise<RequestRow[]> {
    return this.requestsOf.ask(key);
  }

  /** Since when what is known of an assignment was read. */
  readAt(key: AssignmentKey): number {
    return this.listing(key).readAt;
  }

  /** Lets the listings that assignments stand in be read anew, each once. */
  renew(keys: readonly AssignmentKey[]): void {
    for (const [id, listing] of new Map(keys.map((key) => [this.idOf(key), this.listing(key)])))
      this.listings.set(id, listing.anew(this.clock.now()));
  }

  record(key: AssignmentKey, row: AssignmentRow | null): void {
    this.listing(key).record(key, row);
  }

  private listing({ kind, role }: Pick<AssignmentKey, "kind" | "role">): Listing {
    const id = this.idOf({ kind, role });
    const listing =
      this.listings.get(id) ??
      new Listing(this.queries[kind], this.surface.partitionOf(role), this.clock.now());
    this.listings.set(id, listing);
    return listing;
  }

  private idOf({ kind, role }: Pick<AssignmentKey, "kind" | "role">): string {
    return `${kind} ${this.surface.partitionOf(role)}`;
  }
}

/**
 * Whether a row is an administrator's assignment of exactly this tuple. Activations, and rows that come from a group
 * or a parent scope, share the tuple but are nobody's configuration: a removal names only the tuple, so acting on
 * one of them would remove the standing assignment beside it.
 */
export function isConfiguration(row: AssignmentRow, key: AssignmentKey): boolean {
  return (
    row.memberType === "direct" &&
    row.assignmentType === "assigned" &&
    (row.role.surface === "groups" ||
      key.role.surface === "groups" ||
      sameScope(row.role.scope, key.role.scope))
  );
}
