import { createArmClient } from "../http/arm";
import type { Connection } from "../http/connection";
import { createGraphClient, type GraphClient } from "../http/graph";
import { readTokenClaims, type TokenClaims } from "../http/token-claims";
import type { TokenSource } from "../http/token-source";
import type { Surface } from "../model/constants";
import { azureRoles } from "../surfaces/azure-roles/azure-roles";
import { azureRolePeople } from "../surfaces/azure-roles/person";
import { directoryRoles } from "../surfaces/directory-roles/directory-roles";
import { directoryRolePeople } from "../surfaces/directory-roles/people";
import { groups } from "../surfaces/groups/groups";
import { groupPeople } from "../surfaces/groups/person";
import type { PeopleSurface } from "../surfaces/people";
import type { PimSurface } from "../surfaces/surface";
import { type Caller, callerIn } from "./caller";
import type { Clock } from "./clock";
import { Confirm } from "./confirm";
import { Guard } from "./guard";
import type { Journal } from "./journal";
import { Ledger } from "./ledger";
import { Principals } from "./principals";
import type { Run } from "./run";
import { Snapshot } from "./snapshot";
import { Looks, Unseen } from "./unseen";
import type { Voice } from "./voice";

/** Everything that a handler needs of one tenant; shared by all kinds of this process. */
export interface Tenant {
  readonly tenantId: string;
  readonly clock: Clock;
  readonly voice: Voice;
  readonly graph: GraphClient;
  readonly principals: Principals;
  readonly ledger: Ledger;
  readonly guard: Guard;
  readonly journal: Journal;
  /** Assignments, by identity, whose removal may lock the tenant and is wanted all the same. */
  readonly allowLockout: readonly string[];
  snapshot(surface: Surface): Snapshot;
  confirm(surface: Surface): Confirm;
  /** What was written a moment ago and may not be shown yet. */
  unseen(surface: Surface): Unseen;
  /** Whose token it is; an identity may be able to get one of Azure only. */
  caller(surface?: Surface): Promise<Caller>;
  /** The surface as the person whose token it is sees it. */
  people(surface: Surface): PeopleSurface;
  /** What the token for a surface says. */
  claims(surface: Surface): Promise<TokenClaims>;
  readonly endpoints: Readonly<Record<"graph" | "arm", string>>;
}

/** What a tenant is made of. */
export interface TenantParts {
  connection: Connection;
  clock: Clock;
  voice: Voice;
  run: Run;
  journal: Journal;
  allowLockout: readonly string[];
}

/** Puts a connected tenant together. */
export function createTenant({
  connection,
  clock,
  voice,
  run,
  journal,
  allowLockout,
}: TenantParts): Tenant {
  const tenantId = connection.tenantId.toLowerCase();
  const graph = createGraphClient(connection);
  const principals = new Principals(graph, clock);
  const surfaces: Record<Surface, () => PimSurface> = {
    directoryRoles: () => directoryRoles(graph),
    groups: () => groups(graph, (group) => principals.learn(group)),
    // Made when first asked for: whoever manages nothing in Azure needs no token of it.
    azureRoles: () => azureRoles(createArmClient(connection), clock.sleep),
  };
  const snapshots = new Map<Surface, Snapshot>();
  const confirms = new Map<Surface, Confirm>();
  const unseen = new Map<Surface, Unseen>();
  const looks = new Looks(clock);
  const people = new Map<Surface, PeopleSurface>();
  const peopleOf: Record<Surface, () => PeopleSurface> = {
    directoryRoles: () => directoryRolePeople(graph),
    groups: () => groupPeople(graph),
    azureRoles: () => azureRolePeople(createArmClient(connection)),
  };
  const claims = async (surface: Surface | undefined) => {
    const { token } = await connection.tokens.token(surface === "azureRoles" ? "arm" : "graph");
    return readTokenClaims(token);
  };
  const snapshot = (surface: Surface) =>
    remember(snapshots, surface, () => new Snapshot(surfaces[surface](), clock));
  return {
    tenantId,
    clock,
    voice,
    graph,
    allowLockout,
    principals,
    ledger: new Ledger(run),
    journal,
    guard: new Guard(run),
    snapshot,
    confirm: (surface) =>
      remember(confirms, surface, () => new Confirm(snapshot(surface).surface, clock)),
    unseen: (surface) =>
      remember(unseen, surface, () => new Unseen(snapshot(surface), clock, looks)),
    caller: async (surface) => callerIn(await claims(surface)),
    people: (surface) => remember(people, surface, peopleOf[surface]),
    claims,
    endpoints: connection.endpoints,
  };
}

/** The token belongs to another tenant than the one that is configured: nothing may be read or written with it. */
class ForeignTokenError extends Error {
  override name = "ForeignTokenError" as const;

  constructor(tenantId: string, tid: string) {
    super(
      `the credentials are of tenant ${tid}, the configuration says tenant ${tenantId}; sign in to ${tenantId} or change entra-pim:tenantId`,
    );
    this.stack = "";
  }
}

/** Tokens that are refused unless they belong to the tenant. */
export function guardTokens(tokens: TokenSource, tenantId: string): TokenSource {
  return {
    ...tokens,
    token: async (audience, options) => {
      const token = await tokens.token(audience, options);
      const { tid } = readTokenClaims(token.token);
      if (tid !== undefined && tid.toLowerCase() !== tenantId.toLowerCase())
        throw new ForeignTokenError(tenantId, tid);
      return token;
    },
  };
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
