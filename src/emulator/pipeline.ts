import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Caller, Operation, Reply } from "./api";
import { runBatch } from "./batch";
import { refuse, ServiceError } from "./errors";
import type { Hit } from "./faults";
import { contentTypeOf, metadataLevel, withoutMetadata } from "./odata-metadata";
import { parseQuery } from "./odata-query";
import type { PermissionRule } from "./permissions";
import { faultError, headersOf, refusal } from "./refusal";
import type { RequestRecord } from "./request-log";
import { activePrincipals } from "./roles/directory-book";
import type { Version } from "./schema";
import type { Tenant } from "./tenant";
import type { Pipeline, Service, WireReply, WireRequest } from "./wire";

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
  const reply = await replyWithFault(pipeline, request, record, hit);
  record.status = reply.isDropped ? 0 : reply.status;
  record.ms = Math.round((performance.now() - startedAt) * 10) / 10;
  if (!reply.isDropped)
    pipeline.log.keep({
      method: request.method,
      path: request.url,
      status: reply.status,
      body: reply.body,
    });
  return reply;
}

async function replyWithFault(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
  hit: Hit | undefined,
): Promise<WireReply> {
  const failure = hit?.status === undefined ? undefined : faultError(hit, hit.status);
  if (failure !== undefined && hit?.after !== true) await pause(hit);
  if (hit?.dropBefore === true) return { status: 0, headers: {}, body: undefined, isDropped: true };
  if (failure !== undefined && hit?.after !== true)
    return refusal(pipeline, request, record, failure);
  if (hit?.after !== true) await pause(hit);
  const reply = await replyOrRefuse(pipeline, request, record);
  if (hit?.after === true) await pause(hit);
  if (hit?.dropAfter === true) return { ...reply, isDropped: true };
  return failure === undefined ? reply : refusal(pipeline, request, record, failure);
}

async function pause(hit: Hit | undefined): Promise<void> {
  if (hit !== undefined && hit.delayMs > 0) await sleep(hit.delayMs);
}

async function replyOrRefuse(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
): Promise<WireReply> {
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

async function run(
  pipeline: Pipeline,
  request: WireRequest,
  record: RequestRecord,
): Promise<Reply> {
  const { tenant } = pipeline;
  const [rawPath = "", search = ""] = splitOnce(request.url, "?");
  const { service, path, version } = serviceOf(pipeline, request, rawPath);
  if (service.name !== "login")
    pipeline.throttle.admit(tenant.settings.throttle, effectiveMethod(request, path), Date.now());
  tenant.settle();
  const isBatch = service.isOData && path.toLowerCase() === "/$batch";
  const route = isBatch
    ? undefined
    : service.router.find(request.method, path, service.isOData ? version : undefined);
  const isOpen = route?.operation.permission === "none";
  const caller = isOpen
    ? ANONYMOUS
    : await pipeline.tokens.authenticate(
        request.headers["authorization"],
        service.audiences(request.origin),
      );
  if (!isOpen) record.caller = caller.id;
  if (route === undefined)
    return runBatch(
      request,
      rawPath.slice(0, -path.length),
      (item) => answer(pipeline, item),
      record,
    );
  const call: Call = {
    tenant,
    version,
    method: request.method,
    path,
    params: route.params,
    query: service.isOData
      ? parseQuery(search, version, route.operation.takesSkip)
      : { expand: [], count: false },
    search,
    headers: request.headers,
    body: parseBody(request, service),
    caller,
    origin: request.origin,
  };
  checkPermission(call, route.operation);
  const reply = await route.operation.run(call);
  return service.isOData ? atLevel(reply, request) : reply;
}

// Lists and entities are written with as much about their types as the caller asks for.
function atLevel(reply: Reply, request: WireRequest): Reply {
  const level = metadataLevel(request.headers);
  if (level === "minimal" || typeof reply.body !== "object") return reply;
  return {
    ...reply,
    body: level === "none" ? withoutMetadata(reply.body) : reply.body,
    headers: { "content-type": contentTypeOf(level), ...reply.headers },
  };
}

const ANONYMOUS: Caller = {
  kind: "app",
  id: "",
  appId: "",
  permissions: new Set(),
  mfa: false,
  acrs: [],
};

function serviceOf(
  pipeline: Pipeline,
  request: WireRequest,
  path: string,
): { service: Service; path: string; version: Version } {
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
  const rule =
    typeof operation.permission === "function" ? operation.permission(call) : operation.permission;
  const accepted = call.caller.kind === "app" ? rule.app : rule.delegated;
  if (!accepted.some((permission) => call.caller.permissions.has(permission)))
    throw missingPermission(rule, accepted);
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

function parseBody(request: WireRequest, service: Service): unknown {
  if (typeof request.body !== "string" || request.body === "")
    return request.isBatchItem ? request.body : undefined;
  const type = request.headers["content-type"]?.toLowerCase();
  if (service.name === "login" && type?.includes("application/x-www-form-urlencoded") === true)
    return Object.fromEntries(new URLSearchParams(request.body));
  checkContentType(service, type);
  try {
    return JSON.parse(request.body);
  } catch {
    throw refuse.malformedJson();
  }
}

function checkContentType({ name }: Service, type: string | undefined): void {
  if (name === "login" || type?.includes("json") === true) return;
  if (name === "arm") throw refuse.unsupportedMediaType(type?.split(";")[0]);
  throw type === undefined ? refuse.noContentType() : refuse.noJsonContentType();
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
