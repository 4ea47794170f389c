import { randomUUID } from "node:crypto";
import type { Call } from "./call";
import type { Connection } from "./connection";
import { Dropped } from "./dropped";
import { ConnectionError, serviceError, ThrottledError, UnknownFateError } from "./errors";
import type { ReplyFacts } from "./exchange";
import { LimiterTimeout, type Tally } from "./limiter";
import { type Attempt, type Budgets, decide, effectOf, untilReached, type Verdict } from "./retry";
import { parseRetryAfter } from "./retry-after";

/** Sends a call on to the next step. */
export type Next = () => Promise<ReplyFacts>;

/** One step that every call passes, whatever library carries the bytes. */
export type Step = (call: Call, next: Next) => Promise<ReplyFacts>;

/** The steps of a connection, in the order in which a call passes them. */
export function createSteps(connection: Connection): readonly Step[] {
  return [
    (call, next) => retry(connection, call, next),
    (call, next) => limit(connection, call, next),
    (call, next) => authorize(connection, call, next),
    (call, next) => guard(connection, call, next),
  ];
}

/** Tries again what may be tried again. */
async function retry(connection: Connection, call: Call, next: Next): Promise<ReplyFacts> {
  for (;;) {
    const outcome = await attempt(connection, call, next);
    const verdict = judge(connection, call, outcome);
    if (verdict.kind !== "again") return conclude(connection, call, outcome, verdict);
    if (verdict.waitMs > 0) await connection.sleep(verdict.waitMs, call.signal);
  }
}

type Outcome = { reply: ReplyFacts } | { dropped: Dropped };

async function attempt(connection: Connection, call: Call, next: Next): Promise<Outcome> {
  try {
    call.history.attempts += 1;
    return { reply: await next() };
  } catch (error) {
    if (error instanceof Dropped) return { dropped: error };
    if (error instanceof LimiterTimeout) {
      const since = call.history.throttledSince;
      const waitedMs = since === undefined ? error.waitedMs : connection.clock() - since;
      throw new ThrottledError(call, waitedMs, error.retryAfterMs, error);
    }
    throw error;
  }
}

function judge(connection: Connection, call: Call, outcome: Outcome): Verdict {
  const now = connection.clock();
  const facts = describe(outcome, now);
  const { history } = call;
  if (effectOf(facts) === "throttled") {
    history.throttledSince ??= now;
  } else {
    history.failures += 1;
    history.failingSince ??= now;
    if (facts.kind === "answer" && facts.status === 500) history.serverErrors += 1;
  }
  const trouble = {
    failures: history.failures,
    serverErrors: history.serverErrors,
    throttledMs: now - (history.throttledSince ?? now),
    failingMs: now - (history.failingSince ?? now),
  };
  const budgets = budgetsOf(connection, call, outcome);
  return decide(call.repeatable, facts, trouble, budgets, connection.random());
}

/** Services that have answered, by their limiter, which all connections to one share. */
const reached = new WeakSet<object>();

function budgetsOf(connection: Connection, call: Call, outcome: Outcome): Budgets {
  const service = connection.limiters[call.service];
  if ("reply" in outcome || outcome.dropped.sent) reached.add(service);
  return reached.has(service) ? connection.budgets : untilReached(connection.budgets);
}

function describe(outcome: Outcome, now: number): Attempt {
  if ("dropped" in outcome) {
    const { sent, hopeless } = outcome.dropped;
    return { kind: "dropped", sent, hopeless };
  }
  const { status, headers } = outcome.reply;
  return { kind: "answer", status, retryAfterMs: parseRetryAfter(headers["retry-after"], now) };
}

/** Ends a call that is not tried again: with the last answer, or with the error that says why. */
function conclude(
  connection: Connection,
  call: Call,
  outcome: Outcome,
  verdict: Exclude<Verdict, { kind: "again" }>,
): ReplyFacts {
  const now = connection.clock();
  const cause = "reply" in outcome ? serviceError(call, outcome.reply, now) : outcome.dropped;
  if (verdict.kind === "unknown-fate") throw new UnknownFateError(call, cause);
  if (verdict.kind === "give-up" && verdict.because === "throttled") {
    const retryAfterMs = "retryAfterMs" in cause ? cause.retryAfterMs : undefined;
    throw new ThrottledError(call, now - (call.history.throttledSince ?? now), retryAfterMs, cause);
  }
  if ("reply" in outcome) return outcome.reply;
  throw new ConnectionError(call, cause);
}

/** Waits for the limiter, and tells it how the service took the request. */
async function limit(connection: Connection, call: Call, next: Next): Promise<ReplyFacts> {
  const { lane, units, signal, history } = call;
  const permit = await connection.limiters[call.service].acquire({
    lane,
    units,
    signal,
    repeated: history.attempts > 1,
    ...(history.throttledSince !== undefined && {
      giveUpAt: history.throttledSince + connection.budgets.throttledMs,
    }),
  });
  let tally: Tally = { accepted: 0, refused: 0 };
  try {
    const reply = await next();
    tally = call.tally?.(reply) ?? tallyOf(reply, units, connection.clock());
    return reply;
  } finally {
    permit.settle(tally);
  }
}

function tallyOf({ status, headers }: ReplyFacts, units: number, now: number): Tally {
  const retryAfterMs = parseRetryAfter(headers["retry-after"], now);
  const effect = effectOf({ kind: "answer", status, retryAfterMs });
  if (effect === "throttled") return { accepted: 0, refused: units, retryAfterMs };
  if (effect === "unknown") return { accepted: 0, refused: 0, retryAfterMs };
  return { accepted: units, refused: 0 };
}

/** Puts the token on the request; a token that the service refuses is replaced once. */
async function authorize(connection: Connection, call: Call, next: Next): Promise<ReplyFacts> {
  const { tokens } = connection;
  const { service, signal } = call;
  const first = await tokens.token(service, { claims: call.claims, signal });
  call.headers.authorization = `Bearer ${first.token}`;
  const reply = await next();
  if (reply.status !== 401) return reply;
  // 401 is answered before anything is done, so even a POST may be sent again.
  tokens.invalidate(service, first.token);
  const claims = serviceError(call, reply, connection.clock()).claims ?? call.claims;
  const second = await tokens.token(service, { claims, signal });
  if (second.token === first.token) return reply;
  call.headers.authorization = `Bearer ${second.token}`;
  return next();
}

/** Asks whether writes are still wanted, as late as possible before one leaves, and gives each attempt its id. */
async function guard(connection: Connection, call: Call, next: Next): Promise<ReplyFacts> {
  const idHeader = call.service === "arm" ? "x-ms-client-request-id" : "client-request-id";
  call.headers[idHeader] = randomUUID();
  if (call.lane === "write") await connection.beforeWrite?.();
  return next();
}
