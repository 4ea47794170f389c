import { assignmentProblems } from "../model/assignment-rules";
import type { AssignmentKind } from "../model/constants";
import { type AssignmentKey, assignmentId } from "../model/identity";
import type { AssignmentInputs, LiveState } from "../model/kinds";
import {
  type PrincipalReference,
  principalKind,
  principalReference,
  referenceKey,
} from "../model/principal";
import { readReferences } from "../model/principals-text";
import type { Problem } from "../model/problem";
import { surfaceOf } from "../model/role-target";
import { hasUnknown, isUnknown } from "../model/unknown";
import { hasBegun, sameExpiration, type Window } from "../model/window";
import type { AssignmentRow } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { wasThereBefore } from "./assignment-origin";
import { knownKeyOf } from "./assignment-state";
import { emergencyProblems } from "./emergency";
import type { Checked } from "./handler";
import { newGroupProblems } from "./new-group";
import { belongingProblem, claim } from "./ownership";
import { type Resolved, type ResolvedPrincipal, resolvePrincipal, resolveRole } from "./resolution";

/** Resolves names, refuses what the service would refuse, claims the identity, and says what is held already. */
export async function checkAssignment(
  kind: AssignmentKind,
  tenant: Tenant,
  olds: AssignmentInputs | undefined,
  { beside, newGroup, ...news }: AssignmentInputs,
): Promise<Checked> {
  const foreign = belongingProblem(tenant, olds);
  if (foreign !== undefined) return { inputs: news, problems: [foreign] };
  const role = await resolveRole(tenant, news.owner, news, olds);
  const principal = await resolveDeclared(tenant, olds, news, readReferences(beside));
  const { facts, ...named } = principal.value ?? {};
  const resolved: AssignmentInputs = {
    ...news,
    tenantId: tenant.tenantId,
    ...role.value,
    ...named,
  };
  const problems = [
    ...assignmentProblems(kind, news, {
      now: tenant.clock.now(),
      windowIsNew: windowIsNew(olds, news),
      startIsNew: startIsNew(olds, news),
      ...(news.limits === undefined || isUnknown(news.limits) ? {} : { limits: news.limits }),
      // What is wrong with an emergency account is said in words of its own.
      ...(facts === undefined || news.emergency === true ? {} : { principal: facts }),
      ...(news.limits?.requireMfa === true
        ? { appOnly: (await tenant.caller(surfaceOf(news))).appOnly }
        : {}),
    }),
    ...role.problems,
    ...principal.problems,
    ...(await newGroupProblems(tenant, newGroup, news.group)),
  ];
  if (problems.length > 0) return { inputs: resolved, problems };
  return withIdentity(kind, tenant, olds, resolved);
}

/** What can be said only when it is known which assignment is meant. */
async function withIdentity(
  kind: AssignmentKind,
  tenant: Tenant,
  olds: AssignmentInputs | undefined,
  inputs: AssignmentInputs,
): Promise<Checked> {
  const key = knownKeyOf(kind, inputs);
  if (key === undefined) return { inputs, problems: [] };
  const identity = assignmentId(tenant.tenantId, key);
  const problems = await claim(tenant, identity, inputs.owner);
  if (problems.length > 0) return { inputs, problems };
  const before = olds === undefined ? undefined : knownKeyOf(kind, olds);
  const isSame = before !== undefined && assignmentId(tenant.tenantId, before) === identity;
  const looking =
    isSame && !startIsNew(olds, inputs)
      ? Promise.resolve(undefined)
      : tenant.snapshot(key.role.surface).assignment(key);
  const looked = looking.catch(() => undefined); // what is wrong with the role itself is said first
  const unfit = isSame
    ? []
    : [
        ...(await problemsOf(tenant, key, inputs)),
        ...(await emergencyProblems(tenant, key, inputs)),
      ];
  if (unfit.length > 0) return looked.then(() => ({ inputs, problems: unfit }));
  const held = await looking;
  const begun = begunProblems(inputs, held, tenant.clock.now());
  if (begun.length > 0) return { inputs, problems: begun };
  const existing = isSame ? olds?.existing : await existingWindow(tenant, held, inputs);
  return {
    inputs: {
      ...inputs,
      live: liveState(isSame ? olds?.live : undefined, inputs),
      ...(existing === undefined ? {} : { existing }),
    },
    problems: [],
  };
}

/** What only the service's objects tell: a group that PIM cannot manage, a role that cannot be had at a scope. */
function problemsOf(
  tenant: Tenant,
  { role, kind }: AssignmentKey,
  inputs: AssignmentInputs,
): Promise<Problem[]> {
  const principal = inputs.principalKind ?? principalKind(inputs.principal);
  const { surface } = tenant.snapshot(role.surface);
  return surface.problemsOf(role, principal === undefined ? undefined : { kind, principal });
}

async function resolveDeclared(
  tenant: Tenant,
  olds: AssignmentInputs | undefined,
  news: AssignmentInputs,
  beside: readonly PrincipalReference[],
): Promise<Resolved<ResolvedPrincipal>> {
  const reference = principalReference(news.principal ?? {});
  if (reference === undefined || isUnknown(news.owner)) return { problems: [] };
  return resolvePrincipal(
    tenant,
    news.owner,
    reference,
    keptPrincipal(olds, referenceKey(reference)),
    "principal",
    beside,
  );
}

function keptPrincipal(
  olds: AssignmentInputs | undefined,
  key: string,
): ResolvedPrincipal | undefined {
  const before = olds === undefined ? undefined : principalReference(olds.principal);
  if (olds?.principalId === undefined || before === undefined || referenceKey(before) !== key)
    return undefined;
  const { principalId, principalName, principalKind } = olds;
  return {
    principalId,
    ...(principalName === undefined ? {} : { principalName }),
    ...(principalKind === undefined ? {} : { principalKind }),
  };
}

function windowIsNew(olds: AssignmentInputs | undefined, news: AssignmentInputs): boolean {
  if (olds === undefined) return true;
  if (hasUnknown(news.expiration) || isUnknown(news.startsAt)) return false;
  return !sameExpiration(olds.expiration, news.expiration ?? {}) || olds.startsAt !== news.startsAt;
}

function startIsNew(olds: AssignmentInputs | undefined, { startsAt }: AssignmentInputs): boolean {
  return startsAt !== undefined && !isUnknown(startsAt) && olds?.startsAt !== startsAt;
}

/** The service moves a start only while it lies ahead. */
function begunProblems(
  { startsAt }: AssignmentInputs,
  held: Window | undefined,
  now: number,
): Problem[] {
  if (
    startsAt === undefined ||
    held === undefined ||
    hasBegun(startsAt, now) ||
    !hasBegun(held.startsAt, now)
  )
    return [];
  const since = held.startsAt === null ? "" : ` on ${held.startsAt}`;
  const fix = "leave startsAt out, or remove the assignment first";
  return [
    {
      path: "startsAt",
      got: startsAt,
      expected: `no start: it has begun${since} and its start cannot be moved any more`,
      fix,
    },
  ];
}

/** The window of what was held before it was declared. */
async function existingWindow(
  tenant: Tenant,
  row: AssignmentRow | undefined,
  inputs: AssignmentInputs,
): Promise<Window | undefined> {
  if (row === undefined || !(await wasThereBefore(tenant, row, inputs))) return undefined;
  return { startsAt: row.startsAt, endsAt: row.endsAt };
}

/** A removal by somebody is repaired unless the program says to leave it; choosing `restore` later repairs it then. */
function liveState(before: LiveState | undefined, inputs: AssignmentInputs): LiveState {
  return before === "removed" && inputs.onRemoved === "keep" ? "removed" : "held";
}
