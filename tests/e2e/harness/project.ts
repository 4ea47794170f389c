// A Pulumi project in a directory of its own, driven through the real CLI.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Changes, type Events, readChanges, readEvents } from "./events";
import { endProcessesIn, processesIn } from "./processes";
import { type CliResult, type RunningCli, runCli, startCli } from "./pulumi-cli";
import { repositoryRoot } from "./repository";

/** A stack's configuration by full key; a secret is wrapped. */
export type StackConfig = Readonly<Record<string, string | { readonly secret: string }>>;

/** What a project is made of. */
export interface ProjectOptions {
  /** The text of `index.js`, or files by name; with an `index.ts` the program is TypeScript. */
  readonly program?: string | Readonly<Record<string, string>>;
  /** The name of a directory under `examples/`, in place of a program. */
  readonly example?: string;
  /** @default "test" */
  readonly name?: string;
  /** @default "dev" */
  readonly stack?: string;
  readonly config?: StackConfig;
  /** Environment of every run of the CLI. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a single operation may be told. */
export interface OperationOptions {
  /** Further arguments of the CLI. */
  readonly args?: readonly string[];
  /** Whether this operation must fail; one that ends otherwise than expected throws. @default false */
  readonly expectFailure?: boolean;
}

/** What an operation did. */
export interface OperationResult extends CliResult, Events {}

/** What `pulumi preview --json` said. */
export interface PreviewResult extends CliResult {
  readonly changes: Changes;
  readonly document: PreviewDocument;
}

/** The document of `pulumi preview --json`, as far as tests read it. */
export interface PreviewDocument {
  readonly steps: readonly PreviewStep[];
  readonly changeSummary: Readonly<Record<string, number>>;
  readonly diagnostics?: readonly { severity: string; message: string; urn?: string }[];
}

/** One step of a preview's document. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: StateResource;
  readonly newState?: StateResource;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, { kind: string; inputDiff: boolean }>> | null;
}

/** A resource as the state keeps it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly initErrors?: readonly string[];
}

/** The deployment of a stack, as exported. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

/** A project with one of its stacks. */
export class Project {
  /** Makes the project's directory and its stack. */
  public static async create(options: ProjectOptions): Promise<Project> {
    const root = mkdtempSync(join(tmpdir(), "entra-pim-e2e-"));
    const directory = join(root, "project");
    mkdirSync(join(root, "state"));
    mkdirSync(directory);
    symlinkSync(join(repositoryRoot, "node_modules"), join(directory, "node_modules"), "junction");
    if (options.example !== undefined) {
      cpSync(join(repositoryRoot, "examples", options.example), directory, {
        recursive: true,
        filter: (source) => !source.includes("node_modules"),
      });
    } else {
      writeFiles(directory, projectFiles(options));
    }
    const environment = {
      PULUMI_HOME: join(root, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(root, "state")).href,
      ...options.env,
    };
    return await new Project(root, directory, environment, options.stack ?? "dev").initialise(
      options,
    );
  }

  private operations = 0;

  private constructor(
    private readonly root: string,
    /** The directory of Pulumi.yaml. */
    public readonly directory: string,
    private readonly environment: Record<string, string>,
    /** The stack that operations act on. */
    public readonly stack: string,
  ) {}

  /** Makes a further stack of the same project. */
  public async anotherStack(name: string, config: StackConfig = {}): Promise<Project> {
    return await new Project(this.root, this.directory, this.environment, name).initialise({
      config,
    });
  }

  /** The same project on a stack that is there already. */
  public onStack(name: string): Project {
    return new Project(this.root, this.directory, this.environment, name);
  }

  /** Replaces the program, or writes single files. */
  public write(program: string | Readonly<Record<string, string>>): void {
    writeFiles(this.directory, filesOf(program));
  }

  /** Sets a variable for all further runs of the CLI, of all stacks. */
  public setVariable(name: string, value: string): void {
    this.environment[name] = value;
  }

  /** Sets configuration, all keys in one run of the CLI. */
  public async setConfig(config: StackConfig): Promise<void> {
    const pairs = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string"
        ? ["--plaintext", `${key}=${value}`]
        : ["--secret", `${key}=${value.secret}`],
    );
    if (pairs.length > 0) {
      await this.command(["config", "set-all", ...pairs]);
    }
  }

  /** `pulumi up` with its preview, as people run it; `--skip-preview` in `args` saves two seconds. */
  public async up(options: OperationOptions = {}): Promise<OperationResult> {
    return await this.operation(["up", "--yes"], options);
  }

  public async refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return await this.operation(["refresh", "--yes"], options);
  }

  public async destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return await this.operation(["destroy", "--yes"], options);
  }

  /** `pulumi preview` as people see it. */
  public async previewText(options: OperationOptions = {}): Promise<OperationResult> {
    return await this.operation(["preview"], options);
  }

  /** `pulumi preview --json`. */
  public async preview(
    options: OperationOptions & { readonly refresh?: boolean } = {},
  ): Promise<PreviewResult> {
    const refresh = options.refresh ? ["--refresh"] : [];
    const args = ["preview", "--json", ...refresh, ...(options.args ?? [])];
    const result = this.expected(args, await this.run(args), options);
    const start = result.stdout.indexOf("{");
    const document = JSON.parse(
      start < 0 ? "{}" : result.stdout.slice(start),
    ) as Partial<PreviewDocument>;
    const { steps = [], changeSummary = {}, diagnostics = [] } = document;
    return {
      ...result,
      changes: readChanges(changeSummary),
      document: { steps, changeSummary, diagnostics },
    };
  }

  /** The stack's deployment as it is now, secrets in plain text. */
  public async state(): Promise<Deployment> {
    const { stdout } = await this.command(["stack", "export", "--show-secrets"]);
    return (JSON.parse(stdout) as { deployment: Deployment }).deployment;
  }

  /** The one resource whose name is given, from the state. */
  public async resource(name: string): Promise<StateResource> {
    const { resources = [] } = await this.state();
    const found = resources.filter(({ urn }) => urn.endsWith(`::${name}`));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const names = resources.map(({ urn }) => urn.split("::").at(-1)).join(", ");
      throw new Error(`${found.length} resources named ${name} in state, which has: ${names}`);
    }
    return only;
  }

  /** The stack's outputs, secrets in plain text. */
  public async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.command(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /**
   * Releases the lock that a killed run left. The file backend renames a whole state into place, but writes the sidecar
   * with its checksum directly: a kill in the middle of that leaves half a sidecar, without which the state reads well
   * and with which it does not read at all. A person removes it by hand.
   */
  public async cancel(): Promise<void> {
    const state = join(this.root, "state");
    for (const name of readdirSync(state, { recursive: true, encoding: "utf8" })) {
      const path = join(state, name);
      if (name.endsWith(".attrs") && !isJson(path)) rmSync(path);
    }
    await this.command(["cancel", "--yes"]);
  }

  /** Runs any other command on the stack; throws when it fails. */
  public async command(args: readonly string[]): Promise<CliResult> {
    return this.expected(args, await this.run(args), {});
  }

  /** Starts an operation without waiting for it, to signal it or to look at it meanwhile. */
  public async spawn(args: readonly string[]): Promise<RunningCli> {
    return await startCli(this.setting(), this.arguments(args));
  }

  /** The processes that work for this project: hosts, programs, and what a killed CLI left. */
  public processes(): readonly number[] {
    return processesIn(this.directory);
  }

  /** Removes the project's directory, its state included, and ends what still works for it. */
  public remove(): void {
    endProcessesIn(this.directory);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  private async initialise({ config = {} }: { readonly config?: StackConfig }): Promise<Project> {
    const result = await runCli(this.setting(), ["stack", "init", this.stack, "--non-interactive"]);
    this.expected(["stack", "init"], result, {});
    await this.setConfig(config);
    return this;
  }

  private async operation(
    command: readonly string[],
    options: OperationOptions,
  ): Promise<OperationResult> {
    this.operations += 1;
    const log = join(this.root, `events-${this.stack}-${this.operations}.json`);
    const args = [...command, "--event-log", log, ...(options.args ?? [])];
    const result = this.expected(args, await this.run(args), options);
    return { ...result, ...readEvents(log) };
  }

  private async run(args: readonly string[]): Promise<CliResult> {
    return await runCli(this.setting(), this.arguments(args));
  }

  private arguments(args: readonly string[]): readonly string[] {
    return [...args, "--stack", this.stack, "--non-interactive", "--color", "never"];
  }

  private setting() {
    return { directory: this.directory, environment: this.environment };
  }

  private expected(
    args: readonly string[],
    result: CliResult,
    { expectFailure = false }: OperationOptions,
  ): CliResult {
    if ((result.exitCode !== 0) !== expectFailure) {
      const verb = expectFailure ? "was expected to fail" : `failed with ${result.exitCode}`;
      const output = `${result.stdout}\n${result.stderr}`.trim();
      throw new Error(`pulumi ${args.join(" ")} ${verb}:\n${output}`);
    }
    return result;
  }
}

function projectFiles({ program = "", name = "test" }: ProjectOptions): Record<string, string> {
  const files = filesOf(program);
  const isTypeScript = "index.ts" in files;
  return {
    "Pulumi.yaml": `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: ${isTypeScript}\n`,
    "package.json": JSON.stringify({ name, main: isTypeScript ? "index.ts" : "index.js" }),
    ...files,
  };
}

function filesOf(
  program: string | Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return typeof program === "string" ? { "index.js": program } : program;
}

function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
