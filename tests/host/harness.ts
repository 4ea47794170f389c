// The real dynamic provider host of @pulumi/pulumi, driven over gRPC as the engine does it.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { repositoryRoot } from "../e2e/harness/repository";

/** A bag of properties as plain JavaScript values. */
export type Properties = Record<string, unknown>;

/** Properties as they go in. */
export type Given = Readonly<Properties>;

/** What stands for a value that is unknown in a preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How a host starts. */
export interface HostOptions {
  /** The directory that `require` in the provider text resolves from. @default the repository's root */
  readonly cwd?: string;
  /** The stack's configuration by full key. */
  readonly config?: Readonly<Record<string, string>>;
  /** Environment on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** The `__provider` text of a kind. @default the frozen text of contract v1 */
  readonly provider?: (kind: string) => string;
  /** Whether to start through the shell script that Pulumi ships, as the engine does. @default false */
  readonly throughLauncher?: boolean;
}

/** The answer of `check`. */
export interface CheckAnswer {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** The answer of `diff`; `unknown` leaves the comparison to the engine. */
export interface DiffAnswer {
  readonly changes: "some" | "none" | "unknown";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** The answer of `read`; the id is empty when the object is gone. */
export interface ReadAnswer {
  readonly id: string;
  readonly outs: Properties;
  readonly inputs: Properties | undefined;
}

/** A call that failed. */
export class HostError extends Error {
  public override readonly name = "HostError";

  public constructor(
    message: string,
    /** Set when the object exists nevertheless: what goes into the state, and why the run fails. */
    public readonly partial:
      | {
          readonly id: string;
          readonly properties: Properties;
          readonly reasons: readonly string[];
        }
      | undefined,
  ) {
    super(message);
  }
}

/** The `__provider` text of contract v1, letter by letter: state of every release contains it. */
export function frozenProvider(kind: string): string {
  return (
    `exports.handler=function(){var m;try{m=require("pulumi-entra-pim/host")}catch(e){` +
    `if(e.code!=="MODULE_NOT_FOUND")throw e;var x=new Error("pulumi-entra-pim must be a direct dependency of this ` +
    `Pulumi project");x.stack="";throw x}return m.provider(1,${JSON.stringify(kind)})}`
  );
}

/** A running host process. */
export class DynamicHost {
  public static async start(options: HostOptions = {}): Promise<DynamicHost> {
    const engine = await listen();
    const child = spawnHost(options, addressOf(engine));
    const host = new DynamicHost(child, engine, options.provider ?? frozenProvider);
    await host.connect(options.config ?? {});
    return host;
  }

  private text = "";
  private client: ResourceProviderClient | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly engine: Server,
    private readonly provider: (kind: string) => string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
    }
  }

  /** The process id of what was started: the host, or the launcher's shell. */
  public get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What the host printed after its port; the engine would show it under the stack. */
  public get output(): string {
    return this.text.replace(/^\d+\r?\n/, "");
  }

  /** Checks new inputs against the old ones; without old ones it is the check of a create. */
  public async check(kind: string, news: Given, olds: Given = {}): Promise<CheckAnswer> {
    const request = new proto.CheckRequest();
    request.setUrn(urnOf(kind));
    request.setOlds(this.struct(kind, olds, Object.keys(olds).length > 0));
    request.setNews(this.struct(kind, news));
    const response = await this.call<proto.CheckResponse>((then) =>
      this.connected.check(request, then),
    );
    return {
      inputs: plain(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  /** Compares the outputs in the state with checked inputs. */
  public async diff(kind: string, id: string, outs: Given, news: Given): Promise<DiffAnswer> {
    const request = new proto.DiffRequest();
    request.setId(id);
    request.setUrn(urnOf(kind));
    request.setOlds(this.struct(kind, outs));
    request.setNews(this.struct(kind, news));
    const response = await this.call<proto.DiffResponse>((then) =>
      this.connected.diff(request, then),
    );
    const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
    const answers = new Map<number, DiffAnswer["changes"]>([
      [DIFF_SOME, "some"],
      [DIFF_NONE, "none"],
    ]);
    return {
      changes: answers.get(response.getChanges()) ?? "unknown",
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  public async create(kind: string, inputs: Given): Promise<{ id: string; outs: Properties }> {
    const request = new proto.CreateRequest();
    request.setUrn(urnOf(kind));
    request.setProperties(this.struct(kind, inputs));
    const response = await this.call<proto.CreateResponse>((then) =>
      this.connected.create(request, then),
    );
    return { id: response.getId(), outs: plain(response.getProperties()) };
  }

  /** Reads what a refresh reads: by id and the outputs in the state. */
  public async read(kind: string, id: string, outs: Given): Promise<ReadAnswer> {
    const request = new proto.ReadRequest();
    request.setId(id);
    request.setUrn(urnOf(kind));
    request.setProperties(this.struct(kind, outs));
    const response = await this.call<proto.ReadResponse>((then) =>
      this.connected.read(request, then),
    );
    const inputs = response.getInputs();
    return {
      id: response.getId(),
      outs: plain(response.getProperties()),
      inputs: inputs && plain(inputs),
    };
  }

  public async update(
    kind: string,
    id: string,
    outs: Given,
    news: Given,
  ): Promise<{ outs: Properties }> {
    const request = new proto.UpdateRequest();
    request.setId(id);
    request.setUrn(urnOf(kind));
    request.setOlds(this.struct(kind, outs));
    request.setNews(this.struct(kind, news));
    const response = await this.call<proto.UpdateResponse>((then) =>
      this.connected.update(request, then),
    );
    return { outs: plain(response.getProperties()) };
  }

  public async delete(kind: string, id: string, outs: Given): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setId(id);
    request.setUrn(urnOf(kind));
    request.setProperties(this.struct(kind, outs));
    await this.call((then) => this.connected.delete(request, then));
  }

  /** The most memory the host has held so far, in MB; Linux only. */
  public peakRssMb(): number {
    const status = readFileSync(`/proc/${nodeProcess(this.pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  /** Closes the engine's address, as when the CLI was killed; the host lives on. */
  public async killEngine(): Promise<void> {
    await new Promise((resolve) => this.engine.close(resolve));
  }

  public async close(): Promise<void> {
    this.client?.close();
    this.engine.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.once("exit", resolve));
      process.kill(nodeProcess(this.pid), "SIGKILL");
      await ended;
    }
  }

  private get connected(): ResourceProviderClient {
    if (this.client === undefined) {
      throw new Error("the host is not connected");
    }
    return this.client;
  }

  private async connect(config: Readonly<Record<string, string>>): Promise<void> {
    const port = await this.port();
    this.client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      {
        "grpc.max_receive_message_length": -1,
      },
    );
    const request = new proto.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({ ...config }));
    await this.call((then) => this.connected.configure(request, then));
  }

  private async port(): Promise<string> {
    return await new Promise((resolve, reject) => {
      const look = () => {
        const port = /^(\d+)\r?\n/.exec(this.text)?.[1];
        if (port !== undefined) {
          resolve(port);
        }
      };
      this.child.stdout?.on("data", look);
      this.child.once("exit", (code) =>
        reject(new Error(`the host ended with ${code}: ${this.text}`)),
      );
      look();
    });
  }

  private struct(kind: string, properties: Given, withProvider = true): Struct {
    const provider = withProvider ? { __provider: this.provider(kind) } : {};
    return Struct.fromJavaScript({ ...properties, ...provider } as Parameters<
      typeof Struct.fromJavaScript
    >[0]);
  }

  private async call<Response>(
    send: (then: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
  ): Promise<Response> {
    return await new Promise((resolve, reject) => {
      send((error, response) => (error ? reject(hostError(error)) : resolve(response)));
    });
  }
}

function spawnHost(options: HostOptions, engineAddress: string): ChildProcess {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PULUMI_NODEJS_PROJECT: "test",
    ...options.env,
  };
  const spawnOptions = { cwd: options.cwd ?? repositoryRoot, env: environment };
  return options.throughLauncher
    ? spawn(
        "sh",
        [join(repositoryRoot, "tools/engine/pulumi-resource-pulumi-nodejs"), engineAddress],
        spawnOptions,
      )
    : spawn(
        process.execPath,
        [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), engineAddress],
        spawnOptions,
      );
}

/** The Node.js process of a host: its only child when it was started by the launcher's shell. */
function nodeProcess(pid: number): number {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter(Boolean);
    const isShell = readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "node";
    return isShell && child !== undefined ? Number(child) : pid;
  } catch {
    return pid;
  }
}

async function listen(): Promise<Server> {
  return await new Promise((resolve) => {
    const server = createServer((socket) => socket.on("error", () => socket.destroy()).resume());
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
}

function urnOf(kind: string): string {
  return `urn:pulumi:dev::test::pulumi-nodejs:dynamic/entra-pim:${kind}::${kind}`;
}

function plain(struct: Struct | undefined): Properties {
  const { __provider, ...properties } = (struct?.toJavaScript() ?? {}) as Properties;
  return properties;
}

function hostError(error: grpc.ServiceError): HostError {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(details instanceof Buffer)) {
    return new HostError(error.details, undefined);
  }
  const [any] = Status.deserializeBinary(details).getDetailsList();
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(
    any?.getValue_asU8() ?? new Uint8Array(),
  );
  const properties = (failed.getProperties()?.toJavaScript() ?? {}) as Properties;
  return new HostError(error.details, {
    id: failed.getId(),
    properties,
    reasons: failed.getReasonsList(),
  });
}
