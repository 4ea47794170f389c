import { type Operation, ok, param } from "../api";
import { armOperation, type ResourceType } from "./arm-api";
import { refuseArm } from "./arm-errors";

const BASE = "/providers/Microsoft.Authorization";
const METADATA: ResourceType = {
  name: "providerOperations",
  versions: ["2015-07-01", "2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
};

/** What Microsoft.Authorization can do, told in two ways: for those who write roles, and as every provider tells it. */
export const providerOperations: readonly Operation[] = [
  armOperation("GET", `${BASE}/providerOperations`, METADATA, () => ok({ value: [metadata()] })),
  armOperation("GET", `${BASE}/providerOperations/{name}`, METADATA, (call) => {
    const name = param(call, "name");
    if (name.toLowerCase() !== "microsoft.authorization") throw refuseArm.resourceNotFound(name);
    return ok(metadata());
  }),
  armOperation("GET", `${BASE}/operations`, null, () =>
    ok({ value: RESOURCE_TYPES.flatMap(operationsOf) }),
  ),
];

/** A resource type with what can be done with it. */
const RESOURCE_TYPES = [
  { name: "roleAssignments", displayName: "Role assignment", verbs: ["read", "write", "delete"] },
  { name: "roleDefinitions", displayName: "Role definition", verbs: ["read", "write", "delete"] },
  { name: "denyAssignments", displayName: "Deny assignment", verbs: ["read", "write", "delete"] },
  {
    name: "roleManagementPolicies",
    displayName: "Role management policy",
    verbs: ["read", "write"],
  },
] as const;

type Described = (typeof RESOURCE_TYPES)[number];

function metadata() {
  return {
    displayName: "Microsoft Authorization",
    id: `${BASE}/providerOperations/Microsoft.Authorization`,
    name: "Microsoft.Authorization",
    operations: [],
    resourceTypes: RESOURCE_TYPES.map((type) => ({
      name: type.name,
      displayName: type.displayName,
      operations: operationsOf(type).map(({ name, display, origin, isDataAction }) => ({
        name,
        displayName: display.operation,
        description: display.description,
        origin,
        properties: null,
        isDataAction,
      })),
    })),
    type: "Microsoft.Authorization/providerOperations",
  };
}

function operationsOf({ name, displayName, verbs }: Described) {
  return verbs.map((verb) => ({
    name: `Microsoft.Authorization/${name}/${verb}`,
    isDataAction: false,
    display: {
      provider: "Microsoft Authorization",
      resource: displayName,
      operation: `${verb} ${displayName.toLowerCase()}`,
      description: `May ${verb} a ${displayName.toLowerCase()} at the scope.`,
    },
    origin: "user,system",
  }));
}
