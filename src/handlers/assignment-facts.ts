import type { AssignmentFacts } from "../model/assignment-input";
import { type AssignmentLimits, limitsOf } from "../model/assignment-limits";
import { assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs } from "../model/kinds";
import { formatProblem, type Problem } from "../model/problem";
import { readLeaves } from "../model/settings-leaves";
import { SURFACE_FEATURES } from "../model/surface-features";
import { isBroken, isForbidden } from "../tenant/errors";
import type { PrincipalFound } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";

/** Refuses, just before the write, what the live settings and the directory say the service would refuse. */
export async function assertAcceptable(
  tenant: Tenant,
  key: AssignmentKey,
  inputs: AssignmentInputs,
  isNew: Pick<AssignmentFacts, "windowIsNew" | "startIsNew">,
): Promise<void> {
  const [limits, principal] = await Promise.all([
    liveLimits(tenant, key),
    principalFacts(tenant, key, inputs),
  ]);
  const problems = assignmentProblems(key.kind, inputs, {
    now: tenant.clock.now(),
    ...isNew,
    limitsSource: "the live settings of the role",
    ...(limits === undefined ? {} : { limits }),
    ...(principal === undefined ? {} : { principal }),
    ...(limits?.requireMfa === true
      ? { appOnly: (await tenant.caller(key.role.surface)).appOnly }
      : {}),
  });
  if (problems.length > 0) throw new RefusedError(problems.map(formatProblem).join("; "));
}

/**
 * The live limits; undefined for a caller who may assign but not read settings, and where the service cannot read them:
 * then it judges alone.
 */
async function liveLimits(
  tenant: Tenant,
  key: AssignmentKey,
): Promise<AssignmentLimits | undefined> {
  try {
    const policy = await tenant.snapshot(key.role.surface).policies.of(key.role);
    return policy === undefined ? undefined : limitsOf(readLeaves(policy.rules), key.kind);
  } catch (error) {
    if (isForbidden(error) || isBroken(error)) return undefined;
    throw error;
  }
}

/**
 * What is worth a look before the service is asked: a group that cannot hold roles, which it would refuse later than it
 * should; a guest without an end, which it would take; an application's id in place of a service principal's.
 */
async function principalFacts(
  tenant: Tenant,
  key: AssignmentKey,
  inputs: AssignmentInputs,
): Promise<PrincipalFound | undefined> {
  const needsGroup = SURFACE_FEATURES[key.role.surface].needsRoleAssignableGroup;
  try {
    // Named by an id, a guest is told from a member by nothing else.
    if (inputs.principal.user !== undefined && inputs.expiration.permanent === true)
      return await tenant.principals.read("user", key.principalId);
    if (inputs.principal.group !== undefined && needsGroup)
      return await tenant.principals.read("group", key.principalId);
    if (inputs.principal.servicePrincipal !== undefined)
      return await servicePrincipal(tenant, key.principalId);
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
  return undefined;
}

async function servicePrincipal(tenant: Tenant, id: string): Promise<PrincipalFound | undefined> {
  const found = await tenant.principals.read("servicePrincipal", id);
  if (found !== undefined) return found;
  const meant = await tenant.principals.servicePrincipalOf(id);
  if (meant === undefined) return undefined;
  const problem: Problem = {
    path: "principal.servicePrincipal",
    got: id,
    expected: "the object id of a servicePrincipal",
    fix: `this is an application (client) id: its service principal is ${meant}`,
  };
  throw new RefusedError(formatProblem(problem));
}
