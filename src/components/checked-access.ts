import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../model/problem";
import { emergencyProblems } from "../resources/emergency-accounts";
import { type InputIdentity, identityOf } from "../resources/input-identity";
import { refuseProblems } from "../resources/new-refusal";
import type { PrincipalArgs } from "../resources/principal-args";
import type { SettingsArgs } from "../resources/settings-args";
import type { CrossChecks } from "./cross-checks";
import type { RoleAccess } from "./role-access";

/** Throws for what is wrong, warns of what is unwise. */
export function refuseOrWarn(
  component: pulumi.ComponentResource,
  subject: string,
  problems: readonly Problem[],
  checks: CrossChecks,
): void {
  refuseProblems(subject, [...problems, ...checks.problems]);
  for (const warning of checks.warnings) void pulumi.log.warn(warning, component);
}

/** Assignments to accounts that are kept for emergencies. */
export function touchedEmergencyProblems(access: RoleAccess): Problem[] {
  return principalsOf(access).flatMap(({ principal, path }) =>
    emergencyProblems(principal, path, false),
  );
}

/** Groups that hold the role, and where they are named. */
export function holdersOf(access: RoleAccess): { group: InputIdentity; path: string }[] {
  return principalsOf(access).flatMap(({ principal, path }) => {
    const group = identityOf(principal?.group);
    return group === undefined ? [] : [{ group, path: `${path}.group` }];
  });
}

/** Groups that decide about activations; none where no approval is asked for. */
export function approverGroups(settings: SettingsArgs | undefined): InputIdentity[] {
  const { requireApproval, approvers = [] } = settings?.activation ?? {};
  if (requireApproval === undefined || requireApproval === false) return [];
  return approvers.flatMap(({ group }) => identityOf(group) ?? []);
}

/** Everybody whom the assignments are about, and where they are named. */
export function principalsOf(
  access: RoleAccess,
): { principal: PrincipalArgs | undefined; path: string }[] {
  return (["eligibleAssignments", "activeAssignments"] as const).flatMap((property) =>
    Object.entries(access[property] ?? {}).map(([key, assignment]) => ({
      principal: assignment.principal,
      path: `${property}.${key}.principal`,
    })),
  );
}
