import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a step ended. */
export interface StepRun {
  name: string;
  code: number;
  output: string;
}

/** A script of a pipeline, and the shell that its host runs it in. */
export interface Script {
  text: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Where the host writes the script's file. */
  folder: string;
  /** The shell's options by the host's own documentation: `-eo pipefail`, `-e`, or none. */
  options: readonly string[];
}

/** Runs a script to its end, both streams in one as a log has them. */
export function runScript({
  text,
  cwd,
  env,
  folder,
  options,
}: Script): Promise<Omit<StepRun, "name">> {
  const file = join(folder, `step-${scripts++}.sh`);
  writeFileSync(file, text);
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", ...options, file], { cwd, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

let scripts = 0;

/** The text of a file that a step may have written. */
export function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
