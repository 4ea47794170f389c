/** What a first contact with an endpoint tells. */
export interface Reached {
  /** HTTP status; undefined when there was no answer. */
  status?: number;
  ms: number;
  /** The service's clock minus ours, in milliseconds, to the second. */
  skewMs?: number;
  /** Why there was no answer. */
  reason?: string;
}

const TIMEOUT_MS = 10_000;

/** Asks an endpoint anything, without a token: every answer says that it is there, and what time it is. */
export async function reach(
  endpoint: string,
  now: () => number,
  send: typeof fetch = fetch,
): Promise<Reached> {
  const began = now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await send(endpoint, { redirect: "manual", signal });
    const ended = now();
    const date = Date.parse(response.headers.get("date") ?? "");
    await response.body?.cancel();
    // The header counts whole seconds and was written somewhere between asking and answering.
    const skew = Number.isNaN(date) ? undefined : date + 500 - (began + ended) / 2;
    return {
      status: response.status,
      ms: ended - began,
      ...(skew === undefined ? {} : { skewMs: Math.round(skew) }),
    };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { ms: now() - began, reason };
  }
}
