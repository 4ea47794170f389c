import { type Call, noContent, type Operation, ok, param, type Reply } from "../api";
import type { Json } from "../schema";
import { ACTIONS, authorize, canSee } from "./access";
import { armOperation, folded, propertiesOf, queryOf, scopeOf, textOf } from "./arm-api";
import { refuseArm } from "./arm-errors";
import type { Scope } from "./scopes";

const ROOT = "/providers/Microsoft.Management/managementGroups";

/** Management groups: listing, reading with children, and the little that builds a tree of them. */
export const managementGroupOperations: readonly Operation[] = [
  armOperation("GET", ROOT, null, list),
  armOperation("POST", "/providers/Microsoft.Management/getEntities", null, listEntities),
  armOperation("GET", `${ROOT}/{group}`, null, get),
  armOperation("PUT", `${ROOT}/{group}`, null, put),
  armOperation("PATCH", `${ROOT}/{group}`, null, put),
  armOperation("DELETE", `${ROOT}/{group}`, null, remove),
  armOperation("GET", `${ROOT}/{group}/descendants`, null, descendants),
  armOperation("GET", `${ROOT}/{group}/subscriptions`, null, subscriptions),
  armOperation("GET", `${ROOT}/{group}/subscriptions/{subscription}`, null, (call) => {
    const { group, scope } = placed(call);
    if (scope.parent !== group.id) throw refuseArm.resourceNotFound(scope.name);
    return ok(placedToWire(call, group, scope));
  }),
  armOperation("PUT", `${ROOT}/{group}/subscriptions/{subscription}`, null, move),
  armOperation("DELETE", `${ROOT}/{group}/subscriptions/{subscription}`, null, takeOut),
];

function list(call: Call): Reply {
  const { tenant, caller } = call;
  const groups = [...tenant.arm.tree.scopes.scan()]
    .map(({ value }) => value)
    .filter((scope) => scope.kind === "managementgroup" && canSee(tenant, caller, scope.id));
  return ok({ value: groups.map((group) => toWire(call, group)) });
}

// Management groups and subscriptions that the caller sees, each with what is above it.
function listEntities(call: Call): Reply {
  const { tenant, caller } = call;
  const { tree } = tenant.arm;
  const value = [...tree.scopes.scan()]
    .map(({ value: scope }) => scope)
    .filter(({ kind, id }) =>
      kind === "managementgroup" || kind === "subscription" ? canSee(tenant, caller, id) : false,
    )
    .map((scope) => ({
      id: scope.id,
      type: typeOf(scope),
      name: scope.name,
      properties: {
        tenantId: tenant.id,
        displayName: scope.displayName,
        parent: { id: scope.parent },
        permissions: "edit",
        inheritedPermissions: "edit",
        numberOfChildren: tree.children(scope.id).length,
        parentDisplayNameChain: tree
          .lineage(scope.id)
          .filter((id) => id !== scope.id.toLowerCase() && id !== "/")
          .map((id) => tree.scopes.get(id)?.displayName ?? id)
          .reverse(),
      },
    }));
  return ok({ value, count: value.length });
}

function get(call: Call): Reply {
  const group = groupOf(call);
  const expands = (queryOf(call, "$expand") ?? "").toLowerCase();
  const wire = toWire(call, group, true);
  if (!expands.includes("children")) return ok(wire);
  const isDeep = queryOf(call, "$recurse")?.toLowerCase() === "true";
  const children = childrenOf(call, group, isDeep);
  return ok({ ...wire, properties: { ...(wire["properties"] as Json), children } });
}

// Long-running in Azure; here it is done when it answers.
function put(call: Call): Reply {
  const { tenant, caller } = call;
  const { tree } = tenant.arm;
  const id = `${ROOT}/${param(call, "group")}`;
  const body = folded(call.body);
  const properties = body.has("properties") ? propertiesOf(call) : body;
  const parent = textOf(folded(folded(properties.get("details")).get("parent")), "id");
  const target = parent === null ? tree.rootGroup : scopeOf(call, parent).id;
  authorize(tenant, caller, "Microsoft.Management/managementGroups/write", target);
  const displayName = textOf(properties, "displayName");
  const known = tree.scopes.get(id);
  const scope = tree.grow(id, {
    displayName: displayName ?? known?.displayName ?? param(call, "group"),
    ...(parent === null && known !== undefined ? {} : { parent: target }),
  });
  return ok(toWire(call, scope, true));
}

function remove(call: Call): Reply {
  const group = groupOf(call);
  authorize(call.tenant, call.caller, "Microsoft.Management/managementGroups/delete", group.id);
  call.tenant.arm.tree.remove(group.id);
  return noContent();
}

function descendants(call: Call): Reply {
  const group = groupOf(call);
  const { tree } = call.tenant.arm;
  const below = [...tree.scopes.scan()]
    .map(({ value }) => value)
    .filter(
      (scope) =>
        (scope.kind === "managementgroup" || scope.kind === "subscription") &&
        tree.relation(group.id, scope.id) === "below",
    );
  return ok({
    value: below.map((scope) => ({
      id: scope.id,
      type: typeOf(scope),
      name: scope.name,
      properties: { displayName: scope.displayName, parent: { id: scope.parent } },
    })),
  });
}

function subscriptions(call: Call): Reply {
  const group = groupOf(call);
  const below = call.tenant.arm.tree
    .children(group.id)
    .filter((scope) => scope.kind === "subscription");
  return ok({ value: below.map((scope) => placedToWire(call, group, scope)) });
}

function move(call: Call): Reply {
  const { group, scope } = placed(call);
  mayPlace(call, "write", group);
  call.tenant.arm.tree.put({ ...scope, parent: group.id });
  return ok(placedToWire(call, group, scope));
}

// Out of its group a subscription is right below the root.
function takeOut(call: Call): Reply {
  const { group, scope } = placed(call);
  mayPlace(call, "delete", group);
  if (scope.parent !== group.id) return noContent();
  const { tree } = call.tenant.arm;
  tree.put({ ...scope, parent: tree.rootGroup });
  return { status: 200 };
}

function placed(call: Call): { group: Scope; scope: Scope } {
  return {
    group: groupOf(call),
    scope: scopeOf(call, `/subscriptions/${param(call, "subscription")}`),
  };
}

function mayPlace({ tenant, caller }: Call, verb: string, group: Scope): void {
  const action = `Microsoft.Management/managementGroups/subscriptions/${verb}`;
  authorize(tenant, caller, action, group.id);
}

function placedToWire(call: Call, group: Scope, scope: Scope): Json {
  return {
    id: `${group.id}/subscriptions/${scope.name}`,
    type: "Microsoft.Management/managementGroups/subscriptions",
    name: scope.name,
    properties: {
      tenant: call.tenant.id,
      displayName: scope.displayName,
      parent: { id: group.id },
      state: "Active",
    },
  };
}

function groupOf(call: Call): Scope {
  const scope = scopeOf(call, `${ROOT}/${param(call, "group")}`);
  authorizeSight(call, scope);
  return scope;
}

function authorizeSight(call: Call, scope: Scope): void {
  if (canSee(call.tenant, call.caller, scope.id)) return;
  authorize(call.tenant, call.caller, ACTIONS.readScopes, scope.id);
}

function childrenOf(call: Call, scope: Scope, isDeep: boolean): Json[] {
  return call.tenant.arm.tree.children(scope.id).map((child) => ({
    id: child.id,
    type: typeOf(child),
    name: child.name,
    displayName: child.displayName,
    ...(isDeep && child.kind === "managementgroup" && { children: childrenOf(call, child, true) }),
  }));
}

function typeOf(scope: Scope): string {
  return scope.kind === "subscription" ? "/subscriptions" : "Microsoft.Management/managementGroups";
}

function toWire(call: Call, group: Scope, isFull = false): Json {
  const parent = call.tenant.arm.tree.scopes.get(group.parent ?? "");
  const named =
    parent === undefined || parent.kind === "tenant"
      ? null
      : { id: parent.id, name: parent.name, displayName: parent.displayName };
  return {
    id: group.id,
    type: "Microsoft.Management/managementGroups",
    name: group.name,
    properties: {
      tenantId: call.tenant.id,
      displayName: group.displayName,
      ...(isFull && { details: { version: 1, parent: named } }),
    },
  };
}
