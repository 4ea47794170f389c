import type { Conditions } from "../model/access";
import { effectiveLeaves } from "../model/access";
import { ours, type Phrase, phrase } from "../model/access-phrase";
import type { Tier } from "../model/constants";
import { HOUR_MS, parseDuration } from "../model/duration";
import { GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR } from "../model/lockout";
import type { LeafPath, LeafValue, Leaves } from "../model/settings-leaves";
import type { Found, Severity, SeverityByTier } from "./finding";
import { aboutConditions, found, type GuardrailContext, type Rule } from "./rule";
import { roleWords } from "./words";

const PRIVILEGED: SeverityByTier = { critical: "warn", high: "warn", privileged: "warn" };

export const PERMANENT_ACTIVE_ALLOWED_RULE: Rule = {
  id: "PIM002",
  name: "permanent-active-allowed",
  title: "settings of privileged roles do not allow permanent active assignments",
  controls: ["CISA MS.AAD.7.4"],
  place: "resource",
  evaluate: leafRule(PRIVILEGED, "activeAssignment.allowPermanent", true, (role) => ({
    message: phrase`the settings of ${role} allow permanent active assignments`,
    fix: phrase`set activeAssignment.allowPermanent to false`,
  })),
};

export const GLOBAL_ADMINISTRATOR_APPROVAL_RULE: Rule = {
  id: "PIM003",
  name: "ga-no-approval",
  title: "activating Global Administrator needs approval",
  controls: ["CISA MS.AAD.7.6", "CIS M365 5.3.4", "ZTA 21817"],
  place: "resource",
  needsStack: true,
  evaluate: (context) => found(missingApproval(context, GLOBAL_ADMINISTRATOR)),
};

export const PRIVILEGED_ROLE_ADMINISTRATOR_APPROVAL_RULE: Rule = {
  id: "PIM004",
  name: "pra-no-approval",
  title: "activating Privileged Role Administrator needs approval",
  controls: ["CIS M365 5.3.5"],
  place: "resource",
  needsStack: true,
  evaluate: (context) => found(missingApproval(context, PRIVILEGED_ROLE_ADMINISTRATOR)),
};

export const FEW_APPROVERS_RULE: Rule = {
  id: "PIM005",
  name: "few-approvers",
  title: "an approval has at least two people who can give it",
  controls: ["CIS M365 5.3.4", "CIS M365 5.3.5", "ZTA 21817"],
  place: "resource",
  evaluate: (context) =>
    found(
      context.model.conditions.flatMap((conditions) => {
        const leaves = effectiveLeaves(conditions);
        const approvers = leaves["activation.approvers"];
        if (leaves["activation.requireApproval"] !== true || !Array.isArray(approvers)) return [];
        const count = approverCount(approvers);
        const { minApprovers } = context.config.thresholds;
        if (count === 0 || count >= minApprovers) return [];
        return [
          {
            ...aboutConditions(conditions),
            severity: "warn" as const,
            message: phrase`${roleWords(conditions.role)} has ${count} approver: when that person is away, nobody can activate it`,
            fix: phrase`name at least ${minApprovers} approvers, or a group`,
          },
        ];
      }),
    ),
};

export const MFA_RULE: Rule = {
  id: "PIM006",
  name: "no-mfa-on-activation",
  title: "activating a privileged role asks for MFA or an authentication context",
  controls: ["PIM alert: roles do not require MFA", "Microsoft PIM deployment plan"],
  place: "resource",
  evaluate: (context) =>
    found(
      judged(context, { critical: "block", high: "block", privileged: "warn" }).flatMap(
        ({ conditions, leaves, severity }) => {
          const context_ = leaves["activation.authenticationContext"];
          if (leaves["activation.requireMfa"] !== false) return [];
          if (
            typeof context_ === "string"
              ? context_ !== ""
              : isUnknownLeaf(conditions, "activation.authenticationContext")
          )
            return [];
          return [
            {
              ...aboutConditions(conditions),
              severity,
              message: phrase`${roleWords(conditions.role)} can be activated without MFA and without an authentication context`,
              fix: phrase`set activation.requireMfa, or better activation.authenticationContext`,
            },
          ];
        },
      ),
    ),
};

export const MFA_SESSION_RULE: Rule = {
  id: "PIM007",
  name: "mfa-session-reusable",
  title:
    "critical roles ask for an authentication context, which a session of the morning does not satisfy",
  controls: ["Microsoft PIM deployment plan"],
  place: "resource",
  evaluate: leafRule({ critical: "note" }, "activation.requireMfa", true, (role) => ({
    message: phrase`${role} asks for MFA, which an MFA sign-in of earlier that day satisfies`,
    fix: phrase`ask for an authentication context in its place`,
  })),
};

export const JUSTIFICATION_RULE: Rule = {
  id: "PIM008",
  name: "no-justification",
  title: "activating asks for a reason, and critical roles for a ticket",
  controls: ["Microsoft PIM deployment plan"],
  place: "resource",
  evaluate: (context) => {
    const reason = leafRule(PRIVILEGED, "activation.requireJustification", false, (role) => ({
      message: phrase`${role} can be activated without a justification`,
      fix: phrase`set activation.requireJustification`,
    }))(context);
    const ticket = leafRule({ critical: "note" }, "activation.requireTicket", false, (role) => ({
      message: phrase`${role} can be activated without a ticket`,
      fix: phrase`set activation.requireTicket`,
    }))(context);
    return found([...reason.found, ...ticket.found]);
  },
};

export const LONG_ACTIVATION_RULE: Rule = {
  id: "PIM009",
  name: "long-activation",
  title: "an activation ends within the working day, that of a critical role within an hour",
  controls: ["Microsoft PIM deployment plan"],
  place: "resource",
  evaluate: (context) =>
    found(
      context.model.conditions.flatMap((conditions) => {
        const text = effectiveLeaves(conditions)["activation.maximumDuration"];
        const hours = (parseDuration(String(text ?? "")) ?? 0) / HOUR_MS;
        const { tier } = conditions.role;
        const longest = context.config.thresholds.maxActivationHours[tier];
        if (hours <= longest) return [];
        const severity: Severity =
          tier === "critical" && hours > 8 ? "block" : tier === "standard" ? "note" : "warn";
        return [
          {
            ...aboutConditions(conditions),
            severity,
            message: phrase`${roleWords(conditions.role)} (${ours(tier)}) can be active for ${hours} h at a time; ${longest} h is enough`,
            fix: phrase`lower activation.maximumDuration`,
          },
        ];
      }),
    ),
};

/** A rule that asks one leaf for one value. */
function leafRule(
  severities: SeverityByTier,
  path: LeafPath,
  bad: LeafValue,
  words: (role: Phrase) => { message: Phrase; fix: Phrase },
) {
  return (context: GuardrailContext) =>
    found(
      judged(context, severities)
        .filter(({ leaves }) => leaves[path] === bad)
        .map(({ conditions, severity }) => ({
          ...aboutConditions(conditions),
          severity,
          ...words(roleWords(conditions.role)),
        })),
    );
}

/** Conditions that a rule judges, with its severity for their tier and every leaf that is known. */
export function judged(
  { model }: GuardrailContext,
  severities: SeverityByTier,
): { conditions: Conditions; leaves: Leaves; severity: Severity; tier: Tier }[] {
  return model.conditions.flatMap((conditions) => {
    const { tier } = conditions.role;
    const severity = severities[tier];
    return severity === undefined
      ? []
      : [{ conditions, leaves: effectiveLeaves(conditions), severity, tier }];
  });
}

/** Settings of the role, or of the membership of a group that holds it, which turn approval off. */
function missingApproval({ model }: GuardrailContext, roleDefinitionId: string): Found[] {
  const groups = model.grants
    .filter(({ role, principal }) => role.id === roleDefinitionId && principal.kind === "group")
    .map(({ principal }) => principal.id);
  return model.conditions.flatMap((conditions) => {
    const { role } = conditions;
    const isRole = role.surface === "directoryRoles" && role.id === roleDefinitionId;
    const isGroup =
      role.surface === "groups" && role.access === "member" && groups.includes(role.id);
    if (!isRole && !isGroup) return [];
    if (effectiveLeaves(conditions)["activation.requireApproval"] !== false) return [];
    const what = isRole ? roleWords(role) : phrase`${roleWords(role)}, which holds that role,`;
    return [
      {
        ...aboutConditions(conditions),
        severity: "block",
        message: phrase`${what} can be activated without anybody's approval`,
        fix: phrase`set activation.requireApproval and name at least two approvers`,
      },
    ];
  });
}

/** A group counts as two: it has one member at least, and usually more. */
function approverCount(approvers: readonly unknown[]): number {
  return approvers.reduce<number>(
    (count, approver) => count + ((approver as { kind?: string }).kind === "group" ? 2 : 1),
    0,
  );
}

function isUnknownLeaf({ unknown }: Conditions, path: LeafPath): boolean {
  return unknown.includes(path);
}
