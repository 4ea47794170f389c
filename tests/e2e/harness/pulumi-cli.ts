// The real Pulumi CLI as a child process.

import { type ChildProcess, spawn } from "node:child_process";
import type { Engine } from "../../../tools/engine/index.mjs" with { "resolution-mode": "import" };

/** How one run of the CLI ended. */
export interface CliResult {
  /** The exit code; 137 for a killed CLI, as a shell says it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a run of the CLI starts. */
export interface CliSetting {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A CLI that is still running. */
export class RunningCli {
  /** Settles when the CLI itself has ended; processes it left behind may live on. */
  public readonly ended: Promise<CliResult>;
  private stdoutText = "";
  private stderrText = "";

  public constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdoutText += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderrText += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => {
        // What is still in the pipes arrives within this turn; "close" would wait for orphans too.
        setImmediate(() => resolve({ exitCode: code ?? 137, ...this.output }));
      });
    });
  }

  public get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it has printed so far. */
  public get output(): { stdout: string; stderr: string } {
    return { stdout: this.stdoutText, stderr: this.stderrText };
  }

  /** Sends a signal to the CLI alone, not to the processes it started. */
  public kill(signal: NodeJS.Signals = "SIGKILL"): void {
    this.child.kill(signal);
  }
}

/** Starts the CLI without waiting for its end. */
export async function startCli(setting: CliSetting, args: readonly string[]): Promise<RunningCli> {
  const { taskEnvironment } = await import("../../../tools/environment.mjs");
  const engine = await theEngine();
  const child = spawn(engine.path, args, {
    cwd: setting.directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...taskEnvironment(engine),
      NO_COLOR: "1",
      // Without it the CLI has no --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      ...setting.environment,
    },
  });
  return new RunningCli(child);
}

/** Runs the CLI to its end. */
export async function runCli(setting: CliSetting, args: readonly string[]): Promise<CliResult> {
  return await (await startCli(setting, args)).ended;
}

let engine: Promise<Engine> | undefined;

async function theEngine(): Promise<Engine> {
  const { findOrGetEngine } = await import("../../../tools/engine/index.mjs");
  engine ??= findOrGetEngine();
  return await engine;
}
