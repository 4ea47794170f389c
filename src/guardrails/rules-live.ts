import { type Phrase, phrase } from "../model/access-phrase";
import { builtInRoleName } from "../model/access-role-names";
import { tierOf } from "../model/roles-tier";
import type { GuardrailConfig } from "./config";
import { found, type Rule } from "./rule";

export const OUTSIDE_PIM_RULE: Rule = {
  id: "PIM022",
  name: "outside-pim",
  title: "nobody is active in a role past PIM",
  controls: ["CISA MS.AAD.7.5", "Maester MT.1031", "PIM alert: roles are assigned outside of PIM"],
  place: "live",
  evaluate: ({ facts, config }) => {
    if (facts?.outsidePim === undefined)
      return { found: [], notEvaluated: "needs the tenant's assignments: --live" };
    return found(
      facts.outsidePim
        .filter(({ principalId, principalName }) => !isListed(config, [principalId, principalName]))
        .map(({ principalName, roleDefinitionId }) => ({
          tier: tierOf(roleDefinitionId),
          severity: "warn" as const,
          message: phrase`${principalName} is active in ${roleName(roleDefinitionId)} without an assignment in PIM`,
          fix: phrase`declare it here, or remove it in the portal`,
        })),
    );
  },
};

export const UNUSED_RULE: Rule = {
  id: "PIM023",
  name: "stale-or-unused",
  title: "access that nobody uses is taken away",
  controls: ["Maester MT.1029", "Maester MT.1030", "ZTA 21854"],
  place: "live",
  evaluate: ({ facts }) => {
    if (facts?.unused === undefined)
      return { found: [], notEvaluated: "needs PIM's own alerts, which only an export can give" };
    return found(
      facts.unused.map(({ principalName, roleDefinitionId, reason }) => ({
        tier: tierOf(roleDefinitionId),
        severity: "note" as const,
        message: phrase`${principalName} does not use ${roleName(roleDefinitionId)}: ${reason}`,
        fix: phrase`remove it`,
      })),
    );
  },
};

/** Emergency accounts are often made past PIM, on purpose. */
function isListed({ breakGlass }: GuardrailConfig, names: readonly string[]): boolean {
  return names.some((name) => breakGlass.includes(name.toLowerCase()));
}

function roleName(id: string): Phrase {
  const name = builtInRoleName(id);
  return name === undefined ? [{ value: id }] : [name];
}
