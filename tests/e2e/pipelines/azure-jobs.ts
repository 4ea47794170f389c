// Runs the jobs of an azure-pipelines.yml as the agent does, as far as ours need it.

import { join } from "node:path";
import { runScript, type StepRun } from "./shell";
import type { Artifact, Workspace } from "./workspace";

export interface AzureStep {
  script?: string;
  displayName?: string;
  env?: Record<string, string>;
  publish?: string;
  download?: string;
  artifact?: string;
  checkout?: string;
  condition?: string;
}

export interface AzureJob {
  job?: string;
  deployment?: string;
  dependsOn?: string | string[];
  condition?: string;
  environment?: string;
  steps?: AzureStep[];
  strategy?: { runOnce: { deploy: { steps: AzureStep[] } } };
}

export interface AzurePipeline {
  variables: { group?: string; name?: string; value?: string }[];
  stages: { stage: string; condition: string; jobs: AzureJob[] }[];
}

/** Where and with what jobs run. */
export interface AzureAgent {
  workspace: Workspace;
  environment: Readonly<Record<string, string>>;
  /** The variable group, and the agent's own variables such as `Build.Reason`. */
  variables: Readonly<Record<string, string>>;
  artifacts: Map<string, Artifact>;
}

/** How a job ended: its scripts, and whether all went well. */
export interface AzureJobRun {
  runs: StepRun[];
  succeeded: boolean;
}

/** Whether a stage or job runs, given how what it depends on ended. */
export function azureRuns(
  condition: string | undefined,
  variables: Readonly<Record<string, string>>,
  succeeded = true,
): boolean {
  return condition === undefined
    ? succeeded
    : evaluateCondition(condition, variables, succeeded) === true;
}

/** Runs a job's steps; after a failure only those whose condition says so. */
export async function runAzureJob(
  pipeline: AzurePipeline,
  name: string,
  agent: AzureAgent,
): Promise<AzureJobRun> {
  const jobs = pipeline.stages.flatMap(({ jobs: all }) => all);
  const job = jobs.find(({ job: plain, deployment }) => plain === name || deployment === name);
  const steps = job?.steps ?? job?.strategy?.runOnce.deploy.steps;
  if (steps === undefined) throw new Error(`the pipeline has no job ${name}`);
  const variables = { ...declared(pipeline), ...agent.variables };
  agent.workspace.checkout();
  const state: JobState = { agent, variables, paths: [], runs: [], succeeded: true };
  for (const step of steps) {
    if (azureRuns(step.condition, variables, state.succeeded)) await runStep(step, state);
  }
  return state;
}

interface JobState extends AzureJobRun {
  agent: AzureAgent;
  variables: Readonly<Record<string, string>>;
  /** What scripts put before PATH for the steps after them. */
  paths: string[];
}

async function runStep(step: AzureStep, state: JobState): Promise<void> {
  const { workspace, artifacts } = state.agent;
  if (step.script !== undefined) return runOne(step, step.script, state);
  if (step.publish !== undefined) {
    const artifact = workspace.save([step.publish]);
    if (artifact.paths.length === 0) state.succeeded = false;
    const folder = join(artifact.folder, step.publish);
    artifacts.set(step.artifact ?? "", { folder, paths: ["."] });
  } else if (step.download !== undefined) {
    const artifact = artifacts.get(step.artifact ?? "");
    if (artifact === undefined) state.succeeded = false;
    else workspace.restore(artifact, join(workspace.temp, step.artifact ?? ""));
  } else if (step.checkout === undefined) {
    throw new Error(`cannot run the step ${JSON.stringify(step)}`);
  }
}

async function runOne(step: AzureStep, script: string, state: JobState): Promise<void> {
  const { agent, variables, paths } = state;
  const macros = (text: string) =>
    text.replace(/\$\(([\w.]+)\)/g, (whole, name: string) => variables[name] ?? whole);
  const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, macros(String(text))]);
  const { PATH = "" } = agent.environment;
  const run = await runScript({
    text: macros(script),
    cwd: agent.workspace.directory,
    env: {
      ...agent.environment,
      ...asEnvironment(variables),
      ...Object.fromEntries(own),
      PATH: [...paths, PATH].join(":"),
    },
    folder: agent.workspace.temp,
    // The agent's task gives bash no options at all: a script that fails in its middle goes on.
    options: [],
  });
  for (const [, path = ""] of run.output.matchAll(/^##vso\[task\.prependpath\](.+)$/gm)) {
    paths.unshift(path);
  }
  state.runs.push({ name: step.displayName ?? "script", ...run });
  if (run.code !== 0) state.succeeded = false;
}

function declared({ variables }: AzurePipeline): Record<string, string> {
  return Object.fromEntries(
    variables.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? ""]])),
  );
}

/** Every variable but a secret one is in the environment of scripts; System.AccessToken is secret. */
function asEnvironment(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => name !== "System.AccessToken")
      .map(([name, value]) => [name.replaceAll(".", "_").toUpperCase(), value]),
  );
}

type Value = string | boolean;

/** `and(eq(variables['Build.Reason'], 'PullRequest'), not(canceled()))`: all that our conditions say. */
function evaluateCondition(
  text: string,
  variables: Readonly<Record<string, string>>,
  succeeded: boolean,
): Value {
  const call = /^\s*(\w+)\((.*)\)\s*$/s.exec(text);
  if (call === null) return literal(text.trim(), variables);
  const given = splitArguments(call[2] ?? "").map((argument) =>
    evaluateCondition(argument, variables, succeeded),
  );
  switch (call[1]) {
    case "and":
      return given.every((value) => value === true);
    case "eq":
      return same(given[0], given[1]);
    case "ne":
      return !same(given[0], given[1]);
    case "not":
      return given[0] !== true;
    case "always":
      return true;
    case "canceled":
      return false;
    case "succeeded":
      return succeeded;
    default:
      throw new Error(`cannot read the condition ${text}`);
  }
}

function literal(text: string, variables: Readonly<Record<string, string>>): string {
  const variable = /^variables\['([^']+)'\]$/.exec(text)?.[1];
  if (variable !== undefined) return variables[variable] ?? "";
  const quoted = /^'([^']*)'$/.exec(text)?.[1];
  if (quoted === undefined) throw new Error(`cannot read ${text} in a condition`);
  return quoted;
}

/** Azure compares without regard to case. */
function same(a: Value | undefined, b: Value | undefined): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    if (letter === "," && depth === 0) {
      parts.push(part);
      part = "";
      continue;
    }
    if (letter === "(" || letter === "[") depth += 1;
    if (letter === ")" || letter === "]") depth -= 1;
    part += letter;
  }
  return part.trim() === "" ? parts : [...parts, part];
}
