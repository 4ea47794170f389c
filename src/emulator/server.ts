import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:https";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { createControl, type EmulatorControl, type EmulatorState } from "./control";
import { answerControl } from "./control-api";
import { Faults } from "./faults";
import { generate } from "./generate";
import { contentTypeOf } from "./odata-metadata";
import type { EmulatorInfo, EmulatorOptions } from "./options";
import { answer } from "./pipeline";
import { RequestLog } from "./request-log";
import { freshTenant } from "./seed";
import { createServices } from "./services";
import { SignIns } from "./sign-in";
import { Tenant } from "./tenant";
import { Throttle } from "./throttle";
import { createThrowAwayTls, type ThrowAwayTls } from "./tls";
import { createSigningKeys, type SigningKeys, TokenService } from "./tokens";
import type { Pipeline } from "./wire";

/** A running emulator. */
export interface Emulator {
  info: EmulatorInfo;
  control: EmulatorControl;
  close(): Promise<void>;
}

/** Starts an emulated tenant on loopback: Microsoft Graph, sign-in, and the control API. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const tls = options.tls === true ? createThrowAwayTls() : undefined;
  const app = createApp(tls);
  const keys = createSigningKeys();
  let current: (EmulatorState & { pipeline: Pipeline }) | undefined;
  const state = () => {
    if (current === undefined) throw new Error("the emulator is not listening yet");
    return current;
  };
  let origin = "";
  const reset = (changed?: EmulatorOptions) => {
    current = createState({ ...options, ...changed }, origin, keys, tls?.caFile);
  };
  const control = createControl(state, reset);
  serve(app, control, () => state().pipeline);
  const address = await app.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  // fastify does not know that the server it was given speaks TLS.
  origin = address.replace(/^https?:/, tls === undefined ? "http:" : "https:").replace(/\/$/, "");
  reset();
  return {
    info: state().info,
    control,
    close: async () => {
      await app.close();
      tls?.discard();
    },
  };
}

function createState(
  options: EmulatorOptions,
  origin: string,
  keys: SigningKeys,
  caFile: string | undefined,
): EmulatorState & { pipeline: Pipeline } {
  const tenant = new Tenant(options);
  const client = freshTenant(tenant, options);
  generate(tenant, {
    eligible: options.eligible ?? 0,
    active: options.active ?? 0,
    seed: options.seed ?? 1,
  });
  const tokens = new TokenService(tenant, () => origin, keys);
  const [administrator = ""] = tenant.administrators();
  const signIns = new SignIns({ userId: administrator, mfa: true, acrs: [] });
  const faults = new Faults();
  const throttle = new Throttle();
  const log = new RequestLog(options.keepAnswers ?? false);
  const pipeline: Pipeline = {
    tenant,
    tokens,
    services: createServices(tokens, signIns),
    faults,
    throttle,
    log,
  };
  const info = {
    url: origin,
    graph: origin,
    arm: origin,
    authority: origin,
    tenantId: tenant.id,
    ...client,
    ...(caFile !== undefined && { caFile }),
  };
  return { tenant, tokens, signIns, faults, throttle, log, info, pipeline };
}

function createApp(tls: ThrowAwayTls | undefined): FastifyInstance {
  return fastify({
    forceCloseConnections: true,
    bodyLimit: 8 * 1024 * 1024,
    ...(tls !== undefined && {
      serverFactory: (handler: RequestListener) =>
        createServer({ key: tls.key, cert: tls.cert }, handler),
    }),
  });
}

function serve(app: FastifyInstance, control: EmulatorControl, pipeline: () => Pipeline): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("/_emulator/:name", async (request, reply) => {
    const { name } = request.params as { name: string };
    const answered = await answerControl(control, request.method, name, request.body);
    return reply.status(answered.status).send(answered.body);
  });
  app.all("/*", (request, reply) => answerRequest(pipeline(), request, reply));
  app.setErrorHandler(async (error, _request, reply) => {
    const message = error instanceof Error ? error.message : String(error);
    return reply.status(400).send({ error: { code: "BadRequest", message } });
  });
}

async function answerRequest(
  pipeline: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const answered = await answer(pipeline, {
    method: request.method,
    url: request.raw.url ?? request.url,
    headers: headersOf(request.raw),
    body: request.body,
    origin: `${request.protocol}://${request.headers.host ?? "127.0.0.1"}`,
    isBatchItem: false,
  });
  if (answered.isDropped) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  void reply.status(answered.status).headers(answered.headers);
  if (answered.body === undefined) return reply.removeHeader("content-type").send();
  return reply
    .header("content-type", answered.headers["content-type"] ?? contentTypeOf("minimal"))
    .send(JSON.stringify(answered.body));
}

function headersOf(raw: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : String(value),
    ]),
  );
}
