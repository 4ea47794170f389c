// Runs the steps of a GitHub workflow as the runner does, as far as ours need it.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface WorkflowStep {
  name?: string;
  id?: string;
  run?: string;
  uses?: string;
  if?: string;
  env?: Record<string, string>;
  "working-directory"?: string;
}

export interface Job {
  steps: WorkflowStep[];
  env?: Record<string, string>;
  permissions?: Record<string, string>;
  if?: string;
  environment?: string;
  concurrency?: unknown;
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** What expressions may name, by path: `github.token`, `vars.READ_CLIENT_ID`. */
export type Expressions = Readonly<Record<string, string>>;

/** How a step ended. */
export interface StepRun {
  name: string;
  code: number;
  output: string;
}

/** Runs every `run:` of a job, in order, until one fails. */
export async function runJob(
  { steps, env = {} }: Job,
  {
    directory,
    environment,
    expressions,
  }: { directory: string; environment: Readonly<Record<string, string>>; expressions: Expressions },
): Promise<StepRun[]> {
  const runs: StepRun[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.run === undefined) continue;
    const values = evaluated({ ...env, ...step.env }, expressions);
    const cwd = join(directory, evaluate(step["working-directory"] ?? ".", expressions));
    const script = join(environment["RUNNER_TEMP"] ?? directory, `step-${index}.sh`);
    writeFileSync(script, evaluate(step.run, expressions));
    const run = await bash(script, cwd, { ...environment, ...values });
    runs.push({ name: step.name ?? step.id ?? `step ${index}`, ...run });
    if (run.code !== 0) break;
  }
  return runs;
}

/** Text with its expressions replaced; one that nobody gave a value is a mistake in the test. */
export function evaluate(text: string, expressions: Expressions): string {
  return String(text).replace(/\$\{\{\s*([^}]+?)\s*\}\}/g, (_, path: string) => {
    const value = expressions[path];
    if (value === undefined) throw new Error(`no value for \${{ ${path} }}`);
    return value;
  });
}

export function evaluated(
  values: Readonly<Record<string, string>>,
  expressions: Expressions,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, evaluate(text, expressions)]),
  );
}

function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], { cwd, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The text of a file that a step may have written. */
export function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
