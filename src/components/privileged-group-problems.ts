import type { PrincipalInput } from "../model/principal";
import {
  objectIdIn,
  principalKind,
  principalProblems,
  repeatedPrincipalProblems,
} from "../model/principal";
import { type Problem, under } from "../model/problem";
import { flagProblems, optionalTextProblems, textProblems } from "../model/text-rules";
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
  description?: string;
  assignableToRole?: boolean;
  owners?: PrincipalInput[];
}

/** What is wrong with the group itself; its two sides are checked like roles. */
export function groupProblems({ group, newGroup, member, owner }: PlainPrivilegedGroup): Problem[] {
  if ((group === undefined) === (newGroup === undefined)) {
    return [{ path: "", expected: "exactly one of group (an existing one) and newGroup" }];
  }
  if (newGroup !== undefined) return isUnknown(newGroup) ? [] : newGroupProblems(newGroup, member);
  const problems = [
    ...textProblems("group", group, "an object id or a unique display name"),
    ...ownMemberProblems(group, { member, owner }),
  ];
  if (member === undefined && owner === undefined) {
    problems.push({
      path: "member",
      expected: "member or owner",
      fix: "a group by itself changes nothing",
    });
  }
  return problems;
}

/** The service refuses a group in itself. */
function ownMemberProblems(
  group: string | undefined,
  sides: Record<"member" | "owner", PlainParts | undefined>,
): Problem[] {
  if (isUnknown(group) || typeof group !== "string") return [];
  return Object.entries(sides).flatMap(([side, parts]) =>
    principalsIn(parts ?? {}).flatMap(([path, principal]) =>
      isSameGroup(group, principal.group)
        ? [
            {
              path: `${side}.${path}.principal`,
              got: principal,
              expected: "another than the group itself",
            },
          ]
        : [],
    ),
  );
}

function isSameGroup(group: string, other: unknown): boolean {
  if (typeof other !== "string" || isUnknown(other)) return false;
  const [a, b] = [group, other].map((text) => objectIdIn(text.trim()) ?? text.trim().toLowerCase());
  return a === b;
}

/** Whom the assignments of a side are about, and where they stand. */
function principalsIn(parts: PlainParts): [path: string, principal: PrincipalInput][] {
  return (["eligibleAssignments", "activeAssignments"] as const).flatMap((property) =>
    Object.entries(isUnknown(parts[property]) ? {} : (parts[property] ?? {})).flatMap(
      ([key, { principal }]): [string, PrincipalInput][] =>
        principal === undefined ? [] : [[`${property}.${key}`, principal]],
    ),
  );
}

function newGroupProblems(newGroup: PlainNewGroup, member: PlainParts | undefined): Problem[] {
  const { displayName, description, assignableToRole, owners } = newGroup;
  const problems = [
    ...textProblems("newGroup.displayName", displayName, "a name"),
    ...optionalTextProblems("newGroup.description", description),
    ...flagProblems("newGroup.assignableToRole", assignableToRole),
  ];
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
  const problems = owners.flatMap((owner, index) => {
    const path = `newGroup.owners[${index}]`;
    const wrong = under(path, principalProblems(owner));
    if (principalKind(owner) !== "group") return wrong;
    return [
      ...wrong,
      { path, got: owner, expected: "a user or a service principal: a group cannot own a group" },
    ];
  });
  return [...problems, ...repeatedPrincipalProblems("newGroup.owners", owners)];
}

/** Source: https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept */
function nestingProblems(member: PlainParts): Problem[] {
  return principalsIn(member)
    .filter(([, principal]) => principalKind(principal) === "group")
    .map(([path, principal]) => ({
      path: `member.${path}.principal`,
      got: principal,
      expected: "a user or a service principal",
      fix: "a role-assignable group takes no group as member",
    }));
}
