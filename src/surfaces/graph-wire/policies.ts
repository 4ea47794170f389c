import { isMfaAndContextConflict } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import type { RoleKey } from "../../model/identity";
import type { PolicyRules } from "../../model/policy-rules";
import { RULE_KEYS } from "../pim-wire/rule-ids";
import type { WireRule } from "../pim-wire/rules-codec";
import type { LivePolicy } from "../surface";
import { readRules, writeRules } from "./policy-codec";

/** Which policy belongs to which role, as Graph sends it; with the policy and its rules when they are asked for. */
export interface WirePolicyAssignment {
  policyId: string;
  roleDefinitionId: string;
  policy?: { id: string; rules?: WireRule[]; lastModifiedDateTime?: string | null } | null;
}

/** The path that lists policies with their rules. */
export function policiesPath(filter: string): string {
  const query = `$filter=${encodeURIComponent(filter)}&$expand=policy($expand=rules)`;
  return `/policies/roleManagementPolicyAssignments?${query}`;
}

/** A policy in our words; one that is malformed is an error about its role alone. */
export function readPolicy(role: RoleKey, entry: WirePolicyAssignment): LivePolicy | Error {
  const wire = entry.policy?.rules ?? [];
  try {
    const changedAt = entry.policy?.lastModifiedDateTime;
    return {
      role,
      policyId: entry.policyId,
      rules: readRules(wire),
      wire,
      ...(changedAt ? { changedAt } : {}),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Sends the rules that differ in one request; two when the service insists on taking MFA and context one by one. A
 * group's policy gets a new id with each change: the answer says which.
 */
export async function writePolicy(
  graph: GraphClient,
  policy: LivePolicy,
  rules: PolicyRules,
): Promise<LivePolicy> {
  const wire = policy.wire as WireRule[];
  const changed = RULE_KEYS.filter((key) => rules[key] !== policy.rules[key]);
  if (changed.length === 0) return policy;
  const written = writeRules(wire, rules, changed);
  const patched = await send(graph, policy.policyId, written);
  const byId = new Map(written.map((rule) => [rule.id, rule]));
  return { ...policy, ...patched, rules, wire: wire.map((rule) => byId.get(rule.id) ?? rule) };
}

async function send(
  graph: GraphClient,
  policyId: string,
  written: readonly WireRule[],
): Promise<Patched> {
  try {
    return await patchRules(graph, policyId, written);
  } catch (error) {
    if (!isMfaAndContextConflict(error) || written.length < 2) throw error;
  }
  const [first, ...rest] = inTwoSteps(written);
  const between = await patchRules(graph, policyId, first === undefined ? [] : [first]);
  return patchRules(graph, between.policyId, rest);
}

type Patched = Pick<LivePolicy, "policyId" | "changedAt">;

async function patchRules(
  graph: GraphClient,
  policyId: string,
  rules: readonly WireRule[],
): Promise<Patched> {
  const path = `/policies/roleManagementPolicies/${policyId}`;
  const answer = await graph.patch<
    { id?: string; lastModifiedDateTime?: string | null } | undefined
  >(path, { rules }, { purpose: "writing role settings" });
  const changedAt = answer?.lastModifiedDateTime;
  return { policyId: answer?.id ?? policyId, ...(changedAt ? { changedAt } : {}) };
}

/** The one that switches off comes first: the enablement rule when MFA goes, the context rule when the context goes. */
function inTwoSteps(written: readonly WireRule[]): WireRule[] {
  const isPair = (rule: WireRule) =>
    rule.id === "AuthenticationContext_EndUser_Assignment" ||
    rule.id === "Enablement_EndUser_Assignment";
  const switchesOff = (rule: WireRule) =>
    rule.id === "AuthenticationContext_EndUser_Assignment" ? rule.isEnabled === false : true;
  const pair = written
    .filter(isPair)
    .sort((a, b) => Number(switchesOff(b)) - Number(switchesOff(a)));
  return [...pair, ...written.filter((rule) => !isPair(rule))];
}
