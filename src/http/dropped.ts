import { connectionAdvice, isHopeless } from "./connection-advice";

/** A request that got no answer. */
export class Dropped extends Error {
  override name = "Dropped" as const;
  /** False only where the request certainly never reached the service. */
  readonly sent: boolean;
  /** Whether another attempt cannot end otherwise. */
  readonly hopeless: boolean;

  constructor(cause: unknown, reason = describeCause(cause)) {
    super(reason, { cause });
    const code = codeOf(cause);
    this.hopeless = isHopeless(code);
    this.sent = !this.hopeless && !NEVER_SENT.has(code ?? "");
  }
}

/** Failures to find or reach the host: nothing was sent. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Runs one attempt under the caller's signal and a time limit. Whatever fails becomes `Dropped`, except
 * what the caller cancelled.
 */
export async function orDropped<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => stop.abort(new Error("time-out")), timeoutMs);
  try {
    return await send(stop.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.signal.aborted)
      throw new Dropped(error, withAdvice(`no answer within ${timeoutMs / 1000} s`, undefined));
    throw new Dropped(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** `fetch` hides the reason one or two causes deep; a name with several addresses gives one error each. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && code !== "REQUEST_SEND_ERROR") return code;
  if (error instanceof AggregateError && cause === undefined) return codeOf(error.errors[0]);
  return codeOf(cause);
}

/** The code says what happened; texts of libraries may quote the request. */
function describeCause(error: unknown): string {
  const code = codeOf(error);
  return withAdvice(code ? `connection failed: ${code}` : "connection failed", code);
}

function withAdvice(reason: string, code: string | undefined): string {
  const advice = connectionAdvice(code);
  return advice === undefined ? reason : `${reason}; ${advice}`;
}
