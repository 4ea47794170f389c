import { ACCESS_ROLES } from "./arm/azure-roles";
import { groupFrom } from "./directory/groups";
import { guidOf } from "./ids";
import { assignedRow, type GrantKind, type Window } from "./pim/grant";
import { type PlantedPlace, placeOf } from "./plant-place";
import type { Tenant } from "./tenant";

/** How many groups and Azure scopes to make, and how many rows on them. */
export interface GeneratePlaces {
  /** New role-assignable groups, managed by PIM. @default 0 */
  groups?: number;
  /** Eligible rows to spread over all groups' members and owners. @default 0 */
  groupEligible?: number;
  /** Active rows of groups. @default 0 */
  groupActive?: number;
  /** New Azure scopes: each tenth a subscription, the rest resource groups in it. @default 0 */
  scopes?: number;
  /** Eligible rows to spread over all Azure scopes and four roles. @default 0 */
  azureEligible?: number;
  /** Active rows of Azure roles. @default 0 */
  azureActive?: number;
}

/** How many rows of each kind were made, of those asked for. */
export type GeneratedPlaces = Partial<
  Record<"groupEligible" | "groupActive" | "azureEligible" | "azureActive", number>
>;

/** Fills groups and Azure scopes as if long ago. */
export function generatePlaces(
  tenant: Tenant,
  options: GeneratePlaces,
  window: () => Window,
): GeneratedPlaces {
  makeGroups(tenant, options.groups ?? 0);
  makeScopes(tenant, options.scopes ?? 0);
  const made: GeneratedPlaces = {};
  for (const [name, kind, places] of [
    ["groupEligible", "eligible", groupPlaces],
    ["groupActive", "active", groupPlaces],
    ["azureEligible", "eligible", scopePlaces],
    ["azureActive", "active", scopePlaces],
  ] as const) {
    const count = options[name];
    if (count !== undefined) made[name] = spread(tenant, kind, count, places(tenant), window);
  }
  return made;
}

type PlaceWithoutWho = Omit<PlantedPlace, "principalId">;

function makeGroups(tenant: Tenant, count: number): void {
  const at = new Date(tenant.clock.now()).toISOString();
  for (let index = 1; index <= count; index += 1) {
    const given = { displayName: `Privileged group ${index}`, isAssignableToRole: true };
    tenant.directory.groups.put(groupFrom(given, tenant.newId(), at), true);
  }
}

function makeScopes(tenant: Tenant, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const ten = Math.floor(index / 10);
    const subscription = `/subscriptions/${guidOf(`generated subscription ${ten} ${tenant.id}`)}`;
    if (index % 10 === 0)
      tenant.arm.tree.grow(subscription, { displayName: `Subscription ${ten + 1}` }, true);
    else tenant.arm.tree.grow(`${subscription}/resourceGroups/group-${index % 10}`, {}, true);
  }
}

function groupPlaces(tenant: Tenant): PlaceWithoutWho[] {
  const groups = [...tenant.directory.groups.all()];
  return (["member", "owner"] as const).flatMap((accessId) =>
    groups.map((group) => ({ groupId: group.id, accessId })),
  );
}

function scopePlaces(tenant: Tenant): PlaceWithoutWho[] {
  const scopes = [...tenant.arm.tree.scopes.all()].filter(
    ({ kind }) => kind === "subscription" || kind === "resourcegroup",
  );
  const { owner, contributor, reader, userAccessAdministrator } = ACCESS_ROLES;
  return [contributor, reader, userAccessAdministrator, owner].flatMap((roleDefinitionId) =>
    scopes.map((scope) => ({ scope: scope.id, roleDefinitionId })),
  );
}

// Pair number i is place i mod places, person shifted by one each round: every pair once, evenly spread.
function spread(
  tenant: Tenant,
  kind: GrantKind,
  count: number,
  places: readonly PlaceWithoutWho[],
  window: () => Window,
): number {
  const users = [...tenant.directory.users.all()].map((user) => user.id);
  let made = 0;
  for (let pair = 0; made < count && pair < users.length * places.length; pair += 1) {
    const round = Math.floor(pair / places.length);
    const place = places[pair % places.length];
    const principalId = users[(pair + round) % users.length];
    if (place === undefined || principalId === undefined) break;
    made += add(tenant, kind, { ...place, principalId }, window());
  }
  return made;
}

function add(tenant: Tenant, kind: GrantKind, planted: PlantedPlace, window: Window): 0 | 1 {
  const { book, tuple, scheduleId } = placeOf(tenant, planted);
  if (book.of(kind, tuple).length > 0) return 0;
  const requestId = tenant.newId();
  const made = { kind, window, createdUsing: requestId, createdAt: window.startAt };
  book.add(assignedRow(tuple, scheduleId(requestId), made), true);
  return 1;
}
