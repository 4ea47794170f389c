import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import type { PrincipalNames } from "../model/access-names";
import { known } from "../model/access-role";
import type { PrincipalKind } from "../model/constants";
import type { Plan, PlanStep } from "./read-plan";
import { urnName } from "./read-plan";

/** Native resources that are principals. */
const DIRECTORY_TYPES: Readonly<Record<string, PrincipalKind>> = {
  "azuread:index/user:User": "user",
  "azuread:index/group:Group": "group",
  "azuread:index/groupWithoutMembers:GroupWithoutMembers": "group",
  "azuread:index/servicePrincipal:ServicePrincipal": "servicePrincipal",
};

/** Administrative units, whose names stand in the same document. */
const UNIT_TYPE = "azuread:index/administrativeUnit:AdministrativeUnit";

/** Names of principals: what the program made, a names file, and what the tenant said, the last one first. */
export function planNames(
  plan: Plan,
  given: Readonly<Record<string, PrincipalFacts>>,
  facts: LiveFacts | undefined,
): PrincipalNames {
  const made = new Map<string, PrincipalFacts>();
  const byUrn = new Map<string, PlanStep>();
  for (const step of plan.steps) {
    byUrn.set(step.urn, step);
    const named = directoryObject(step);
    if (named?.id !== undefined) made.set(named.id.toLowerCase(), named.facts);
  }
  return {
    byId: (id) => {
      const parts = [made.get(id), given[id], facts?.principals?.[id]];
      return parts.every((part) => part === undefined) ? undefined : Object.assign({}, ...parts);
    },
    origin: (urn, property) => originOf(urn, property, byUrn),
  };
}

/** Names of administrative units that the same program makes, by scope. */
export function planScopeNames(plan: Plan): Record<string, string> {
  const names: Record<string, string> = {};
  for (const { type, before, after } of plan.steps) {
    if (type !== UNIT_TYPE) continue;
    const values = { ...before?.outputs, ...after?.inputs, ...after?.outputs };
    const id = known(values["objectId"]);
    const name = known(values["displayName"]);
    if (id !== undefined && name !== undefined) {
      names[`/administrativeunits/${id.toLowerCase()}`] = name;
    }
  }
  return names;
}

function directoryObject(
  step: PlanStep,
): { id: string | undefined; facts: PrincipalFacts } | undefined {
  const kind = DIRECTORY_TYPES[step.type];
  if (kind === undefined) return undefined;
  const { before, after } = step;
  const values = { ...before?.outputs, ...after?.inputs, ...after?.outputs };
  const displayName = known(values["displayName"]);
  const userPrincipalName = known(values["userPrincipalName"]);
  return {
    id: known(values["objectId"]),
    facts: {
      kind,
      ...(displayName === undefined ? {} : { displayName }),
      ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    },
  };
}

function originOf(
  urn: string,
  property: string,
  byUrn: ReadonlyMap<string, PlanStep>,
): (PrincipalFacts & { from: string }) | undefined {
  const step = byUrn.get(urn);
  const dependencies = (step?.after ?? step?.before)?.propertyDependencies ?? {};
  for (const dependency of dependencies[property] ?? []) {
    const source = byUrn.get(dependency);
    const facts = source === undefined ? undefined : directoryObject(source)?.facts;
    const kind = facts?.kind ?? "resource";
    return { ...facts, from: `${kind} ${urnName(dependency)}` };
  }
  return undefined;
}
