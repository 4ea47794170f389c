import { type GeneratePlaces, generatePlaces } from "./generate-places";
import { createRandom } from "./ids";
import { assignedRow, type GrantKind, type Window } from "./pim/grant";
import { personRows } from "./seed-people";
import type { Tenant } from "./tenant";

/** How big a tenant to make. */
export interface GenerateOptions extends GeneratePlaces {
  /** New users. @default 0 */
  users?: number;
  /** Eligible rows to spread over all users and the assignable built-in roles. @default 0 */
  eligible?: number;
  /** Active rows. @default 0 */
  active?: number;
  /** Share of rows without end. @default 0.5 */
  permanent?: number;
  /** @default 1 */
  seed?: number;
}

/** Fills a tenant with users and assignments, as if made long ago: no requests are left of them. */
export function generate(
  tenant: Tenant,
  options: GenerateOptions,
): { users: number; eligible: number; active: number } {
  const random = createRandom(options.seed ?? 1);
  personRows(tenant, options.users ?? 0);
  const users = [...tenant.directory.users.all()].map((user) => user.id);
  const roles = [...tenant.roles.definitions.all()]
    .filter((role) => role.isBuiltIn && !role.isSystemAssigned)
    .map((role) => role.id);
  const counts = { users: options.users ?? 0, eligible: 0, active: 0 };
  for (const kind of ["eligible", "active"] as const) {
    counts[kind] = fill(tenant, kind, options[kind] ?? 0, users, roles, () =>
      windowOf(tenant, random, options.permanent ?? 0.5),
    );
  }
  const places = generatePlaces(tenant, options, () =>
    windowOf(tenant, random, options.permanent ?? 0.5),
  );
  return { ...counts, ...places };
}

// Pair number i is user i mod users, role shifted by one each round: every pair once, evenly spread.
function fill(
  tenant: Tenant,
  kind: GrantKind,
  count: number,
  users: readonly string[],
  roles: readonly string[],
  window: () => Window,
): number {
  let made = 0;
  for (let pair = 0; made < count && pair < users.length * roles.length; pair += 1) {
    const round = Math.floor(pair / users.length);
    const principalId = users[pair % users.length] ?? "";
    const roleId = roles[(pair + round) % roles.length] ?? "";
    const tuple = { principalId, roleId, scopeId: "/", isAppScope: false };
    if (tenant.directoryPim.assigned(kind, tuple) !== undefined) continue;
    const [id, lasting] = [tenant.newId(), window()];
    const entry = { kind, window: lasting, createdUsing: id, createdAt: lasting.startAt };
    tenant.directoryPim.add(assignedRow(tuple, id, entry), true);
    made += 1;
  }
  return made;
}

const DAY_MS = 86_400_000;

function windowOf(tenant: Tenant, random: () => number, permanent: number): Window {
  const startAt = tenant.clock.now() - Math.floor((46 + random() * 60) * DAY_MS);
  if (random() < permanent) return { startAt, type: "noExpiration", endAt: null, duration: null };
  const endAt = tenant.clock.now() + Math.floor((30 + random() * 300) * DAY_MS);
  return { startAt, type: "afterDateTime", endAt, duration: null };
}
