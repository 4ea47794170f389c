import { type Call, noContent, type Operation, objectBody, ok, param } from "../api";
import { refuse } from "../errors";
import type { PermissionRule } from "../permissions";
import { type EntitySet, entity, list } from "../respond";
import type { DirectoryObject } from "./directory";
import { unbound } from "./objects";

/** Conditional Access policies and authentication strengths: kept as they are sent, not applied. */
export const accessPolicyOperations: readonly Operation[] = [
  ...operations("conditionalAccessPolicy", "/identity/conditionalAccess/policies"),
  ...operations("authenticationStrengthPolicy", "/policies/authenticationStrengthPolicies"),
  {
    method: "POST",
    path: "/policies/authenticationStrengthPolicies/{id}/updateAllowedCombinations",
    permission: rule([
      "Policy.ReadWrite.AuthenticationMethod",
      "Policy.ReadWrite.ConditionalAccess",
    ]),
    run: updateCombinations,
  },
];

function operations(type: string, path: string): Operation[] {
  const set: EntitySet<DirectoryObject> = {
    context: path.slice(1),
    type,
    service: "directory",
    toWire: ({ kind: _, ...value }) => value,
    filter: { id: "eq", displayName: "eq", state: "eq" },
  };
  const read = rule([
    "Policy.Read.All",
    "Policy.Read.ConditionalAccess",
    "Policy.ReadWrite.ConditionalAccess",
  ]);
  const write = rule([
    "Policy.ReadWrite.ConditionalAccess",
    "Policy.ReadWrite.AuthenticationMethod",
  ]);
  const rows = (call: Call) => call.tenant.directory.accessPolicies;
  const one = (call: Call) => policyOf(call, type);
  return [
    {
      method: "GET",
      path,
      permission: read,
      run: (call) => list(call, set, rows(call), (row) => row["kind"] === type),
    },
    {
      method: "POST",
      path,
      permission: write,
      run: (call) => entity(call, set, rows(call).put(made(call, type)), 201),
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      permission: read,
      run: (call) => entity(call, set, one(call)),
    },
    {
      method: "PATCH",
      path: `${path}/{id}`,
      permission: write,
      run: (call) => {
        const policy = one(call);
        rows(call).put({ ...policy, ...unbound(objectBody(call)), id: policy.id });
        return noContent();
      },
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      permission: write,
      run: (call) => {
        rows(call).remove(one(call).id);
        return noContent();
      },
    },
  ];
}

function made(call: Call, kind: string): DirectoryObject {
  const given = unbound(objectBody(call));
  if (given["displayName"] === undefined) throw refuse.missingProperty("displayName");
  const at = new Date(call.tenant.clock.now()).toISOString();
  return { createdDateTime: at, modifiedDateTime: null, ...given, id: call.tenant.newId(), kind };
}

function policyOf(call: Call, kind: string): DirectoryObject {
  const policy = call.tenant.directory.accessPolicies.read(param(call, "id"));
  if (policy === undefined || policy["kind"] !== kind)
    throw refuse.resourceNotFound(param(call, "id"));
  return policy;
}

function updateCombinations(call: Call) {
  const policy = policyOf(call, "authenticationStrengthPolicy");
  const { allowedCombinations } = objectBody(call);
  const previousCombinations = policy["allowedCombinations"] ?? [];
  call.tenant.directory.accessPolicies.put({ ...policy, allowedCombinations });
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#microsoft.graph.updateAllowedCombinationsResult`,
    additionalInformation: null,
    conditionalAccessReferences: [],
    currentCombinations: allowedCombinations,
    previousCombinations,
  });
}

function rule(permissions: readonly string[]): PermissionRule {
  return { app: permissions, delegated: permissions, deny: "directory" };
}
