import { Client, ResponseType } from "@microsoft/microsoft-graph-client";
import { type BatchRequest, type BatchResponse, runBatch } from "./batch";
import { runBatchList } from "./batch-list";
import { type Counters, startCall } from "./call";
import type { Connection } from "./connection";
import type { ServiceError } from "./errors";
import type { CallOptions, GraphVersion, SendGraph } from "./graph-call";
import { CallOption, createMiddleware } from "./graph-middleware";
import { type GraphPage, readPages } from "./graph-pages";
import { collectPages, followLink, readPage, readReply } from "./reply";

/** Calls Microsoft Graph. Paths begin with a slash, without the version; values in them are encoded by the caller. */
export interface GraphClient {
  readonly counters: Readonly<Counters>;
  get<T>(path: string, options?: CallOptions): Promise<T>;
  /** Reads all pages of a collection; a page without `value` or with a foreign link is an error. */
  list<T>(path: string, options?: CallOptions): Promise<T[]>;
  /** Sends once: when nobody knows whether it took effect, throws `UnknownFateError`. */
  post<T>(path: string, body: unknown, options?: CallOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options?: CallOptions): Promise<T>;
  delete(path: string, options?: CallOptions): Promise<void>;
  /** Sends many requests, 20 per trip; answers in the order asked, errors as values. */
  batch(requests: readonly BatchRequest[], options?: CallOptions): Promise<BatchResponse[]>;
  /** Reads many collections with all their pages, 20 per trip; in the order asked, errors as values. */
  batchList<T>(paths: readonly string[], options?: CallOptions): Promise<(T[] | ServiceError)[]>;
  /** Reads one page of each collection, 20 per trip; in the order asked, errors as values when there are several. */
  pages<T>(
    paths: readonly string[],
    options?: CallOptions,
  ): Promise<(GraphPage<T> | ServiceError)[]>;
}

/** Makes a client of Microsoft Graph. */
export function createGraphClient(connection: Connection): GraphClient {
  const counters: Counters = { http: 0, batchItems: 0 };
  const send = createSender(connection, counters);
  const base = connection.endpoints.graph;

  const request = async (
    method: string,
    path: string,
    body: unknown,
    options: CallOptions = {},
  ) => {
    const call = startCall("graph", method, path, options);
    return send(call, body, options.version ?? "v1.0");
  };
  const trip = { send, counters, connection };

  return {
    counters,
    get: async <T>(path: string, options?: CallOptions) =>
      (await request("GET", path, undefined, options)) as T,
    async list<T>(path: string, options: CallOptions = {}): Promise<T[]> {
      const facts = startCall("graph", "GET", path, options);
      const first = `/${options.version ?? "v1.0"}${path}`;
      return collectPages<T>(
        facts,
        first,
        async (versioned) => {
          const { version, rest } = splitVersion(versioned);
          const body = await request("GET", rest, undefined, { ...options, version });
          return readPage(facts, body);
        },
        (link) => followLink(facts, base, link),
      );
    },
    post: async <T>(path: string, body: unknown, options?: CallOptions) =>
      (await request("POST", path, body, options)) as T,
    patch: async <T>(path: string, body: unknown, options?: CallOptions) =>
      (await request("PATCH", path, body, options)) as T,
    async delete(path, options) {
      await request("DELETE", path, undefined, options);
    },
    batch: (requests, options) => runBatch(trip, requests, options),
    batchList: (paths, options) => runBatchList(trip, paths, options),
    pages: (paths, options) =>
      readPages(trip, (path, read) => request("GET", path, undefined, read), paths, options),
  };
}

function createSender(connection: Connection, counters: Counters): SendGraph {
  const client = Client.initWithMiddleware({
    baseUrl: connection.endpoints.graph,
    middleware: createMiddleware(connection, () => {
      counters.http += 1;
    }),
  });
  return async (call, body, version) => {
    const request = client
      .api(protectPath(call.path))
      .version(version)
      .responseType(ResponseType.RAW)
      .middlewareOptions([new CallOption(call)]);
    try {
      await perform(request, call.method, body);
    } catch (error) {
      throw call.failure ?? error;
    }
    if (!call.reply) throw new Error("a Graph request without a reply");
    return readReply(call, call.reply, connection.clock());
  };
}

type Request = ReturnType<Client["api"]>;

function perform(request: Request, method: string, body: unknown): Promise<unknown> {
  switch (method) {
    case "GET":
      return request.get();
    case "POST":
      return request.post(body);
    case "PATCH":
      return request.patch(body);
    default:
      return request.delete();
  }
}

/** The library takes "https://" anywhere in a path, also inside a filter, for the beginning of an address. */
function protectPath(path: string): string {
  return path.replace(/https:\/\//g, "https:%2F%2F");
}

function splitVersion(versioned: string): { version: GraphVersion; rest: string } {
  const rest = versioned.replace(/^\/(v1\.0|beta)(?=\/)/, "");
  return { version: versioned.startsWith("/beta/") ? "beta" : "v1.0", rest };
}
