export {
  CONFIG_SCHEMA,
  type GuardrailConfig,
  GuardrailConfigError,
  readGuardrailConfig,
} from "./config";
export { type Evaluation, evaluateGuardrails, evaluateRule } from "./evaluate";
export { type Finding, type Found, SEVERITIES, type Severity, severityRank } from "./finding";
export type { GuardrailContext, Rule, RuleOutcome, RulePlace } from "./rule";
export { RULE_IDS, RULES } from "./rules";
export type { Waiver } from "./waivers";
