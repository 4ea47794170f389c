import type { RoleSettingsInputs } from "../model/kinds";
import {
  type PrincipalInput,
  type PrincipalReference,
  principalReference,
  referenceKey,
} from "../model/principal";
import type { Problem } from "../model/problem";
import { valueAt } from "../model/settings-tree";
import { isUnknown } from "../model/unknown";
import { tryUntil } from "../tenant/clock";
import { isForbidden } from "../tenant/errors";
import type { Tenant } from "../tenant/tenant";
import { type Resolved, resolvePrincipal } from "./resolution";

/** The object ids of the declared approvers, by kind and text; who stands in the old inputs keeps the id. */
export async function resolveApprovers(
  tenant: Tenant,
  olds: RoleSettingsInputs | undefined,
  news: RoleSettingsInputs,
): Promise<{ ids: Record<string, string>; problems: Problem[] }> {
  const approvers = valueAt(news, "activation.approvers");
  const ids: Record<string, string> = {};
  const problems: Problem[] = [];
  if (!Array.isArray(approvers)) return { ids, problems };
  for (const [index, approver] of approvers.entries()) {
    const reference = isUnknown(approver)
      ? undefined
      : principalReference(approver as PrincipalInput);
    if (reference === undefined || reference.kind === "servicePrincipal") continue;
    const kept = olds?.approverIds?.[referenceKey(reference)];
    const path = `activation.approvers[${index}]`;
    const resolved = await resolveApprover(tenant, news.owner, reference, kept, path);
    problems.push(...resolved.problems);
    if (resolved.value !== undefined) ids[referenceKey(reference)] = resolved.value;
  }
  return { ids, problems };
}

async function resolveApprover(
  tenant: Tenant,
  owner: string,
  reference: PrincipalReference,
  kept: string | undefined,
  path: string,
): Promise<Resolved<string>> {
  if (kept !== undefined) return { value: kept, problems: [] };
  const { value, problems } = await resolvePrincipal(tenant, owner, reference, undefined, path);
  if (value === undefined) return { problems };
  if (value.facts !== undefined || (await isThere(tenant, reference, value.principalId))) {
    return { value: value.principalId, problems: [] };
  }
  const noun = reference.kind;
  const missing = { path: `${path}.${noun}`, got: value.principalId };
  return {
    problems: [{ ...missing, expected: `the object id of a ${noun} in this tenant` }],
  };
}

/** How long a group or user that was made in the same run may stay invisible. */
const APPEARS_WITHIN_MS = 45_000;

/** An approver who does not exist makes a rule that nobody can satisfy, and the service takes it all the same. */
async function isThere(tenant: Tenant, { kind }: PrincipalReference, id: string): Promise<boolean> {
  const until = tenant.clock.now() + APPEARS_WITHIN_MS;
  const found = await tryUntil(tenant.clock, { until }, async () => {
    try {
      return (await tenant.principals.read(kind, id)) !== undefined || undefined;
    } catch (error) {
      if (isForbidden(error)) return true;
      throw error;
    }
  });
  return found ?? false;
}
