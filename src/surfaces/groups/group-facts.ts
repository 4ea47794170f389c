import type { Problem } from "../../model/problem";
import type { Assignee } from "../surface";

/** What decides whether PIM can manage a group, as Graph sends it. */
export interface WireGroup {
  id: string;
  displayName?: string | null;
  groupTypes?: string[] | null;
  securityEnabled?: boolean | null;
  mailEnabled?: boolean | null;
  onPremisesSyncEnabled?: boolean | null;
  isAssignableToRole?: boolean | null;
  isManagementRestricted?: boolean | null;
}

/** The properties of a group that PIM's rules are about. */
export const GROUP_SELECT =
  "id,displayName,groupTypes,securityEnabled,mailEnabled,onPremisesSyncEnabled,isAssignableToRole,isManagementRestricted";

/** Why PIM cannot manage a group, in one phrase each; empty when it can. */
export function obstaclesOf(group: WireGroup): GroupObstacle[] {
  return OBSTACLES.filter(({ applies }) => applies(group)).map(({ obstacle }) => obstacle);
}

/** What stands in the way, and what to do about it. */
export interface GroupObstacle {
  /** What the group is. */
  reason: string;
  expected: string;
  fix: string;
}

const OBSTACLES: readonly { applies(group: WireGroup): boolean; obstacle: GroupObstacle }[] = [
  {
    applies: ({ groupTypes }) => (groupTypes ?? []).includes("DynamicMembership"),
    obstacle: {
      reason: "dynamic membership",
      expected: "a group with assigned members",
      fix: "its members come from a rule, which PIM cannot manage: use another group",
    },
  },
  {
    applies: ({ onPremisesSyncEnabled }) => onPremisesSyncEnabled === true,
    obstacle: {
      reason: "synchronized from on-premises",
      expected: "a group of the cloud",
      fix: "its members are kept on premises, which PIM cannot manage: use a group made in Entra",
    },
  },
  {
    applies: ({ securityEnabled, groupTypes }) =>
      securityEnabled === false && !(groupTypes ?? []).includes("Unified"),
    obstacle: {
      reason: "mail only",
      expected: "a security group or a Microsoft 365 group",
      fix: "a distribution list grants no access that PIM could manage: use a security group",
    },
  },
  {
    applies: ({ isManagementRestricted }) => isManagementRestricted === true,
    obstacle: {
      reason: "in a restricted management administrative unit",
      expected: "a group outside restricted management administrative units",
      fix: "PIM cannot change its members there: take it out of the unit, or use another group",
    },
  },
];

/** The same as problems of the arguments, with what is wrong with an assignee. */
export function groupProblems(group: WireGroup, assignee: Assignee | undefined): Problem[] {
  const got = group.displayName ?? group.id;
  const problems: Problem[] = obstaclesOf(group).map(({ expected, fix }) => ({
    path: "group.group",
    got,
    expected,
    fix,
  }));
  const isNested = assignee?.kind === "active" && assignee.principal === "group";
  if (isNested && group.isAssignableToRole === true) {
    problems.push({
      path: "principal.group",
      expected: `a user or a service principal: ${got} is role-assignable, and such a group takes no group as active member`,
      fix: "make the group eligible (each of its members then activates), or assign its members",
    });
  }
  return problems;
}
