// Runs the steps of a GitHub workflow as the runner does, as far as ours need it.

import { join } from "node:path";
import { runScript, type StepRun } from "./shell";

export interface WorkflowStep {
  name?: string;
  id?: string;
  run?: string;
  uses?: string;
  if?: string;
  shell?: string;
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
  defaults?: { run?: { shell?: string } };
  jobs: Record<string, Job>;
}

/** What expressions may name, by path: `github.token`, `vars.READ_CLIENT_ID`. */
export type Expressions = Readonly<Record<string, string>>;

/** Where and with what a job runs. */
export interface GitHubRunner {
  directory: string;
  environment: Readonly<Record<string, string>>;
  expressions: Expressions;
  /** What the runner offers to a job that may ask for an identity. */
  identity: Readonly<Record<string, string>>;
  shell?: string | undefined;
}

/** Runs every `run:` of a job, in order, until one fails. */
export async function runJob(job: Job, runner: GitHubRunner): Promise<StepRun[]> {
  const runs: StepRun[] = [];
  for (const [index, step] of job.steps.entries()) {
    if (step.run === undefined) continue;
    const run = await runStep(step, step.run, job, runner);
    runs.push({ name: step.name ?? step.id ?? `step ${index}`, ...run });
    if (run.code !== 0) break;
  }
  return runs;
}

function runStep(
  step: WorkflowStep,
  run: string,
  { env = {}, permissions = {} }: Job,
  { directory, environment, expressions, identity, shell }: GitHubRunner,
) {
  const values = evaluated({ ...env, ...step.env }, expressions);
  const offered = permissions["id-token"] === "write" ? identity : {};
  return runScript({
    text: evaluate(run, expressions),
    cwd: join(directory, evaluate(step["working-directory"] ?? ".", expressions)),
    env: { ...environment, ...offered, ...values },
    folder: environment["RUNNER_TEMP"] ?? directory,
    // Named, bash gets pipefail too; not named, it does not.
    options: (step.shell ?? shell) === "bash" ? ["-eo", "pipefail"] : ["-e"],
  });
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
