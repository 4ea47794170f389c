import type { Operation, Reply } from "../api";
import type { Json } from "../schema";
import { principalsOf } from "./access";
import { type ArmCall, atScope, filterOf, listReply, TYPES } from "./arm-api";
import { longSpelling, type Scope } from "./scopes";

/** What the caller may activate something on, below a scope. */
export const childResourceOperations: readonly Operation[] = [
  ...atScope("GET", "eligibleChildResources", TYPES.childResources, list),
];

function list(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const { tree, pim } = tenant.arm;
  const wanted = filterOf(arm.call, ["resourceType"])
    .equals.get("resourcetype")
    ?.map((type) => type.toLowerCase());
  const eligible = principalsOf(tenant, caller.id)
    .flatMap((id) => [...pim.schedules.eligible.scan({ key: "principalId", value: id })])
    .filter(({ value }) => value.status === "Provisioned")
    .map(({ value }) => value.scopeId);
  const scopes = [...tree.scopes.scan()].filter(({ value }) => {
    if (value.kind !== "subscription" && value.kind !== "resourcegroup") return false;
    if (wanted !== undefined && !wanted.includes(value.kind)) return false;
    if (tree.relation(arm.scope.id, value.id) !== "below") return false;
    return eligible.some((id) => tree.relation(value.id, id) !== "none");
  });
  return listReply(
    arm.call,
    scopes.map(({ seq, value }) => ({ seq, wire: () => toWire(value) })),
  );
}

// As published: the longer spelling of subscriptions.
function toWire(scope: Scope): Json {
  return {
    name: scope.kind === "subscription" ? scope.displayName : scope.name,
    id: longSpelling(scope.id),
    type: scope.kind,
  };
}
