import assert from "node:assert/strict";
import { printMarker, readMarker } from "../../src/preview/marker";
import { azureDevOpsComments } from "../../src/preview/post-azure-devops";
import { type Posting, postComment } from "../../src/preview/post-comment";
import { githubComments } from "../../src/preview/post-github";
import { gitlabComments } from "../../src/preview/post-gitlab";
import type { CommentHost } from "../../src/preview/post-host";
import { PostError } from "../../src/preview/post-http";
import { FakeHost, type FakeOptions } from "./fake-hosts";

const KINDS = ["github", "gitlab", "azure-devops"] as const;

function clientOf(kind: (typeof KINDS)[number], fake: FakeHost): CommentHost {
  const options = { pause: 1 };
  const token = "secret-token";
  if (kind === "github")
    return githubComments({ api: fake.url, repository: "o/r", pullRequest: 7, token }, options);
  if (kind === "gitlab")
    return gitlabComments({ api: fake.url, project: "g/p", mergeRequest: 7, token }, options);
  return azureDevOpsComments(
    { collection: `${fake.url}/`, project: "p", repository: "r", pullRequest: 7, token },
    options,
  );
}

function body(stack: string, run: number | undefined, text = "report"): string {
  return `${printMarker({ stack, ...(run === undefined ? {} : { run }) }, true)}\n\n${text}\n`;
}

function posting(more: Partial<Posting> = {}): Posting {
  const { run = 10, stack = "p/dev" } = more;
  return { stack, run, mode: "update", render: () => body(stack, run), ...more };
}

for (const kind of KINDS) {
  describe(`postComment on ${kind}`, () => {
    let fake: FakeHost;
    afterEach(() => fake.close());
    const start = async (options?: FakeOptions) => {
      fake = await FakeHost.start(kind, options);
      return clientOf(kind, fake);
    };

    it("creates the first comment and updates it afterwards, one per stack", async () => {
      const client = await start();
      assert.equal((await postComment(client, posting())).type, "created");
      assert.equal((await postComment(client, posting({ run: 11 }))).type, "updated");
      assert.equal((await postComment(client, posting({ stack: "p/prod" }))).type, "created");
      assert.deepEqual(
        fake.comments.map((comment) => comment.body.split("\n")[0]),
        ["<!-- entra-pim-preview:p/dev run=11 -->", "<!-- entra-pim-preview:p/prod run=10 -->"],
      );
    });

    it("finds its comment behind 250 others", async () => {
      const client = await start();
      for (let index = 0; index < 250; index++) fake.add("somebody", `comment ${index}`);
      const own = fake.add(fake.me, body("p/dev", 1));
      for (let index = 0; index < 120; index++) fake.add("somebody", `comment ${index}`);
      assert.deepEqual(await postComment(client, posting()), {
        type: "updated",
        id: kind === "azure-devops" ? `${own.id}/1` : String(own.id),
      });
      assert.equal(fake.comments.length, 371);
    });

    it("never overwrites a newer run, and never somebody else's comment", async () => {
      const client = await start();
      fake.add("mallory", body("p/dev", 1));
      fake.add(fake.me, body("p/dev", 12));
      assert.deepEqual(await postComment(client, posting()), { type: "outdated", run: 12 });
      assert.deepEqual(await postComment(client, posting({ run: 13 })), {
        type: "updated",
        id: kind === "azure-devops" ? "2/1" : "2",
      });
      assert.match(fake.comments[0]?.body ?? "", /run=1 /);
    });

    it("is neither stopped nor led by somebody else's marker of a later run", async () => {
      const client = await start();
      fake.add(fake.me, body("p/dev", 1));
      fake.add("mallory", body("p/dev", 99, "all is well"));
      assert.equal((await postComment(client, posting())).type, "updated");
      assert.match(fake.comments[0]?.body ?? "", /run=10 /);
      assert.match(fake.comments[1]?.body ?? "", /run=99 /);
    });

    it("creates a new comment when its own was deleted meanwhile", async () => {
      const client = await start({
        beforeWrite: (comments) => {
          const index = comments.findIndex((comment) => comment.body.includes("run=1 "));
          if (index >= 0) comments.splice(index, 1);
        },
      });
      fake.add(fake.me, body("p/dev", 1));
      assert.equal((await postComment(client, posting())).type, "created");
      assert.equal(fake.comments.length, 1);
    });

    it("shortens what the host finds too long", async () => {
      const client = await start({ longest: 500 });
      const limits: (number | undefined)[] = [];
      const render = (limit?: number) => {
        limits.push(limit);
        return body("p/dev", 10, "x".repeat((limit ?? 3000) - 100));
      };
      assert.equal((await postComment(client, posting({ render }))).type, "created");
      assert.ok((fake.comments[0]?.body.length ?? 501) <= 500);
      assert.equal(limits[0], undefined);
    });

    it("explains a token that may not write", async () => {
      const client = await start({ forbidsWrites: true });
      await assert.rejects(postComment(client, posting()), (error) => {
        assert.ok(error instanceof PostError);
        assert.match(error.message, /403 .*permission to write pull requests.*fork/);
        assert.doesNotMatch(error.message, /secret-token/);
        return true;
      });
    });

    it("tries again when the host is busy", async () => {
      const client = await start({ fails: { status: 503, times: 2 } });
      assert.equal((await postComment(client, posting())).type, "created");
    });

    it("leaves one comment when two jobs create theirs in the same moment", async () => {
      let isFirst = true;
      const client = await start({
        beforeWrite: (comments) => {
          if (!isFirst) return;
          isFirst = false;
          comments.push({ id: 99, author: fake.me, body: body("p/dev", 12) });
        },
      });
      assert.deepEqual(await postComment(client, posting()), { type: "outdated", run: 12 });
      assert.deepEqual(
        fake.comments.map(({ id }) => id),
        [99],
      );
    });

    it("folds the earlier comment, or adds one, or does nothing, as asked", async () => {
      const client = await start();
      await postComment(client, posting());
      await postComment(client, posting({ mode: "hide-and-new", run: 11 }));
      assert.match(fake.comments[0]?.body ?? "", /^<details><summary>Outdated/);
      await postComment(client, posting({ mode: "new", run: 12 }));
      assert.deepEqual(await postComment(client, posting({ mode: "none" })), { type: "none" });
      assert.equal(fake.comments.length, 3);
      await postComment(client, posting({ run: 13 }));
      assert.match(fake.comments[2]?.body ?? "", /run=13/);
    });
  });
}

describe("githubComments", () => {
  it("takes a workflow's token, which may not ask who it is, for the bot", async () => {
    const fake = await FakeHost.start("github", { hidesUser: true });
    assert.equal(await clientOf("github", fake).me(), "github-actions[bot]");
    fake.close();
  });
});

describe("readMarker", () => {
  it("finds a marker that a comment begins with, and none that it quotes", () => {
    const marker = printMarker({ stack: "p/dev", run: 7 }, true);
    assert.deepEqual(readMarker(`\n${marker}\n\ntext`), { stack: "p/dev", run: 7 });
    assert.equal(readMarker(`> ${marker}`), undefined);
    assert.equal(readMarker(`see ${marker}`), undefined);
  });
});
