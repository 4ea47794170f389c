import { type Call, noContent, type Operation, objectBody, ok, param } from "../api";
import { writeAudit } from "../audit";
import { refuse } from "../errors";
import { hasVisiblePolicies, manageableGroup, onboardGroup } from "../groups/onboarding";
import { fixedValues, matches } from "../odata-filter";
import { contextSuffix, type Expand } from "../odata-query";
import { PERMISSIONS, type PermissionRule } from "../permissions";
import { type EntitySet, entity, list, selectMembers, sourceOf } from "../respond";
import { type Json, readAs } from "../schema";
import type { Policy } from "./policy-book";
import { changedPolicy } from "./policy-change";
import { policyToWire, ruleToWire } from "./policy-wire";

const POLICIES = "/policies/roleManagementPolicies";
const ASSIGNMENTS = "/policies/roleManagementPolicyAssignments";

/** Policies (role settings) of directory roles and groups, and which role each belongs to. */
export const policyOperations: readonly Operation[] = [
  { method: "GET", path: POLICIES, permission: readPermission, run: listPolicies },
  {
    method: "GET",
    path: `${POLICIES}/{id}`,
    permission: readPermission,
    run: (call) => entity(call, POLICY_SET, policyOf(call)),
  },
  { method: "PATCH", path: `${POLICIES}/{id}`, permission: writePermission, run: patchPolicy },
  { method: "GET", path: `${POLICIES}/{id}/rules`, permission: readPermission, run: listRules },
  {
    method: "GET",
    path: `${POLICIES}/{id}/effectiveRules`,
    permission: readPermission,
    run: listRules,
  },
  {
    method: "GET",
    path: `${POLICIES}/{id}/rules/{rule}`,
    permission: readPermission,
    run: getRule,
  },
  {
    method: "GET",
    path: `${POLICIES}/{id}/effectiveRules/{rule}`,
    permission: readPermission,
    run: getRule,
  },
  {
    method: "PATCH",
    path: `${POLICIES}/{id}/rules/{rule}`,
    permission: writePermission,
    run: patchRule,
  },
  { method: "GET", path: ASSIGNMENTS, permission: readPermission, run: listAssignments },
  {
    method: "GET",
    path: `${ASSIGNMENTS}/{id}`,
    permission: readPermission,
    run: (call) => entity(call, ASSIGNMENT_SET, assignmentOf(call)),
  },
  {
    method: "GET",
    path: `${ASSIGNMENTS}/{id}/policy`,
    permission: readPermission,
    run: (call) => entity(call, POLICY_SET, assignmentOf(call)),
  },
];

/** A policy under the name its reader asked for: `Directory` and `DirectoryRole` are the same. */
interface NamedPolicy {
  policy: Policy;
  scopeType: string;
}

const POLICY_SET: EntitySet<NamedPolicy> = {
  context: "policies/roleManagementPolicies",
  type: "unifiedRoleManagementPolicy",
  service: "pim",
  toWire: (named, call) => policyToWire(named.policy, policyId(call, named), named.scopeType),
  filter: { scopeId: "eq", scopeType: "eq", id: "eq" },
  expand: { rules: rulesToWire, effectiveRules: rulesToWire },
  contained: ["rules", "effectiveRules"],
};

const ASSIGNMENT_SET: EntitySet<NamedPolicy> = {
  context: "policies/roleManagementPolicyAssignments",
  type: "unifiedRoleManagementPolicyAssignment",
  service: "pim",
  toWire: (named, call) => {
    const id = policyId(call, named);
    return {
      id: `${id}_${named.policy.roleKey}`,
      policyId: id,
      scopeId: named.policy.scopeId,
      scopeType: named.scopeType,
      roleDefinitionId: named.policy.roleKey,
    };
  },
  filter: { scopeId: "eq", scopeType: "eq", roleDefinitionId: "eq", policyId: "eq", id: "eq" },
  expand: { policy: expandPolicy },
};

function policyId(call: Call, { policy, scopeType }: NamedPolicy): string {
  const owner = policy.scopeType === "Group" ? policy.scopeId : call.tenant.id;
  return `${scopeType}_${owner}_${policy.guid}`;
}

function rulesToWire({ policy }: NamedPolicy, call: Call, nested: Expand): Json[] {
  if (call.tenant.policies.isPoisoned(policy)) throw refuse.internal();
  return [...policy.rules.values()].map((rule) =>
    selectRule(ruleToWire(rule, call.version), nested.select),
  );
}

function selectRule(rule: Json, select: readonly string[] | undefined): Json {
  return select === undefined ? rule : selectMembers(rule, select);
}

function expandPolicy(named: NamedPolicy, call: Call, nested: Expand): Json {
  const wire = selectMembers(POLICY_SET.toWire(named, call), nested.select);
  for (const inner of nested.expand) {
    const names = inner.name === "*" ? ["rules", "effectiveRules"] : [inner.name];
    for (const name of names) {
      if (name !== "rules" && name !== "effectiveRules")
        throw refuse.unknownExpand(name, "unifiedRoleManagementPolicy");
      wire[name] = rulesToWire(named, call, inner);
    }
  }
  return wire;
}

// The provider is the scope type of the filter, or the first part of an id. Without it: MissingProvider.
function providerOf(call: Call): { scopeType: string; scopeId: string | undefined } {
  const id = call.params["id"];
  const fixed = fixedValues(call.query.filter);
  const parts = (id ?? fixed.get("policyId") ?? "").split("_");
  const scopeType = id === undefined ? (fixed.get("scopeType") ?? parts[0]) : parts[0];
  const spelled = ["DirectoryRole", "Directory", "Group"].find(
    (known) => known.toLowerCase() === scopeType?.toLowerCase(),
  );
  if (spelled === undefined) throw refuse.missingProvider();
  const fromId = spelled === "Group" ? parts[1] : "/";
  return {
    scopeType: spelled,
    scopeId:
      id === undefined
        ? (fixed.get("scopeId") ?? (parts[1] === undefined ? undefined : fromId))
        : fromId,
  };
}

function readPermission(call: Call): PermissionRule {
  return providerOf(call).scopeType === "Group"
    ? PERMISSIONS.groupPoliciesRead
    : PERMISSIONS.directoryPoliciesRead;
}

function writePermission(call: Call): PermissionRule {
  if (providerOf(call).scopeType === "Group") return PERMISSIONS.groupPoliciesWrite;
  const rule = PERMISSIONS.directoryPoliciesWrite;
  return call.tenant.settings.appOnlyPolicyWrites ? rule : { ...rule, app: [] };
}

function* policiesOf(call: Call): Generator<NamedPolicy> {
  const { scopeType, scopeId } = providerOf(call);
  if (scopeId === undefined) throw refuse.missingProvider();
  const { tenant } = call;
  if (scopeType === "Group") {
    if (tenant.directory.groups.read(scopeId) === undefined) return;
    if (!hasVisiblePolicies(tenant, scopeId)) return;
    for (const roleKey of ["member", "owner"])
      yield { policy: tenant.policies.read("Group", scopeId, roleKey), scopeType };
    return;
  }
  if (scopeId !== "/") return;
  for (const { value: role } of tenant.roles.definitions.scan()) {
    if (!role.isSystemAssigned)
      yield { policy: tenant.policies.read("DirectoryRole", "/", role.templateId), scopeType };
  }
}

function listPolicies(call: Call) {
  return list(call, POLICY_SET, sourceOf(policiesOf(call)));
}

function listAssignments(call: Call) {
  return list(call, ASSIGNMENT_SET, sourceOf(policiesOf(call)));
}

function assignmentOf(call: Call): NamedPolicy {
  const id = param(call, "id");
  for (const named of policiesOf(call)) {
    if (ASSIGNMENT_SET.toWire(named, call)["id"] === id) return named;
  }
  throw refuse.policyNotFound();
}

function policyOf(call: Call): NamedPolicy {
  const { scopeType, scopeId } = providerOf(call);
  const guid = param(call, "id").split("_")[2] ?? "";
  const policy = findPolicy(call, guid);
  const named = policy === undefined ? undefined : { policy, scopeType };
  if (named === undefined || (scopeType === "Group" && named.policy.scopeId !== scopeId))
    throw refuse.policyNotFound();
  if (policyId(call, named).toLowerCase() !== param(call, "id").toLowerCase())
    throw refuse.policyNotFound();
  return named;
}

// Policies are made when first asked for: an unknown guid may belong to one nobody has met yet.
function findPolicy(call: Call, guid: string): Policy | undefined {
  const known = call.tenant.policies.byGuid(guid);
  if (known !== undefined) return known;
  for (const { policy } of policiesOf(call)) {
    if (policy.guid === guid.toLowerCase()) return policy;
  }
  return undefined;
}

function patchPolicy(call: Call) {
  const named = policyOf(call);
  const body = objectBody(call);
  readAs(call.version, "unifiedRoleManagementPolicy", body);
  const rules = body["rules"];
  if (rules !== undefined && !Array.isArray(rules))
    throw refuse.wrongType("rules", "Collection(microsoft.graph.unifiedRoleManagementPolicyRule)");
  const policy = change(call, named, (rules ?? []) as Json[]);
  return entity(call, POLICY_SET, { ...named, policy });
}

function patchRule(call: Call) {
  const named = policyOf(call);
  const body = objectBody(call);
  const id = body["id"];
  if (named.policy.rules.get(param(call, "rule")) === undefined) throw refuse.policyNotFound();
  if (id !== undefined && id !== param(call, "rule"))
    throw refuse.invalidPolicy("The id of a rule cannot be changed.");
  change(call, named, [{ ...body, id: param(call, "rule") }]);
  return noContent();
}

// What is changed is the policy as it is, not as a reader may still see it.
function change(call: Call, { policy }: NamedPolicy, rules: readonly Json[]): Policy {
  const { tenant, caller } = call;
  const current = tenant.policies.current(policy.scopeType, policy.scopeId, policy.roleKey);
  if (policy.scopeType === "Group") manageableGroup(tenant, policy.scopeId);
  const object = tenant.directory.read(caller.id);
  const changed = changedPolicy(
    tenant,
    current,
    rules,
    String(object?.value["displayName"] ?? caller.id),
  );
  if (policy.scopeType === "Group") onboardGroup(tenant, policy.scopeId, caller);
  writeAudit(tenant, {
    activityDisplayName: "Update role setting in PIM",
    category: policy.scopeType === "Group" ? "GroupManagement" : "RoleManagement",
    initiatedBy: { kind: caller.kind, id: caller.id },
    roleId: policy.roleKey,
  });
  return tenant.policies.replace(changed);
}

function listRules(call: Call) {
  const named = policyOf(call);
  const { filter, select } = call.query;
  const all = rulesToWire(named, call, { name: "rules", expand: [] });
  const value = all
    .filter((rule) => filter === undefined || matches(filter, rule, () => true))
    .map((rule) => selectRule(rule, select));
  return ok({ "@odata.context": rulesContext(call), value });
}

function getRule(call: Call) {
  const named = policyOf(call);
  const rule = rulesToWire(named, call, { name: "rules", expand: [] }).find(
    (candidate) => candidate["id"] === param(call, "rule"),
  );
  if (rule === undefined) throw refuse.policyNotFound();
  const context = `${rulesContext(call)}/$entity`;
  return ok({ "@odata.context": context, ...selectRule(rule, call.query.select) });
}

function rulesContext(call: Call): string {
  const collection = /\/effectiveRules(\/|$)/i.test(call.path) ? "effectiveRules" : "rules";
  const suffix = contextSuffix(call.query.select, []);
  return `${call.origin}/${call.version}/$metadata#${POLICIES.slice(1)}('${param(call, "id")}')/${collection}${suffix}`;
}
