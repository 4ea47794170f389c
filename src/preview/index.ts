export {
  CONFIG_SCHEMA,
  type GuardrailConfig,
  RULE_IDS,
  readGuardrailConfig,
} from "../guardrails";
export type { LiveFacts, PrincipalFacts } from "../model/access-facts";
export { printBaseline, readBaseline } from "./baseline";
export { buildReport } from "./build-report";
export { exitCode, FAIL_ON, type FailOn } from "./exit-code";
export { MARKDOWN_HOSTS, type MarkdownHostName } from "./markdown-host";
export { markerStack } from "./marker";
export { isAboutAccess } from "./marks";
export { type PlanQuestions, planQuestions } from "./plan-questions";
export { azureDevOpsComments } from "./post-azure-devops";
export { POST_MODES, type PostMode, postComment } from "./post-comment";
export { githubComments } from "./post-github";
export { gitlabComments } from "./post-gitlab";
export type { CommentHost } from "./post-host";
export { readPolicyResults } from "./read-events";
export { mergeFacts, readNames } from "./read-facts";
export { type Plan, PreviewInputError, readPlan } from "./read-plan";
export { namesInFacts, REDACTIONS, type Redaction, redactReport } from "./redact";
export { renderAnnotations } from "./render-annotations";
export { renderHtml } from "./render-html";
export { REPORT_SCHEMA, renderJson } from "./render-json";
export { renderMarkdown } from "./render-markdown";
export { renderText } from "./render-text";
export type { Report } from "./report";
