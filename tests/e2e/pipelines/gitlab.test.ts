import assert from "node:assert/strict";
import { parse } from "yaml";
import { type GitLabPipeline, runGitLabJob } from "./gitlab-jobs";
import { assertApplied, exampleText, PERMANENT_ADMINISTRATOR, type Rig, startRig } from "./rig";
import type { Artifact } from "./workspace";

const pipeline = parse(exampleText(".gitlab-ci.yml")) as GitLabPipeline;

describe("the jobs for GitLab against an emulated tenant", function () {
  this.timeout(300_000);
  let rig: Rig;
  let number = 100;

  before(async () => {
    rig = await startRig("gitlab");
  });
  after(() => rig.close());

  const run = (name: string, artifacts: readonly Artifact[] = []) => {
    const { workspace, environment, tenant, fake, reader, writer, assertion } = rig;
    const variables = {
      ARM_TENANT_ID: tenant.info.tenantId,
      READ_CLIENT_ID: reader,
      WRITE_CLIENT_ID: writer,
      GITLAB_TOKEN: "secret-token",
      CI_API_V4_URL: fake.url,
      CI_PROJECT_ID: "7",
      CI_MERGE_REQUEST_IID: "3",
      CI_PIPELINE_ID: String(number++),
      CI_COMMIT_SHA: "0a1b2c3d4e5f",
    };
    const runner = { workspace, environment, variables, idToken: assertion };
    return runGitLabJob(pipeline, name, runner, artifacts);
  };

  it("preview with the reading identity and comment from another job", async () => {
    const preview = await run("preview");
    assert.equal(preview.code, 0, preview.output);
    assert.deepEqual(preview.artifact.paths, ["preview.json", "report"]);
    assert.match(preview.output, /\+1 gain/);
    const comment = await run("comment", [preview.artifact]);
    assert.equal(comment.code, 0, comment.output);
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
    assert.doesNotMatch(JSON.stringify(rig.fake.comments) + comment.output, /secret-token/);
  });

  it("plan and apply with the writing identity", async () => {
    const apply = await run("apply");
    assert.equal(apply.code, 0, apply.output);
    await assertApplied(rig.project);
  });

  it("fail the comment job, and apply nothing, when somebody becomes permanent Global Administrator", async () => {
    rig.change(PERMANENT_ADMINISTRATOR);
    const preview = await run("preview");
    assert.equal(preview.code, 0, preview.output);
    const comment = await run("comment", [preview.artifact]);
    assert.equal(comment.code, 2, comment.output);
    assert.match(rig.fake.comments[0]?.body ?? "", /BLOCK PIM001/);
    assert.equal(rig.fake.comments.length, 1);
    const apply = await run("apply");
    assert.equal(apply.code, 2, apply.output);
    assert.doesNotMatch(apply.output, /Updating/);
    await assert.rejects(rig.project.resource("cat"), /0 resources named cat/);
  });

  it("fail the comment job when the preview itself failed", async () => {
    rig.change("throw new Error('no such team');");
    const preview = await run("preview");
    assert.equal(preview.code, 4, preview.output);
    const comment = await run("comment", [preview.artifact]);
    assert.equal(comment.code, 4, comment.output);
    assert.match(rig.fake.comments[0]?.body ?? "", /no such team/);
  });
});
