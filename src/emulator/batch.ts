import { ok, type Reply } from "./api";
import { errorBody } from "./error-body";
import { refuse } from "./errors";
import type { RequestRecord } from "./request-log";
import type { Json } from "./schema";
import type { WireReply, WireRequest } from "./wire";

interface BatchItem {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
  dependsOn: string[];
}

/** Most items that one batch may have. */
const MAXIMUM_ITEMS = 20;

/** Runs the items of a `$batch` in order, each through the whole pipeline. */
export async function runBatch(
  request: WireRequest,
  versionPrefix: string,
  send: (item: WireRequest) => Promise<WireReply>,
  record: RequestRecord,
): Promise<Reply> {
  if (request.method !== "POST") throw refuse.methodNotAllowed();
  const items = readItems(request.body);
  const answers = new Map<string, Json>();
  record.batchItems = [];
  for (const item of items) {
    const wire = itemRequest(request, item, versionPrefix);
    const isBlocked = item.dependsOn.some(
      (id) => Number(answers.get(id.toLowerCase())?.["status"] ?? 424) >= 400,
    );
    const reply = isBlocked ? dependencyFailed(record) : await send(wire);
    // A dropped connection inside a batch reaches the client as a gateway's failure of that item.
    const status = reply.isDropped ? 504 : reply.status;
    record.batchItems.push({ id: item.id, method: item.method, path: item.url, status });
    answers.set(item.id.toLowerCase(), {
      id: item.id,
      status,
      headers: itemHeaders(reply),
      ...(reply.body !== undefined && !reply.isDropped && { body: reply.body }),
    });
  }
  return ok({ responses: [...answers.values()] });
}

function readItems(body: unknown): BatchItem[] {
  const parsed: unknown = typeof body === "string" ? parse(body) : body;
  const requests =
    typeof parsed === "object" && parsed !== null ? (parsed as Json)["requests"] : undefined;
  if (!Array.isArray(requests) || requests.length === 0)
    throw refuse.badRequest("Invalid batch payload format.");
  if (requests.length > MAXIMUM_ITEMS)
    throw refuse.badRequest(
      `Number of batch request steps exceeds the maximum value of ${MAXIMUM_ITEMS}.`,
    );
  const items = requests.map(readItem);
  checkIds(items);
  return items;
}

function checkIds(items: readonly BatchItem[]): void {
  const ids = new Set(items.map((item) => item.id.toLowerCase()));
  if (ids.size < items.length) throw refuse.badRequest("Request Id has to be unique in a batch.");
  const stranger = items.flatMap((item) => item.dependsOn).find((id) => !ids.has(id.toLowerCase()));
  if (stranger === undefined) return;
  throw refuse.badRequest(`Invalid dependsOn: request '${stranger}' is not in the batch.`);
}

function readItem(raw: unknown): BatchItem {
  const { id, method, url, headers, body, dependsOn } = (raw ?? {}) as Json;
  if (typeof id !== "string" || typeof method !== "string" || typeof url !== "string") {
    throw refuse.badRequest("Invalid batch payload format.");
  }
  const lowered = Object.fromEntries(
    Object.entries((headers ?? {}) as Json).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  );
  if (body !== undefined && lowered["content-type"] === undefined) {
    throw refuse.badRequest(
      `Write request with id '${id}' does not contain a Content-Type header.`,
    );
  }
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: lowered,
    body,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

// Items inherit the token; their urls have no version.
function itemRequest(request: WireRequest, item: BatchItem, versionPrefix: string): WireRequest {
  const authorization = request.headers["authorization"];
  return {
    method: item.method,
    url: `${versionPrefix}/${item.url.replace(/^\//, "")}`,
    headers: { ...(authorization !== undefined && { authorization }), ...item.headers },
    body: item.body,
    origin: request.origin,
    isBatchItem: true,
  };
}

function itemHeaders(reply: WireReply): Record<string, string> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  for (const name of ["retry-after", "request-id", "client-request-id", "location"]) {
    const value = reply.headers[name];
    if (value !== undefined) headers[name === "retry-after" ? "Retry-After" : name] = value;
  }
  return headers;
}

function dependencyFailed(record: RequestRecord): WireReply {
  const context = { requestId: record.requestId, clientRequestId: record.requestId, at: record.at };
  return {
    status: 424,
    headers: {},
    body: errorBody(refuse.failedDependency(), context),
    isDropped: false,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse.malformedJson();
  }
}
