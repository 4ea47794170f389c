import { normalScope } from "./arm/scopes";
import type { AzureSeed } from "./arm/seed";
import { checkShape, type Shape } from "./control-shape";
import { OBJECT_KINDS, type ObjectKind } from "./directory/directory";
import { type Json, readAs } from "./schema";
import type { Seed } from "./seed";
import type { Tenant } from "./tenant";

/** Types of what a seed enters, and the members that it takes besides Graph's. */
const ENTRIES = {
  users: ["user", []],
  groups: ["group", ["members", "owners"]],
  servicePrincipals: ["servicePrincipal", []],
  applications: ["application", ["permissions", "roles", "scopes", "secret"]],
  administrativeUnits: ["administrativeUnit", ["members"]],
  authenticationContexts: ["authenticationContextClassReference", []],
  roleDefinitions: ["unifiedRoleDefinition", []],
  roleAssignments: ["unifiedRoleAssignment", []],
} as const satisfies Partial<Record<keyof Seed, readonly [string, readonly string[]]>>;

const AZURE: Readonly<Record<keyof AzureSeed, Shape>> = {
  scopes: {
    "id!": "text",
    displayName: "text",
    parent: "text",
    location: "text",
    tags: "object",
  },
  azureRoles: {
    id: "text",
    "roleName!": "text",
    description: ["either", "text", [""]],
    assignableScopes: "texts",
    actions: "texts",
  },
  azureRoleAssignments: {
    id: "text",
    "principalId!": "text",
    "roleDefinitionId!": "text",
    "scope!": "text",
    condition: "text",
    conditionVersion: "text",
  },
  denyAssignments: {
    id: "text",
    "scope!": "text",
    "denyAssignmentName!": "text",
    description: "text",
    "permissions!": "objects",
    "principals!": "objects",
    excludePrincipals: "objects",
    doNotApplyToChildScopes: "flag",
  },
};

const PRINCIPAL: Shape = { "id!": "text", "type!": "text" };
const DENIED: Readonly<Record<string, Shape>> = {
  permissions: {
    actions: "texts",
    notActions: "texts",
    dataActions: "texts",
    notDataActions: "texts",
  },
  principals: PRINCIPAL,
  excludePrincipals: PRINCIPAL,
};

/** Refuses a seed that could not be entered whole, naming the entry and the member. */
export function checkSeed(tenant: Tenant, given: Seed): void {
  for (const [name, [type, more]] of Object.entries(ENTRIES)) {
    for (const [index, entry] of rowsOf(given, name).entries())
      checkEntry(type, more, entry, `${name}[${index}]`);
  }
  for (const [name, shape] of Object.entries(AZURE)) {
    for (const [index, entry] of rowsOf(given, name).entries())
      checkShape(shape, entry, `${name}[${index}]`);
  }
  checkUnique(tenant, given, "users", "user", "userPrincipalName");
  checkUnique(tenant, given, "applications", "application", "appId");
  checkUnique(tenant, given, "servicePrincipals", "servicePrincipal", "appId");
  checkReferences(tenant, given);
  checkDenied(given);
  checkPlaces(tenant, given);
}

function checkDenied(given: Seed): void {
  for (const [index, entry] of rowsOf(given, "denyAssignments").entries()) {
    for (const [member, shape] of Object.entries(DENIED)) {
      const items = (entry[member] ?? []) as Json[];
      for (const [place, item] of items.entries())
        checkShape(shape, item, `denyAssignments[${index}].${member}[${place}]`);
    }
  }
}

// A scope that is entered brings those above it.
function checkPlaces(tenant: Tenant, given: Seed): void {
  const { scopes } = tenant.arm.tree;
  const entered = rowsOf(given, "scopes").flatMap(({ id, parent }) =>
    [id, parent].filter((text) => typeof text === "string").map(keyOf),
  );
  for (const name of ["azureRoleAssignments", "denyAssignments"]) {
    for (const [index, { scope }] of rowsOf(given, name).entries()) {
      const key = keyOf(String(scope));
      const isEntered = entered.some((id) => id === key || id.startsWith(`${key}/`));
      if (!isEntered && scopes.get(key) === undefined)
        throw new RangeError(`${name}[${index}].scope: there is no ${JSON.stringify(scope)}`);
    }
  }
}

function keyOf(scope: string): string {
  return normalScope(scope).toLowerCase();
}

function rowsOf(given: Seed, name: string): Json[] {
  return (given as Record<string, Json[] | undefined>)[name] ?? [];
}

function checkEntry(type: string, more: readonly string[], entry: Json, at: string): void {
  const own = Object.entries(entry).filter(([name]) => !more.includes(name));
  try {
    readAs("beta", type, Object.fromEntries(own));
  } catch (error) {
    throw new RangeError(`${at}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkUnique(
  tenant: Tenant,
  given: Seed,
  name: "users" | "applications" | "servicePrincipals",
  kind: ObjectKind,
  member: string,
): void {
  const rows = rowsOf(given, name);
  if (rows.length === 0) return;
  const taken = takenBy(tenant, rows, kind, member);
  for (const [index, entry] of rows.entries()) {
    const value = entry[member];
    if (typeof value !== "string") continue;
    const owner = taken.get(value.toLowerCase());
    if (owner !== undefined && owner !== entry["id"])
      throw new RangeError(`${name}[${index}].${member}: '${value}' is in use already`);
    taken.set(value.toLowerCase(), String(entry["id"] ?? `${name}[${index}]`));
  }
}

/** Who has which value. The same id again is the same object, changed: what it was called is free then. */
function takenBy(
  tenant: Tenant,
  rows: readonly Json[],
  kind: ObjectKind,
  member: string,
): Map<string, string> {
  const changed = new Set(rows.filter((entry) => member in entry).map(({ id }) => id));
  const taken = new Map<string, string>();
  for (const other of tenant.directory.of(kind).all()) {
    const value = other[member];
    if (typeof value === "string" && !changed.has(other.id))
      taken.set(value.toLowerCase(), other.id);
  }
  return taken;
}

function checkReferences(tenant: Tenant, given: Seed): void {
  const entered = new Set(
    Object.keys(ENTRIES).flatMap((name) => rowsOf(given, name).map((entry) => entry["id"])),
  );
  const isKnown = (id: unknown) =>
    entered.has(id) || tenant.directory.kindOf(String(id)) !== undefined;
  for (const [name, members] of [
    ["groups", ["members", "owners"]],
    ["administrativeUnits", ["members"]],
  ] as const) {
    for (const [index, entry] of rowsOf(given, name).entries()) {
      for (const member of members) checkIds(entry[member], isKnown, `${name}[${index}].${member}`);
    }
  }
}

function checkIds(ids: unknown, isKnown: (id: unknown) => boolean, at: string): void {
  if (ids === undefined) return;
  if (!Array.isArray(ids)) throw new RangeError(`${at}: expected a list of ids`);
  const stranger = ids.find((id) => !isKnown(id));
  if (stranger !== undefined)
    throw new RangeError(
      `${at}: no ${OBJECT_KINDS.join(", ")} has the id ${JSON.stringify(stranger)}`,
    );
}
