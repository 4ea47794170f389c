import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Service } from "./exchange";
import { Limiter } from "./limiter";
import { type Budgets, DEFAULT_BUDGETS } from "./retry";
import { type Clock, type Sleep, sleep } from "./time";
import type { TokenSource } from "./token-source";

/** One identity in one tenant, and everything that its calls share. */
export interface Connection {
  tenantId: string;
  /** Base addresses without a trailing slash; links are followed only within them. */
  endpoints: Readonly<Record<Service, string>>;
  tokens: TokenSource;
  /** One per service and tenant in this process. */
  limiters: Readonly<Record<Service, Limiter>>;
  budgets: Budgets;
  /** Longest time that one request may take, in milliseconds. */
  attemptTimeoutMs: number;
  clock: Clock;
  sleep: Sleep;
  random: () => number;
  /** Asked before each write leaves; throws when nothing may be written any more. */
  beforeWrite?: () => Promise<void> | void;
  /** Carries Graph requests in place of Node's `fetch`. */
  fetch?: typeof fetch;
  /** Carries ARM requests in place of Node's `http`. */
  httpClient?: HttpClient;
}

/** What `connect` needs; the rest has defaults. */
export type ConnectOptions = Pick<Connection, "tenantId" | "endpoints" | "tokens"> &
  Partial<Omit<Connection, "budgets">> & { budgets?: Partial<Budgets> };

/** Puts a connection together; connections to one service and tenant share a limiter. */
export function connect(options: ConnectOptions): Connection {
  const clock = options.clock ?? Date.now;
  const parts = { clock, sleep: options.sleep ?? sleep, random: options.random ?? Math.random };
  const budgets = { ...DEFAULT_BUDGETS, ...options.budgets };
  const limiters =
    options.limiters ?? limitersFor(options, { ...parts, patienceMs: budgets.throttledMs });
  return { attemptTimeoutMs: 120_000, ...options, ...parts, budgets, limiters };
}

type LimiterParts = ConstructorParameters<typeof Limiter>[0];

/** The service counts per application and tenant, so every kind of this process shares one limiter. */
const shared = new Map<string, Limiter>();

function limitersFor(
  { tenantId, endpoints, clock }: ConnectOptions,
  parts: LimiterParts,
): Record<Service, Limiter> {
  const limiter = (service: Service): Limiter => {
    // A clock of one's own belongs to a test, which wants a limiter of its own too.
    if (clock) return new Limiter(parts);
    const key = `${service} ${endpoints[service]} ${tenantId.toLowerCase()}`;
    const known = shared.get(key) ?? new Limiter(parts);
    shared.set(key, known);
    return known;
  };
  return { graph: limiter("graph"), arm: limiter("arm") };
}
