import { readFileSync } from "node:fs";
import { azureDevOpsComments, type CommentHost, githubComments, gitlabComments } from "../preview";
import type { PostHost } from "./preview-options";

type Environment = Readonly<Record<string, string | undefined>>;

/** The pull request of the pipeline that this runs in. Tokens come from the environment and from nowhere else. */
export function commentHost(host: PostHost, env: Environment): CommentHost {
  if (host === "github") return githubHost(env);
  return host === "gitlab" ? gitlabHost(env) : azureDevOpsHost(env);
}

/** Whether everybody can read the repository; undefined where the pipeline does not say. */
export function isPublicRepository(host: PostHost, env: Environment): boolean | undefined {
  if (host === "gitlab")
    return env["CI_PROJECT_VISIBILITY"] === undefined
      ? undefined
      : env["CI_PROJECT_VISIBILITY"] === "public";
  if (host !== "github") return undefined;
  const isPrivate = githubEvent(env)?.repository?.private;
  return isPrivate === undefined ? undefined : !isPrivate;
}

/** The number of the pipeline's run, by which newer is told from older. */
export function runNumber(env: Environment): number | undefined {
  const text = env["GITHUB_RUN_ID"] ?? env["CI_PIPELINE_ID"] ?? env["BUILD_BUILDID"];
  const attempt = Number(env["GITHUB_RUN_ATTEMPT"] ?? 1);
  const run = Number(text);
  return text === undefined || !Number.isSafeInteger(run * 100 + attempt)
    ? undefined
    : run * 100 + attempt;
}

function githubHost(env: Environment): CommentHost {
  const event = githubEvent(env);
  const number = Number(
    env["ENTRA_PIM_PULL_REQUEST"] ??
      event?.pull_request?.number ??
      event?.number ??
      pullRequestIn(env["GITHUB_REF"]),
  );
  const { GITHUB_API_URL: api } = env;
  return githubComments({
    repository: required(env, "GITHUB_REPOSITORY"),
    token: required(env, "GITHUB_TOKEN"),
    pullRequest: pullRequest(
      number,
      "this is no run for a pull request: set ENTRA_PIM_PULL_REQUEST",
    ),
    ...(api === undefined ? {} : { api }),
  });
}

function gitlabHost(env: Environment): CommentHost {
  return gitlabComments({
    api: required(env, "CI_API_V4_URL"),
    project: required(env, "CI_PROJECT_ID"),
    mergeRequest: pullRequest(
      Number(env["CI_MERGE_REQUEST_IID"]),
      "this is no merge request pipeline: CI_MERGE_REQUEST_IID is not set",
    ),
    token: required(env, "GITLAB_TOKEN"),
  });
}

function azureDevOpsHost(env: Environment): CommentHost {
  return azureDevOpsComments({
    collection: required(env, "SYSTEM_COLLECTIONURI"),
    project: required(env, "SYSTEM_TEAMPROJECT"),
    repository: required(env, "BUILD_REPOSITORY_ID"),
    pullRequest: pullRequest(
      Number(env["SYSTEM_PULLREQUEST_PULLREQUESTID"]),
      "this is no pull request build: SYSTEM_PULLREQUEST_PULLREQUESTID is not set",
    ),
    token: required(env, "SYSTEM_ACCESSTOKEN"),
  });
}

interface GitHubEvent {
  number?: number;
  pull_request?: { number?: number };
  repository?: { private?: boolean };
}

function githubEvent(env: Environment): GitHubEvent | undefined {
  const file = env["GITHUB_EVENT_PATH"];
  if (file === undefined || file === "") return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as GitHubEvent;
  } catch {
    // A runner without the event says nothing about the repository; the pull request may still be in its ref.
    return undefined;
  }
}

function pullRequestIn(ref: string | undefined): string | undefined {
  return /^refs\/pull\/(\d+)\//.exec(ref ?? "")?.[1];
}

function pullRequest(number: number, otherwise: string): number {
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(otherwise);
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "")
    throw new Error(
      `${name} is not set: --post takes where and who from the pipeline's environment`,
    );
  return value;
}
