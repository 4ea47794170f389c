import { parseDuration } from "./clock";
import { createRandom } from "./ids";

/** A fault to inject: what goes wrong, to which requests, how often. */
export interface Fault {
  /** HTTP method. @default - any */
  method?: string;
  /** Path with version: a part of it, a glob with `*`, or `/regular expression/`. @default - any */
  path?: string;
  /** Answers this status instead. */
  status?: number;
  /** Error code of that answer. */
  code?: string;
  message?: string;
  /** Seconds in `Retry-After`. */
  retryAfter?: number;
  /** Holds the answer back: milliseconds, or an ISO 8601 duration. */
  delay?: number | string;
  /** Closes the connection without an answer, before or after the request had its effect. */
  drop?: "before" | "after" | boolean;
  /** When `status` is answered: instead of the effect, or after it. @default "before" */
  when?: "before" | "after";
  /** How many requests it hits. @default - all, until faults are cleared */
  times?: number;
  /** Share of matching requests it hits, 0 to 1. */
  probability?: number;
  /** Seed of the probability. @default 1 */
  seed?: number;
  /** How many matching requests pass first. @default 0 */
  skip?: number;
  /** Whether it hits requests of their own, items of a `$batch`, or both. @default "both" */
  in?: "request" | "batch" | "both";
}

/** A fault that hit a request. */
export interface Hit {
  status?: number;
  code?: string;
  message?: string;
  retryAfter?: number;
  delayMs: number;
  dropBefore: boolean;
  dropAfter: boolean;
  /** Whether the status is answered after the effect. */
  after: boolean;
}

interface Armed {
  id: string;
  fault: Fault;
  matches(method: string, path: string): boolean;
  random(): number;
  skipped: number;
  hits: number;
}

/** The faults in force. */
export class Faults {
  private armed: Armed[] = [];
  private count = 0;

  /** Arms a fault; answers with its id. */
  add(fault: Fault): string {
    const id = `fault-${++this.count}`;
    this.armed.push({
      id,
      fault,
      matches: matcher(fault),
      random: createRandom(fault.seed ?? 1),
      skipped: 0,
      hits: 0,
    });
    return id;
  }

  clear(): void {
    this.armed = [];
  }

  /** The faults in force with how often each has hit. */
  list(): { id: string; fault: Fault; hits: number }[] {
    return this.armed.map(({ id, fault, hits }) => ({ id, fault, hits }));
  }

  /** The fault that hits this request, if any: the first that matches. */
  strike(method: string, path: string, isBatchItem: boolean): Hit | undefined {
    const armed = this.armed.find(
      (candidate) => isMeant(candidate, method, path, isBatchItem) && isDue(candidate),
    );
    if (armed === undefined) return undefined;
    armed.hits += 1;
    return hitOf(armed.fault);
  }
}

function isMeant(armed: Armed, method: string, path: string, isBatchItem: boolean): boolean {
  const place = armed.fault.in ?? "both";
  if (place !== "both" && (place === "batch") !== isBatchItem) return false;
  return armed.matches(method, path);
}

function isDue(armed: Armed): boolean {
  const { fault } = armed;
  if (armed.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
  if (armed.skipped < (fault.skip ?? 0)) {
    armed.skipped += 1;
    return false;
  }
  return fault.probability === undefined || armed.random() < fault.probability;
}

function hitOf(fault: Fault): Hit {
  return {
    ...(fault.status !== undefined && { status: fault.status }),
    ...(fault.code !== undefined && { code: fault.code }),
    ...(fault.message !== undefined && { message: fault.message }),
    ...(fault.retryAfter !== undefined && { retryAfter: fault.retryAfter }),
    delayMs: typeof fault.delay === "number" ? fault.delay : (parseDuration(fault.delay) ?? 0),
    dropBefore: fault.drop === "before" || fault.drop === true,
    dropAfter: fault.drop === "after",
    after: fault.when === "after",
  };
}

function matcher(fault: Fault): (method: string, path: string) => boolean {
  const method = fault.method?.toUpperCase();
  const pattern = patternOf(fault.path);
  return (requestMethod, path) =>
    (method === undefined || method === "*" || method === requestMethod) && pattern.test(path);
}

function patternOf(path: string | undefined): RegExp {
  if (path === undefined || path === "*") return /^/;
  const regular = /^\/(.+)\/(i?)$/.exec(path);
  // "/v1.0/users/" could be meant as a path: only what has a metacharacter in it is an expression.
  if (regular?.[1] !== undefined && /[\\^$+?()[\]|]|\.\*/.test(regular[1]))
    return new RegExp(regular[1], "i");
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(escaped, "i");
}
