import { choiceProblems } from "../model/assignment-rules";
import { OtherRoles, Profile, Tier } from "../model/constants";
import { type PrincipalInput, principalKind, principalProblems } from "../model/principal";
import { type Problem, under } from "../model/problem";
import { isUnknown } from "../model/unknown";
import { roleIdOf } from "./baseline-roles";

/** A baseline in plain values, as far as its shape is concerned. */
export interface PlainBaseline {
  profile?: string;
  approvers?: PrincipalInput[];
  tiers?: Record<string, unknown>;
  roles?: Record<string, { role?: string; tier?: string }>;
  otherRoles?: string;
}

/** What is wrong with a baseline before its roles can be worked out. */
export function baselineProblems(plain: PlainBaseline): Problem[] {
  return [
    ...plainProblems("profile", plain.profile, Profile, true),
    ...plainProblems("otherRoles", plain.otherRoles, OtherRoles, false),
    ...approverProblems(plain.approvers),
    ...tierNameProblems(plain.tiers),
    ...roleProblems(plain.roles),
  ];
}

/** A choice that decides which resources there are cannot be an Output. */
function plainProblems(
  path: string,
  got: unknown,
  allowed: Record<string, string>,
  isRequired: boolean,
): Problem[] {
  const expected = Object.values(allowed)
    .map((value) => `"${value}"`)
    .join(" or ");
  if (isUnknown(got))
    return [{ path, expected: `${expected}, not an Output`, fix: "it decides what is made" }];
  if (got === undefined && isRequired) return [{ path, expected }];
  return choiceProblems(path, got, allowed);
}

function approverProblems(approvers: PrincipalInput[] | undefined): Problem[] {
  if (isUnknown(approvers)) return [];
  if (!Array.isArray(approvers) || approvers.length === 0) {
    return [{ path: "approvers", got: approvers, expected: "at least one approver" }];
  }
  return approvers.flatMap((approver, index) => {
    const path = `approvers[${index}]`;
    const problems = under(path, principalProblems(approver));
    if (principalKind(approver) !== "servicePrincipal") return problems;
    return [
      ...problems,
      { path, got: approver, expected: "a user or a group: only a person can approve" },
    ];
  });
}

function tierNameProblems(tiers: Record<string, unknown> | undefined): Problem[] {
  if (tiers === undefined || isUnknown(tiers)) return [];
  return Object.keys(tiers).flatMap((tier) => choiceProblems("tiers", tier, Tier));
}

/** The roles must be told apart while the program runs: by id or by name, each once. */
function roleProblems(roles: PlainBaseline["roles"]): Problem[] {
  if (isUnknown(roles)) return [];
  const seen = new Map<string, string>();
  return Object.entries(roles ?? {}).flatMap(([key, args]) => {
    const path = `roles.${key}.role`;
    if (isUnknown(args)) return [];
    const { role, tier } = args;
    const problems = plainProblems(`roles.${key}.tier`, tier, Tier, false);
    if (isUnknown(role) || typeof role !== "string") {
      problems.push({
        path,
        expected: "a plain role, not an Output",
        fix: "its settings follow from it: give its id or name",
      });
      return problems;
    }
    const identity = roleIdOf(role) ?? role.trim().toLowerCase();
    const first = seen.get(identity);
    if (first !== undefined)
      problems.push({ path, got: role, expected: `another role than roles.${first}` });
    else seen.set(identity, key);
    return problems;
  });
}
