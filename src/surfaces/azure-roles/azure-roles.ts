import type { ArmClient } from "../../http/arm";
import type { PimSurface } from "../surface";
import {
  azureRole,
  cancelRequest,
  listRequests,
  queryAssignments,
  RequestSender,
  readRequests,
} from "./assignments";
import { AzureRoleDefinitions } from "./people";
import { readPolicies, type Sleep, writePolicy } from "./settings";

/** PIM for Azure roles. Each scope is a partition, with its own assignments and its own settings. */
export function azureRoles(arm: ArmClient, sleep: Sleep): PimSurface {
  const definitions = new AzureRoleDefinitions(arm);
  const requests = new RequestSender(arm);
  const spellings = new Map<string, string>();
  return {
    surface: "azureRoles",
    // Letter case does not tell scopes apart: one spelling stands for all, so that nothing is listed twice.
    partitionOf: (role) => {
      const { scope } = azureRole(role);
      const spelling = spellings.get(scope.toLowerCase()) ?? scope;
      spellings.set(scope.toLowerCase(), spelling);
      return spelling;
    },
    queryAssignments: (kind, queries) => queryAssignments(arm, kind, queries),
    listRequests: (keys) => listRequests(arm, keys),
    readRequests: (references) => readRequests(arm, references),
    requestAssignment: (request) => requests.send(request),
    cancelRequest: (key, requestId) => cancelRequest(arm, key, requestId),
    // The listing of a scope's policies has hundreds of entries whatever is asked: each role is read by itself.
    listPolicies: () => Promise.resolve(new Map()),
    readPolicies: (roles, withPimOnlyMode) => readPolicies(arm, roles, withPimOnlyMode),
    writePolicy: (policy, rules) => writePolicy(arm, sleep, policy, rules),
    findRoles: async (target) => (target.surface === "azureRoles" ? definitions.find(target) : []),
    roleNames: async (target) => (target.surface === "azureRoles" ? definitions.names(target) : []),
    problemsOf: (role) => definitions.problems(azureRole(role)),
  };
}
