import type {
  EnforcementLevel,
  Policies,
  Severity as PolicySeverity,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import {
  evaluateRule,
  type Finding,
  type GuardrailConfig,
  RULE_IDS,
  RULES,
  type Rule,
  readGuardrailConfig,
  type Severity,
} from "../guardrails";
import { applyWaivers } from "../guardrails/waivers";
import { plainText } from "../model/access-phrase";
import { declaredAccess, isAboutAccess, type PolicySubject } from "./policy-access";

/** What the policies are made with. */
export interface PolicyOptions {
  /** The content of `entra-pim.config.json`. @default - the defaults of profile `microsoft` */
  config?: unknown;
  /** Only these rules. @default - all that a policy can judge */
  rules?: readonly string[];
  /** Only findings of these severities. @default - all */
  severities?: readonly Severity[];
  /** Milliseconds since the epoch, for waivers that expire. @default - now */
  now?: number;
}

/** Levels by severity; a policy has one level, so each rule is two policies: what blocks, and what advises. */
const LEVELS: Record<"block" | "advice", EnforcementLevel> = {
  block: "mandatory",
  advice: "advisory",
};

const POLICY_SEVERITY: Record<"block" | "advice", PolicySeverity> = {
  block: "critical",
  advice: "medium",
};

/**
 * The guard rails as policies for a pack of your own. Rules that need a before and an after, or the tenant, are left to
 * `entra-pim preview`: a policy sees only what will be.
 *
 * @throws GuardrailConfigError
 * @example
 * new PolicyPack("ours", { policies: policies({ config: require("./entra-pim.config.json") }) });
 */
export function policies(options: PolicyOptions = {}): Policies {
  const config = readGuardrailConfig(options.config, RULE_IDS);
  const now = options.now ?? Date.now();
  return judgeable(options).flatMap((rule) =>
    (["block", "advice"] as const)
      .filter((part) => wants(options, part))
      .flatMap((part) => rulePolicies(rule, part, { config, now })),
  );
}

/** The policies of rules and severities, all at one level: for trying rules out, or for making advice binding. */
export function selectPolicies(options: PolicyOptions, level: EnforcementLevel): Policies {
  return policies(options).map((policy) => ({ ...policy, enforcementLevel: level }));
}

interface Judging {
  config: GuardrailConfig;
  now: number;
}

function judgeable({ rules }: PolicyOptions): Rule[] {
  return RULES.filter(({ place, id }) => {
    const isMeant = rules === undefined || rules.includes(id);
    return isMeant && (place === "resource" || place === "stack");
  });
}

function wants({ severities }: PolicyOptions, part: "block" | "advice"): boolean {
  if (severities === undefined) return true;
  return part === "block"
    ? severities.includes("block")
    : severities.some((severity) => severity !== "block");
}

function rulePolicies(rule: Rule, part: "block" | "advice", judging: Judging): Policies {
  const resource: ResourceValidationPolicy = {
    ...described(rule, part, ""),
    validateResource: (args, reportViolation) => {
      if (!isAboutAccess(args)) return;
      report(ruleFindings(rule, [args], true, judging), part, reportViolation);
    },
  };
  const stack: StackValidationPolicy = {
    ...described(rule, part, rule.place === "stack" ? "" : "-stack"),
    validateStack: ({ resources }, reportViolation) => {
      report(stackFindings(rule, resources.filter(isAboutAccess), judging), part, reportViolation);
    },
  };
  if (rule.place === "stack") return [stack];
  return rule.needsStack === true ? [resource, stack] : [resource];
}

function described({ id, name, title, controls }: Rule, part: "block" | "advice", suffix: string) {
  return {
    name: `${id.toLowerCase()}-${name}${suffix}${part === "block" ? "" : "-advice"}`,
    description: `${id}: ${title}`,
    enforcementLevel: LEVELS[part],
    severity: POLICY_SEVERITY[part],
    tags: ["entra-pim", id, ...controls],
  };
}

/** What a rule finds on the whole stack and on no single resource: the rest is said by the resource's own policy. */
function stackFindings(
  rule: Rule,
  subjects: readonly PolicySubject[],
  judging: Judging,
): Finding[] {
  const all = ruleFindings(rule, subjects, false, judging);
  if (rule.place === "stack") return all;
  const said = new Set(
    subjects.flatMap((subject) => ruleFindings(rule, [subject], true, judging).map(identity)),
  );
  return all.filter((finding) => !said.has(identity(finding)));
}

function ruleFindings(
  rule: Rule,
  subjects: readonly PolicySubject[],
  isPartial: boolean,
  { config, now }: Judging,
): Finding[] {
  const model = declaredAccess(subjects, config);
  const { findings } = evaluateRule(rule, { model, config, isPartial });
  const own = config.waivers.filter((waiver) => waiver.rule === rule.id);
  return applyWaivers(findings, own, now).filter(
    ({ waived, name }) => waived === undefined && name !== "waiver",
  );
}

function identity({ key, rule, message }: Finding): string {
  return [rule, key, plainText(message)].join("\n");
}

function report(
  findings: readonly Finding[],
  part: "block" | "advice",
  reportViolation: ReportViolation,
): void {
  for (const { severity, rule, message, fix, controls, urn } of findings) {
    if ((severity === "block") !== (part === "block")) continue;
    const norm = controls.length === 0 ? "" : ` (${controls.join(", ")})`;
    reportViolation(`${rule}: ${plainText(message)}. Fix: ${plainText(fix)}.${norm}`, urn);
  }
}
