import {
  type Context,
  HTTPMessageHandler,
  type Middleware,
} from "@microsoft/microsoft-graph-client";
import type { Call } from "./call";
import type { Connection } from "./connection";
import { orDropped } from "./dropped";
import type { ReplyFacts } from "./exchange";
import { createSteps, type Step } from "./steps";

/** Carries a call through Graph's client library to our middleware. */
export class CallOption {
  constructor(readonly call: Call) {}
}

/** Our middleware chain in place of the library's: its retry handler sends POSTs twice. */
export function createMiddleware(connection: Connection, onAttempt: () => void): Middleware[] {
  const steps = createSteps(connection).map((step) => new StepMiddleware(step));
  const last = connection.fetch ? new FetchHandler(connection.fetch) : new HTTPMessageHandler();
  return [...steps, new ReplyMiddleware(connection, onAttempt), last];
}

/** One of our steps as the library's middleware. */
class StepMiddleware implements Middleware {
  private next: Middleware | undefined;

  constructor(private readonly step: Step) {}

  setNext(next: Middleware): void {
    this.next = next;
  }

  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    try {
      call.reply = await this.step(call, async () => {
        await this.next?.execute(context);
        return replyOf(call);
      });
    } catch (error) {
      // The library replaces every error by its own, so the client takes ours from here.
      call.failure = error;
      throw error;
    }
  }
}

/** Sends one attempt and reads all of its answer: one that breaks off in the middle is no answer. */
class ReplyMiddleware implements Middleware {
  private next: Middleware | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly onAttempt: () => void,
  ) {}

  setNext(next: Middleware): void {
    this.next = next;
  }

  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    this.onAttempt();
    call.reply = await orDropped(this.connection.attemptTimeoutMs, call.signal, async (signal) => {
      const headers = { ...plainHeaders(context.options?.headers), ...call.headers };
      // A redirection would carry the token to wherever it points.
      const options = { ...context.options, headers, signal, redirect: "manual" as const };
      const attempt: Context = { ...context, options };
      await this.next?.execute(attempt);
      return readResponse(attempt);
    });
  }
}

/** In the place of the library's last handler when a test brings its own `fetch`. */
class FetchHandler implements Middleware {
  constructor(private readonly send: typeof fetch) {}

  async execute(context: Context): Promise<void> {
    context.response = await this.send(context.request, context.options);
  }
}

async function readResponse(context: Context): Promise<ReplyFacts> {
  const { response } = context;
  if (!response) throw new Error("no response");
  const text = await response.text();
  context.response = response;
  return { status: response.status, headers: Object.fromEntries(response.headers), text };
}

function callOf(context: Context): Call {
  const option = context.middlewareControl?.getMiddlewareOptions(CallOption);
  if (!(option instanceof CallOption))
    throw new Error("a Graph request that no client of ours made");
  return option.call;
}

function replyOf(call: Call): ReplyFacts {
  if (!call.reply) throw new Error("a Graph request without a reply");
  return call.reply;
}

function plainHeaders(headers: unknown): Record<string, string> {
  return { ...(headers as Record<string, string> | undefined) };
}
