import type { Grant } from "../model/access";
import { phrase } from "../model/access-phrase";
import type { Tier } from "../model/constants";
import { isBreakGlass } from "./break-glass";
import type { Severity, SeverityByTier } from "./finding";
import { aboutGrant, found, type GuardrailContext, type Rule } from "./rule";
import { grantWords, roleWords, who } from "./words";

const PERMANENT_ACTIVE: SeverityByTier = { critical: "block", high: "block", privileged: "warn" };
const GUEST: SeverityByTier = { critical: "block", high: "block", privileged: "warn" };
const SYNCED: SeverityByTier = { critical: "warn", high: "warn" };
const WORKLOAD: SeverityByTier = { critical: "block", high: "warn", privileged: "warn" };
const PERMANENT_ELIGIBLE: SeverityByTier = {
  critical: "warn",
  high: "note",
  privileged: "note",
  standard: "note",
};

export const PERMANENT_ACTIVE_RULE: Rule = {
  id: "PIM001",
  name: "permanent-active",
  title: "nobody but emergency accounts is permanently active in a privileged role",
  controls: ["CISA MS.AAD.7.4", "CIS M365 5.3.1", "ZTA 21815", "ZTA 21816"],
  place: "resource",
  needsStack: true,
  evaluate: (context) =>
    found(
      grantsOf(
        context,
        PERMANENT_ACTIVE,
        ({ kind, window }) => kind === "active" && window.type === "permanent",
      )
        .filter(
          ({ grant }) =>
            !isBreakGlass(grant.principal, context.config) && !isPimGroup(grant, context),
        )
        .map(({ grant, severity }) => ({
          ...aboutGrant(grant),
          severity,
          message: phrase`${who(grant.principal)} would hold ${roleWords(grant.role)} permanently, without activation`,
          fix: phrase`make it eligible, give it an end, or list an emergency account in breakGlass of entra-pim.config.json`,
        })),
    ),
};

export const GUEST_RULE: Rule = {
  id: "PIM014",
  name: "guest-privileged",
  title: "guests hold no privileged role",
  controls: ["ZTA 22128", "Maester MT.1025"],
  place: "resource",
  evaluate: (context) =>
    found(
      grantsOf(context, GUEST, ({ principal }) => isGuest(principal)).map(
        ({ grant, severity }) => ({
          ...aboutGrant(grant),
          severity,
          message: phrase`${who(grant.principal)} is a guest and would be ${grantKind(grant)}`,
          fix: phrase`give the role to an account of this tenant`,
        }),
      ),
    ),
};

export const SYNCED_RULE: Rule = {
  id: "PIM015",
  name: "synced-account",
  title: "privileged roles are held by cloud-only accounts",
  controls: ["CISA MS.AAD.7.3", "CIS M365 1.1.1", "Maester MT.1026", "ZTA 21814"],
  place: "live",
  evaluate: (context) => ({
    ...found(
      grantsOf(context, SYNCED, ({ principal }) => principal.isSynced === true).map(
        ({ grant, severity }) => ({
          ...aboutGrant(grant),
          severity,
          message: phrase`${who(grant.principal)} is synchronised from on premises and would be ${grantKind(grant)}`,
          fix: phrase`use a cloud-only account: whoever takes over the on-premises directory takes over this role`,
        }),
      ),
    ),
    ...(context.facts?.principals === undefined
      ? { notEvaluated: "needs the directory's word on where accounts come from: --live" }
      : {}),
  }),
};

export const WORKLOAD_RULE: Rule = {
  id: "PIM016",
  name: "workload-privileged",
  title: "applications hold no privileged role",
  controls: ["ZTA 21836", "Maester MT.1027", "Prowler"],
  place: "resource",
  evaluate: (context) =>
    found(
      grantsOf(context, WORKLOAD, ({ principal }) => principal.kind === "servicePrincipal").map(
        ({ grant, severity }) => ({
          ...aboutGrant(grant),
          severity: grant.kind === "eligible" ? ("block" as const) : severity,
          message:
            grant.kind === "eligible"
              ? phrase`${who(grant.principal)} is an application: it can never activate ${roleWords(grant.role)}`
              : phrase`${who(grant.principal)} is an application and would hold ${roleWords(grant.role)}; its secret would be worth the role`,
          fix: phrase`give the application the permissions it needs in place of a role`,
        }),
      ),
    ),
};

export const PERMANENT_ELIGIBLE_RULE: Rule = {
  id: "PIM017",
  name: "permanent-eligible",
  title: "eligibility ends and is renewed",
  controls: ["Microsoft PIM deployment plan"],
  place: "resource",
  evaluate: (context) =>
    found(
      grantsOf(
        context,
        PERMANENT_ELIGIBLE,
        ({ kind, window }) => kind === "eligible" && window.type === "permanent",
      ).map(({ grant, severity }) => ({
        ...aboutGrant(grant),
        severity,
        message: phrase`${grantWords(grant)} would never end`,
        fix: phrase`give it a duration, such as P90D; onExpired "renew" keeps it without anybody noticing`,
      })),
    ),
};

/** Grants that a rule judges, with its severity for their tier. */
function grantsOf(
  { model }: GuardrailContext,
  severities: SeverityByTier,
  isMeant: (grant: Grant) => boolean,
): { grant: Grant; severity: Severity; tier: Tier }[] {
  return model.grants.flatMap((grant) => {
    const severity = severities[grant.role.tier];
    return severity === undefined || !isMeant(grant)
      ? []
      : [{ grant, severity, tier: grant.role.tier }];
  });
}

/** A group that PIM manages may hold a role permanently: its members still activate their membership. */
function isPimGroup({ principal }: Grant, { model, isPartial }: GuardrailContext): boolean {
  if (principal.kind !== "group") return false;
  if (isPartial === true) return true;
  return [...model.grants, ...model.conditions].some(
    ({ role }) => role.surface === "groups" && role.id !== undefined && role.id === principal.id,
  );
}

function isGuest({ isGuest: said, userPrincipalName, displayName }: Grant["principal"]): boolean {
  return said ?? [userPrincipalName, displayName].some((name) => name?.includes("#EXT#") === true);
}

function grantKind(grant: Grant) {
  return grant.kind === "active"
    ? phrase`active in ${roleWords(grant.role)}`
    : phrase`eligible for ${roleWords(grant.role)}`;
}
