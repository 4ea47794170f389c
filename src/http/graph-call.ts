import type { BaseCallOptions, Call, Counters } from "./call";
import type { Connection } from "./connection";

/** Versions of Graph; what exists only in beta may change without notice. */
export type GraphVersion = "v1.0" | "beta";

/** What every call to Graph takes. */
export interface CallOptions extends BaseCallOptions {
  /** @default "v1.0" */
  version?: GraphVersion | undefined;
}

/** Sends one call and reads its answer. */
export type SendGraph = (call: Call, body: unknown, version: GraphVersion) => Promise<unknown>;

/** What a batch needs of its client. */
export interface Trip {
  send: SendGraph;
  counters: Counters;
  connection: Connection;
}
