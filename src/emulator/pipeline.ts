import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Caller, Operation, Reply } from "./api";
import { runBatch } from "./batch";
import { errorBody, refuse, ServiceError } from "./errors";
import type { Faults, Hit } from "./faults";
import { parseQuery } from "./odata-query";
import type { PermissionRule } from "./permissions";
import type { RequestLog, RequestRecord } from "./request-log";
import { activePrincipals } from "./roles/directory-book";
import type { Router } from "./router";
import type { Version } from "./schema";
import type { Tenant } from "./tenant";
import type { Throttle } from "./throttle";
import type { TokenService } from "./tokens";

/** A request as it came in, or as an item of a `$batch`. */
export interface WireRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Text, parsed as its content type says; batch items bring it parsed. */
  body: unknown;
  origin: string;
  isBatchItem: boolean;
}

/** An answer, or a dropped connection. */
export interface WireReply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  isDropped: boolean;
}

/** One emulated service on the common origin: Graph, Azure Resource Manager, sign-in, metadata. */
export interface Service {
  name: "graph" | "arm" | "login";
  router: Router;
  /** Audiences its tokens may have. */
  audiences(origin: string): readonly string[];
  /** Takes this path; answers the path without version, and the version where there is one. */
  accepts(path: string): { path: string; version: Version } | undefined;
  /** Whether answers carry Graph's headers and query options are OData's. */
  isOData: boolean;
}

/** Everything a request meets on its way. */
export interface Pipeline {
  tenant: Tenant;
  tokens: TokenService;
  services: readonly Service[];
  faults: Faults;
  throttle: Throttle;
  log: RequestLog;
}

/** Takes a request to its answer: fault, throttle, token, route, permission, operation. */
export async function answer(pipeline: Pipeline, request: WireRequest): Promise<WireReply> {
  const startedAt = performance.now();
  const requestId = randomUUID();
  const record: RequestRecord = {
    method: request.method,
    path: request.url,
    status: 0,
    ms: 0,
    caller: null,
    at: new Date(pipeline.tenant.clock.now()).toISOString(),
    requestId,
  };
  if (!request.isBatchItem) pipeline.log.add(record);
  const hit = pipeline.faults.strike(request.method, readable(request.url), request.isBatchItem);
  if (hit !== undefined && hit.delayMs > 0) await sleep(hit.delayMs);
  const reply = await replyWithFault(pipeline, request, record, hit);
  record.status = reply.isDropped ? 0 : reply.status;
  record.ms = Math.round((performance.now() - startedAt) * 10) / 10;
  if (!reply.isDropped) pipeline.log.keep({ method: request.method, path: request.url, status: reply.status, body: reply.body });
  return reply;
}

async function replyWithFault(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
  hit: Hit | undefined,
): Promise<WireReply> {
  const failure = hit?.status === undefined ? undefined : faultError(hit, hit.status);
  if (hit?.dropBefore === true) return { status: 0, headers: {}, body: undefined, isDropped: true };
  if (failure !== undefined && hit?.after !== true) return refusal(pipeline, request, record, failure);
  const reply = await replyOrRefuse(pipeline, request, record);
  if (hit?.dropAfter === true) return { ...reply, isDropped: true };
  return failure === undefined ? reply : refusal(pipeline, request, record, failure);
}

async function replyOrRefuse(pipeline: Pipeline, request: WireRequest, record: RequestRecord): Promise<WireReply> {
  try {
    const reply = await run(pipeline, request, record);
    return {
      status: reply.status,
      headers: { ...headersOf(pipeline, request, record), ...reply.headers },
      body: reply.body,
      isDropped: false,
    };
  } catch (error) {
    if (error instanceof ServiceError) return refusal(pipeline, request, record, error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return refusal(pipeline, request, record, refuse.internal(`The emulator failed: ${text}`));
  }
}

async function run(pipeline: Pipeline, request: WireRequest, record: RequestRecord): Promise<Reply> {
  const { tenant } = pipeline;
  const [rawPath = "", search = ""] = splitOnce(request.url, "?");
  const { service, path, version } = serviceOf(pipeline, request, rawPath);
  if (service.name !== "login") pipeline.throttle.admit(tenant.settings.throttle, effectiveMethod(request, path), Date.now());
  tenant.settle();
  const isBatch = service.isOData && path.toLowerCase() === "/$batch";
  const route = isBatch ? undefined : service.router.find(request.method, path, service.isOData ? version : undefined);
  const isOpen = route?.operation.permission === "none";
  const caller = isOpen
    ? ANONYMOUS
    : await pipeline.tokens.authenticate(request.headers["authorization"], service.audiences(request.origin));
  if (!isOpen) record.caller = caller.id;
  if (route === undefined) return runBatch(request, rawPath.slice(0, -path.length), (item) => answer(pipeline, item), record);
  const call: Call = {
    tenant,
    version,
    method: request.method,
    path,
    params: route.params,
    query: service.isOData ? parseQuery(search) : { expand: [], count: false },
    search,
    headers: request.headers,
    body: parseBody(request),
    caller,
    origin: request.origin,
  };
  checkPermission(call, route.operation);
  return route.operation.run(call);
}

const ANONYMOUS: Caller = { kind: "app", id: "", appId: "", permissions: new Set(), mfa: false, acrs: [] };

function serviceOf(pipeline: Pipeline, request: WireRequest, path: string): { service: Service; path: string; version: Version } {
  for (const service of pipeline.services) {
    const accepted = service.accepts(path);
    if (accepted !== undefined) return { service, ...accepted };
  }
  throw refuse.notImplemented(request.method, path);
}

// A batch is no write itself: its items are counted one by one.
function effectiveMethod(request: WireRequest, path: string): string {
  return path.toLowerCase() === "/$batch" ? "GET" : request.method;
}

function checkPermission(call: Call, operation: Operation): void {
  if (operation.permission === "any" || operation.permission === "none") return;
  const rule = typeof operation.permission === "function" ? operation.permission(call) : operation.permission;
  const accepted = call.caller.kind === "app" ? rule.app : rule.delegated;
  if (!accepted.some((permission) => call.caller.permissions.has(permission))) throw missingPermission(rule, accepted);
  if (call.caller.kind === "app" || rule.roles === undefined) return;
  if (!holds(call.tenant, call.caller.id, rule.roles)) throw refuse.denied();
}

function missingPermission(rule: PermissionRule, accepted: readonly string[]): ServiceError {
  if (rule.deny === "directory") return refuse.denied();
  const named = accepted.length > 0 ? accepted : rule.delegated;
  return rule.deny === "pim" ? refuse.missingScope(named) : refuse.missingApprovalScope(named);
}

function holds(tenant: Tenant, userId: string, roles: readonly string[]): boolean {
  return activePrincipals(tenant, roles).some(
    (principal) => principal === userId || tenant.directory.hasLink(principal, "members", userId),
  );
}

function parseBody(request: WireRequest): unknown {
  if (typeof request.body !== "string" || request.body === "") return request.isBatchItem ? request.body : undefined;
  if (request.headers["content-type"]?.includes("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(request.body));
  }
  try {
    return JSON.parse(request.body);
  } catch {
    throw refuse.malformedJson();
  }
}

function faultError(hit: Hit, status: number): ServiceError {
  const headers: Record<string, string> = hit.retryAfter === undefined ? {} : { "retry-after": String(hit.retryAfter) };
  const code = hit.code ?? FAULT_CODES[status] ?? "UnknownError";
  return new ServiceError(status, code, hit.message ?? FAULT_MESSAGES[status] ?? "Injected by the emulator.", "plain", headers);
}

const FAULT_CODES: Record<number, string> = {
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};
const FAULT_MESSAGES: Record<number, string> = { 429: "Please retry again later.", 503: "Service unavailable. Please retry later." };

function refusal(pipeline: Pipeline, request: WireRequest, record: RequestRecord, error: ServiceError): WireReply {
  const clientRequestId = request.headers["client-request-id"] ?? record.requestId;
  const at = new Date(pipeline.tenant.clock.now()).toISOString();
  return {
    status: error.status,
    headers: { ...headersOf(pipeline, request, record), ...error.headers },
    body: errorBody(error, { requestId: record.requestId, clientRequestId, at }),
    isDropped: false,
  };
}

function headersOf(pipeline: Pipeline, request: WireRequest, record: RequestRecord): Record<string, string> {
  const headers: Record<string, string> = {
    "cache-control": "no-cache",
    "request-id": record.requestId,
    "client-request-id": request.headers["client-request-id"] ?? record.requestId,
    "strict-transport-security": "max-age=31536000",
    "x-ms-ags-diagnostic": '{"ServerInfo":{"DataCenter":"Emulator","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMU0"}}',
  };
  // Node writes Date by real time; a clock that was moved is told too.
  if (pipeline.tenant.clock.moved) headers["date"] = new Date(pipeline.tenant.clock.now()).toUTCString();
  return headers;
}

// Fault patterns are written by people: spaces and quotes as they read them.
function readable(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll("+", " "));
  } catch {
    return url;
  }
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
