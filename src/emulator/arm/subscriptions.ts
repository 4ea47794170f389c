import { type Call, created, noContent, type Operation, ok, param, type Reply } from "../api";
import type { Json } from "../schema";
import { ACTIONS, authorize, canSee } from "./access";
import { armOperation, folded, listReply, scopeOf } from "./arm-api";
import { resourceType, type Scope } from "./scopes";

const GROUPS = "/subscriptions/{subscription}/resourceGroups";

/** Tenants, subscriptions, resource groups and resources: enough to find and make scopes. */
export const subscriptionOperations: readonly Operation[] = [
  armOperation("GET", "/tenants", null, listTenants),
  armOperation("GET", "/subscriptions", null, (call) => listKind(call, "subscription", undefined)),
  armOperation("GET", "/subscriptions/{subscription}", null, (call) =>
    read(call, subscriptionId(call)),
  ),
  armOperation("GET", "/subscriptions/{subscription}/locations", null, listLocations),
  armOperation("GET", "/subscriptions/{subscription}/providers", null, listProviders),
  armOperation("GET", "/subscriptions/{subscription}/providers/{namespace}", null, (call) =>
    ok(providerOf(call, param(call, "namespace"))),
  ),
  armOperation(
    "POST",
    "/subscriptions/{subscription}/providers/{namespace}/register",
    null,
    (call) => ok(providerOf(call, param(call, "namespace"))),
  ),
  armOperation("GET", GROUPS, null, (call) =>
    listKind(call, "resourcegroup", subscriptionId(call)),
  ),
  armOperation("GET", "/subscriptions/{subscription}/resources", null, (call) =>
    listKind(call, "resource", subscriptionId(call)),
  ),
  armOperation("GET", `${GROUPS}/{group}/resources`, null, (call) =>
    listKind(call, "resource", groupId(call)),
  ),
  armOperation("HEAD", `${GROUPS}/{group}`, null, (call) => {
    scopeOf(call, groupId(call));
    return noContent();
  }),
  ...writable(`${GROUPS}/{group}`, groupId),
  ...writable(
    `${GROUPS}/{group}/providers/{rest+}`,
    (call) => `${groupId(call)}/providers/${param(call, "rest")}`,
  ),
];

function writable(path: string, idOf: (call: Call) => string): Operation[] {
  return [
    armOperation("GET", path, null, (call) => read(call, idOf(call))),
    armOperation("PUT", path, null, (call) => write(call, idOf(call))),
    armOperation("PATCH", path, null, (call) => write(call, idOf(call))),
    armOperation("DELETE", path, null, (call) => remove(call, idOf(call))),
  ];
}

// Two places are enough to have one and another.
function listLocations(call: Call): Reply {
  const id = scopeOf(call, subscriptionId(call)).id;
  const places = { westeurope: "West Europe", northeurope: "North Europe" };
  const value = Object.entries(places).map(([name, displayName]) => ({
    id: `${id}/locations/${name}`,
    name,
    type: "Region",
    displayName,
    regionalDisplayName: `(Europe) ${displayName}`,
    metadata: { regionType: "Physical", regionCategory: "Recommended", geographyGroup: "Europe" },
  }));
  return ok({ value });
}

function subscriptionId(call: Call): string {
  return `/subscriptions/${param(call, "subscription")}`;
}

function groupId(call: Call): string {
  return `${subscriptionId(call)}/resourceGroups/${param(call, "group")}`;
}

function listTenants(call: Call): Reply {
  const { tenant } = call;
  const value = [
    {
      id: `/tenants/${tenant.id}`,
      tenantId: tenant.id,
      countryCode: "DE",
      displayName: tenant.displayName,
      domains: [tenant.domain],
      defaultDomain: tenant.domain,
      tenantCategory: "Home",
      tenantType: "AAD",
    },
  ];
  return ok({ value });
}

function listKind(call: Call, kind: Scope["kind"], under: string | undefined): Reply {
  const { tenant, caller } = call;
  const { tree } = tenant.arm;
  const above = under === undefined ? undefined : scopeOf(call, under);
  const rows = [...tree.scopes.scan()].filter(({ value }) => {
    if (value.kind !== kind) return false;
    if (above !== undefined && tree.relation(above.id, value.id) !== "below") return false;
    return canSee(tenant, caller, value.id);
  });
  return listReply(
    call,
    rows.map(({ seq, value }) => ({ seq, wire: () => toWire(call, value) })),
  );
}

function read(call: Call, id: string): Reply {
  const scope = scopeOf(call, id);
  if (!canSee(call.tenant, call.caller, scope.id))
    authorize(call.tenant, call.caller, ACTIONS.readScopes, scope.id);
  return ok(toWire(call, scope));
}

function write(call: Call, id: string): Reply {
  const { tenant, caller } = call;
  const { tree } = tenant.arm;
  const above = scopeOf(call, id.includes("/providers/") ? groupId(call) : subscriptionId(call));
  authorize(tenant, caller, ACTIONS.writeScopes, above.id);
  const body = folded(call.body);
  const known = tree.scopes.get(id);
  const location = body.get("location");
  const scope = tree.grow(id, {
    ...(typeof location === "string" && { location }),
    ...(isObject(body.get("tags")) && { tags: body.get("tags") as Record<string, string> }),
    ...(isObject(body.get("properties")) && { properties: body.get("properties") as Json }),
  });
  return known === undefined ? created(toWire(call, scope)) : ok(toWire(call, scope));
}

function remove(call: Call, id: string): Reply {
  const { tenant, caller } = call;
  const known = tenant.arm.tree.scopes.get(id);
  if (known === undefined) return noContent();
  authorize(tenant, caller, ACTIONS.deleteScopes, known.id);
  tenant.arm.tree.remove(known.id);
  return { status: 200 };
}

const PROVIDERS = [
  "Microsoft.Authorization",
  "Microsoft.Resources",
  "Microsoft.Management",
  "Microsoft.Storage",
  "Microsoft.KeyVault",
];

function listProviders(call: Call): Reply {
  scopeOf(call, subscriptionId(call));
  return ok({ value: PROVIDERS.map((namespace) => providerOf(call, namespace)) });
}

function providerOf(call: Call, namespace: string): Json {
  return {
    id: `${subscriptionId(call)}/providers/${namespace}`,
    namespace,
    registrationState: "Registered",
    registrationPolicy: "RegistrationFree",
    resourceTypes: [],
  };
}

function toWire(call: Call, scope: Scope): Json {
  if (scope.kind === "subscription") return subscriptionToWire(call, scope);
  const common = { id: scope.id, name: scope.name, location: scope.location, tags: scope.tags };
  if (scope.kind === "resourcegroup")
    return {
      ...common,
      type: "Microsoft.Resources/resourceGroups",
      properties: { provisioningState: "Succeeded" },
    };
  return {
    ...common,
    type: resourceType(scope.id),
    properties: { ...scope.properties, provisioningState: "Succeeded" },
  };
}

function subscriptionToWire(call: Call, scope: Scope): Json {
  return {
    id: scope.id,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    tags: scope.tags,
    subscriptionId: scope.name,
    tenantId: call.tenant.id,
    displayName: scope.displayName,
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
