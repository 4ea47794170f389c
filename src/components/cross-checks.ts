import { MOST_ASSIGNABLE_GROUPS } from "../model/group-limit";
import { isWeaker } from "../model/leaf-strength";
import type { Problem } from "../model/problem";
import { LEAF_PATHS, type LeafPath } from "../model/settings-leaves";
import {
  type Declared,
  type DeclaredAccess,
  type DeclaredGroup,
  type DeclaredRole,
  groupNamed,
} from "./declared-access";

/** What is wrong, and what is unwise, about a declaration together with the others of this run. */
export interface CrossChecks {
  problems: Problem[];
  warnings: string[];
}

/** Checks a role that is declared now against what was declared before it. */
export function checkRole(role: DeclaredRole, declared: Declared): CrossChecks {
  const pairs = role.holders.flatMap(({ group, path }) => {
    const found = groupNamed(group, declared);
    return found === undefined ? [] : [{ group: found, path }];
  });
  return {
    problems: [
      ...approverProblems(role, declared),
      ...ownGroupProblems(role),
      ...(role.isDirectoryRole
        ? pairs.flatMap(({ group, path }) => assignableProblems(group, path))
        : []),
    ],
    warnings: [
      ...approverWarnings(role, declared),
      ...pairs.flatMap(({ group }) => pairWarnings(role, group)),
    ],
  };
}

/** Checks a group that is declared now against what was declared before it. */
export function checkGroup(group: DeclaredGroup, declared: Declared): CrossChecks {
  const holding = declared.roles.filter(({ holders }) =>
    holders.some((holder) => group.identities.includes(holder.group)),
  );
  return {
    problems: [
      ...approverProblems(group, declared),
      ...selfProblems(group),
      ...circleProblems(group, declared),
      ...countProblems(group, declared),
    ],
    warnings: [
      ...approverWarnings(group, declared),
      ...holding.flatMap((role) => pairWarnings(role, group)),
    ],
  };
}

/** Nobody in the group could decide: being eligible is not enough, one would have to be approved first. */
function approverProblems(
  { approvers, settingsPath }: DeclaredAccess,
  declared: Declared,
): Problem[] {
  return approvers.flatMap((approver) => {
    const group = groupNamed(approver, declared);
    if (group === undefined || !group.isNew || group.activeMembers > 0) return [];
    return [
      {
        path: `${settingsPath}.activation.approvers`,
        expected: `a group with an active member: ${group.subject} has none`,
        fix: "declare member.activeAssignments there: an eligible member cannot decide before activating",
      },
    ];
  });
}

function approverWarnings({ subject, approvers }: DeclaredAccess, declared: Declared): string[] {
  return approvers.flatMap((approver) => {
    const group = groupNamed(approver, declared);
    if (group === undefined || !group.isNew || group.activeMembers !== 1) return [];
    return [
      `${subject}: ${group.subject} has one active member, so nobody decides when that person is away or asks`,
    ];
  });
}

/** Members of the group that holds the role would decide about each other. */
function ownGroupProblems({ holders, approvers, settingsPath }: DeclaredRole): Problem[] {
  return holders
    .filter(({ group }) => approvers.includes(group))
    .map(({ path }) => ({
      path: `${settingsPath}.activation.approvers`,
      expected: `another group than ${path}`,
      fix: "a group that holds the role would approve its own activations: name a separate group of approvers",
    }));
}

function selfProblems({ identities, approvers, settingsPath }: DeclaredGroup): Problem[] {
  if (!approvers.some((approver) => identities.includes(approver))) return [];
  return [
    {
      path: `${settingsPath}.activation.approvers`,
      expected: "another group than this one",
      fix: "a group that approves its own activations protects nothing, and locks when nobody is active",
    },
  ];
}

/** Groups that wait for each other: nobody in them can become active. */
function circleProblems(group: DeclaredGroup, declared: Declared): Problem[] {
  const all = { ...declared, groups: [...declared.groups, group] };
  const circle = wayBack(group, group, all, new Set());
  if (circle === undefined || circle.length < 2) return [];
  const { settingsPath } = group;
  return [
    {
      path: `${settingsPath}.activation.approvers`,
      expected: "approvers that do not wait for this group",
      fix: `each of these waits for the next: ${[...circle, group].map(({ subject }) => subject).join(", ")}`,
    },
  ];
}

function wayBack(
  from: DeclaredGroup,
  to: DeclaredGroup,
  declared: Declared,
  seen: Set<DeclaredGroup>,
): DeclaredGroup[] | undefined {
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const approver of from.approvers) {
    const next = groupNamed(approver, declared);
    if (next === undefined) continue;
    const rest = next === to ? [] : wayBack(next, to, declared, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}

function countProblems(
  { isNew, isAssignableToRole }: DeclaredGroup,
  { groups }: Declared,
): Problem[] {
  if (!isNew || isAssignableToRole !== true) return [];
  const before = groups.filter((group) => group.isNew && group.isAssignableToRole === true).length;
  if (before < MOST_ASSIGNABLE_GROUPS) return [];
  return [
    {
      path: "newGroup.assignableToRole",
      got: true,
      expected: `at most ${MOST_ASSIGNABLE_GROUPS} role-assignable groups in a tenant`,
    },
  ];
}

function assignableProblems(group: DeclaredGroup, path: string): Problem[] {
  if (group.isAssignableToRole !== false) return [];
  return [
    {
      path,
      expected: `a role-assignable group: ${group.subject} makes one that is not`,
      fix: "declare newGroup.assignableToRole: true; it is set when a group is made and cannot be changed later",
    },
  ];
}

/** CISA MS.AAD.7.6 to 7.9 hold for a group that holds the role, as they hold for the role. */
function pairWarnings(role: DeclaredRole, group: DeclaredGroup): string[] {
  const warnings: string[] = [];
  const weaker = comparable(role, group).filter((path) =>
    isWeaker(path, role.settings[path], group.settings[path]),
  );
  if (weaker.length > 0) {
    warnings.push(
      `${group.subject}: its members get the role of ${role.subject} under weaker settings (${weaker.join(", ")})`,
    );
  }
  if (role.tier === "critical" && group.hasOwners) {
    warnings.push(
      `${group.subject}: its owners decide who gets the role of ${role.subject}, which is critical`,
    );
  }
  return warnings;
}

function comparable(role: DeclaredRole, group: DeclaredGroup): LeafPath[] {
  const hasContext = (group.settings["activation.authenticationContext"] ?? "") !== "";
  return LEAF_PATHS.filter((path) => {
    if (role.settings[path] === undefined || group.settings[path] === undefined) return false;
    // An authentication context takes the place of MFA and is the stronger of the two.
    if (path === "activation.requireMfa" && hasContext) return false;
    return path.startsWith("activation.") || /^notifications\..*\.admin\./.test(path);
  });
}
