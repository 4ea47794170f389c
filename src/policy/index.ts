export { GuardrailConfigError } from "../guardrails";
export { type PolicyOptions, policies, selectPolicies } from "./policies";
