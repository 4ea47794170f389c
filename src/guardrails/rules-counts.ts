import type { Grant } from "../model/access";
import { principalName } from "../model/access-names";
import { phrase } from "../model/access-phrase";
import { GLOBAL_ADMINISTRATOR } from "../model/lockout";
import { found, type GuardrailContext, type Rule, type RuleOutcome } from "./rule";

export const GLOBAL_ADMINISTRATOR_COUNT_RULE: Rule = {
  id: "PIM011",
  name: "ga-count",
  title: "few people can become Global Administrator, and more than one",
  controls: ["CISA MS.AAD.7.1", "CIS M365 1.1.3"],
  place: "stack",
  evaluate: (context) => {
    const { minGlobalAdministrators: min, maxGlobalAdministrators: max } =
      context.config.thresholds;
    const counted = countAdministrators(context);
    if (counted === undefined) return { found: [] };
    const { count, isComplete, where } = counted;
    const tooMany = count > max;
    const tooFew = isComplete && count < min;
    const finding = {
      tier: "critical",
      severity: tooFew ? "block" : "warn",
      message: tooFew
        ? phrase`people who could be Global Administrator ${where}: ${count}; losing one locks the tenant, at least ${min} are needed`
        : phrase`people who could be Global Administrator ${where}: ${isComplete ? phrase`` : phrase`at least `}${count}; no more than ${max} should be`,
      fix: tooFew
        ? phrase`add an emergency account`
        : phrase`give them the role that they need in place of this one`,
    } as const;
    return {
      ...found([tooMany || tooFew ? finding : undefined]),
      ...(isComplete
        ? {}
        : { notEvaluated: "the number of Global Administrators in the tenant: --live" }),
    };
  },
};

export const GLOBAL_ADMINISTRATOR_RATIO_RULE: Rule = {
  id: "PIM012",
  name: "ga-ratio",
  title: "there are no more Global Administrators than holders of lesser privileged roles",
  controls: ["CISA MS.AAD.7.2", "ZTA 21813"],
  place: "stack",
  evaluate: (context) => {
    const administrators = people(context, isGlobalAdministrator);
    const others = people(context, (grant) => isPrivileged(grant) && !isGlobalAdministrator(grant));
    for (const name of administrators) others.delete(name);
    if (administrators.size === 0 || administrators.size <= others.size) return { found: [] };
    return found([
      {
        tier: "critical",
        severity: "note",
        message: phrase`people who can be Global Administrator in this stack: ${administrators.size}; others who hold a lesser privileged role: only ${others.size}`,
        fix: phrase`give people the role that their work needs`,
      },
    ]);
  },
};

export const MANY_PRIVILEGED_RULE: Rule = {
  id: "PIM013",
  name: "many-privileged",
  title: "few assignments of privileged roles",
  controls: ["Microsoft best practices for Entra roles"],
  place: "stack",
  evaluate: (context): RuleOutcome => {
    const count = context.model.grants.filter(isPrivileged).length;
    const { maxPrivilegedAssignments: max } = context.config.thresholds;
    if (count <= max) return { found: [] };
    return found([
      {
        tier: "privileged",
        severity: "note",
        message: phrase`this stack has ${count} assignments of privileged directory roles; the portal warns above ${max}`,
        fix: phrase`remove what nobody uses`,
      },
    ]);
  },
};

interface Count {
  count: number;
  isComplete: boolean;
  where: ReturnType<typeof phrase>;
}

/** Undefined when the stack says nothing about the role and the tenant was not asked. */
function countAdministrators(context: GuardrailContext): Count | undefined {
  const here = people(context, isGlobalAdministrator);
  const live = context.facts?.globalAdministrators;
  if (live === undefined) {
    return here.size === 0
      ? undefined
      : { count: here.size, isComplete: false, where: phrase`in this stack` };
  }
  const all = new Set(live.map((id) => id.toLowerCase()));
  for (const { kind, before } of context.changes?.grants ?? []) {
    if (kind === "loses" && before !== undefined && isGlobalAdministrator(before)) {
      all.delete(before.principal.id ?? "");
    }
  }
  for (const name of here) all.add(name);
  return { count: all.size, isComplete: true, where: phrase`in the tenant` };
}

/** Everybody behind the grants, members of groups in place of the group where the stack or the tenant names them. */
function people({ model }: GuardrailContext, isMeant: (grant: Grant) => boolean): Set<string> {
  const names = new Set<string>();
  for (const grant of model.grants.filter(isMeant)) {
    const { principal } = grant;
    if (principal.kind === "servicePrincipal") continue;
    if (principal.kind === "user") names.add(nameOf(grant));
    else for (const name of membersOf(grant, model.grants)) names.add(name);
  }
  return names;
}

function membersOf({ principal }: Grant, grants: readonly Grant[]): string[] {
  const declared = grants
    .filter(
      ({ role, principal: member }) =>
        role.surface === "groups" &&
        role.id !== undefined &&
        role.id === principal.id &&
        role.access === "member" &&
        member.kind === "user",
    )
    .map(nameOf);
  const count = principal.members?.count ?? 0;
  const named = new Set(declared);
  for (let index = named.size; index < count; index++)
    named.add(`${principal.id ?? ""} member ${index}`);
  return named.size === 0 ? [`${principal.id ?? principalName(principal)} (group)`] : [...named];
}

function nameOf({ principal, key }: Grant): string {
  return principal.id ?? key;
}

function isGlobalAdministrator({ role }: Grant): boolean {
  return role.surface === "directoryRoles" && role.id === GLOBAL_ADMINISTRATOR;
}

function isPrivileged({ role }: Grant): boolean {
  return role.surface === "directoryRoles" && role.tier !== "standard";
}
