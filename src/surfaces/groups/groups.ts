import type { GraphClient } from "../../http/graph";
import type { RoleKey } from "../../model/identity";
import type { PimSurface, PrincipalFound } from "../surface";
import {
  cancelRequest,
  groupOf,
  listRequests,
  queryAssignments,
  readRequests,
  requestAssignment,
  schedulesOf,
  schedulesPath,
} from "./assignments";
import { type GroupCollection, GroupReads } from "./group-reads";
import { factsPath, GroupDirectory } from "./people";
import { GroupSettings, groupPoliciesPath } from "./settings";

/** A removal ends an activation too, so both kinds are stale. */
const ROWS = ["eligible", "active"] as const;

/**
 * PIM for Groups. Each group is a partition: there is no listing over all of them. `onFound` hears what the directory
 * says of a group whenever one was looked up: groups hold access too.
 */
export function groups(
  graph: GraphClient,
  onFound: (group: PrincipalFound) => void = () => undefined,
): PimSurface {
  const reads = new GroupReads(
    graph,
    {
      facts: factsPath,
      policies: groupPoliciesPath,
      eligible: (groupId) => schedulesPath("eligible", groupId),
      active: (groupId) => schedulesPath("active", groupId),
    },
    schedulesOf,
  );
  const settings = new GroupSettings(graph, reads);
  const directory = new GroupDirectory(graph, reads, onFound);

  /** A write makes stale what was read of the group, and is explained when the group is why it failed. */
  const writing = async <T>(
    role: RoleKey,
    stale: readonly GroupCollection[],
    write: () => Promise<T>,
  ): Promise<T> => {
    const { groupId } = groupOf(role);
    try {
      return await write();
    } catch (error) {
      throw await directory.explain(groupOf(role), error);
    } finally {
      settings.forget(groupId);
      reads.forget(groupId, stale);
    }
  };

  return {
    surface: "groups",
    partitionOf: (role) => groupOf(role).groupId,
    queryAssignments: (kind, queries) => queryAssignments(graph, reads, kind, queries),
    listRequests: (keys) => listRequests(graph, keys),
    readRequests: (requests) => readRequests(graph, requests),
    requestAssignment: (request) =>
      writing(request.key.role, ROWS, () => requestAssignment(graph, request)),
    cancelRequest: (key, requestId) =>
      writing(key.role, ROWS, () => cancelRequest(graph, key, requestId)),
    listPolicies: (groupIds) => settings.list(groupIds),
    readPolicies: (roles) => settings.read(roles),
    writePolicy: (policy, rules) => writing(policy.role, [], () => settings.write(policy, rules)),
    findRoles: async (target) => (target.surface === "groups" ? directory.find(target) : []),
    roleNames: async (target) => (target.surface === "groups" ? directory.names(target) : []),
    problemsOf: (role, assignee) => directory.problems(groupOf(role), assignee),
  };
}
