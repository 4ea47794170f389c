import { effectiveLeaves, type Grant, type GrantWindow } from "../model/access";
import { ours, type Phrase, phrase } from "../model/access-phrase";
import { settingsText } from "../model/access-reading";
import { endOf, shortLength } from "../model/access-window";
import { parseDuration } from "../model/duration";
import { parseInstant } from "../model/instant";
import { WINDOW_TOLERANCE_MS } from "../model/window";
import { aboutGrant, found, type GuardrailContext, type Rule } from "./rule";
import { approverIds } from "./rules-lockout";
import { grantWords, roleWords, who } from "./words";

export const WINDOW_RULE: Rule = {
  id: "PIM030",
  name: "past-or-short",
  title: "a window lies ahead, ends after it starts and is no longer than the role allows",
  controls: ["Microsoft PIM", "azurerm #22766"],
  place: "resource",
  evaluate: (context) => {
    const isNew = newGrants(context);
    return found(
      context.model.grants
        .filter(({ key }) => isNew === undefined || isNew.has(key))
        .flatMap((grant) =>
          windowProblems(grant, context).map((problem) => ({
            ...aboutGrant(grant),
            severity: "block" as const,
            message: phrase`${grantWords(grant)} ${problem}`,
            fix: phrase`correct its expiration`,
          })),
        ),
    );
  },
};

export const SELF_APPROVAL_RULE: Rule = {
  id: "PIM024",
  name: "self-approval",
  title: "nobody is the only one who can approve their own activation",
  controls: [],
  place: "stack",
  evaluate: ({ model }) =>
    found(
      model.grants.map((grant) => {
        if (grant.kind !== "eligible" || grant.principal.id === undefined) return undefined;
        const conditions = model.conditions.find(({ role }) => sameSettings(role, grant.role));
        const leaves = conditions === undefined ? {} : effectiveLeaves(conditions);
        const approvers = approverIds(leaves["activation.approvers"]);
        if (leaves["activation.requireApproval"] !== true) return undefined;
        if (approvers.length !== 1 || approvers[0] !== grant.principal.id) return undefined;
        return {
          ...aboutGrant(grant),
          severity: "warn" as const,
          message: phrase`${who(grant.principal)} is eligible for ${roleWords(grant.role)} and its only approver`,
          fix: phrase`name an approver who does not hold the role: the service refuses to let people approve themselves`,
        };
      }),
    ),
};

/** Only windows that are new or changed: one that has passed since it was granted is no mistake. */
function newGrants({ changes }: GuardrailContext): Set<string> | undefined {
  if (changes === undefined) return undefined;
  const keys = changes.grants
    .filter(({ kind }) => kind === "gains" || kind === "changed")
    .flatMap(({ after }) => (after === undefined ? [] : [after.key]));
  return new Set(keys);
}

function windowProblems(grant: Grant, { now }: GuardrailContext): Phrase[] {
  const { window, limits } = grant;
  if (window.type === "unknown") return [];
  if (window.type !== "permanent")
    return [...endProblems(window, now), ...lengthProblems(grant, now)];
  return limits.allowPermanent === false
    ? [phrase`is permanent, which the role's settings do not allow`]
    : [];
}

type LimitedWindow = Exclude<GrantWindow, { type: "permanent" } | { type: "unknown" }>;

function endProblems(window: LimitedWindow, now: number | undefined): Phrase[] {
  const start = parseInstant(window.startsAt ?? "");
  const end = endOf(window, now);
  if (window.type === "until" && now !== undefined && end !== undefined && end <= now) {
    return [phrase`ends at ${ours(window.endsAt)}, which has passed`];
  }
  const length = lengthOf(start, end);
  return length !== undefined && length < WINDOW_TOLERANCE_MS
    ? [phrase`ends before it starts, or within five minutes`]
    : [];
}

function lengthProblems({ window, limits }: Grant, now: number | undefined): Phrase[] {
  const longest = parseDuration(limits.maximumDuration ?? "");
  if (longest === undefined || window.type === "unknown" || window.type === "permanent") return [];
  const start = parseInstant(window.startsAt ?? "") ?? now;
  const length =
    window.type === "for" ? parseDuration(window.duration) : lengthOf(start, endOf(window, now));
  if (length === undefined || length <= longest + WINDOW_TOLERANCE_MS) return [];
  return [
    phrase`lasts ${ours(shortLength(length))}, longer than the ${ours(shortLength(longest))} that the role's settings allow`,
  ];
}

function lengthOf(start: number | undefined, end: number | undefined): number | undefined {
  return start === undefined || end === undefined ? undefined : end - start;
}

function sameSettings(a: Grant["role"], b: Grant["role"]): boolean {
  const text = (role: Grant["role"]) => {
    if (role.id === undefined) return undefined;
    return role.surface === "groups"
      ? settingsText({ surface: "groups", groupId: role.id, access: role.access ?? "member" })
      : settingsText({ surface: role.surface, roleDefinitionId: role.id, scope: role.scope });
  };
  return text(a) !== undefined && text(a) === text(b);
}
