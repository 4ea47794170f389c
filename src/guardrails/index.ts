export {
  CONFIG_SCHEMA,
  type GuardrailConfig,
  GuardrailConfigError,
  readGuardrailConfig,
} from "./config";
export { type Evaluation, evaluateGuardrails, evaluateRule } from "./evaluate";
export { type Finding, type Severity, severityRank } from "./finding";
export type { Rule } from "./rule";
export { RULE_IDS, RULES } from "./rules";
