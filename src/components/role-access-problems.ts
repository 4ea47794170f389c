import type { AssignmentInput } from "../model/assignment-input";
import type { AssignmentLimits } from "../model/assignment-limits";
import { assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKind, Surface } from "../model/constants";
import { objectIdIn, principalReference } from "../model/principal";
import type { Problem } from "../model/problem";
import { normalScope, type RoleInput, roleProblems } from "../model/role-target";
import { systemRoleProblems } from "../model/roles-system";
import { type SettingsInput, settingsProblems } from "../model/settings-rules";
import { valueAt } from "../model/settings-tree";
import { SURFACE_FEATURES } from "../model/surface-features";
import { isUnknown } from "../model/unknown";

/** Settings and assignments of one role in plain values; what is inside Outputs is the unknown text. */
export interface PlainAccess {
  surface: Surface;
  roleAt(scope: string | undefined): RoleInput;
  limits(kind: AssignmentKind): AssignmentLimits;
  settings?: SettingsInput;
  eligibleAssignments?: Record<string, PlainAssignment>;
  activeAssignments?: Record<string, PlainAssignment>;
}

/** An assignment in plain values. */
export interface PlainAssignment
  extends Omit<AssignmentInput, "directoryRole" | "group" | "azureRole"> {
  scope?: string;
}

/** Everything that would be refused about a role and its children, with the paths of the component's arguments. */
export function roleAccessProblems(access: PlainAccess): Problem[] {
  return [
    ...ownRoleProblems(access),
    ...emptyProblems(access),
    ...ownSettingsProblems(access),
    ...assignmentsProblems("eligible", access),
    ...assignmentsProblems("active", access),
  ];
}

function ownRoleProblems(access: PlainAccess): Problem[] {
  const role = access.roleAt(undefined);
  const prefix = `${SURFACE_FEATURES[access.surface].property}.`;
  return [...roleProblems(role, "assignment"), ...systemRoleProblems(role)].map((problem) => ({
    ...problem,
    path: problem.path.startsWith(prefix) ? problem.path.slice(prefix.length) : problem.path,
  }));
}

function emptyProblems({
  settings,
  eligibleAssignments = {},
  activeAssignments = {},
}: PlainAccess): Problem[] {
  const isEmpty = [eligibleAssignments, activeAssignments].every(
    (map) => Object.keys(map).length === 0,
  );
  if (settings !== undefined || !isEmpty) return [];
  return [
    {
      path: "settings",
      expected: "settings, eligibleAssignments or activeAssignments",
      fix: "declare at least one: a role by itself changes nothing",
    },
  ];
}

function ownSettingsProblems({ surface, settings }: PlainAccess): Problem[] {
  if (settings === undefined || isUnknown(settings)) return [];
  const problems = [...settingsProblems(surface, settings), ...missingApprovers(surface, settings)];
  return problems.map((problem) => ({ ...problem, path: `settings.${problem.path}` }));
}

/** On groups and Azure roles nobody decides by default. */
function missingApprovers(surface: Surface, settings: SettingsInput): Problem[] {
  const path = "activation.approvers";
  if (SURFACE_FEATURES[surface].hasDefaultApprovers || valueAt(settings, path) !== undefined)
    return [];
  if (valueAt(settings, "activation.requireApproval") !== true) return [];
  return [
    { path, expected: "approvers beside activation.requireApproval: nobody else could decide" },
  ];
}

function assignmentsProblems(kind: AssignmentKind, access: PlainAccess): Problem[] {
  const property = `${kind}Assignments` as const;
  const assignments = access[property];
  if (assignments === undefined || isUnknown(assignments)) return [];
  const entries = Object.entries(assignments).filter(([, assignment]) => !isUnknown(assignment));
  return [
    ...entries.flatMap(([key, assignment]) =>
      oneProblems(kind, access, `${property}.${key}`, assignment),
    ),
    ...twiceProblems(property, entries),
  ];
}

function oneProblems(
  kind: AssignmentKind,
  access: PlainAccess,
  at: string,
  assignment: PlainAssignment,
): Problem[] {
  const { scope, ...input } = assignment;
  const { property } = SURFACE_FEATURES[access.surface];
  const problems = assignmentProblems(
    kind,
    { ...access.roleAt(scope), ...input },
    { limits: access.limits(kind) },
  );
  return problems.flatMap((problem) => {
    if (problem.path === `${property}.scope` && scope !== undefined)
      return [{ ...problem, path: `${at}.scope` }];
    // What is wrong with the role itself is said once, for the component.
    if (problem.path.startsWith(`${property}.`)) return [];
    return [{ ...problem, path: `${at}.${problem.path}` }];
  });
}

/** The same principal at the same scope under two keys would be one assignment with two owners. */
function twiceProblems(property: string, entries: readonly [string, PlainAssignment][]): Problem[] {
  const seen = new Map<string, string>();
  return entries.flatMap(([key, { principal, scope }]) => {
    const reference = principalReference(principal ?? {});
    if (reference === undefined || isUnknown(scope)) return [];
    const who = objectIdIn(reference.text) ?? `${reference.kind} ${reference.text.toLowerCase()}`;
    const identity = `${who} ${normalScope(scope ?? "/").toLowerCase()}`;
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, key);
      return [];
    }
    return [
      {
        path: `${property}.${key}.principal`,
        got: reference.text,
        expected: `another principal than ${property}.${first}`,
        fix: "a principal holds one assignment of a role at a scope: keep one of the two",
      },
    ];
  });
}
