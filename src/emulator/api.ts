import { refuse } from "./errors";
import type { Query } from "./odata-query";
import type { PermissionRule } from "./permissions";
import type { Json, Version } from "./schema";
import type { Tenant } from "./tenant";

/** Who calls: an application by itself, or a person through an application. */
export interface Caller {
  kind: "app" | "user";
  /** Object id of the service principal or user. */
  id: string;
  appId: string;
  permissions: ReadonlySet<string>;
  /** Whether the sign-in was with multi-factor authentication. */
  mfa: boolean;
  /** Authentication contexts satisfied by the sign-in. */
  acrs: readonly string[];
}

/** One request as an operation sees it. */
export interface Call {
  tenant: Tenant;
  version: Version;
  method: string;
  /** Path without version and query. */
  path: string;
  params: Readonly<Record<string, string>>;
  query: Query;
  /** The query string as sent, for operations outside OData. */
  search: string;
  headers: Readonly<Record<string, string>>;
  body: unknown;
  caller: Caller;
  /** Scheme and host the client used: the base of links and contexts. */
  origin: string;
}

/** What an operation answers. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One operation of an emulated API: a line in its family's table. */
export interface Operation {
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /**
   * Path without version: literals, `{name}` for one segment, `{name+}` for several,
   * `name(on='{x}')` for a function.
   */
  path: string;
  /** @default both */
  versions?: readonly Version[];
  /** Needed permission; `"any"` takes every valid token, `"none"` no token at all. */
  permission: PermissionRule | "any" | "none" | ((call: Call) => PermissionRule);
  /** Whether its list takes `$skip`. */
  takesSkip?: true;
  run(call: Call): Reply | Promise<Reply>;
}

/** 200 with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** 201 with a body. */
export function created(body: unknown): Reply {
  return { status: 201, body };
}

/** 204. */
export function noContent(): Reply {
  return { status: 204 };
}

/** The body as an object, or a refusal. */
export function objectBody(call: Call): Json {
  if (typeof call.body !== "object" || call.body === null || Array.isArray(call.body))
    throw refuse.malformedJson();
  return call.body as Json;
}

/** A path parameter that the operation's path declares. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}

/** Whether the caller states a preference, as "create-if-missing". */
export function prefers(call: Call, preference: string): boolean {
  const stated = call.headers["prefer"]?.toLowerCase().split(",") ?? [];
  return stated.some((one) => one.trim() === preference);
}
