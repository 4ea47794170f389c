import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../harness/repository";
import {
  type Expressions,
  type GitHubRunner,
  type Job,
  runJob,
  type Workflow,
} from "./github-jobs";
import { assertApplied, exampleText, PERMANENT_ADMINISTRATOR, type Rig, startRig } from "./rig";
import { textOf } from "./shell";

const workflow = parse(exampleText(".github/workflows/access.yml")) as Workflow;
const action = parse(readFileSync(join(repositoryRoot, "action.yml"), "utf8")) as {
  inputs: Record<string, { default?: string }>;
  runs: Job;
};

describe("the workflow for GitHub against an emulated tenant", function () {
  this.timeout(300_000);
  let rig: Rig;
  let environment: Record<string, string>;
  let expressions: Expressions;
  let runner: GitHubRunner;

  before(async () => {
    rig = await startRig("github");
    const { temp, directory } = rig.workspace;
    const event = join(temp, "event.json");
    writeFileSync(
      event,
      JSON.stringify({ pull_request: { number: 7 }, repository: { private: true } }),
    );
    environment = {
      ...rig.environment,
      RUNNER_TEMP: temp,
      GITHUB_STEP_SUMMARY: join(temp, "summary.md"),
      GITHUB_OUTPUT: join(temp, "output"),
      GITHUB_PATH: join(temp, "path"),
      GITHUB_API_URL: rig.fake.url,
      GITHUB_REPOSITORY: "contoso/access",
      GITHUB_EVENT_PATH: event,
      GITHUB_RUN_ID: "42",
    };
    expressions = {
      "vars.AZURE_TENANT_ID": rig.tenant.info.tenantId,
      "vars.PULUMI_BACKEND_URL": rig.environment["PULUMI_BACKEND_URL"] ?? "",
      "vars.READ_CLIENT_ID": rig.reader,
      "vars.WRITE_CLIENT_ID": rig.writer,
      "secrets.PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
      "github.token": "secret-token",
      "github.event.pull_request.head.sha": "0a1b2c3d4e5f",
      "runner.temp": temp,
    };
    const { url, token } = rig.assertions;
    const identity = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token };
    const shell = workflow.defaults?.run?.shell;
    runner = { directory, environment, expressions, identity, shell };
  });
  after(() => rig.close());

  const run = async (name: string) => {
    const job = workflow.jobs[name];
    assert.ok(job);
    const all = { ...job, env: { ...workflow.env, ...job.env } };
    const runs = await runJob(all, runner);
    return { runs, last: runs.at(-1) };
  };

  it("previews and comments", async () => {
    const preview = await run("preview");
    assert.deepEqual(
      preview.runs.map(({ name, code }) => [name, code]),
      [
        ["Install", 0],
        ["Preview", 0],
      ],
      preview.last?.output,
    );
    assert.match(textOf(environment["GITHUB_STEP_SUMMARY"] ?? ""), /\+1 gain/);
    const comment = await run("comment");
    assert.equal(comment.last?.code, 0, comment.last?.output);
    assert.match(
      rig.fake.comments[0]?.body ?? "",
      /PIM access preview of `access\/prod`[\s\S]*commit `0a1b2c3d4e5f`/,
    );
    // Only the tenant knows this, and the comment's job asks nobody.
    assert.match(
      rig.fake.comments[0]?.body ?? "",
      /PIM011.* Global Administrator in the tenant: 1/,
    );
    assert.deepEqual([...rig.fake.tokens], ["secret-token"]);
    assert.doesNotMatch(JSON.stringify(rig.fake.comments) + comment.last?.output, /secret-token/);
  });

  it("plans with the reading identity and applies what was planned with the writing one", async () => {
    const plan = await run("plan");
    assert.equal(plan.last?.code, 0, plan.last?.output);
    const reading = { ...workflow.jobs["apply"], env: workflow.jobs["preview"]?.env } as Job;
    const refused = await runJob({ ...reading, env: { ...workflow.env, ...reading.env } }, runner);
    assert.notEqual(refused.at(-1)?.code, 0);
    assert.match(refused.at(-1)?.output ?? "", /403|Authorization_RequestDenied|permission/i);
    const apply = await run("apply");
    assert.equal(apply.last?.code, 0, apply.last?.output);
    await assertApplied(rig.project);
  });

  it("fails in one step of three lines when somebody becomes permanent Global Administrator", async () => {
    rig.change(PERMANENT_ADMINISTRATOR);
    const step = await runAction();
    assert.equal(step?.code, 2, step?.output);
    assert.match(
      step?.output ?? "",
      /::error file=index\.ts,line=\d+,title=PIM001 permanent-active::cat@contoso\.com would hold Global Administrator/,
    );
    assert.match(rig.fake.comments[0]?.body ?? "", /BLOCK PIM001/);
    assert.equal(rig.fake.comments.length, 1);
    rig.change("");
    const fixed = await runAction();
    assert.equal(fixed?.code, 0, fixed?.output);
    assert.match(rig.fake.comments[0]?.body ?? "", /no access change/);
  });

  async function runAction() {
    const inputs = Object.entries(action.inputs).map(
      ([name, { default: value = "" }]) => [`inputs.${name}`, value] as const,
    );
    const given = {
      ...expressions,
      ...Object.fromEntries(inputs),
      "inputs.stack": "prod",
      "inputs.comment": "true",
      "inputs.token": "secret-token",
    };
    const env = {
      ARM_USE_OIDC: "true",
      ARM_TENANT_ID: rig.tenant.info.tenantId,
      ARM_CLIENT_ID: rig.reader,
    };
    const job = { ...action.runs, env, permissions: { "id-token": "write" } };
    return (await runJob(job, { ...runner, expressions: given }))[0];
  }
});
