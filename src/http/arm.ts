import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  decompressResponsePolicy,
  type HttpMethods,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
  proxyPolicy,
} from "@azure/core-rest-pipeline";
import { type BaseCallOptions, type Call, type Counters, startCall } from "./call";
import type { Connection } from "./connection";
import { orDropped } from "./dropped";
import type { ReplyFacts } from "./exchange";
import { collectPages, followLink, readPage, readReply } from "./reply";
import { createSteps, type Step } from "./steps";

/** What every call to Azure Resource Manager takes. */
export interface ArmCallOptions extends BaseCallOptions {
  /** Version of the interface, such as `2020-10-01`. */
  apiVersion: string;
}

/** Calls Azure Resource Manager. Paths begin with a slash; values in them are encoded by the caller. */
export interface ArmClient {
  readonly counters: Readonly<Counters>;
  get<T>(path: string, options: ArmCallOptions): Promise<T>;
  /** Reads all pages of a collection; a page without `value` or with a foreign link is an error. */
  list<T>(path: string, options: ArmCallOptions): Promise<T[]>;
  /** Repeated when it failed; a PUT that starts a request of PIM says `repeatable: false`. */
  put<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T>;
  /** Sends once: when nobody knows whether it took effect, throws `UnknownFateError`. */
  post<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T>;
  delete(path: string, options: ArmCallOptions): Promise<void>;
}

/** Makes a client of Azure Resource Manager. */
export function createArmClient(connection: Connection): ArmClient {
  const counters: Counters = { http: 0, batchItems: 0 };
  const send = createSender(connection, counters);
  const base = connection.endpoints.arm;

  const request = async (
    method: HttpMethods,
    path: string,
    body: unknown,
    options: ArmCallOptions,
  ) => send(startCall("arm", method, withVersion(path, options.apiVersion), options), method, body);

  return {
    counters,
    get: async <T>(path: string, options: ArmCallOptions) =>
      (await request("GET", path, undefined, options)) as T,
    async list<T>(path: string, options: ArmCallOptions): Promise<T[]> {
      const facts = startCall("arm", "GET", path, options);
      return collectPages<T>(
        facts,
        path,
        async (page) => readPage(facts, await request("GET", page, undefined, options)),
        (link) => followLink(facts, base, link),
      );
    },
    put: async <T>(path: string, body: unknown, options: ArmCallOptions) =>
      (await request("PUT", path, body, options)) as T,
    patch: async <T>(path: string, body: unknown, options: ArmCallOptions) =>
      (await request("PATCH", path, body, options)) as T,
    post: async <T>(path: string, body: unknown, options: ArmCallOptions) =>
      (await request("POST", path, body, options)) as T,
    async delete(path, options) {
      await request("DELETE", path, undefined, options);
    },
  };
}

type SendArm = (call: Call, method: HttpMethods, body: unknown) => Promise<unknown>;

function createSender(connection: Connection, counters: Counters): SendArm {
  const calls = new WeakMap<PipelineRequest, Call>();
  const client = connection.httpClient ?? createDefaultHttpClient();
  const pipeline = createPipeline(connection, calls, () => {
    counters.http += 1;
  });
  return async (call, method, body) => {
    const url = connection.endpoints.arm + call.path;
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders(body === undefined ? {} : { "content-type": "application/json" }),
      body: body === undefined ? null : JSON.stringify(body),
      // Plain HTTP passes only for loopback addresses, which `resolveCredentials` has checked.
      allowInsecureConnection: url.startsWith("http:"),
    });
    calls.set(request, call);
    const response = await pipeline.sendRequest(client, request);
    return readReply(call, readResponse(response), connection.clock());
  };
}

/** Our steps as policies, in place of the library's: its retry policy sends POSTs twice. */
function createPipeline(
  connection: Connection,
  calls: WeakMap<PipelineRequest, Call>,
  onAttempt: () => void,
): Pipeline {
  const pipeline = createEmptyPipeline();
  for (const [index, step] of createSteps(connection).entries()) {
    pipeline.addPolicy(stepPolicy(`step ${index + 1}`, step, calls));
  }
  pipeline.addPolicy({
    name: "attempt",
    async sendRequest(request, next) {
      const call = callOf(calls, request);
      onAttempt();
      for (const [name, value] of Object.entries(call.headers)) request.headers.set(name, value);
      return orDropped(connection.attemptTimeoutMs, call.signal, (signal) => {
        request.abortSignal = signal;
        return next(request);
      });
    },
  });
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(decompressResponsePolicy());
  return pipeline;
}

function stepPolicy(name: string, step: Step, calls: WeakMap<PipelineRequest, Call>) {
  return {
    name,
    async sendRequest(
      request: PipelineRequest,
      next: (request: PipelineRequest) => Promise<PipelineResponse>,
    ): Promise<PipelineResponse> {
      let response: PipelineResponse | undefined;
      await step(callOf(calls, request), async () => {
        response = await next(request);
        return readResponse(response);
      });
      if (!response) throw new Error("an ARM request without a response");
      return response;
    },
  };
}

function callOf(calls: WeakMap<PipelineRequest, Call>, request: PipelineRequest): Call {
  const call = calls.get(request);
  if (!call) throw new Error("an ARM request that no client of ours made");
  return call;
}

function readResponse(response: PipelineResponse): ReplyFacts {
  return {
    status: response.status,
    headers: response.headers.toJSON(),
    text: response.bodyAsText ?? "",
  };
}

/** A link to the next page carries its version already. */
function withVersion(path: string, apiVersion: string): string {
  if (/[?&]api-version=/i.test(path)) return path;
  return `${path}${path.includes("?") ? "&" : "?"}api-version=${encodeURIComponent(apiVersion)}`;
}
