import { type ErrorBody, HTML_PAGE, readErrorBody } from "./error-body";
import type { CallFacts, ReplyFacts } from "./exchange";
import { describeResource } from "./resource-path";
import { parseRetryAfter } from "./retry-after";

/** A call that did not end well; the base of every error of this folder. */
export class HttpFailure extends Error {
  readonly method: string;
  /** Path without values that could be secret. */
  readonly path: string;

  constructor(call: CallFacts, what: string, options?: ErrorOptions) {
    const path = describeResource(call.path);
    super(`${call.purpose ? `${call.purpose}: ` : ""}${call.method} ${path} ${what}`, options);
    this.method = call.method;
    this.path = path;
  }
}

/** The service answered with an error; its three encodings and ARM's are unwrapped. */
export class ServiceError extends HttpFailure {
  override name = "ServiceError" as const;
  /** HTTP status. */
  readonly status: number;
  /** The service's own code, such as `RoleAssignmentExists`; empty where it gives none. */
  readonly code: string;
  /** The service's own sentence. */
  readonly serviceMessage: string;
  /** Policy rules that the request broke, such as `["ExpirationRule"]`. */
  readonly rule?: readonly string[];
  /** Claims that a new token must satisfy, as JSON text. */
  readonly claims?: string;
  /** Permissions of which any one would have been enough. */
  readonly permissions?: readonly string[];
  /** The service's id of this request, for a support case. */
  readonly requestId?: string;
  /** Our id of this request, for a support case. */
  readonly clientRequestId?: string;
  /** Pause that the service asked for, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(call: CallFacts, reply: ReplyFacts, body: ErrorBody, retryAfterMs?: number) {
    super(call, describeAnswer(reply.status, body));
    this.status = reply.status;
    this.code = body.code;
    this.serviceMessage = body.message;
    if (body.rule) this.rule = body.rule;
    if (body.claims) this.claims = body.claims;
    if (body.permissions) this.permissions = body.permissions;
    if (body.requestId) this.requestId = body.requestId;
    if (body.clientRequestId) this.clientRequestId = body.clientRequestId;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The service kept refusing for longer than the call's time budget; nothing was changed by the call. */
export class ThrottledError extends HttpFailure {
  override name = "ThrottledError" as const;
  /** Pause that the service asked for last, in milliseconds. */
  readonly retryAfterMs?: number;

  constructor(call: CallFacts, waitedMs: number, retryAfterMs?: number, cause?: unknown) {
    const asked =
      retryAfterMs === undefined ? "" : `, asks to wait another ${seconds(retryAfterMs)}`;
    super(
      call,
      `gave up: the service is throttling (${seconds(waitedMs)} waited${asked}); run again later`,
      { cause },
    );
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** A write left us and no answer tells whether it took effect: look it up before sending it again. */
export class UnknownFateError extends HttpFailure {
  override name = "UnknownFateError" as const;

  constructor(call: CallFacts, cause: Error) {
    super(call, `may or may not have taken effect (${reasonOf(cause)})`, { cause });
  }
}

/** No answer at all, and trying again did not help; the call was safe to repeat. */
export class ConnectionError extends HttpFailure {
  override name = "ConnectionError" as const;

  constructor(call: CallFacts, cause: Error) {
    super(call, `got no answer (${reasonOf(cause)})`, { cause });
  }
}

/** An answer that cannot be what the service meant: a page without `value`, a link to another host, no JSON. */
export class ProtocolError extends HttpFailure {
  override name = "ProtocolError" as const;
}

/** Makes the error of an answer with a status of 400 or more; `now` turns an HTTP date into a pause. */
export function serviceError(call: CallFacts, reply: ReplyFacts, now: number): ServiceError {
  const retryAfterMs = parseRetryAfter(reply.headers["retry-after"], now);
  return new ServiceError(call, reply, readErrorBody(reply), retryAfterMs);
}

/** Tells whether an error is the service's own and carries this code. */
export function hasCode(error: unknown, ...codes: string[]): error is ServiceError {
  return error instanceof ServiceError && codes.includes(error.code);
}

/** 404: the object is not there, or not yet. */
export function isNotFound(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 404;
}

/** 401: the token was refused. */
export function isUnauthorized(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 401;
}

/** A proxy, a firewall or a sign-in page answered in the service's place. */
export function isFromBetween(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code === "" && error.serviceMessage === HTML_PAGE;
}

/** 403: the identity lacks a permission. */
export function isForbidden(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 403;
}

/** The service cannot answer about this object, whoever asks and however often: the portal may have broken it. */
export function isBroken(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 500;
}

/** The service throttled the call, once (inside a batch) or until the budget was used up. */
export function isThrottled(error: unknown): error is ServiceError | ThrottledError {
  return error instanceof ThrottledError || (error instanceof ServiceError && error.status === 429);
}

/** A write of which nobody knows whether it took effect. */
export function isUnknownFate(error: unknown): error is UnknownFateError {
  return error instanceof UnknownFateError;
}

/** The assignment is already there; ARM says it with 400 or 409. */
export function isAlreadyExists(error: unknown): error is ServiceError {
  return hasCode(error, "RoleAssignmentExists");
}

/** There is no such assignment; also seen as the answer to a removal that succeeded, so read again. */
export function isDoesNotExist(error: unknown): error is ServiceError {
  return hasCode(error, "RoleAssignmentDoesNotExist");
}

/** The principal is unknown, or too new for PIM to see. */
export function isSubjectNotFound(error: unknown): error is ServiceError {
  return hasCode(error, "SubjectNotFound", "PrincipalNotFound");
}

/** The role definition is unknown, or too new for PIM to see. */
export function isRoleNotFound(error: unknown): error is ServiceError {
  return hasCode(error, "RoleNotFound");
}

/** An unfinished request for the same assignment is in the way. */
export function isPending(error: unknown): error is ServiceError {
  return hasCode(error, "PendingRoleAssignmentRequest");
}

/** An active assignment cannot end within its first five minutes. */
export function isTooShort(error: unknown): error is ServiceError {
  return hasCode(error, "ActiveDurationTooShort");
}

/** The request breaks the live role settings; `rule` names which. */
export function isPolicyViolation(error: unknown): error is ServiceError {
  return hasCode(error, "RoleAssignmentRequestPolicyValidationFailed");
}

/** The token lacks an authentication context; `claims` says which. */
export function isAuthenticationContextNeeded(error: unknown): error is ServiceError {
  return hasCode(error, "RoleAssignmentRequestAcrsValidationFailed");
}

/** MFA and an authentication context were on at the same moment. */
export function isMfaAndContextConflict(error: unknown): error is ServiceError {
  return hasCode(error, "MfaAndAcrsConflict");
}

/** The tenant has no Entra ID P2 or Governance licence. */
export function isLicenseRequired(error: unknown): error is ServiceError {
  return hasCode(error, "AadPremiumLicenseRequired");
}

function describeAnswer(status: number, body: ErrorBody): string {
  const code = body.code ? ` ${body.code}` : "";
  const message = body.message ? `: ${body.message.replace(/\.$/, "")}` : "";
  const id = body.requestId ? ` (request id ${body.requestId})` : "";
  return `answered ${status}${code}${message}${id}`;
}

function reasonOf(cause: Error): string {
  if (cause instanceof ServiceError) {
    return `the service answered ${cause.status}${cause.code ? ` ${cause.code}` : ""}`;
  }
  return cause.message;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
