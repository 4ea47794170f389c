import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { parse } from "yaml";
import { FakeHost } from "../preview/fake-hosts";
import { type Expressions, type Job, runJob, textOf, type Workflow } from "../preview/workflows";
import { startTestTenant, type TestTenant } from "./harness/emulator";
import { Project } from "./harness/project";
import { repositoryRoot } from "./harness/repository";

const example = (file: string) =>
  readFileSync(join(repositoryRoot, "examples", "github-preview", file), "utf8");
const workflowText = example(".github/workflows/access.yml");
const workflow = parse(workflowText) as Workflow;
const actionText = readFileSync(join(repositoryRoot, "action.yml"), "utf8");
const action = parse(actionText) as { inputs: Record<string, { default?: string }>; runs: Job };

describe("the pipelines of examples/github-preview", () => {
  it("are valid by GitHub's schemas", () => {
    assert.deepEqual(validateWorkflow(workflowText).errors, []);
    assert.deepEqual(validateAction(actionText).errors, []);
  });

  it("pin every action by commit and grant nothing by default", () => {
    const uses = [...workflowText.matchAll(/uses: (\S+)/g)].map(([, name]) => name ?? "");
    assert.ok(uses.length > 8);
    for (const name of uses) assert.match(name, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
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

  it("say the same on GitLab and Azure Pipelines", () => {
    const gitlab = parse(example(".gitlab-ci.yml")) as Record<
      string,
      { stage?: string; script?: string[]; variables?: Record<string, string> }
    >;
    const azure = example("azure-pipelines.yml");
    assert.deepEqual((gitlab as { stages?: unknown })["stages"], ["preview", "comment", "apply"]);
    assert.equal(gitlab["preview"]?.variables?.["ARM_CLIENT_ID"], "$READ_CLIENT_ID");
    assert.equal(gitlab["apply"]?.variables?.["ARM_CLIENT_ID"], "$WRITE_CLIENT_ID");
    const stages = (parse(azure) as { stages: { stage: string; condition: string }[] }).stages;
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ["preview", "apply"],
    );
    assert.match(stages[0]?.condition ?? "", /IsFork/);
  });
});

describe("the workflow against an emulated tenant", function () {
  this.timeout(300_000);
  let tenant: TestTenant;
  let project: Project;
  let fake: FakeHost;
  let environment: Record<string, string>;
  let temp: string;
  let expressions: Expressions;

  before(async () => {
    tenant = await startTestTenant({ users: 0 });
    fake = await FakeHost.start("github");
    tenant.control.seed({
      users: ["ann", "bob", "cat"].map((name) => ({
        displayName: name,
        userPrincipalName: `${name}@contoso.com`,
      })),
    });
    project = await Project.create({
      example: "github-preview",
      name: "access",
      stack: "prod",
      config: tenant.config,
      env: tenant.env,
    });
    temp = join(project.directory, "..", "runner");
    mkdirSync(join(temp, "bin"), { recursive: true });
    // The package is not on a registry yet: what npm ci would install is linked already.
    tool(
      temp,
      "npm",
      'case "$1" in ci) echo "linked already";; *) echo "unexpected: npm $*" >&2; exit 1;; esac',
    );
    tool(
      temp,
      "npx",
      `[ "$1 $2" = "--no-install entra-pim" ] || exit 1; shift 2; exec node "${join(repositoryRoot, "dist", "cli", "main.js")}" "$@"`,
    );
    const event = join(temp, "event.json");
    writeFileSync(
      event,
      JSON.stringify({ pull_request: { number: 7 }, repository: { private: true } }),
    );
    const { taskEnvironment } = await import("../../tools/environment.mjs");
    const { findOrGetEngine } = await import("../../tools/engine/index.mjs");
    const task = taskEnvironment(await findOrGetEngine());
    environment = {
      ...(Object.fromEntries(
        Object.entries(task).filter(([, value]) => value !== undefined),
      ) as Record<string, string>),
      ...(Reflect.get(project, "environment") as Record<string, string>),
      PATH: [join(temp, "bin"), task["PATH"]].join(delimiter),
      RUNNER_TEMP: temp,
      GITHUB_STEP_SUMMARY: join(temp, "summary.md"),
      GITHUB_OUTPUT: join(temp, "output"),
      GITHUB_PATH: join(temp, "path"),
      GITHUB_API_URL: fake.url,
      GITHUB_REPOSITORY: "contoso/access",
      GITHUB_EVENT_PATH: event,
      GITHUB_RUN_ID: "42",
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      ARM_CLIENT_SECRET: tenant.info.clientSecret,
      STACK: "prod",
      PULUMI_VERSION: "3.258.0",
    };
    expressions = {
      "vars.READ_CLIENT_ID": tenant.info.clientId,
      "vars.WRITE_CLIENT_ID": tenant.info.clientId,
      "secrets.PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
      "github.token": "secret-token",
      "github.event.pull_request.head.sha": "0a1b2c3d4e5f",
      "runner.temp": temp,
    };
  });
  after(async () => {
    fake.close();
    project.remove();
    await tenant.close();
  });

  const run = async (name: string) => {
    const job = workflow.jobs[name];
    assert.ok(job);
    const runs = await runJob(job, { directory: project.directory, environment, expressions });
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
    assert.match(textOf(join(temp, "summary.md")), /\+1 gain/);
    const comment = await run("comment");
    assert.equal(comment.last?.code, 0, comment.last?.output);
    assert.match(
      fake.comments[0]?.body ?? "",
      /PIM access preview of `access\/prod`[\s\S]*commit `0a1b2c3d4e5f`/,
    );
    assert.doesNotMatch(JSON.stringify(fake.comments) + comment.last?.output, /secret-token/);
  });

  it("plans and applies what was planned", async () => {
    const plan = await run("plan");
    assert.equal(plan.last?.code, 0, plan.last?.output);
    const apply = await run("apply");
    assert.equal(apply.last?.code, 0, apply.last?.output);
    assert.equal(
      (await project.resource("exchange-admin/eligible/ann")).outputs?.["status"],
      "provisioned",
    );
  });

  it("fails in one step of three lines when somebody becomes permanent Global Administrator", async () => {
    const text = readFileSync(join(project.directory, "index.ts"), "utf8");
    const more = `new pim.ActiveAssignment("cat", { directoryRole: { role: pim.EntraRole.GlobalAdministrator }, principal: { user: "cat@contoso.com" }, expiration: { permanent: true }, justification: "x" });\n`;
    project.write({ "index.ts": text + more });
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, { default: value = "" }]) => [
        `inputs.${name}`,
        value,
      ]),
    );
    const given = {
      ...expressions,
      ...inputs,
      "inputs.stack": "prod",
      "inputs.comment": "true",
      "inputs.token": "secret-token",
    };
    const own = { ...environment, ARM_CLIENT_ID: tenant.info.clientId };
    const [step] = await runJob(action.runs, {
      directory: project.directory,
      environment: own,
      expressions: given,
    });
    assert.equal(step?.code, 2, step?.output);
    assert.match(
      step?.output ?? "",
      /::error file=index\.ts,line=\d+,title=PIM001 permanent-active::cat@contoso\.com would hold Global Administrator/,
    );
    assert.match(fake.comments[0]?.body ?? "", /BLOCK PIM001/);
    assert.equal(fake.comments.length, 1);
    project.write({ "index.ts": text });
    const [fixed] = await runJob(action.runs, {
      directory: project.directory,
      environment: own,
      expressions: given,
    });
    assert.equal(fixed?.code, 0, fixed?.output);
    assert.match(fake.comments[0]?.body ?? "", /no access change/);
  });
});

function tool(folder: string, name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/bash\n${script}\n`);
  chmodSync(file, 0o755);
}
