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
  if (!Array.isArray(approvers)) return { ids: {}, problems: [] };
  // Side by side: those that are not visible yet are waited for together.
  const resolved = await Promise.all(
    approvers.map(async (approver, index) => {
      const reference = isUnknown(approver)
        ? undefined
        : principalReference(approver as PrincipalInput);
      if (reference === undefined || reference.kind === "servicePrincipal") return undefined;
      const key = referenceKey(reference);
      const path = `activation.approvers[${index}]`;
      const kept = olds?.approverIds?.[key];
      return { key, ...(await resolveApprover(tenant, news.owner, reference, kept, path)) };
    }),
  );
  const known = resolved.filter((one) => one !== undefined);
  return {
    ids: Object.fromEntries(
      known.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
    ),
    problems: known.flatMap(({ problems }) => problems),
  };
}

async function resolveApprover(
  tenant: Tenant,
  owner: string,
  reference: PrincipalReference,
  kept: string | undefined,
  path: string,
): Promise<Resolved<string>> {
  const known = kept === undefined ? undefined : { principalId: kept };
  const { value, problems } = await resolvePrincipal(tenant, owner, reference, known, path);
  if (value === undefined) return { problems };
  if (kept !== undefined) return { value: kept, problems: [] };
  if (value.facts !== undefined || (await isThere(tenant, reference, value.principalId))) {
    return { value: value.principalId, problems: [] };
  }
  const noun = reference.kind;
  const missing = { path: `${path}.${noun}`, got: value.principalId };
  return {
    problems: [{ ...missing, expected: `the object id of a ${noun} in this tenant` }],
  };
}

/** An approver who does not exist makes a rule that nobody can satisfy, and the service takes it all the same. */
async function isThere(tenant: Tenant, { kind }: PrincipalReference, id: string): Promise<boolean> {
  try {
    return (await tenant.principals.appear(kind, id)) !== undefined;
  } catch (error) {
    if (isForbidden(error)) return true;
    throw error;
  }
}
