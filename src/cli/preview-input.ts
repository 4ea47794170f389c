import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuardrailConfig } from "../preview";
import { PreviewInputError, RULE_IDS, readGuardrailConfig } from "../preview";
import type { PreviewOptions } from "./preview-options";

/** The text of a preview, and the event log of it where there is one. */
export interface PreviewInput {
  text: string;
  events: string | undefined;
  /** Why the run that made it did not end well. */
  failure?: string;
}

/** Reads the preview that the options name, or makes it. */
export async function readPreviewInput(
  file: string | undefined,
  options: PreviewOptions,
): Promise<PreviewInput> {
  const events = options.events === undefined ? undefined : readText(options.events);
  const source = file ?? options.preview;
  if (options.stack !== undefined && source !== undefined) {
    throw new PreviewInputError("give a preview to read, or --stack to make one, not both");
  }
  if (options.stack !== undefined) return runPreview(options.stack, options);
  if (source !== undefined && source !== "-") return { text: readText(source), events };
  if (process.stdin.isTTY) {
    throw new PreviewInputError(
      "no preview given: name a file, pipe pulumi preview --json --show-sames into it, or give --stack",
    );
  }
  return { text: await readAll(process.stdin), events };
}

/** The guard rails that the options name; the file is optional only where its usual name is meant. */
export function readConfig(options: PreviewOptions): GuardrailConfig {
  const usual = join(options.cwd ?? ".", "entra-pim.config.json");
  const file = options.config ?? (existsSync(usual) ? usual : undefined);
  const content = file === undefined ? {} : parseJson(readText(file), file);
  const waivers =
    options.waive === undefined ? [] : parseJson(readText(options.waive), options.waive);
  return readGuardrailConfig(withOptions(content, waivers, options), RULE_IDS);
}

/** A file's text, or an error that names it. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The folder that a file of the pipeline lies in, when there is one. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withOptions(content: unknown, waivers: unknown, { profile }: PreviewOptions): unknown {
  if (content === null || typeof content !== "object" || Array.isArray(content)) return content;
  const bag = content as Record<string, unknown>;
  const own = Array.isArray(bag["waivers"]) ? bag["waivers"] : [];
  const added = Array.isArray(waivers) ? waivers : [waivers];
  return {
    ...bag,
    ...(profile === undefined ? {} : { profile }),
    ...(added.length === 0 ? {} : { waivers: [...own, ...added] }),
  };
}

async function runPreview(stack: string, options: PreviewOptions): Promise<PreviewInput> {
  const folder = mkdtempSync(join(tmpdir(), "entra-pim-preview-"));
  const log = join(folder, "events.json");
  try {
    const { stdout, stderr, code } = await runPulumi(
      [...previewArguments(stack, options), "--event-log", log],
      options.cwd,
    );
    const events = existsSync(log) ? readFileSync(log, "utf8") : undefined;
    if (code === 0) return { text: stdout, events };
    const failure = `pulumi preview ended with ${code}:\n${(stderr || stdout).trim().slice(-2000)}`;
    if (!stdout.includes("{")) throw new PreviewInputError(failure);
    return { text: stdout, events, failure };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function previewArguments(
  stack: string,
  { refresh, policyPack = [], savePlan }: PreviewOptions,
): string[] {
  return [
    "preview",
    "--json",
    "--show-sames",
    "--non-interactive",
    "--stack",
    stack,
    ...(refresh === true ? ["--refresh"] : []),
    ...policyPack.flatMap((pack) => ["--policy-pack", pack]),
    ...(savePlan === undefined ? [] : ["--save-plan", savePlan]),
  ];
}

function runPulumi(
  args: readonly string[],
  cwd: string | undefined,
): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: cwd ?? process.cwd(),
      stdio: ["ignore", "pipe", "pipe"],
      // The event log is an option for debugging only.
      env: {
        ...process.env,
        PULUMI_DEBUG_COMMANDS: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
      },
    });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    child.on("error", (error) =>
      reject(new PreviewInputError(`cannot run pulumi: ${error.message}`)),
    );
    child.on("close", (code) => {
      const text = (parts: Buffer[]) => Buffer.concat(parts).toString("utf8");
      resolve({ stdout: text(chunks.stdout), stderr: text(chunks.stderr), code: code ?? 1 });
    });
  });
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}
