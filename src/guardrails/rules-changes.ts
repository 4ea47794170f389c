import type { Grant } from "../model/access";
import { type ConditionsChange, changedGrant, type GrantChange } from "../model/access-change";
import { joinPhrases, ours, type Phrase, phrase } from "../model/access-phrase";
import { leafLabel } from "../model/leaf-labels";
import type { Found } from "./finding";
import { aboutConditions, aboutGrant, found, type Rule } from "./rule";
import { grantWords, roleWords, who } from "./words";

export const WEAKENED_RULE: Rule = {
  id: "PIM025",
  name: "weakened",
  title: "a change that gives more access or asks for less is looked at by a human",
  controls: ["AWS CheckNoNewAccess", "CDK broadening"],
  place: "change",
  evaluate: ({ changes }) =>
    found([
      ...(changes?.conditions ?? []).map(weakenedConditions),
      ...(changes?.grants ?? []).map(broadenedGrant),
    ]),
};

export const MASS_REMOVAL_RULE: Rule = {
  id: "PIM026",
  name: "mass-removal",
  title: "a change takes access from few people at a time",
  controls: ["peribolos --maximum-removal-delta"],
  place: "change",
  evaluate: ({ changes, config }) => {
    const held = (changes?.before.grants ?? []).filter(
      ({ standing }) => standing === "held",
    ).length;
    const lost = (changes?.grants ?? []).filter(({ kind }) => kind === "loses").length;
    const { massRemovalShare, massRemovalCount } = config.thresholds;
    if (held === 0 || lost < massRemovalCount || lost / held <= massRemovalShare)
      return { found: [] };
    return found([
      {
        tier: "privileged",
        severity: "warn",
        message: phrase`${lost} of ${held} assignments would be removed at once`,
        fix: phrase`check that the program still loads everybody it should`,
      },
    ]);
  },
};

/** The rule about what nobody can see before the update. */
export const HIDDEN_RULE = "PIM027";

export const NOT_EVALUABLE_RULE: Rule = {
  id: HIDDEN_RULE,
  name: "not-evaluable",
  title: "what is known only after the update cannot be reviewed before it",
  controls: [],
  place: "resource",
  evaluate: ({ model }) =>
    found([
      ...model.grants.filter(({ unknown }) => unknown.length > 0).map(unknownGrant),
      ...model.conditions
        .filter(({ unknown }) => unknown.length > 0)
        .map(
          (conditions): Found => ({
            ...aboutConditions(conditions),
            severity: hiddenSeverity(conditions),
            message: phrase`settings of ${roleWords(conditions.role)} are ${ours(hiddenWords(conditions))} (${joinPhrases(
              conditions.unknown.map((path) => ours(leafLabel(path))),
              ", ",
            )}); rules about them are not evaluated`,
            fix: hiddenFix(conditions, "them"),
          }),
        ),
    ]),
};

export const ACCESS_STAYS_RULE: Rule = {
  id: "PIM028",
  name: "access-stays",
  title: "what leaves the program leaves the tenant",
  controls: [],
  place: "change",
  evaluate: ({ changes }) =>
    found([
      ...(changes?.grants ?? [])
        .filter(({ kind }) => kind === "stays")
        .map(changedGrant)
        .map(
          (grant): Found => ({
            ...aboutGrant(grant),
            severity: "warn",
            message: phrase`${grantWords(grant)} leaves the program and stays in the tenant, where nobody manages it`,
            fix: phrase`set onDelete to "remove" and take retainOnDelete away before removing it`,
          }),
        ),
    ]),
};

export const BEFORE_UNKNOWN_RULE: Rule = {
  id: "PIM029",
  name: "before-unknown",
  title: "settings are not overwritten unseen",
  controls: [],
  place: "change",
  evaluate: ({ changes }) =>
    found(
      (changes?.conditions ?? [])
        .filter(({ beforeIsUnknown, kind }) => beforeIsUnknown && kind === "created")
        .map(
          ({ conditions }): Found => ({
            ...aboutConditions(conditions),
            severity: "warn",
            message: phrase`settings of ${roleWords(conditions.role)} would be written over values that nobody has seen`,
            fix: phrase`give --live or --baseline, so that the report can say what they replace`,
          }),
        ),
    ),
};

export const REGRANT_RULE: Rule = {
  id: "PIM031",
  name: "re-grant",
  title: "access that somebody took away is not given back unseen",
  controls: [],
  place: "change",
  evaluate: ({ changes }) =>
    found(
      (changes?.grants ?? [])
        .filter(({ reason }) => reason === "regranted")
        .map(changedGrant)
        .map(
          (grant): Found => ({
            ...aboutGrant(grant),
            severity: grant.role.tier === "critical" ? "block" : "warn",
            message: phrase`somebody removed ${grantWords(grant)} outside the program, and the program would give it again`,
            fix: phrase`ask who removed it; take it out of the program, or set onRemoved to "keep"`,
          }),
        ),
    ),
};

function weakenedConditions({ conditions, leaves }: ConditionsChange): Found | undefined {
  const weaker = leaves.filter(({ strength }) => strength === "weaker");
  if (weaker.length === 0) return undefined;
  return {
    ...aboutConditions(conditions),
    severity: conditions.role.tier === "critical" ? "block" : "warn",
    message: phrase`${roleWords(conditions.role)} would ask for less (${joinPhrases(
      weaker.map(({ path }) => ours(leafLabel(path))),
      ", ",
    )})`,
    fix: phrase`say in the pull request why, or keep the condition`,
  };
}

function broadenedGrant(change: GrantChange): Found | undefined {
  const broader = change.differences.filter(({ direction }) => direction === "broadening");
  const { after } = change;
  if (change.kind !== "changed" || after === undefined || broader.length === 0) return undefined;
  return {
    ...aboutGrant(after),
    severity: after.role.tier === "critical" ? "block" : "warn",
    message: phrase`${who(after.principal)} would get more of ${roleWords(after.role)} (${joinPhrases(
      broader.map(({ type }) => ours(differenceWords(type, after))),
      ", ",
    )})`,
    fix: phrase`say in the pull request why`,
  };
}

function differenceWords(type: keyof typeof DIFFERENCE_WORDS, after: Grant): string {
  const isGone = after.condition === undefined && !after.unknown.includes("condition");
  return type === "condition" && isGone ? "no condition any more" : DIFFERENCE_WORDS[type];
}

const DIFFERENCE_WORDS = {
  kind: "active in place of eligible",
  scope: "a wider scope",
  end: "a later end",
  start: "an earlier start",
  condition: "another condition",
};

function unknownGrant(grant: Grant): Found {
  const from: Phrase =
    grant.principal.from === undefined ? [] : phrase`, from ${grant.principal.from}`;
  return {
    ...aboutGrant(grant),
    severity: hiddenSeverity(grant),
    message: phrase`${grantWords(grant)}: ${ours(grant.unknown.join(", "))} ${ours(hiddenWords(grant))}${from}; rules about it are not evaluated`,
    fix: hiddenFix(grant, "it"),
  };
}

type Hidden = Pick<Grant, "unknown" | "secret" | "role">;

/** What a program does not know yet it cannot help; what it keeps secret nobody could review. */
function hiddenSeverity({ secret = [], role }: Hidden): "block" | "warn" {
  const isRoleHidden = role.id === undefined;
  return secret.length > 0 && (role.tier === "critical" || isRoleHidden) ? "block" : "warn";
}

function hiddenWords({ unknown, secret = [] }: Hidden): string {
  if (secret.length === 0) return "known only after the update";
  return secret.length < unknown.length
    ? "kept secret or known only after the update"
    : "kept secret";
}

function hiddenFix({ secret = [] }: Hidden, what: string): Phrase {
  if (secret.length > 0) return phrase`take the secret mark away: who may do what is no secret`;
  return what === "it"
    ? phrase`make what it comes from in an earlier update, or name it by its object id`
    : phrase`give them values that the program knows, or make what they come from in an earlier update`;
}
