import assert from "node:assert/strict";
import { parse } from "yaml";
import { type AzurePipeline, runAzureJob } from "./azure-jobs";
import { assertApplied, exampleText, PERMANENT_ADMINISTRATOR, type Rig, startRig } from "./rig";
import type { Artifact } from "./workspace";

const pipeline = parse(exampleText("azure-pipelines.yml")) as AzurePipeline;

describe("the jobs for Azure Pipelines against an emulated tenant", function () {
  this.timeout(300_000);
  let rig: Rig;
  let build = 100;
  let artifacts: Map<string, Artifact>;

  before(async () => {
    rig = await startRig("azure-devops");
  });
  after(() => rig.close());
  beforeEach(() => {
    artifacts = new Map();
  });

  const run = async (name: string) => {
    const { workspace, environment, tenant, fake, reader, writer, assertions } = rig;
    const variables = {
      tenantId: tenant.info.tenantId,
      readClientId: reader,
      readConnectionId: "22222222-2222-4222-8222-222222222222",
      writeClientId: writer,
      writeConnectionId: "33333333-3333-4333-8333-333333333333",
      backendUrl: environment["PULUMI_BACKEND_URL"] ?? "",
      "Pipeline.Workspace": workspace.temp,
      "System.AccessToken": assertions.token,
      "System.OidcRequestUri": assertions.url,
      "System.CollectionUri": `${fake.url}/`,
      "System.TeamProject": "access",
      "System.PullRequest.PullRequestId": "3",
      "Build.Repository.Id": "7",
      "Build.BuildId": String(build++),
      "Build.SourceVersion": "0a1b2c3d4e5f",
    };
    const agent = { workspace, environment, variables, artifacts };
    const { runs, succeeded } = await runAzureJob(pipeline, name, agent);
    return { runs, succeeded, last: runs.at(-1), names: runs.map((step) => step.name) };
  };

  it("preview with the reading identity and comment from another job", async () => {
    const preview = await run("preview");
    assert.ok(preview.succeeded, preview.last?.output);
    assert.deepEqual(preview.names, ["Install", "Preview"]);
    assert.match(preview.last?.output ?? "", /\+1 gain/);
    const comment = await run("comment");
    assert.ok(comment.succeeded, comment.last?.output);
    assert.match(
      rig.fake.comments[0]?.body ?? "",
      /PIM access preview of `access\/prod`[\s\S]*commit `0a1b2c3d4e5f`/,
    );
    // Only the tenant knows this, and the comment's job asks nobody.
    assert.match(
      rig.fake.comments[0]?.body ?? "",
      /PIM011.* Global Administrator in the tenant: 1/,
    );
    assert.deepEqual([...rig.fake.tokens], [rig.assertions.token]);
    assert.doesNotMatch(
      JSON.stringify(rig.fake.comments) + comment.last?.output,
      new RegExp(rig.assertions.token),
    );
  });

  it("plan and apply with the writing identity", async () => {
    const apply = await run("apply");
    assert.ok(apply.succeeded, apply.last?.output);
    await assertApplied(rig.project);
  });

  it("fail the comment job, and apply nothing, when somebody becomes permanent Global Administrator", async () => {
    rig.change(PERMANENT_ADMINISTRATOR);
    const preview = await run("preview");
    assert.ok(preview.succeeded, preview.last?.output);
    const comment = await run("comment");
    assert.equal(comment.last?.code, 2, comment.last?.output);
    assert.match(rig.fake.comments[0]?.body ?? "", /BLOCK PIM001/);
    assert.equal(rig.fake.comments.length, 1);
    const apply = await run("apply");
    assert.equal(apply.last?.code, 2, apply.last?.output);
    assert.doesNotMatch(apply.last?.output ?? "", /Updating/);
    await assert.rejects(rig.project.resource("cat"), /0 resources named cat/);
  });

  it("fail the comment job when the preview itself failed", async () => {
    rig.change("throw new Error('no such team');");
    const preview = await run("preview");
    assert.equal(preview.last?.code, 4, preview.last?.output);
    const comment = await run("comment");
    assert.equal(comment.last?.code, 4, comment.last?.output);
    assert.match(rig.fake.comments[0]?.body ?? "", /no such team/);
  });
});
