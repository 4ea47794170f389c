import { refuse } from "../errors";
import { guidOf } from "../ids";
import { type Json, propertiesOf } from "../schema";
import type { Tenant } from "../tenant";
import type { Policy } from "./policy-book";
import { type PolicyRule, type PolicyRules, ruleOf } from "./policy-rules";
import { ruleFromWire, ruleType } from "./policy-wire";

/** A policy with some rules changed, in the order sent, all or none. */
export function changedPolicy(
  tenant: Tenant,
  policy: Policy,
  sent: readonly Json[],
  changedBy: string,
): Policy {
  const rules = new Map(policy.rules);
  for (const body of sent) {
    const rule = rules.get(String(body["id"]));
    if (rule === undefined)
      throw refuse.invalidPolicy(`The rule ${String(body["id"])} does not exist.`);
    checkMembers(rule, body);
    const changed = ruleFromWire(tenant, rule, body);
    checkMfaAgainstContext(rules, changed);
    rules.set(rule.id, changed);
  }
  return {
    ...policy,
    rules,
    // Seen by terraform: the policy of a group gets a new id with every change.
    guid: policy.scopeType === "Group" ? guidOf(`${policy.guid} changed`) : policy.guid,
    lastModifiedAt: tenant.clock.now(),
    lastModifiedBy: changedBy,
  };
}

// Only one direction is refused (seen live): adding MFA while a context is on. Turning a context on
// while MFA is on is accepted and stores the pair.
function checkMfaAgainstContext(rules: PolicyRules, changed: PolicyRule): void {
  if (changed.kind !== "Enablement" || changed.caller !== "EndUser") return;
  const context = ruleOf(
    rules,
    "AuthenticationContext",
    "AuthenticationContext_EndUser_Assignment",
  );
  if (context.isEnabled && changed.enabledRules.includes("MultiFactorAuthentication"))
    throw refuse.mfaAndAcrs();
}

// The body says which rule it is by its derived type; without it the service cannot read the rest.
function checkMembers(rule: PolicyRule, body: Json): void {
  const type = ruleType(rule);
  const sent = String(body["@odata.type"] ?? "").replace(/^#?microsoft\.graph\./, "");
  if (sent !== type)
    throw refuse.invalidPolicy(`Rule ${rule.id} needs @odata.type #microsoft.graph.${type}.`);
  const known = propertiesOf("v1.0", type);
  for (const member of Object.keys(body)) {
    if (!member.includes("@") && known?.has(member) === false)
      throw refuse.unknownProperty(member, type);
  }
}
