import { type Conditions, effectiveLeaves, type Grant } from "../model/access";
import { changedGrant, type GrantChange } from "../model/access-change";
import { ours, phrase } from "../model/access-phrase";
import {
  GLOBAL_ADMINISTRATOR,
  lockoutProblems,
  PRIVILEGED_ROLE_ADMINISTRATOR,
} from "../model/lockout";
import type { Approver } from "../model/policy-rules";
import { describeProblem } from "../model/problem";
import { isBreakGlass } from "./break-glass";
import type { Found } from "./finding";
import { aboutConditions, aboutGrant, found, type GuardrailContext, type Rule } from "./rule";
import { grantWords, roleWords, who } from "./words";

const LOCKING = [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];

export const LOCKOUT_RULE: Rule = {
  id: "PIM020",
  name: "lock-out",
  title: "somebody can always get in",
  controls: ["Microsoft: manage emergency access accounts"],
  place: "stack",
  evaluate: (context) => ({
    ...found([...approvalLockouts(context), ...removalLockouts(context)]),
    ...(context.facts?.holders === undefined
      ? { notEvaluated: "who is left in the tenant besides this stack: --live" }
      : {}),
  }),
};

export const BREAK_GLASS_RULE: Rule = {
  id: "PIM021",
  name: "break-glass-touched",
  title: "two emergency accounts are listed, and nothing about them changes",
  controls: ["CIS M365 1.1.2", "Microsoft: manage emergency access accounts"],
  place: "change",
  evaluate: (context) => {
    const touched = (context.changes?.grants ?? []).filter((change) => touches(change, context));
    return found([...touched.map(touchedFinding), fewListed(context)]);
  },
};

/** Approval on a role that nobody could then activate. */
function approvalLockouts(context: GuardrailContext): Found[] {
  return context.model.conditions.filter(asksNobodyForApproval).flatMap((conditions) =>
    approvalProblems(conditions.role.id ?? "", context).map((problem) => ({
      ...aboutConditions(conditions),
      severity: "block" as const,
      message: phrase`${roleWords(conditions.role)} would need an approval that nobody can give: ${problem}`,
      fix: phrase`name approvers who need not activate this role first, or keep an emergency account`,
    })),
  );
}

/** Approval with no approvers falls to the active holders of the two roles. */
function asksNobodyForApproval(conditions: Conditions): boolean {
  const { role, unknown } = conditions;
  if (role.surface !== "directoryRoles" || !LOCKING.includes(role.id ?? "")) return false;
  const leaves = effectiveLeaves(conditions);
  const approvers = leaves["activation.approvers"];
  return (
    leaves["activation.requireApproval"] === true &&
    Array.isArray(approvers) &&
    approvers.length === 0 &&
    !unknown.includes("activation.approvers")
  );
}

function approvalProblems(roleDefinitionId: string, context: GuardrailContext): string[] {
  const holders = context.facts?.holders;
  if (holders !== undefined) {
    const nobody = { approverIds: [], activeApproverIds: [] };
    return lockoutProblems({ type: "requireApproval", roleDefinitionId, ...nobody }, holders).map(
      describeProblem,
    );
  }
  return hasStandingHolder(context)
    ? []
    : ["nobody in this stack or in breakGlass holds it permanently"];
}

/** Losing the last one who can repair the tenant. */
function removalLockouts(context: GuardrailContext): Found[] {
  const lost = (context.changes?.grants ?? []).filter(
    ({ kind, before, after }) =>
      (kind === "loses" || kind === "changed") &&
      before !== undefined &&
      isStanding(before) &&
      !(after !== undefined && isStanding(after)),
  );
  const { facts } = context;
  if (facts?.holders === undefined) {
    if (lost.length === 0 || hasStandingHolder(context)) return [];
    return lost
      .filter(({ before }) => before?.role.id === GLOBAL_ADMINISTRATOR)
      .map((change) => lastFinding(changedGrant(change), "in this stack or in breakGlass"));
  }
  let holders = [...facts.holders];
  return lost.flatMap((change) => {
    const grant = changedGrant(change);
    const ended = { principalId: grant.principal.id ?? "", roleDefinitionId: grant.role.id ?? "" };
    const problems = lockoutProblems({ type: "end", ...ended }, holders);
    holders = holders.filter(
      ({ principalId, roleDefinitionId }) =>
        principalId !== ended.principalId || roleDefinitionId !== ended.roleDefinitionId,
    );
    return problems.length === 0 ? [] : [lastFinding(grant, "in the tenant")];
  });
}

function lastFinding(grant: Grant, where: string): Found {
  return {
    ...aboutGrant(grant),
    severity: "block",
    message: phrase`${who(grant.principal)} is the last who holds ${roleWords(grant.role)} permanently ${ours(where)}: after this nobody could repair the tenant`,
    fix: phrase`declare two emergency accounts (BreakGlass) first`,
  };
}

/** Whether somebody permanent remains: in the stack as it will be, or among the emergency accounts listed. */
function hasStandingHolder({ model, config }: GuardrailContext): boolean {
  return config.breakGlass.length > 0 || model.grants.some(isStanding);
}

function isStanding({ kind, window, role, standing }: Grant): boolean {
  return (
    kind === "active" &&
    standing === "held" &&
    window.type === "permanent" &&
    role.surface === "directoryRoles" &&
    role.scope === "/" &&
    LOCKING.includes(role.id ?? "")
  );
}

/** Giving an emergency account its permanent role, or beginning to manage it, is how it comes to be. */
function touches(change: GrantChange, { config }: GuardrailContext): boolean {
  const grant = changedGrant(change);
  if (!isBreakGlass(grant.principal, config)) return false;
  if (change.kind === "adopted" || change.kind === "recreated") return false;
  return !(change.kind === "gains" && isStanding(grant));
}

function touchedFinding(change: GrantChange): Found {
  const grant = changedGrant(change);
  return {
    ...aboutGrant(grant),
    severity: "block",
    message: phrase`${who(grant.principal)} is an emergency account, and this changes its access: ${grantWords(grant)}`,
    fix: phrase`leave emergency accounts as they are; change them by hand, with two people present`,
  };
}

function fewListed({ config, model }: GuardrailContext): Found | undefined {
  const isAbout = model.grants.some(({ role }) => LOCKING.includes(role.id ?? ""));
  if (config.breakGlass.length >= 2 || !isAbout) return undefined;
  return {
    tier: "critical",
    severity: config.settings.missingBreakGlass,
    message: phrase`entra-pim.config.json lists ${config.breakGlass.length} emergency accounts; a tenant needs two`,
    fix: phrase`list both in breakGlass`,
  };
}

/** Approvers by id, for rules that compare them with holders. */
export function approverIds(approvers: unknown): string[] {
  return Array.isArray(approvers)
    ? (approvers as Approver[]).map(({ id }) => id.toLowerCase())
    : [];
}
