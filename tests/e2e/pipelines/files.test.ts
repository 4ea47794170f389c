import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { validateAction, validateWorkflow } from "@action-validator/core";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { repositoryRoot } from "../harness/repository";
import { type AzurePipeline, azureRuns } from "./azure-jobs";
import type { Job, Workflow } from "./github-jobs";
import { type GitLabPipeline, gitlabJob, gitlabJobs } from "./gitlab-jobs";
import { exampleText } from "./rig";

const workflowText = exampleText(".github/workflows/access.yml");
const workflow = parse(workflowText) as Workflow;
const actionText = readFileSync(join(repositoryRoot, "action.yml"), "utf8");
const action = parse(actionText) as { runs: Job };
const gitlabText = exampleText(".gitlab-ci.yml");
const gitlab = parse(gitlabText) as GitLabPipeline;
const azureText = exampleText("azure-pipelines.yml");
const azure = parse(azureText) as AzurePipeline;

/** A schema as its maker publishes it: written for editors, which are laxer about keywords and patterns. */
function published(name: string): ValidateFunction {
  const file = join(repositoryRoot, "tests", "fixtures", "schemas", `${name}.json.gz`);
  const schema = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
  return addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile(schema);
}

/** Says what is wrong with a file, and that the schema notices mistakes in it at all. */
function assertValid(validate: ValidateFunction, text: string, mistakes: [string, string][]): void {
  assert.ok(validate(parse(text)), JSON.stringify(validate.errors));
  for (const [right, wrong] of mistakes) {
    assert.ok(text.includes(right), right);
    assert.ok(!validate(parse(text.replace(right, wrong))), wrong);
  }
}

describe("the pipelines of examples/github-preview", function () {
  this.timeout(60_000);

  it("are valid by GitHub's schemas", () => {
    assert.deepEqual(validateWorkflow(workflowText).errors, []);
    assert.deepEqual(validateAction(actionText).errors, []);
    const wrong = workflowText.replace("runs-on:", "run-on:");
    assert.notDeepEqual(validateWorkflow(wrong).errors, []);
  });

  it("are valid by GitLab's schema", () => {
    assertValid(published("gitlab-ci"), gitlabText, [
      ["resource_group:", "resource_grup:"],
      ["expire_in: 30 days", "expires_in: 30 days"],
      ["when: always", "when: allways"],
    ]);
  });

  it("are valid by Azure Pipelines' schema", () => {
    assertValid(published("azure-pipelines"), azureText, [
      ["displayName: Preview", "displayname: Preview"],
      ["lockBehavior: sequential", "lockBehavior: serial"],
      ["dependsOn: preview", "dependOn: preview"],
    ]);
  });

  it("pin every action by commit and grant nothing by default", () => {
    const uses = [...workflowText.matchAll(/uses: (\S+)(.*)/g)];
    assert.ok(uses.length > 8);
    for (const [, name = "", tag = ""] of uses) {
      assert.match(name, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      assert.match(tag, /^ # v\d+\.\d+\.\d+$/);
    }
    assert.deepEqual(workflow.permissions, {});
    assert.ok(!("pull_request_target" in workflow.on));
  });

  it("let only the comment job write to the pull request, and no job of a pull request have the write identity", () => {
    const { preview, comment, apply } = workflow.jobs;
    assert.deepEqual(preview?.permissions, { contents: "read", "id-token": "write" });
    assert.deepEqual(comment?.permissions, { contents: "read", "pull-requests": "write" });
    assert.match(preview?.if ?? "", /head\.repo\.full_name == github\.repository/);
    const holders = Object.entries(workflow.jobs).filter(([, job]) =>
      JSON.stringify(job).includes("WRITE_CLIENT_ID"),
    );
    assert.deepEqual(
      holders.map(([name]) => name),
      ["apply"],
    );
    assert.equal(apply?.environment, "production");
  });

  it("take no text of a pull request into a script", () => {
    const scripts = [...Object.values(workflow.jobs), action.runs].flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    for (const script of scripts) assert.doesNotMatch(script, /\$\{\{/);
  });
});

describe("the pipeline for GitLab", () => {
  const mergeRequest = {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1",
    CI_PROJECT_ID: "1",
    CI_DEFAULT_BRANCH: "main",
  };

  it("previews merge requests of its own project, and applies by hand on the protected branch", () => {
    const names = (variables: Readonly<Record<string, string>>) => gitlabJobs(gitlab, variables);
    assert.deepEqual(names(mergeRequest), [
      { name: "preview", when: "on_success" },
      { name: "comment", when: "always" },
    ]);
    assert.deepEqual(names({ ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2" }), []);
    const push = {
      CI_PIPELINE_SOURCE: "push",
      CI_COMMIT_BRANCH: "main",
      CI_DEFAULT_BRANCH: "main",
    };
    assert.deepEqual(names(push), [{ name: "apply", when: "manual" }]);
    assert.deepEqual(names({ ...push, CI_COMMIT_BRANCH: "other" }), []);
  });

  it("gives the write identity to the deployment alone, and none to the comment", () => {
    assert.deepEqual(gitlabJob(gitlab, "preview").variables, { ARM_CLIENT_ID: "$READ_CLIENT_ID" });
    assert.deepEqual(gitlabJob(gitlab, "apply").variables, { ARM_CLIENT_ID: "$WRITE_CLIENT_ID" });
    const comment = gitlabJob(gitlab, "comment");
    assert.equal(comment.id_tokens, undefined);
    assert.equal(comment.variables?.["ARM_CLIENT_ID"], undefined);
  });
});

describe("the pipeline for Azure", () => {
  const stage = (name: string) => azure.stages.find((one) => one.stage === name);
  const runs = (name: string, variables: Readonly<Record<string, string>>) =>
    azureRuns(stage(name)?.condition, variables);
  const build = { "Build.Reason": "PullRequest", "System.PullRequest.IsFork": "False" };
  const merged = { "Build.Reason": "IndividualCI", "Build.SourceBranch": "refs/heads/main" };

  it("previews pull requests but those of forks, and applies on the protected branch", () => {
    assert.deepEqual([runs("preview", build), runs("apply", build)], [true, false]);
    assert.equal(runs("preview", { ...build, "System.PullRequest.IsFork": "True" }), false);
    assert.deepEqual([runs("preview", merged), runs("apply", merged)], [false, true]);
    assert.equal(runs("apply", { ...merged, "Build.SourceBranch": "refs/heads/other" }), false);
  });

  it("comments also when the preview failed, and gives the write identity to the deployment alone", () => {
    const comment = stage("preview")?.jobs.find(({ job }) => job === "comment");
    assert.ok(azureRuns(comment?.condition, build, false));
    const holders = azure.stages.flatMap(({ jobs }) =>
      jobs.filter((job) => JSON.stringify(job).includes("$(writeClientId)")),
    );
    assert.deepEqual(
      holders.map(({ deployment, environment }) => [deployment, environment]),
      [["apply", "production"]],
    );
    assert.doesNotMatch(JSON.stringify(comment), /ClientId/);
  });
});
