import type { PrincipalInput } from "../model/principal";
import { principalKind, principalProblems } from "../model/principal";
import { type Problem, under } from "../model/problem";
import { isUnknown } from "../model/unknown";
import type { PlainParts } from "./read-role-access";

/** A privileged group in plain values. */
export interface PlainPrivilegedGroup {
  group?: string;
  newGroup?: PlainNewGroup;
  member?: PlainParts;
  owner?: PlainParts;
}

/** A group to make, in plain values. */
export interface PlainNewGroup {
  displayName?: string;
  assignableToRole?: boolean;
  owners?: PrincipalInput[];
}

/** What is wrong with the group itself; its two sides are checked like roles. */
export function groupProblems({ group, newGroup, member, owner }: PlainPrivilegedGroup): Problem[] {
  if ((group === undefined) === (newGroup === undefined)) {
    return [{ path: "", expected: "exactly one of group (an existing one) and newGroup" }];
  }
  if (newGroup !== undefined) return isUnknown(newGroup) ? [] : newGroupProblems(newGroup, member);
  const problems: Problem[] = [];
  if (!isUnknown(group) && (typeof group !== "string" || group.trim() === "")) {
    problems.push({ path: "group", got: group, expected: "an object id or a unique display name" });
  }
  if (member === undefined && owner === undefined) {
    problems.push({
      path: "member",
      expected: "member or owner",
      fix: "a group by itself changes nothing",
    });
  }
  return problems;
}

function newGroupProblems(newGroup: PlainNewGroup, member: PlainParts | undefined): Problem[] {
  const { displayName, assignableToRole, owners } = newGroup;
  const problems: Problem[] = [];
  if (!isUnknown(displayName) && (typeof displayName !== "string" || displayName.trim() === "")) {
    problems.push({ path: "newGroup.displayName", got: displayName, expected: "a name" });
  }
  if (
    assignableToRole !== undefined &&
    !isUnknown(assignableToRole) &&
    typeof assignableToRole !== "boolean"
  ) {
    problems.push({
      path: "newGroup.assignableToRole",
      got: assignableToRole,
      expected: "true or false",
    });
  }
  if (!isUnknown(owners)) problems.push(...ownersProblems(owners ?? []));
  if (assignableToRole === true) problems.push(...nestingProblems(member ?? {}));
  return problems;
}

function ownersProblems(owners: readonly PrincipalInput[]): Problem[] {
  if (owners.length === 0) {
    return [
      {
        path: "newGroup.owners",
        expected: "at least one owner",
        fix: "without one the service makes whoever deploys the owner, who could then change members",
      },
    ];
  }
  return owners.flatMap((owner, index) => {
    const path = `newGroup.owners[${index}]`;
    const problems = under(path, principalProblems(owner));
    if (principalKind(owner) !== "group") return problems;
    return [
      ...problems,
      { path, got: owner, expected: "a user or a service principal: a group cannot own a group" },
    ];
  });
}

/** Source: https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept */
function nestingProblems(member: PlainParts): Problem[] {
  return (["eligibleAssignments", "activeAssignments"] as const).flatMap((property) =>
    Object.entries(member[property] ?? {}).flatMap(([key, assignment]) =>
      principalKind(assignment.principal ?? {}) === "group"
        ? [
            {
              path: `member.${property}.${key}.principal`,
              got: assignment.principal,
              expected: "a user or a service principal",
              fix: "a role-assignable group takes no group as member",
            },
          ]
        : [],
    ),
  );
}
