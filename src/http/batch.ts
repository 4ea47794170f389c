import { startCall } from "./call";
import { ProtocolError, type ServiceError, serviceError } from "./errors";
import type { CallFacts, ReplyFacts } from "./exchange";
import type { CallOptions, Trip } from "./graph-call";
import type { Tally } from "./limiter";
import { type Attempt, decide, effectOf, type Trouble } from "./retry";
import { parseRetryAfter } from "./retry-after";

/** One request inside a batch. */
export interface BatchRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with a slash, without the version. */
  path: string;
  body?: unknown;
}

/** The answer to one request inside a batch. */
export interface BatchResponse {
  status: number;
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: unknown;
  /** Set when the status is 400 or more. */
  error?: ServiceError;
}

/** Graph's limit of requests per batch. */
const CHUNK = 20;

/**
 * Sends requests in batches. An item that was turned away is asked again after its pause; one that failed
 * is asked again only when it is a GET. What remains an error is a value in its place.
 */
export async function runBatch(
  trip: Trip,
  requests: readonly BatchRequest[],
  options: CallOptions = {},
): Promise<BatchResponse[]> {
  const items = requests.map((request) => createItem(request, options));
  for (let open = items; open.length > 0; ) {
    // The limiter bounds how many of these are under way.
    await Promise.all(chunksOf(open).map((chunk) => runChunk(trip, chunk, options)));
    open = await reopen(trip, open, options);
  }
  return items.map((item) => finish(trip, item));
}

interface Item {
  request: BatchRequest;
  facts: CallFacts;
  reply?: ReplyFacts;
  body?: unknown;
  trouble: {
    failures: number;
    serverErrors: number;
    throttledSince?: number;
    failingSince?: number;
  };
}

function createItem(request: BatchRequest, { purpose }: CallOptions): Item {
  const { method, path } = request;
  return { request, facts: { method, path, purpose }, trouble: { failures: 0, serverErrors: 0 } };
}

function chunksOf(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = [];
  for (let at = 0; at < items.length; at += CHUNK) chunks.push(items.slice(at, at + CHUNK));
  return chunks;
}

async function runChunk(trip: Trip, chunk: readonly Item[], options: CallOptions): Promise<void> {
  const repeatable = chunk.every(({ request }) => request.method !== "POST");
  const call = startCall("graph", "POST", "/$batch", { ...options, repeatable });
  call.lane = chunk.every(({ request }) => request.method === "GET") ? "read" : "write";
  call.units = chunk.length;
  call.tally = (reply) => tallyOf(reply, chunk.length, trip.connection.clock());
  trip.counters.batchItems += chunk.length;
  const body = await trip.send(call, { requests: chunk.map(writeItem) }, options.version ?? "v1.0");
  const answers = readAnswers(call, body);
  for (const [index, item] of chunk.entries()) {
    const answer = answers.get(String(index + 1));
    if (!answer) throw new ProtocolError(call, `answered a batch without item ${index + 1}`);
    item.reply = answer.reply;
    item.body = answer.body;
  }
}

function writeItem({ request }: Item, index: number): Record<string, unknown> {
  const { method, path, body } = request;
  const item = { id: String(index + 1), method, url: path };
  if (body === undefined) return item;
  return { ...item, headers: { "Content-Type": "application/json" }, body };
}

interface Answer {
  reply: ReplyFacts;
  body: unknown;
}

function readAnswers(call: CallFacts, body: unknown): Map<string, Answer> {
  const responses = isRecord(body) ? body.responses : undefined;
  if (!Array.isArray(responses))
    throw new ProtocolError(call, 'answered a batch without "responses"');
  const answers = new Map<string, Answer>();
  for (const response of responses.filter(isRecord)) {
    const { id, status, headers, body: content } = response;
    if (typeof status !== "number")
      throw new ProtocolError(call, "answered an item without status");
    const text = typeof content === "string" ? content : JSON.stringify(content ?? "");
    const reply = { status, headers: lowerCase(headers), text: content === undefined ? "" : text };
    answers.set(String(id), { reply, body: content });
  }
  return answers;
}

/** What the limiter learns from a batch: the envelope says 200 while items inside it are turned away. */
function tallyOf(reply: ReplyFacts, units: number, now: number): Tally {
  if (reply.status !== 200) {
    const attempt = describe(reply, now);
    const refused = effectOf(attempt) === "throttled" ? units : 0;
    return { accepted: 0, refused, retryAfterMs: attempt.retryAfterMs };
  }
  const attempts = repliesIn(reply).map((item) => describe(item, now));
  const refused = attempts.filter((item) => effectOf(item) === "throttled");
  const pauses = attempts.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  const retryAfterMs = pauses.length > 0 ? Math.max(...pauses) : undefined;
  return { accepted: units - refused.length, refused: refused.length, retryAfterMs };
}

function repliesIn(reply: ReplyFacts): ReplyFacts[] {
  try {
    const facts = { method: "POST", path: "/$batch" };
    return [...readAnswers(facts, JSON.parse(reply.text)).values()].map((answer) => answer.reply);
  } catch {
    return []; // the caller reads the same text and says what is wrong with it
  }
}

type Answered = Extract<Attempt, { kind: "answer" }>;

function describe({ status, headers }: ReplyFacts, now: number): Answered {
  return { kind: "answer", status, retryAfterMs: parseRetryAfter(headers["retry-after"], now) };
}

/** The items to ask again, after the longest pause that any of them needs. */
async function reopen(trip: Trip, asked: readonly Item[], options: CallOptions): Promise<Item[]> {
  const { clock, sleep } = trip.connection;
  const waits = new Map<Item, number>();
  for (const item of asked) {
    const verdict = judge(trip, item, clock());
    if (verdict.kind === "again") waits.set(item, verdict.waitMs);
  }
  const waitMs = Math.max(0, ...waits.values());
  if (waitMs > 0) await sleep(waitMs, options.signal);
  return [...waits.keys()];
}

function judge({ connection }: Trip, { request, reply, trouble }: Item, now: number) {
  if (!reply) return { kind: "take" } as const;
  const attempt = describe(reply, now);
  if (effectOf(attempt) === "throttled") trouble.throttledSince ??= now;
  else {
    trouble.failures += 1;
    trouble.failingSince ??= now;
    if (reply.status === 500) trouble.serverErrors += 1;
  }
  const sum: Trouble = {
    failures: trouble.failures,
    serverErrors: trouble.serverErrors,
    throttledMs: now - (trouble.throttledSince ?? now),
    failingMs: now - (trouble.failingSince ?? now),
  };
  const repeatable = request.method === "GET";
  // Inside a batch only 429 says for certain that a write was not executed.
  if (!repeatable && reply.status !== 429) return { kind: "take" } as const;
  return decide(repeatable, attempt, sum, connection.budgets, connection.random());
}

function finish({ connection }: Trip, { facts, reply, body }: Item): BatchResponse {
  if (!reply) throw new ProtocolError(facts, "got no answer in its batch");
  const { status } = reply;
  const headers = { ...reply.headers };
  if (status < 400) return { status, headers, body };
  return { status, headers, body, error: serviceError(facts, reply, connection.clock()) };
}

function lowerCase(headers: unknown): Record<string, string> {
  if (!isRecord(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
