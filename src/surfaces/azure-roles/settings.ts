import type { ArmCallOptions, ArmClient } from "../../http/arm";
import type { RoleKey } from "../../model/identity";
import type { PolicyRules } from "../../model/policy-rules";
import { ignoredRules, readRules, writeAllRules } from "../arm-wire/policy-codec";
import type { WireResource } from "../arm-wire/schedule-codec";
import { authorizationPath, isOf, roleDefinitionIdAt } from "../arm-wire/scope";
import { COMMON_RULE_KEYS, RULE_KEYS } from "../pim-wire/rule-ids";
import type { WireRule } from "../pim-wire/rules-codec";
import type { LivePolicy } from "../surface";
import { type AzureKey, azureRole } from "./assignments";
import { atScope } from "./scope-error";

const API_VERSION = "2020-10-01";
/** The only version that has the rule of PIM-only mode. */
const PIM_ONLY_API_VERSION = "2024-09-01-preview";

/** How long a change may take to be seen before it counts as ignored; in milliseconds between the looks. */
const LOOKS_AFTER_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Lets time pass. */
export type Sleep = (ms: number) => Promise<void>;

/** The service took a change of settings, said that all was well, and did not make it. */
export class IgnoredSettingsError extends Error {
  override name = "IgnoredSettingsError" as const;

  constructor({ scope, roleDefinitionId }: AzureKey, rules: readonly string[]) {
    super(
      `the service accepted the settings of role ${roleDefinitionId} at ${scope} and did not apply ${rules.join(", ")}; run again, and when it stays so, check the rule in the portal`,
    );
  }
}

interface WirePolicyAssignment {
  scope?: string | null;
  roleDefinitionId?: string | null;
  policyId: string;
  effectiveRules?: WireRule[] | null;
}

interface WirePolicy {
  rules?: WireRule[] | null;
}

/** The settings of roles at scopes; undefined where a role has none. One request for each. */
export function readPolicies(
  arm: ArmClient,
  roles: readonly RoleKey[],
  withPimOnlyMode: (role: RoleKey) => boolean = () => false,
): Promise<(LivePolicy | Error | undefined)[]> {
  return Promise.all(
    roles.map((role) =>
      readPolicy(arm, azureRole(role), withPimOnlyMode(role)).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      ),
    ),
  );
}

/**
 * Changes settings: the policy as it is now, changed in place, sent whole, and looked at again. Its id is looked up
 * each time, because a change may give it another.
 */
export async function writePolicy(
  arm: ArmClient,
  sleep: Sleep,
  policy: LivePolicy,
  rules: PolicyRules,
): Promise<LivePolicy> {
  const role = azureRole(policy.role);
  const withPimOnlyMode = policy.rules.pimOnlyMode !== undefined;
  const wire = await readWire(arm, policy.policyId, withPimOnlyMode);
  const body = { properties: { rules: writeAllRules(wire, policy.rules, rules) } };
  await arm.patch<unknown>(
    policy.policyId,
    body,
    options("writing role settings", withPimOnlyMode),
  );
  let ignored: string[] = [];
  for (const pause of LOOKS_AFTER_MS) {
    if (pause > 0) await sleep(pause);
    const found = await readPolicy(arm, role, withPimOnlyMode);
    if (found === undefined) continue;
    ignored = ignoredRules(policy.rules, rules, found.rules);
    if (ignored.length === 0) return found;
  }
  throw new IgnoredSettingsError(role, ignored);
}

async function readPolicy(
  arm: ArmClient,
  role: AzureKey,
  withPimOnlyMode: boolean,
): Promise<LivePolicy | undefined> {
  const { scope, roleDefinitionId } = role;
  const filter = `roleDefinitionId eq '${roleDefinitionIdAt(scope, roleDefinitionId)}'`;
  const path = authorizationPath(scope, "roleManagementPolicyAssignments");
  const found = await atScope(scope, () =>
    arm.list<WireResource<WirePolicyAssignment>>(
      `${path}?$filter=${encodeURIComponent(filter)}`,
      options(`reading role settings at ${scope}`, withPimOnlyMode),
    ),
  );
  const own = found.find(({ properties }) => isOf(properties, scope, roleDefinitionId));
  if (own === undefined) return undefined;
  const policyId = `/${own.properties.policyId.replace(/^\/+/, "")}`;
  const { effectiveRules } = own.properties;
  const wire = effectiveRules?.length
    ? effectiveRules
    : await readWire(arm, policyId, withPimOnlyMode);
  const rules = readRules(wire, withPimOnlyMode ? RULE_KEYS : COMMON_RULE_KEYS);
  return { role, policyId, rules, wire };
}

async function readWire(
  arm: ArmClient,
  policyId: string,
  withPimOnlyMode: boolean,
): Promise<WireRule[]> {
  const policy = await arm.get<WireResource<WirePolicy>>(
    policyId,
    options("reading role settings", withPimOnlyMode),
  );
  return policy.properties.rules ?? [];
}

function options(purpose: string, withPimOnlyMode: boolean): ArmCallOptions {
  return { apiVersion: withPimOnlyMode ? PIM_ONLY_API_VERSION : API_VERSION, purpose };
}
