import { isForbidden } from "../http/errors";
import { type AssignmentLimits, limitsOf } from "../model/assignment-limits";
import { type AssignmentFacts, assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKey } from "../model/identity";
import type { AssignmentInputs } from "../model/kinds";
import { formatProblem } from "../model/problem";
import { readLeaves } from "../model/settings-leaves";
import { SURFACE_FEATURES } from "../model/surface-features";
import type { PrincipalFound } from "../surfaces/surface";
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
    ...(limits?.requireMfa === true ? { appOnly: (await tenant.caller(key.role.surface)).appOnly } : {}),
  });
  if (problems.length > 0) throw new RefusedError(problems.map(formatProblem).join("; "));
}

/** The live limits; undefined for a caller who may assign but not read settings: then the service judges alone. */
async function liveLimits(
  tenant: Tenant,
  key: AssignmentKey,
): Promise<AssignmentLimits | undefined> {
  try {
    const policy = await tenant.snapshot(key.role.surface).policies.of(key.role);
    return policy === undefined ? undefined : limitsOf(readLeaves(policy.rules), key.kind);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Only groups have a property that the service would refuse later than it should. */
async function principalFacts(
  tenant: Tenant,
  key: AssignmentKey,
  inputs: AssignmentInputs,
): Promise<PrincipalFound | undefined> {
  if (inputs.principal.group === undefined) return undefined;
  if (!SURFACE_FEATURES[key.role.surface].needsRoleAssignableGroup) return undefined;
  try {
    return await tenant.principals.read("group", key.principalId);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
