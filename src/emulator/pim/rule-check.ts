import type { Caller } from "../api";
import { parseDuration } from "../clock";
import { refuse } from "../errors";
import type { PimRequest, Window } from "./grant";
import { type PolicyRules, ruleOf } from "./policy-rules";

interface Failure {
  rule: string;
  detail?: string;
}

/** Applies the rules for administrators to a request; throws the service's refusal. */
export function checkAdminRules(rules: PolicyRules, request: PimRequest, caller: Caller): void {
  const level = request.kind === "eligible" ? "Eligibility" : "Assignment";
  const expiration = ruleOf(rules, "Expiration", `Expiration_Admin_${level}`);
  const enablement = ruleOf(rules, "Enablement", `Enablement_Admin_${level}`);
  fail([
    ...expirationFailures(expiration, request.window, expiration.isExpirationRequired),
    ...enablementFailures(enablement.enabledRules, request, caller),
  ]);
}

/** Applies the rules for activation; `isEligible` says whether there is anything to activate. */
export function checkActivationRules(
  rules: PolicyRules,
  request: PimRequest,
  caller: Caller,
  isEligible: boolean,
): void {
  const expiration = ruleOf(rules, "Expiration", "Expiration_EndUser_Assignment");
  const enablement = ruleOf(rules, "Enablement", "Enablement_EndUser_Assignment");
  const context = ruleOf(
    rules,
    "AuthenticationContext",
    "AuthenticationContext_EndUser_Assignment",
  );
  fail([
    ...(isEligible ? [] : [{ rule: "EligibilityRule" }]),
    ...expirationFailures({ ...expiration, isExpirationRequired: true }, request.window, true),
    ...enablementFailures(enablement.enabledRules, request, caller),
  ]);
  if (
    context.isEnabled &&
    context.claimValue !== null &&
    !caller.acrs.includes(context.claimValue)
  ) {
    throw refuse.acrsFailed(context.claimValue);
  }
}

/** Whether activation waits for an approver. */
export function needsApproval(rules: PolicyRules): boolean {
  return ruleOf(rules, "Approval", "Approval_EndUser_Assignment").setting.isApprovalRequired;
}

// With permanent assignment allowed there is no maximum: the stored duration then means nothing.
function expirationFailures(
  rule: { isExpirationRequired: boolean; maximumDuration: string },
  window: Window | null,
  hasMaximum: boolean,
): Failure[] {
  if (window === null) return [];
  if (window.endAt === null) {
    return rule.isExpirationRequired
      ? [{ rule: "ExpirationRule", detail: "The policy does not allow permanent assignment" }]
      : [];
  }
  const maximum = parseDuration(rule.maximumDuration) ?? 0;
  if (!hasMaximum || window.endAt - window.startAt <= maximum) return [];
  return [
    {
      rule: "ExpirationRule",
      detail: "The duration in the request is greater than maximum allowed duration",
    },
  ];
}

function enablementFailures(
  enabled: readonly string[],
  request: PimRequest,
  caller: Caller,
): Failure[] {
  const failures: Failure[] = [];
  if (enabled.includes("MultiFactorAuthentication") && !caller.mfa)
    failures.push({ rule: "MfaRule" });
  if (enabled.includes("Justification") && isBlank(request.justification))
    failures.push({ rule: "JustificationRule" });
  if (enabled.includes("Ticketing") && isBlank(request.ticket.number))
    failures.push({ rule: "TicketingRule" });
  return failures;
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === "";
}

// One failure is told with its detail (live), several as a list (documented).
function fail(failures: readonly Failure[]): void {
  const [first] = failures;
  if (first === undefined) return;
  if (failures.length === 1 && first.detail !== undefined)
    throw refuse.policyFailed(`${first.rule} - ${first.detail}`);
  throw refuse.policyFailed(JSON.stringify(failures.map((failure) => failure.rule)));
}
