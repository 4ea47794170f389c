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
  if (error.encoding === "oauth") return { error: error.code, error_description: error.message };
  if (error.status === 429) {
    Object.assign(innerError, { code: "429", message: "Please retry after", status: "429" });
  }
  if (error.encoding === "wrapped") {
    const message = { errorCode: error.code, message: error.message, instanceAnnotations: [] };
    return { error: { code: "UnknownError", message: JSON.stringify(message), innerError } };
  }
  return { error: { code: error.code, message: error.message, innerError } };
}
