// Runs the jobs of a .gitlab-ci.yml as GitLab's runner does, as far as ours need it.

import { runScript, type StepRun } from "./shell";
import type { Artifact, Workspace } from "./workspace";

interface GitLabRule {
  if?: string;
  when?: string;
}

export interface GitLabJob {
  extends?: string | string[];
  stage?: string;
  before_script?: string[];
  script?: string[];
  variables?: Record<string, string>;
  id_tokens?: Record<string, { aud: string }>;
  rules?: GitLabRule[];
  needs?: string[];
  artifacts?: { paths?: string[]; when?: string };
  environment?: string;
}

export interface GitLabPipeline extends Record<string, unknown> {
  stages: string[];
  variables?: Record<string, string>;
}

const KEYWORDS = ["stages", "variables", "default", "workflow", "include", "image"];

/** A job with what it extends: hashes are merged, everything else is replaced. */
export function gitlabJob(pipeline: GitLabPipeline, name: string): GitLabJob {
  const own = pipeline[name] as GitLabJob | undefined;
  if (own === undefined) throw new Error(`the pipeline has no job ${name}`);
  const parents = [own.extends ?? []].flat().map((parent) => gitlabJob(pipeline, parent));
  const merged: GitLabJob = Object.assign({}, ...parents, own);
  merged.variables = Object.assign({}, ...[...parents, own].map(({ variables }) => variables));
  return merged;
}

/** The jobs that a pipeline of these variables has, by the first rule that matches. */
export function gitlabJobs(
  pipeline: GitLabPipeline,
  variables: Readonly<Record<string, string>>,
): { name: string; when: string }[] {
  return Object.keys(pipeline)
    .filter((name) => !name.startsWith(".") && !KEYWORDS.includes(name))
    .flatMap((name) => {
      const { rules = [] } = gitlabJob(pipeline, name);
      const rule = rules.find(({ if: text }) => text === undefined || holds(text, variables));
      return rule === undefined ? [] : [{ name, when: rule.when ?? "on_success" }];
    });
}

/** Where and with what jobs run. */
export interface GitLabRunner {
  workspace: Workspace;
  environment: Readonly<Record<string, string>>;
  /** The project's CI variables and GitLab's own. */
  variables: Readonly<Record<string, string>>;
  /** Makes an ID token for an audience. */
  idToken: (audience: string) => string;
}

/** Runs a job in a fresh checkout with the artifacts of what it needs; gives back what it leaves. */
export async function runGitLabJob(
  pipeline: GitLabPipeline,
  name: string,
  { workspace, environment, variables, idToken }: GitLabRunner,
  artifacts: readonly Artifact[] = [],
): Promise<StepRun & { artifact: Artifact }> {
  const job = gitlabJob(pipeline, name);
  workspace.checkout();
  for (const artifact of artifacts) workspace.restore(artifact);
  const tokens = Object.entries(job.id_tokens ?? {}).map(
    ([variable, { aud }]) => [variable, idToken(aud)] as const,
  );
  const given = { ...variables, ...Object.fromEntries(tokens) };
  const own = expanded({ ...pipeline.variables, ...job.variables }, given);
  const run = await runScript({
    text: [...(job.before_script ?? []), ...(job.script ?? [])].join("\n"),
    cwd: workspace.directory,
    env: { ...environment, ...given, ...own },
    folder: workspace.temp,
    // The runner's own script begins with these.
    options: ["-eo", "pipefail"],
  });
  const kept = run.code === 0 || job.artifacts?.when === "always";
  return { name, ...run, artifact: workspace.save(kept ? (job.artifacts?.paths ?? []) : []) };
}

function expanded(
  own: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(own).map(([name, text]) => [
      name,
      text.replace(/\$(\w+)/g, (_, variable: string) => given[variable] ?? ""),
    ]),
  );
}

/** `$A == "x" && $B == $C`: all that our rules say. */
function holds(text: string, variables: Readonly<Record<string, string>>): boolean {
  return text.split("&&").every((part) => {
    const match = /^\s*(\S+)\s*(==|!=)\s*(\S+)\s*$/.exec(part);
    if (match === null) throw new Error(`cannot read the rule ${text}`);
    const [left, right] = [match[1] ?? "", match[3] ?? ""].map((word) =>
      word.startsWith("$") ? variables[word.slice(1)] : word.replace(/^"(.*)"$/, "$1"),
    );
    return (left === right) === (match[2] === "==");
  });
}
