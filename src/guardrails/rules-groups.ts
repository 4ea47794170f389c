import { type Conditions, effectiveLeaves, type Grant } from "../model/access";
import { joinPhrases, ours, phrase } from "../model/access-phrase";
import { leafLabel } from "../model/leaf-labels";
import { isWeaker } from "../model/leaf-strength";
import { LEAF_PATHS, type LeafPath } from "../model/settings-leaves";
import type { Found } from "./finding";
import { aboutConditions, aboutGrant, found, type GuardrailContext, type Rule } from "./rule";
import { roleWords, who } from "./words";

export const GROUP_RISK_RULE: Rule = {
  id: "PIM018",
  name: "group-risk",
  title: "groups that give roles are not nested, and their owners are known to give roles",
  controls: ["Microsoft PIM for Groups", "ZTA 21882"],
  place: "resource",
  needsStack: true,
  evaluate: (context) => found(context.model.grants.flatMap((grant) => groupRisks(grant, context))),
};

export const GROUP_POLICY_RULE: Rule = {
  id: "PIM019",
  name: "group-policy-weaker",
  title: "becoming a member of a group asks for as much as the role that the group holds",
  controls: ["CISA MS.AAD.7.6", "CISA MS.AAD.7.7", "CISA MS.AAD.7.8", "CISA MS.AAD.7.9"],
  place: "stack",
  evaluate: (context) =>
    found(
      context.model.conditions.flatMap((conditions) => {
        if (conditions.role.surface !== "groups" || conditions.role.access !== "member") return [];
        return heldBy(conditions, context).flatMap((role) => weakerThan(conditions, role));
      }),
    ),
};

function groupRisks(grant: Grant, { model }: GuardrailContext): Found[] {
  const { role, principal } = grant;
  if (role.surface !== "groups") return [];
  const risks: Found[] = [];
  if (principal.kind === "group") {
    risks.push({
      ...aboutGrant(grant),
      severity: "warn",
      message: phrase`group ${who(principal)} in ${roleWords(role)}: PIM cannot say who is behind a group in a group`,
      fix: phrase`assign the people, or one group only`,
    });
  }
  const gives = model.grants.find(
    (other) =>
      other.principal.kind === "group" &&
      other.principal.id !== undefined &&
      other.principal.id === role.id,
  );
  if (role.access === "owner" && gives !== undefined) {
    risks.push({
      ...aboutGrant(grant),
      severity: "warn",
      message: phrase`${who(principal)} as owner of group ${role.name} can give ${roleWords(gives.role)} to anybody`,
      fix: phrase`let owners of groups that hold roles be people who may give that role`,
    });
  }
  return risks;
}

/** Conditions of the roles that a group holds. */
function heldBy({ role }: Conditions, { model }: GuardrailContext): Conditions[] {
  const held = model.grants
    .filter(
      ({ principal }) =>
        principal.kind === "group" && principal.id !== undefined && principal.id === role.id,
    )
    .map((grant) => grant.role);
  return model.conditions.filter((candidate) =>
    held.some(
      (other) =>
        other.surface === candidate.role.surface &&
        other.id === candidate.role.id &&
        other.surface !== "groups",
    ),
  );
}

const COMPARED = LEAF_PATHS.filter(
  (path) => path.startsWith("activation.") && path !== "activation.approvers",
);

function weakerThan(group: Conditions, role: Conditions): Found[] {
  const own = effectiveLeaves(group);
  const asked = effectiveLeaves(role);
  const hasContext =
    own["activation.authenticationContext"] !== undefined &&
    own["activation.authenticationContext"] !== "";
  const weaker = COMPARED.filter((path: LeafPath) => {
    if (path === "activation.requireMfa" && hasContext) return false;
    return (
      asked[path] !== undefined && own[path] !== undefined && isWeaker(path, asked[path], own[path])
    );
  });
  if (weaker.length === 0) return [];
  return [
    {
      ...aboutConditions(group),
      tier: role.role.tier,
      severity: "warn",
      message: phrase`becoming ${roleWords(group.role)} asks for less than ${roleWords(role.role)}, which the group holds (${joinPhrases(
        weaker.map((path) => ours(leafLabel(path))),
        ", ",
      )})`,
      fix: phrase`give the group's membership the settings of the role`,
    },
  ];
}
