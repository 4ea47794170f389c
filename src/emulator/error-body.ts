import type { ServiceError } from "./errors";

/** Identifies one request in headers and error bodies. */
export interface ErrorContext {
  requestId: string;
  clientRequestId: string;
  /** RFC 3339; written without its zone, as Graph does. */
  at: string;
}

/** Writes an error's body in its encoding. */
export function errorBody(error: ServiceError, context: ErrorContext): unknown {
  const innerError: Record<string, string> = {
    date: context.at.slice(0, 19),
    "request-id": context.requestId,
    "client-request-id": context.clientRequestId,
  };
  if (error.encoding === "arm") return { error: { code: error.code, message: error.message } };
  if (error.encoding === "oauth") return oauthBody(error, context);
  if (error.status === 429) {
    Object.assign(innerError, { code: "429", message: "Please retry after", status: "429" });
  }
  if (error.encoding === "wrapped") {
    const message = { errorCode: error.code, message: error.message, instanceAnnotations: [] };
    return { error: { code: "UnknownError", message: JSON.stringify(message), innerError } };
  }
  return { error: { code: error.code, message: error.message, innerError } };
}

// Sign-in repeats its ids in the description, and tells the number of its code apart.
function oauthBody({ code, message }: ServiceError, context: ErrorContext): unknown {
  const { requestId, clientRequestId, at } = context;
  const timestamp = `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
  const number = /^AADSTS(\d+)/.exec(message)?.[1];
  const ids = `Trace ID: ${requestId} Correlation ID: ${clientRequestId} Timestamp: ${timestamp}`;
  return {
    error: code,
    error_description: `${message} ${ids}`,
    ...(number !== undefined && { error_codes: [Number(number)] }),
    timestamp,
    trace_id: requestId,
    correlation_id: clientRequestId,
  };
}
