import type { RoleSettingsInputs } from "../model/kinds";
import {
  type PrincipalInput,
  type PrincipalReference,
  principalReference,
  referenceKey,
} from "../model/principal";
import type { Problem } from "../model/problem";
import { PRINCIPAL_LEAVES } from "../model/settings-leaves";
import { valueAt } from "../model/settings-tree";
import { isUnknown } from "../model/unknown";
import { isForbidden } from "../tenant/errors";
import type { Tenant } from "../tenant/tenant";
import { type Resolved, resolvePrincipal } from "./resolution";

/** The object ids of those whom settings name, by kind and text; who stands in the old inputs keeps the id. */
export async function resolveNamed(
  tenant: Tenant,
  olds: RoleSettingsInputs | undefined,
  news: RoleSettingsInputs,
): Promise<{ ids: Record<string, string>; problems: Problem[] }> {
  // Side by side: those that are not visible yet are waited for together.
  const resolved = await Promise.all(
    namedIn(news).map(async ({ reference, path }) => {
      const key = referenceKey(reference);
      const kept = olds?.approverIds?.[key];
      return { key, ...(await resolveOne(tenant, news.owner, reference, kept, path)) };
    }),
  );
  return {
    ids: Object.fromEntries(
      resolved.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
    ),
    problems: resolved.flatMap(({ problems }) => problems),
  };
}

interface Named {
  reference: PrincipalReference;
  path: string;
}

/** Approvers can be people only: a service principal among them is a problem that is told elsewhere. */
function namedIn(news: RoleSettingsInputs): Named[] {
  return PRINCIPAL_LEAVES.flatMap((leaf) => {
    const principals = valueAt(news, leaf);
    if (!Array.isArray(principals)) return [];
    return principals.flatMap((principal: unknown, index): Named[] => {
      if (isUnknown(principal)) return [];
      const reference = principalReference(principal as PrincipalInput);
      if (reference === undefined) return [];
      if (leaf === "activation.approvers" && reference.kind === "servicePrincipal") return [];
      return [{ reference, path: `${leaf}[${index}]` }];
    });
  });
}

async function resolveOne(
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
