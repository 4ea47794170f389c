import { CredentialError } from "../http/credential-error";
import {
  ConnectionError,
  hasCode,
  isAlreadyExists,
  isAuthenticationContextNeeded,
  isDoesNotExist,
  isLicenseRequired,
  isPending,
  isPolicyViolation,
  isTooShort,
  ServiceError,
  ThrottledError,
} from "../http/errors";
import type { SelfAction } from "../surfaces/people";
import { NotAPersonError } from "./person";

/** How something a person asked for ended: refused by rule, given up after waiting, or failed. */
export type FailureKind = "refused" | "gaveUp" | "failed";

/** What a person asked for did not happen; the message says why and what to do. */
export class PersonRequestError extends Error {
  override name = "PersonRequestError" as const;

  constructor(
    message: string,
    readonly kind: FailureKind,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.stack = "";
  }
}

/** The kind of any error that reaches whoever asked. */
export function kindOf(error: unknown): FailureKind {
  if (error instanceof PersonRequestError) return error.kind;
  if (error instanceof NotAPersonError) return "refused";
  if (error instanceof ThrottledError || error instanceof ConnectionError) return "gaveUp";
  return "failed";
}

/** What the service's refusal of a request about oneself means, in the person's words. */
export function explainRequest(what: string, error: unknown, action?: SelfAction): unknown {
  if (error instanceof CredentialError || !(error instanceof ServiceError)) return error;
  const text = requestText(error, action);
  if (text === undefined) return error;
  const reference = error.requestId === undefined ? "" : ` (request id ${error.requestId})`;
  return new PersonRequestError(`${what}: ${text}${reference}`, "refused", { cause: error });
}

function requestText(error: ServiceError, action: SelfAction | undefined): string | undefined {
  const { status, message } = error;
  if (isAlreadyExists(error) && action === "renew")
    return "it has not run out: ask for a later end in its place (entra-pim extend)";
  if (isAlreadyExists(error))
    return "it is active already; an activation cannot be prolonged: wait for its end, or deactivate it first";
  if (isPending(error))
    return "a request for it is pending already; see entra-pim requests --mine, cancel it or wait";
  if (isDoesNotExist(error)) return "there is nothing of it to end or to change";
  if (isTooShort(error)) return "it cannot end within its first five minutes; try again then";
  if (isPolicyViolation(error)) return ruleText(error);
  if (isAuthenticationContextNeeded(error))
    return "the sign-in does not satisfy the role's authentication context";
  if (isLicenseRequired(error))
    return "the tenant has no Entra ID P2 or Entra ID Governance licence";
  if (hasCode(error, "RoleAssignmentRequestCannotBeCancelled", "RequestCannotBeCancelled"))
    return "it is in force or over and cannot be cancelled any more";
  if (status === 404)
    return "the service knows no such request: it was never made, or is gone after 30 to 45 days";
  if (status === 403) return `this sign-in may not do that (${message})`;
  return undefined;
}

/** The rules that a request broke. */
function ruleText(error: ServiceError): string {
  const rules = error.rule ?? [];
  const texts = rules.flatMap(
    (rule) => RULES[rule] ?? [`the rule ${rule} of the role's settings is not met`],
  );
  return texts.length === 0 ? error.serviceMessage : texts.join("; ");
}

const RULES: Readonly<Record<string, string>> = {
  EligibilityRule:
    "not eligible: there is nothing to activate (entra-pim eligible lists what there is)",
  ExpirationRule: "longer than the role's settings allow: ask for less time",
  JustificationRule: "the role's settings ask for a justification: give one (--reason)",
  TicketingRule: "the role's settings ask for a ticket: give its number (--ticket)",
  MfaRule:
    "the role's settings ask for multifactor authentication, which the sign-in does not carry: sign in again with MFA",
};

/** The same for a decision. */
export function explainDecision(what: string, error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  const text = decisionText(error);
  return text === undefined
    ? error
    : new PersonRequestError(`${what}: ${text}`, "refused", { cause: error });
}

function decisionText(error: ServiceError): string | undefined {
  if (error.permissions !== undefined || /permission/i.test(error.serviceMessage))
    return `the sign-in lacks a permission (${error.serviceMessage})`;
  if (error.status === 403) return "you are no approver of it, or it is your own request";
  if (error.status === 404)
    return "the service knows no such request: it was cancelled, ran out, or is gone after 30 to 45 days";
  return undefined;
}
