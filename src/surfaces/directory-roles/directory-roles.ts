import type { GraphClient } from "../../http/graph";
import type { RoleKey } from "../../model/identity";
import type { RoleTarget } from "../../model/role-target";
import { writePolicy } from "../graph-wire/policies";
import type { PimSurface, RoleFound } from "../surface";
import {
  cancelRequest,
  listRequests,
  queryAssignments,
  readRequests,
  requestAssignment,
} from "./assignments";
import { RoleDefinitions } from "./roles";
import { listPolicies, readPolicies } from "./settings";

/** PIM for Entra directory roles. One partition: the tenant. */
export function directoryRoles(graph: GraphClient): PimSurface {
  const definitions = new RoleDefinitions(graph);
  return {
    surface: "directoryRoles",
    partitionOf: () => "/",
    queryAssignments: (kind, queries) => queryAssignments(graph, kind, queries),
    listRequests: (keys) => listRequests(graph, keys),
    readRequests: (requests) => readRequests(graph, requests),
    requestAssignment: (request) => requestAssignment(graph, request),
    cancelRequest: (key, requestId) => cancelRequest(graph, key, requestId),
    listPolicies: async (partitions) => {
      const ids = await definitions.byTemplate();
      const entries = await listPolicies(graph, (templateId) => ids.get(templateId) ?? templateId);
      return new Map(partitions.map((partition) => [partition, entries]));
    },
    readPolicies: async (roles: readonly RoleKey[]) => {
      const templates = await definitions.templates();
      return readPolicies(graph, roles, (id) => templates.get(id) ?? id);
    },
    writePolicy: (policy, rules) => writePolicy(graph, policy, rules),
    findRoles: (target: RoleTarget): Promise<RoleFound[]> =>
      target.surface === "directoryRoles"
        ? definitions.find(target.role, target.scope)
        : Promise.resolve([]),
    roleNames: () => definitions.names(),
    problemsOf: () => Promise.resolve([]),
  };
}
