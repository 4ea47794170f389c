import type { CallFacts, ReplyFacts, Service } from "./exchange";
import type { Lane, Tally } from "./limiter";

/** What both clients take with every call. */
export interface BaseCallOptions {
  signal?: AbortSignal | undefined;
  /** Claims that the token must satisfy, as JSON text. */
  claims?: string | undefined;
  /** What the call is for, in words; begins its error messages. */
  purpose?: string | undefined;
  /**
   * Whether sending it twice does the same as sending it once.
   * @default - by method: everything but POST
   */
  repeatable?: boolean | undefined;
}

/** What a client has sent so far. */
export interface Counters {
  /** HTTP requests, repetitions included, token requests excluded. */
  http: number;
  /** Requests inside batches, repetitions included. */
  batchItems: number;
}

/** One call on its way through the steps of a client. */
export interface Call extends CallFacts {
  service: Service;
  repeatable: boolean;
  lane: Lane;
  /** What the service counts: 1, or the items of a batch. */
  units: number;
  signal: AbortSignal | undefined;
  claims: string | undefined;
  /** What the attempts so far add up to. */
  history: CallHistory;
  /** Headers that the steps add. */
  headers: Record<string, string>;
  /** How the service took it, where the status alone does not tell. */
  tally?: (reply: ReplyFacts) => Tally;
  /** Set by the last step. */
  reply?: ReplyFacts;
  /** Set when a step fails: client libraries wrap what passes through them. */
  failure?: unknown;
}

/** What the attempts of a call add up to; moments are of the connection's clock. */
export interface CallHistory {
  attempts: number;
  /** Attempts that failed other than by throttling. */
  failures: number;
  /** Answers with status 500. */
  serverErrors: number;
  throttledSince?: number;
  failingSince?: number;
}

/** Makes a call ready for the steps. */
export function startCall(
  service: Service,
  method: string,
  path: string,
  options: BaseCallOptions = {},
): Call {
  return {
    service,
    method,
    path,
    purpose: options.purpose,
    repeatable: options.repeatable ?? method !== "POST",
    // A POST that can be repeated at will only asks something.
    lane: method === "GET" || (method === "POST" && options.repeatable === true) ? "read" : "write",
    units: 1,
    signal: options.signal,
    claims: options.claims,
    history: { attempts: 0, failures: 0, serverErrors: 0 },
    headers: {},
  };
}
