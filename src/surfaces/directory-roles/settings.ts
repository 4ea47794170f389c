import type { GraphClient } from "../../http/graph";
import { hasCode } from "../../http/errors";
import type { RoleKey } from "../../model/identity";
import type { PolicyRules } from "../../model/policy-rules";
import { readRules, type WireRule, writeRules } from "../graph-wire/policy-codec";
import { RULE_KEYS } from "../graph-wire/rule-ids";
import type { LivePolicy, PolicyEntry } from "../surface";

const ASSIGNMENTS = "/policies/roleManagementPolicyAssignments";
const OF_DIRECTORY_ROLES = "scopeId eq '/' and scopeType eq 'DirectoryRole'";
const WITH_RULES = "$expand=policy($expand=rules)";

interface WirePolicyAssignment {
  policyId: string;
  roleDefinitionId: string;
  policy?: { id: string; rules?: WireRule[] } | null;
}

/** The policies of all directory roles. Policies carry a custom role's template id: `idOf` turns it into the role's id. */
export async function listPolicies(graph: GraphClient, idOf: (templateId: string) => string): Promise<PolicyEntry[]> {
  const wire = await graph.list<WirePolicyAssignment>(policiesPath(OF_DIRECTORY_ROLES), {
    purpose: "listing role settings",
  });
  return wire.map((entry) => {
    const role = roleKey(idOf(entry.roleDefinitionId.toLowerCase()));
    return { role, policy: readPolicy(role, entry) };
  });
}

/** The policies of single roles, in batches; undefined where a role has none. */
export async function readPolicies(
  graph: GraphClient,
  roles: readonly RoleKey[],
  templateOf: (roleDefinitionId: string) => string,
): Promise<(LivePolicy | Error | undefined)[]> {
  const paths = roles.map((role) =>
    policiesPath(`${OF_DIRECTORY_ROLES} and roleDefinitionId eq '${templateOf(idIn(role))}'`),
  );
  const pages = await graph.pages<WirePolicyAssignment>(paths, { purpose: "reading role settings" });
  return pages.map((page, index) => {
    const role = roles[index];
    if (page instanceof Error || role === undefined) return page instanceof Error ? page : undefined;
    const [entry] = page.value;
    return entry === undefined ? undefined : readPolicy(role, entry);
  });
}

/** Sends the rules that differ in one request; two when the service insists on taking MFA and context one by one. */
export async function writePolicy(graph: GraphClient, policy: LivePolicy, rules: PolicyRules): Promise<LivePolicy> {
  const wire = policy.wire as WireRule[];
  const changed = RULE_KEYS.filter((key) => rules[key] !== policy.rules[key]);
  if (changed.length === 0) return policy;
  const written = writeRules(wire, rules, changed);
  try {
    await patchRules(graph, policy, written);
  } catch (error) {
    if (!hasCode(error, "MfaAndAcrsConflict") || written.length < 2) throw error;
    const [first, ...rest] = inTwoSteps(written);
    await patchRules(graph, policy, first === undefined ? [] : [first]);
    await patchRules(graph, policy, rest);
  }
  const byId = new Map(written.map((rule) => [rule.id, rule]));
  return { ...policy, rules, wire: wire.map((rule) => byId.get(rule.id) ?? rule) };
}

async function patchRules(graph: GraphClient, policy: LivePolicy, rules: WireRule[]): Promise<void> {
  await graph.patch(`/policies/roleManagementPolicies/${policy.policyId}`, { rules }, { purpose: "writing role settings" });
}

/** The one that switches off comes first: the enablement rule when MFA goes, the context rule when the context goes. */
function inTwoSteps(written: readonly WireRule[]): WireRule[] {
  const isPair = (rule: WireRule) =>
    rule.id === "AuthenticationContext_EndUser_Assignment" || rule.id === "Enablement_EndUser_Assignment";
  const switchesOff = (rule: WireRule) =>
    rule.id === "AuthenticationContext_EndUser_Assignment" ? rule.isEnabled === false : true;
  const pair = written.filter(isPair).sort((a, b) => Number(switchesOff(b)) - Number(switchesOff(a)));
  return [...pair, ...written.filter((rule) => !isPair(rule))];
}

function policiesPath(filter: string): string {
  return `${ASSIGNMENTS}?$filter=${encodeURIComponent(filter)}&${WITH_RULES}`;
}

function readPolicy(role: RoleKey, entry: WirePolicyAssignment): LivePolicy | Error {
  const wire = entry.policy?.rules ?? [];
  try {
    return { role, policyId: entry.policyId, rules: readRules(wire), wire };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function roleKey(roleDefinitionId: string): RoleKey {
  return { surface: "directoryRoles", roleDefinitionId, scope: "/" };
}

function idIn(role: RoleKey): string {
  return role.surface === "directoryRoles" ? role.roleDefinitionId : "";
}

