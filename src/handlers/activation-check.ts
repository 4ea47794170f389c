import { type ActivationInputs, activationId, activationProblems } from "../model/activation";
import type { Problem } from "../model/problem";
import { surfaceOf } from "../model/role-target";
import { callerIn } from "../tenant/caller";
import { personProblem } from "../tenant/person";
import type { Tenant } from "../tenant/tenant";
import type { Checked } from "./handler";
import { belongingProblem, claim } from "./ownership";
import { resolveRole, roleKeyOf } from "./resolution";

/**
 * Resolves the role and pins the activation to its person: to whoever declared it first, whoever runs this later. An
 * application is refused here, before anything is asked of the service.
 */
export async function checkActivation(
  tenant: Tenant,
  olds: ActivationInputs | undefined,
  news: ActivationInputs,
): Promise<Checked> {
  const foreign = belongingProblem(tenant, olds);
  if (foreign !== undefined) return { inputs: news, problems: [foreign] };
  const problems = activationProblems(news, {
    now: tenant.clock.now(),
    startIsNew: olds?.startsAt !== news.startsAt,
  });
  if (problems.length > 0) return { inputs: news, problems };
  const person = await pinned(tenant, olds, news);
  if (person.problems.length > 0) return { inputs: news, problems: person.problems };
  const role = await resolveRole(tenant, news.owner, news, olds);
  const inputs: ActivationInputs = {
    ...news,
    tenantId: tenant.tenantId,
    ...role.value,
    ...person.value,
  };
  if (role.problems.length > 0) return { inputs, problems: role.problems };
  const key = roleKeyOf(inputs);
  if (key === undefined || inputs.principalId === undefined) return { inputs, problems: [] };
  const identity = activationId(tenant.tenantId, key, inputs.principalId);
  return { inputs, problems: await claim(tenant, identity, inputs.owner) };
}

interface Pinned {
  value: { principalId?: string; principalName?: string };
  problems: Problem[];
}

async function pinned(
  tenant: Tenant,
  olds: ActivationInputs | undefined,
  news: ActivationInputs,
): Promise<Pinned> {
  if (olds?.principalId !== undefined) {
    const { principalId, principalName } = olds;
    const name = principalName === undefined ? {} : { principalName };
    return { value: { principalId, ...name }, problems: [] };
  }
  const surface = surfaceOf(news);
  if (surface === undefined) return { value: {}, problems: [] };
  const claims = await tenant.claims(surface);
  const problem = personProblem(surface, "activate", claims);
  if (problem !== undefined)
    return { value: {}, problems: [{ path: "", expected: `a person's sign-in: ${problem}` }] };
  const { ids, name } = callerIn(claims);
  return { value: { principalId: ids[0] ?? "", principalName: name }, problems: [] };
}
