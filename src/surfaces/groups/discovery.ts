import type { GraphClient } from "../../http/graph";
import { schedulesPath } from "./assignments";
import { GROUP_SELECT, type GroupObstacle, obstaclesOf, type WireGroup } from "./group-facts";
import { groupPoliciesListPath } from "./settings";

/** A group of the tenant, as far as PIM is concerned. */
export interface GroupFound {
  id: string;
  displayName: string;
  isAssignableToRole: boolean;
  /** Whether PIM manages it already; undefined when this identity cannot tell. */
  isManaged: boolean | undefined;
  /** Why PIM cannot manage it; empty when it can. */
  obstacles: GroupObstacle[];
}

/** Largest number of groups that are looked into one by one when the service does not say which it manages. */
const MOST_PROBES = 400;

/** All groups of the tenant: one listing of them, one of those that PIM manages. */
export async function findGroups(graph: GraphClient): Promise<GroupFound[]> {
  const purpose = "listing groups";
  const [wire, listed] = await Promise.all([
    graph.list<WireGroup>(`/groups?$select=${GROUP_SELECT}&$top=999`, { purpose }),
    listManaged(graph),
  ]);
  const fit = wire.filter((group) => obstaclesOf(group).length === 0);
  const managed = listed ?? (await probe(graph, fit));
  return wire
    .map((group) => ({
      id: group.id.toLowerCase(),
      displayName: group.displayName ?? group.id,
      isAssignableToRole: group.isAssignableToRole === true,
      isManaged: managed?.(group.id.toLowerCase()),
      obstacles: obstaclesOf(group),
    }))
    .sort((a, b) => a.displayName.localeCompare(b.displayName, "en") || a.id.localeCompare(b.id));
}

type IsManaged = (groupId: string) => boolean | undefined;

/** The groups that PIM says it manages. The listing is documented for beta, and needs a permission of its own. */
async function listManaged(graph: GraphClient): Promise<IsManaged | undefined> {
  try {
    const managed = await graph.list<{ id: string }>(
      "/identityGovernance/privilegedAccess/group/resources?$select=id",
      { version: "beta", purpose: "listing the groups in PIM" },
    );
    const ids = new Set(managed.map(({ id }) => id.toLowerCase()));
    return (groupId) => ids.has(groupId);
  } catch {
    return undefined; // whether it is refused or not there: the groups themselves are asked then
  }
}

/** A group was onboarded when its settings were changed, or when PIM made one of its assignments. */
async function probe(graph: GraphClient, groups: readonly WireGroup[]): Promise<IsManaged> {
  const asked = groups.slice(0, MOST_PROBES).map(({ id }) => id.toLowerCase());
  const answers = await graph.pages<Trace>(
    asked.flatMap((id) => [
      groupPoliciesListPath(id),
      schedulesPath("eligible", id),
      schedulesPath("active", id),
    ]),
    { purpose: "looking for traces of PIM on groups" },
  );
  const verdicts = new Map(
    asked.map((id, index) => {
      const pages = answers.slice(3 * index, 3 * index + 3);
      if (pages.some((page) => !(page instanceof Error) && page.value.some(isTrace))) {
        return [id, true] as const;
      }
      return [id, pages.some((page) => page instanceof Error) ? undefined : false] as const;
    }),
  );
  return (groupId) => verdicts.get(groupId);
}

interface Trace {
  createdUsing?: string | null;
  lastModifiedDateTime?: string | null;
}

function isTrace({ createdUsing, lastModifiedDateTime }: Trace): boolean {
  return createdUsing != null || lastModifiedDateTime != null;
}
