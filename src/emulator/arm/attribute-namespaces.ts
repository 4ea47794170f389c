import type { Call } from "../api";
import { noContent, type Operation, ok, param } from "../api";
import { authorize } from "./access";
import { armOperation, folded, type ResourceType, textOf } from "./arm-api";
import { refuseArm } from "./arm-errors";

const NAME = "attributeNamespaces";
const PATH = `/providers/Microsoft.Authorization/${NAME}/{name}`;
const TYPE: ResourceType = { name: NAME, versions: ["2025-12-01-preview"] };

/** Namespaces of attributes, of the tenant: made by an action at a name. */
export const attributeNamespaceOperations: readonly Operation[] = [
  armOperation("GET", PATH, TYPE, (call) => {
    const name = call.tenant.arm.namespaces.get(keyOf(call));
    if (name === undefined) throw refuseArm.resourceNotFound(param(call, "name"));
    return ok(toWire(name));
  }),
  armOperation("POST", `${PATH}/action`, TYPE, (call) => {
    mayWrite(call, "action");
    if (textOf(folded(call.body), "namespaceOwnerPrincipalId") === null)
      throw refuseArm.invalidContent(
        "Required property 'namespaceOwnerPrincipalId' not found in JSON.",
      );
    const name = param(call, "name");
    call.tenant.arm.namespaces.set(keyOf(call), name);
    return ok(toWire(name));
  }),
  armOperation("DELETE", PATH, TYPE, (call) => {
    mayWrite(call, "delete");
    return call.tenant.arm.namespaces.delete(keyOf(call)) ? { status: 200 } : noContent();
  }),
];

function keyOf(call: Call): string {
  return param(call, "name").toLowerCase();
}

function mayWrite({ tenant, caller }: Call, verb: string): void {
  authorize(tenant, caller, `Microsoft.Authorization/${NAME}/${verb}`, "/");
}

function toWire(name: string) {
  return {
    name,
    type: `Microsoft.Authorization/${NAME}`,
    id: `/providers/Microsoft.Authorization/${NAME}/${name}`,
  };
}
