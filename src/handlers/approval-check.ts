import { type DecisionInputs, decisionProblems } from "../model/activation";
import { Surface } from "../model/constants";
import { principalReference, referenceKey } from "../model/principal";
import { type Problem, under } from "../model/problem";
import { surfaceOf } from "../model/role-target";
import { isUnknown } from "../model/unknown";
import { callerIn } from "../tenant/caller";
import { personProblem } from "../tenant/person";
import type { Tenant } from "../tenant/tenant";
import type { Checked } from "./handler";
import { belongingProblem } from "./ownership";
import { type ResolvedPrincipal, resolvePrincipal, resolveRole } from "./resolution";

/** Resolves who asked for what, and refuses whoever could not decide: an application, and the requester. */
export async function checkDecision(
  tenant: Tenant,
  olds: DecisionInputs | undefined,
  news: DecisionInputs,
): Promise<Checked> {
  const foreign = belongingProblem(tenant, olds);
  if (foreign !== undefined) return { inputs: news, problems: [foreign] };
  const problems = decisionProblems(news);
  if (problems.length > 0) return { inputs: news, problems };
  const role =
    news.role === undefined
      ? { problems: [] }
      : await resolveRole(
          tenant,
          news.owner,
          news.role,
          olds?.role === undefined ? undefined : { ...olds.role, ...olds.resolved },
        );
  const requester = await resolveRequester(tenant, olds, news);
  const inputs: DecisionInputs = {
    ...news,
    tenantId: tenant.tenantId,
    ...("value" in role && role.value !== undefined ? { resolved: role.value } : {}),
    ...requester.value,
  };
  const found = [...under("role", role.problems), ...requester.problems];
  // What was decided is history: whoever runs this later needs to be nobody in particular.
  if (found.length > 0 || olds !== undefined) return { inputs, problems: found };
  return { inputs, problems: await approverProblems(tenant, inputs) };
}

async function resolveRequester(
  tenant: Tenant,
  olds: DecisionInputs | undefined,
  news: DecisionInputs,
): Promise<{ value: Partial<DecisionInputs>; problems: Problem[] }> {
  const reference = principalReference(news.requester ?? {});
  if (reference === undefined || isUnknown(news.owner)) return { value: {}, problems: [] };
  const before = olds?.requester === undefined ? undefined : principalReference(olds.requester);
  const isSame = before !== undefined && referenceKey(before) === referenceKey(reference);
  const known: ResolvedPrincipal | undefined =
    isSame && olds?.requesterId !== undefined
      ? {
          principalId: olds.requesterId,
          ...(olds.requesterName === undefined ? {} : { principalName: olds.requesterName }),
        }
      : undefined;
  const { value, problems } = await resolvePrincipal(
    tenant,
    news.owner,
    reference,
    known,
    "requester",
  );
  if (value === undefined) return { value: {}, problems };
  const { principalId, principalName } = value;
  return {
    value: {
      requesterId: principalId,
      ...(principalName === undefined ? {} : { requesterName: principalName }),
    },
    problems,
  };
}

async function approverProblems(tenant: Tenant, inputs: DecisionInputs): Promise<Problem[]> {
  const surface = inputs.role === undefined ? undefined : surfaceOf(inputs.role);
  const claims = await tenant.claims(surface ?? Surface.DirectoryRoles);
  // By id alone the surface is not known yet: then only what holds on all of them is refused.
  const problem = personProblem(surface ?? Surface.AzureRoles, "decide", claims);
  if (problem !== undefined) return [{ path: "", expected: `a person's sign-in: ${problem}` }];
  if (inputs.requesterId === undefined || !callerIn(claims).ids.includes(inputs.requesterId))
    return [];
  return [
    {
      path: "requester",
      got: inputs.requesterName ?? inputs.requesterId,
      expected: "somebody else than the one who decides",
      fix: "nobody approves a request of their own: let another approver run this",
    },
  ];
}
