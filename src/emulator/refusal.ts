import { errorBody } from "./error-body";
import { ServiceError } from "./errors";
import type { Hit } from "./faults";
import type { RequestRecord } from "./request-log";
import type { Dialect, Pipeline, WireReply, WireRequest } from "./wire";

/** The error that an injected fault answers with. */
export function faultError(hit: Hit, status: number): ServiceError {
  const headers: Record<string, string> =
    hit.retryAfter === undefined ? {} : { "retry-after": String(hit.retryAfter) };
  const code = hit.code ?? FAULT_CODES[status] ?? "UnknownError";
  return new ServiceError(
    status,
    code,
    hit.message ?? FAULT_MESSAGES[status] ?? "Injected by the emulator.",
    "plain",
    headers,
  );
}

const FAULT_CODES: Record<number, string> = {
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};
const FAULT_MESSAGES: Record<number, string> = {
  429: "Please retry again later.",
  503: "Service unavailable. Please retry later.",
};

/** A refusal as an answer. */
export function refusal(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
  error: ServiceError,
): WireReply {
  const dialect = dialectOf(pipeline, request);
  if (dialect !== undefined) {
    const worded = dialect.refusal(error, { request, record, tenant: pipeline.tenant });
    const headers = { ...headersOf(pipeline, request, record), ...worded.headers };
    return { ...worded, headers, isDropped: false };
  }
  const clientRequestId = request.headers["client-request-id"] ?? record.requestId;
  const at = new Date(pipeline.tenant.clock.now()).toISOString();
  return {
    status: error.status,
    headers: { ...headersOf(pipeline, request, record), ...error.headers },
    body: errorBody(error, { requestId: record.requestId, clientRequestId, at }),
    isDropped: false,
  };
}

function dialectOf(pipeline: Pipeline, request: WireRequest): Dialect | undefined {
  const [path = ""] = request.url.split("?");
  return pipeline.services.find((service) => service.accepts(path) !== undefined)?.dialect;
}

/** Headers that every answer carries. */
export function headersOf(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
): Record<string, string> {
  const dialect = dialectOf(pipeline, request);
  if (dialect !== undefined) return dialect.headers({ request, record, tenant: pipeline.tenant });
  const headers: Record<string, string> = {
    "cache-control": "no-cache",
    "request-id": record.requestId,
    "client-request-id": request.headers["client-request-id"] ?? record.requestId,
    "strict-transport-security": "max-age=31536000",
    "x-ms-ags-diagnostic":
      '{"ServerInfo":{"DataCenter":"Emulator","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMU0"}}',
  };
  // Node writes Date by real time; a clock that was moved is told too.
  if (pipeline.tenant.clock.moved)
    headers["date"] = new Date(pipeline.tenant.clock.now()).toUTCString();
  return headers;
}
