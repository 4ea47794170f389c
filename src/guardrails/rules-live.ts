import type { AccessRole } from "../model/access";
import type { NativeGrant } from "../model/access-change";
import { ours, type Phrase, phrase } from "../model/access-phrase";
import { builtInRoleName } from "../model/access-role-names";
import { roleTier } from "../model/access-tier";
import { isBreakGlass } from "./break-glass";
import type { GuardrailConfig } from "./config";
import type { Found } from "./finding";
import { aboutGrant, found, type Rule } from "./rule";
import { roleWords, who } from "./words";

export const OUTSIDE_PIM_RULE: Rule = {
  id: "PIM022",
  name: "outside-pim",
  title: "nobody is active in a role past PIM",
  controls: ["CISA MS.AAD.7.5", "Maester MT.1031", "PIM alert: roles are assigned outside of PIM"],
  place: "live",
  evaluate: ({ facts, config, changes }) => {
    const planned = (changes?.native ?? []).map((grant) => plannedOutside(grant, config));
    if (facts?.outsidePim === undefined)
      return { ...found(planned), notEvaluated: "needs the tenant's assignments: --live" };
    return found([
      ...planned,
      ...facts.outsidePim
        .filter(({ principalId, principalName }) => !isListed(config, [principalId, principalName]))
        .map(({ principalId, principalName, roleDefinitionId }) => ({
          ...aboutLive(principalId, principalName, roleDefinitionId, config),
          severity: "warn" as const,
          message: phrase`${principalName} is active in ${roleName(roleDefinitionId)} without an assignment in PIM`,
          fix: phrase`declare it here, or remove it in the portal`,
        })),
    ]);
  },
};

/** Access that the same change gives by a resource of another package. */
function plannedOutside(grant: NativeGrant, config: GuardrailConfig): Found | undefined {
  const { urn, type, name, op, what, role, principal, isStanding, isJudged, source } = grant;
  if (!isJudged || op === "delete") return undefined;
  if (principal !== undefined && isBreakGlass(principal, config)) return undefined;
  const tier = role?.tier ?? "privileged";
  const isTakeover = isStanding && role?.surface === "directoryRoles" && tier === "critical";
  const whom = principal === undefined ? ours("nobody in particular") : who(principal);
  const of = role === undefined ? ours("") : phrase`: ${roleWords(role)}`;
  return {
    key: urn,
    urn,
    tier,
    ...(role === undefined ? {} : { role }),
    ...(principal === undefined ? {} : { principal }),
    ...(source === undefined ? {} : { source }),
    severity: isTakeover ? "block" : "warn",
    message: phrase`${ours(what)} for ${whom}${of}, by ${name} (${ours(type)}), which no rule about windows and settings judges`,
    fix: phrase`declare it with this package, where it has an end and conditions, or take it out`,
  };
}

export const UNUSED_RULE: Rule = {
  id: "PIM023",
  name: "stale-or-unused",
  title: "access that nobody uses is taken away",
  controls: ["Maester MT.1029", "Maester MT.1030", "ZTA 21854"],
  place: "live",
  evaluate: ({ facts, config, model }) => {
    if (facts?.unused === undefined) {
      const reason = facts?.unusedReason ?? "--live";
      return { found: [], notEvaluated: `needs PIM's own alerts: ${reason}` };
    }
    return found(
      facts.unused
        .filter(({ principalId, principalName }) => !isListed(config, [principalId, principalName]))
        .map(({ principalId, principalName, roleDefinitionId, alert, lastAt }) => {
          const grant = model.grants.find(
            ({ role, principal }) =>
              role.surface === "directoryRoles" &&
              role.id === roleDefinitionId &&
              principal.id === principalId,
          );
          const what =
            grant === undefined
              ? aboutLive(principalId, principalName, roleDefinitionId, config)
              : aboutGrant(grant);
          return {
            ...what,
            severity: "note" as const,
            message: phrase`${principalName} does not use ${roleName(roleDefinitionId)}: ${ours(unusedWords(alert, lastAt))}`,
            fix:
              grant === undefined
                ? phrase`remove it in the portal, or declare it and give it an end`
                : phrase`take it out of the program`,
          };
        }),
    );
  },
};

/** What a finding says that is about the tenant and about nothing in the program. */
function aboutLive(
  id: string,
  displayName: string,
  roleDefinitionId: string,
  { tiers }: GuardrailConfig,
): Pick<Found, "tier" | "role" | "principal"> {
  const surface = "directoryRoles";
  const tier = roleTier({ surface, roleDefinitionId, scope: "/" }, { byId: tiers });
  const name = builtInRoleName(roleDefinitionId);
  const role: AccessRole = {
    surface,
    id: roleDefinitionId,
    name: name ?? roleDefinitionId,
    isBuiltIn: name !== undefined,
    scope: "/",
    tier,
  };
  return { tier, role, principal: { kind: "user", id, displayName } };
}

function unusedWords(alert: "notActivated" | "notSignedIn", lastAt: string | undefined): string {
  const what = alert === "notActivated" ? "activation" : "sign-in";
  return lastAt === undefined
    ? `no ${what} ever`
    : `the last ${what} was on ${lastAt.slice(0, 10)}`;
}

/** Emergency accounts are often made past PIM, on purpose. */
function isListed({ breakGlass }: GuardrailConfig, names: readonly string[]): boolean {
  return names.some((name) => breakGlass.includes(name.toLowerCase()));
}

function roleName(id: string): Phrase {
  const name = builtInRoleName(id);
  return name === undefined ? [{ value: id }] : [name];
}
