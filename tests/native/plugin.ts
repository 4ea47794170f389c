// A provider plugin that stands in for a real one: Pulumi's gRPC on one side, a table of resource types on the other.

import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Connection, connect } from "./connection";

/** Properties as plain values. */
export type Bag = Record<string, unknown>;

/** Something that was made, or found. */
export interface Made {
  id: string;
  outputs: Bag;
}

/** One resource type. */
export interface Kind {
  /** Inputs that must be there. */
  required: readonly string[];
  /** Inputs whose change makes a new one; other changes are updates. */
  replaces: readonly string[];
  /** Outputs that nobody knows before the service has answered. */
  computed: readonly string[];
  create(at: Connection, inputs: Bag): Promise<Made>;
  /** Undefined when it is gone. */
  read(at: Connection, id: string, outputs: Bag): Promise<Made | undefined>;
  update?(at: Connection, id: string, inputs: Bag, outputs: Bag): Promise<Bag>;
  delete(at: Connection, id: string, outputs: Bag): Promise<void>;
}

/** A plugin: its types, its functions, and the service that they call. */
export interface Plugin {
  name: string;
  version: string;
  service: "graph" | "arm";
  kinds: Readonly<Record<string, Kind>>;
  functions: Readonly<Record<string, (at: Connection, args: Bag) => Promise<Bag>>>;
}

/** What stands for a value that a preview does not know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The member by which the engine marks a value that is more than plain. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Serves a plugin to the engine that started this process. */
export function servePlugin(plugin: Plugin): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, methodsOf(plugin));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  // An engine that was killed cannot end its plugins.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(0), 1000).unref();
}

function methodsOf(plugin: Plugin): grpc.UntypedServiceImplementation {
  let connection: Promise<Connection> | undefined;
  const at = () => {
    if (connection === undefined) throw new Error(`${plugin.name} is not configured`);
    return connection;
  };
  const methods: Record<string, (request: never) => unknown> = {
    getPluginInfo: () => withVersion(plugin.version),
    checkConfig: checked,
    diffConfig: diffConfig,
    configure: (request: proto.ConfigureRequest) => {
      const config = bagOf(request.getArgs());
      // A preview that does not know the credentials yet can ask nothing.
      connection = hasUnknown(config) ? undefined : connect(plugin.service, config);
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return connection === undefined ? response : connection.then(() => response);
    },
    check: (request: proto.CheckRequest) => check(kindOf(plugin, request.getUrn()), request),
    diff: (request: proto.DiffRequest) => diff(kindOf(plugin, request.getUrn()), request),
    create: (request: proto.CreateRequest) => create(kindOf(plugin, request.getUrn()), request, at),
    read: async (request: proto.ReadRequest) =>
      read(kindOf(plugin, request.getUrn()), request, await at()),
    update: (request: proto.UpdateRequest) => update(kindOf(plugin, request.getUrn()), request, at),
    delete: async (request: proto.DeleteRequest) => {
      const kind = kindOf(plugin, request.getUrn());
      await kind.delete(await at(), request.getId(), bagOf(request.getProperties()));
      return new Empty();
    },
    invoke: async (request: proto.InvokeRequest) => {
      const run = plugin.functions[request.getTok()];
      if (run === undefined) throw new Error(`${plugin.name} has no function ${request.getTok()}`);
      const response = new proto.InvokeResponse();
      response.setReturn(structOf(await run(await at(), bagOf(request.getArgs()))));
      return response;
    },
    cancel: () => new Empty(),
  };
  return Object.fromEntries(
    Object.keys(ResourceProviderService).map((name) => [name, unary(methods[name])]),
  );
}

function unary(
  run: ((request: never) => unknown) | undefined,
): grpc.handleUnaryCall<unknown, unknown> {
  return (call, callback): void => {
    if (run === undefined) {
      callback({ code: grpc.status.UNIMPLEMENTED });
      return;
    }
    Promise.resolve()
      .then(() => run(call.request as never))
      .then(
        (answer) => callback(null, answer),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
      );
  };
}

function withVersion(version: string): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}

function checked(request: proto.CheckRequest): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

/** Another tenant is another provider. */
function diffConfig(request: proto.DiffRequest): proto.DiffResponse {
  const [before, after] = [bagOf(request.getOlds()), bagOf(request.getNews())];
  return difference(before, after, ["tenantId"]);
}

function check(kind: Kind, request: proto.CheckRequest): proto.CheckResponse {
  const inputs = bagOf(request.getNews());
  const response = checked(request);
  for (const property of kind.required.filter((name) => inputs[name] === undefined)) {
    const failure = new proto.CheckFailure();
    failure.setProperty(property);
    failure.setReason(`Missing required argument: "${property}" is required`);
    response.addFailures(failure);
  }
  return response;
}

/** The program against what is known of the object, so that a refresh shows what somebody changed. */
function diff(kind: Kind, request: proto.DiffRequest): proto.DiffResponse {
  const ignored = new Set(request.getIgnorechangesList());
  const [outputs, inputs] = [bagOf(request.getOlds()), bagOf(request.getNews())];
  const wanted = Object.entries(inputs).filter(([name]) => !ignored.has(name));
  return difference(outputs, Object.fromEntries(wanted), kind.replaces);
}

function difference(before: Bag, after: Bag, replaces: readonly string[]): proto.DiffResponse {
  const differing = Object.keys(after).filter((name) => !same(before[name], after[name]));
  const response = new proto.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  response.setChanges(differing.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(differing);
  response.setReplacesList(differing.filter((name) => replaces.includes(name)));
  return response;
}

async function create(
  kind: Kind,
  request: proto.CreateRequest,
  at: () => Promise<Connection>,
): Promise<proto.CreateResponse> {
  const inputs = bagOf(request.getProperties());
  const response = new proto.CreateResponse();
  if (request.getPreview()) {
    const later = Object.fromEntries(kind.computed.map((name) => [name, UNKNOWN]));
    response.setProperties(structOf({ ...later, ...inputs }));
    return response;
  }
  const made = await kind.create(await at(), inputs);
  response.setId(made.id);
  response.setProperties(structOf({ ...inputs, ...made.outputs }));
  return response;
}

async function read(
  kind: Kind,
  request: proto.ReadRequest,
  at: Connection,
): Promise<proto.ReadResponse> {
  const before = bagOf(request.getProperties());
  const found = await kind.read(at, request.getId(), before);
  const response = new proto.ReadResponse();
  if (found === undefined) return response;
  response.setId(found.id);
  response.setProperties(structOf({ ...before, ...found.outputs }));
  response.setInputs(request.getInputs());
  return response;
}

async function update(
  kind: Kind,
  request: proto.UpdateRequest,
  at: () => Promise<Connection>,
): Promise<proto.UpdateResponse> {
  const [before, inputs] = [bagOf(request.getOlds()), bagOf(request.getNews())];
  const response = new proto.UpdateResponse();
  if (kind.update === undefined) throw new Error("this type cannot be updated");
  const outputs = request.getPreview()
    ? {}
    : await kind.update(await at(), request.getId(), inputs, before);
  response.setProperties(structOf({ ...before, ...inputs, ...outputs }));
  return response;
}

function kindOf({ name, kinds }: Plugin, urn: string): Kind {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const kind = kinds[type];
  if (kind === undefined) throw new Error(`the stand-in of ${name} has no type ${type}`);
  return kind;
}

function bagOf(struct: Struct | undefined): Bag {
  return revealed(struct?.toJavaScript() ?? {}) as Bag;
}

/** Configuration comes with its secrets marked; the engine itself keeps the marks of everything else. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return revealed((value as Bag)["value"]);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revealed(inner)]));
}

function structOf(bag: Bag): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(bag)) as Record<string, JavaScriptValue>);
}

function hasUnknown(bag: Bag): boolean {
  return JSON.stringify(bag).includes(UNKNOWN);
}

/** Lists of texts are sets to these services. */
function same(a: unknown, b: unknown): boolean {
  const text = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? [...value].map(String).sort() : value);
  return text(a) === text(b);
}
