import { tierRank } from "../model/access-tier";
import { accessBefore, markExisting } from "./existing";
import { type Finding, severityRank } from "./finding";
import type { GuardrailContext, Rule } from "./rule";
import { RULES } from "./rules";
import { applyWaivers } from "./waivers";

/** What the guard rails say. */
export interface Evaluation {
  findings: readonly Finding[];
  /** What could not be judged, and what it needs. */
  notEvaluated: readonly { rule: string; name: string; reason: string }[];
}

/** Judges access by every rule that the configuration leaves on, most severe first. */
export function evaluateGuardrails(
  context: GuardrailContext,
  rules: readonly Rule[] = RULES,
): Evaluation {
  const findings: Finding[] = [];
  const notEvaluated: { rule: string; name: string; reason: string }[] = [];
  const held = withHeldGrants(context);
  for (const rule of rules) {
    const outcome = judge(rule, held);
    findings.push(...outcome.findings);
    if (outcome.reason !== undefined) {
      notEvaluated.push({ rule: rule.id, name: rule.name, reason: outcome.reason });
    }
  }
  const marked = markExisting(findings, findingsBefore(context, rules), context.changes);
  const waived = applyWaivers(marked, context.config.waivers, context.now);
  return { findings: waived.sort(compareFindings), notEvaluated };
}

/** What the same rules say of access as it was. */
function findingsBefore(
  { changes, ...context }: GuardrailContext,
  rules: readonly Rule[],
): Finding[] {
  if (changes === undefined) return [];
  const before = withHeldGrants({ ...context, model: accessBefore(changes, context.config) });
  return rules.flatMap((rule) => judge(rule, before).findings);
}

/** Judges access by one rule, with the severities of the configuration and without waivers. */
export function evaluateRule(rule: Rule, context: GuardrailContext): RuleFindings {
  return judge(rule, withHeldGrants(context));
}

/** Findings of one rule, and why it could not judge all. */
export interface RuleFindings {
  findings: Finding[];
  reason: string | undefined;
}

function withHeldGrants(context: GuardrailContext): GuardrailContext {
  const grants = context.model.grants.filter(({ standing }) => standing === "held");
  return { ...context, model: { ...context.model, grants } };
}

function judge({ id, name, controls, evaluate }: Rule, context: GuardrailContext): RuleFindings {
  const level = context.config.rules[id];
  if (level === "off") return { findings: [], reason: "off in the configuration" };
  const outcome = evaluate(context);
  const findings = outcome.found.map(
    (found): Finding => ({
      ...found,
      severity: level ?? found.severity,
      rule: id,
      name,
      controls,
    }),
  );
  return { findings, reason: outcome.notEvaluated };
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.waived !== undefined) - Number(b.waived !== undefined) ||
    Number(a.isExisting === true) - Number(b.isExisting === true) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    tierRank(a.tier) - tierRank(b.tier) ||
    compareTexts(a.rule, b.rule) ||
    compareTexts(a.role?.name ?? "", b.role?.name ?? "") ||
    compareTexts(a.key ?? "", b.key ?? "")
  );
}

/** By code unit, so that the order is the same on every machine. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
