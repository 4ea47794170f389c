import {
  type Evaluation,
  evaluateGuardrails,
  type Finding,
  type GuardrailConfig,
} from "../guardrails";
import type { AccessChanges } from "../model/access-change";
import type { LiveFacts, PrincipalFacts } from "../model/access-facts";
import { accessChanges } from "./access-diff";
import { plannedAccess } from "./plan-access";
import { reportDiagnostics } from "./plan-diagnostics";
import { kindOfType } from "./plan-kinds";
import type { Plan } from "./read-plan";
import {
  type PolicyResult,
  REPORT_VERSION,
  type Report,
  type ReportFinding,
  type Verdict,
} from "./report";
import {
  changeRow,
  compareConditionRows,
  compareNativeRows,
  compareRows,
  conditionRows,
  conditionsByRole,
  grantRow,
  nativeRow,
  type RowContext,
} from "./report-rows";

/** What a report is made with besides the plan. */
export interface ReportOptions {
  config: GuardrailConfig;
  facts?: LiveFacts;
  /** Names by object id. */
  names?: Readonly<Record<string, PrincipalFacts>>;
  policies?: readonly PolicyResult[];
  /** Milliseconds since the epoch: what has passed, what has expired. */
  now?: number;
  /** Leaves out what changes by itself: the time, and days left. */
  isStable?: boolean;
  commit?: string;
  base?: string;
  stack?: string;
  project?: string;
}

/** Makes the report of a plan: access before and after, what differs, and what the guard rails say. Pure. */
export function buildReport(plan: Plan, options: ReportOptions): Report {
  const { config, facts, now } = options;
  const planned = plannedAccess(plan, {
    names: options.names ?? {},
    facts,
    tiers: config.tiers,
    now,
  });
  const changes = accessChanges(planned, facts, now);
  const evaluation = evaluateGuardrails({
    model: planned.after,
    changes,
    config,
    ...(facts === undefined ? {} : { facts }),
    ...(now === undefined ? {} : { now }),
  });
  const context: RowContext = {
    conditions: conditionsByRole([...planned.before.conditions, ...planned.after.conditions]),
    findings: findingsByKey(evaluation.findings),
    now: options.isStable === true ? undefined : now,
    hasTenants: tenantsIn(changes, plan).length > 1,
  };
  return {
    ...assemble(plan, options, changes, evaluation, context),
    drift: planned.drift
      .flatMap((change) => conditionRows(change, context))
      .sort(compareConditionRows),
  };
}

function assemble(
  plan: Plan,
  options: ReportOptions,
  changes: AccessChanges,
  evaluation: Evaluation,
  context: RowContext,
): Omit<Report, "drift"> {
  const rows = (kind: string) =>
    changes.grants
      .filter((change) => change.kind === kind)
      .map((change) => changeRow(change, context))
      .sort(compareRows);
  const held = changes.after.grants.filter(({ standing }) => standing === "held");
  const conditions = changes.conditions
    .flatMap((change) => conditionRows(change, context))
    .sort(compareConditionRows);
  const { commit, base, now, isStable } = options;
  return {
    version: REPORT_VERSION,
    project: options.project ?? plan.project ?? "",
    stack: options.stack ?? plan.stack ?? "",
    tenants: tenantsIn(changes, plan),
    ...(commit === undefined ? {} : { commit }),
    ...(base === undefined ? {} : { base }),
    ...(isStable === true || now === undefined ? {} : { madeAt: new Date(now).toISOString() }),
    profile: options.config.profile,
    verdict: verdictOf(plan, changes, evaluation),
    findings: evaluation.findings.map(reportFinding),
    gains: rows("gains"),
    losses: rows("loses"),
    changes: rows("changed"),
    conditions,
    adopted: rows("adopted"),
    recreated: rows("recreated"),
    stays: rows("stays"),
    native: (changes.native ?? [])
      .map((grant) => nativeRow(grant, context))
      .sort(compareNativeRows),
    holders: held.map((grant) => grantRow(grant, context)).sort(compareRows),
    notEvaluated: evaluation.notEvaluated,
    otherResources: otherResources(plan, new Set((changes.native ?? []).map(({ urn }) => urn))),
    diagnostics: reportDiagnostics(plan.diagnostics),
    policies: policyResults(plan, options.policies ?? []),
    steps: plan.steps
      .filter(({ op }) => op !== "same" && op !== "refresh")
      .map(({ op, urn }) => ({ op, urn })),
  };
}

/** What policies said; that one stopped the preview is known also without an event log. */
function policyResults({ isStopped }: Plan, said: readonly PolicyResult[]): PolicyResult[] {
  if (!isStopped || said.some(({ level }) => level === "mandatory")) return [...said];
  const message = "a mandatory policy stopped the preview, and its own log says which";
  return [{ policy: "", pack: "", level: "mandatory", message }, ...said];
}

function verdictOf(plan: Plan, changes: AccessChanges, { findings }: Evaluation): Verdict {
  const leaves = changes.conditions.flatMap((change) => change.leaves);
  const grants = changes.grants;
  const count = (kind: string) => grants.filter((change) => change.kind === kind).length;
  const open = findings.filter(({ waived }) => waived === undefined);
  const severity = (wanted: string, isExisting = false) =>
    open.filter(
      (finding) => finding.severity === wanted && (finding.isExisting === true) === isExisting,
    ).length;
  const weaker = leaves.filter(({ strength }) => strength === "weaker").length;
  const stricter = leaves.filter(({ strength }) => strength === "stricter").length;
  const native = (changes.native ?? []).filter(({ isJudged }) => isJudged);
  const isBroadening =
    weaker > 0 ||
    grants.some(({ direction }) => direction === "broadening") ||
    native.some(({ op }) => op !== "delete");
  const isNarrowing =
    stricter > 0 || grants.some(({ direction }) => direction === "narrowing") || native.length > 0;
  const isChange =
    leaves.length > 0 || grants.some(({ kind }) => kind !== "adopted" && kind !== "recreated");
  return {
    direction: isBroadening
      ? "broadening"
      : isNarrowing
        ? "narrowing"
        : isChange
          ? "neutral"
          : "none",
    failed:
      plan.failed ||
      reportDiagnostics(plan.diagnostics).some(({ severity }) => severity === "error"),
    hasUnknown: [...changes.after.grants, ...changes.after.conditions].some(
      ({ unknown }) => unknown.length > 0,
    ),
    gains: count("gains"),
    losses: count("loses"),
    changes: count("changed"),
    weaker,
    stricter,
    block: severity("block"),
    warn: severity("warn"),
    note: severity("note"),
    waived: findings.length - open.length,
    existing: {
      block: severity("block", true),
      warn: severity("warn", true),
      note: severity("note", true),
    },
  };
}

function reportFinding(finding: Finding): ReportFinding {
  const { rule, name, severity, tier, controls, message, fix, key, urn, source } = finding;
  const { isExisting, waived } = finding;
  return {
    rule,
    name,
    severity,
    tier,
    controls,
    message,
    fix,
    ...(key === undefined ? {} : { key }),
    ...(urn === undefined ? {} : { urn }),
    ...(source === undefined ? {} : { source }),
    ...(isExisting === undefined ? {} : { isExisting }),
    ...(waived === undefined ? {} : { waived }),
  };
}

function findingsByKey(findings: readonly Finding[]): Map<string, Finding[]> {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.key === undefined) continue;
    const known = byKey.get(finding.key);
    if (known === undefined) byKey.set(finding.key, [finding]);
    else known.push(finding);
  }
  return byKey;
}

function tenantsIn({ before, after }: AccessChanges, plan: Plan): string[] {
  const named = [before, after].flatMap(({ grants, conditions }) =>
    [...grants, ...conditions].flatMap(({ tenantId }) => tenantId ?? []),
  );
  const configured = plan.config["entra-pim:tenantId"];
  const all = named.length === 0 && configured !== undefined ? [configured] : named;
  return [...new Set(all.map((id) => id.toLowerCase()))].sort();
}

function otherResources(plan: Plan, native: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op, type, urn } of plan.steps) {
    if (op === "same" || op === "refresh" || kindOfType(type) !== undefined || isOwnPart(type))
      continue;
    if (native.has(urn)) continue;
    counts[op] = (counts[op] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The stack, our components and providers are not resources that anybody reviews. */
function isOwnPart(type: string): boolean {
  return /^(?:pulumi:|pulumi-entra-pim:)/.test(type);
}
