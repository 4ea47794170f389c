import type { Service } from "./exchange";
import type { Clock } from "./time";

/** A token and its end, in milliseconds since 1970. */
export interface AccessToken {
  token: string;
  expiresOnTimestamp: number;
  /** When a new one should be fetched, in milliseconds since 1970. */
  refreshAfterTimestamp?: number;
}

/** What a token request may ask for. */
export interface TokenOptions {
  /** Claims that the token must satisfy, as JSON text. */
  claims?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Where the tokens of a connection come from. */
export interface TokenSource {
  token(audience: Service, options?: TokenOptions): Promise<AccessToken>;
  /** Forgets a token that the service refused; a newer one is kept. */
  invalidate(audience: Service, token: string): void;
}

/** Fetches a new token, past every cache. */
export type FetchToken = (audience: Service, claims: string | undefined) => Promise<AccessToken>;

/** Tokens are replaced this long before they end, in milliseconds, or at half of a shorter life. */
const EARLY_MS = 300_000;

/** Keeps each token until shortly before its end; many callers share one request. */
export function cacheTokens(fetchToken: FetchToken, clock: Clock): TokenSource {
  const kept = new Map<string, { token: AccessToken; renewAt: number }>();
  const underWay = new Map<string, Promise<AccessToken>>();

  const request = (key: string, audience: Service, claims: string | undefined) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const began = clock();
    const promise = fetchToken(audience, claims)
      .then((token) => {
        kept.set(key, { token, renewAt: renewalOf(token, began) });
        return token;
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, promise);
    return promise;
  };

  return {
    async token(audience, { claims, signal } = {}) {
      signal?.throwIfAborted();
      const key = `${audience} ${claims ?? ""}`;
      const known = kept.get(key);
      if (known && clock() < known.renewAt) return known.token;
      return untilAborted(request(key, audience, claims), signal);
    },
    invalidate(_audience, token) {
      for (const [key, known] of kept) if (known.token.token === token) kept.delete(key);
    },
  };
}

function renewalOf(token: AccessToken, now: number): number {
  const end = token.expiresOnTimestamp;
  const early = Math.min(EARLY_MS, (end - now) / 2);
  return Math.min(token.refreshAfterTimestamp ?? end, end - early);
}

/** One caller's cancellation leaves the request to the others who wait for it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
