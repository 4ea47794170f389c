import type { ServiceError } from "./errors";
import type { Faults } from "./faults";
import type { RequestLog, RequestRecord } from "./request-log";
import type { Router } from "./router";
import type { Version } from "./schema";
import type { Tenant } from "./tenant";
import type { Throttle } from "./throttle";
import type { TokenService } from "./tokens";

/** A request as it came in, or as an item of a `$batch`. */
export interface WireRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Text, parsed as its content type says; batch items bring it parsed. */
  body: unknown;
  origin: string;
  isBatchItem: boolean;
}

/** An answer, or a dropped connection. */
export interface WireReply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  isDropped: boolean;
}

/** One emulated service on the common origin: Graph, Azure Resource Manager, sign-in, metadata. */
export interface Service {
  name: "graph" | "arm" | "login";
  router: Router;
  /** Audiences its tokens may have. */
  audiences(origin: string): readonly string[];
  /** Takes this path; answers the path without version, and the version where there is one. */
  accepts(path: string): { path: string; version: Version } | undefined;
  /** Whether answers carry Graph's headers and query options are OData's. */
  isOData: boolean;
  /** Headers and refusals that differ from Graph's. */
  dialect?: Dialect;
}

/** What a service words in its own way. */
export interface Dialect {
  headers(context: DialectContext): Record<string, string>;
  refusal(error: ServiceError, context: DialectContext): Omit<WireReply, "isDropped">;
}

/** The request that is answered. */
export interface DialectContext {
  request: WireRequest;
  record: RequestRecord;
  tenant: Tenant;
}

/** Everything a request meets on its way. */
export interface Pipeline {
  tenant: Tenant;
  tokens: TokenService;
  services: readonly Service[];
  faults: Faults;
  throttle: Throttle;
  log: RequestLog;
}
