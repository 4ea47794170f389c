import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./project";

/** A dynamic resource that keeps its objects in a file, and is slow when its note says so. */
const notes = {
  "notes.js": `
    const fs = require("node:fs"), path = require("node:path");
    const file = (id) => path.join(process.cwd(), id + ".note");
    const wait = (note) => new Promise((go) => setTimeout(go, note === "slow" ? 60000 : 0));
    module.exports = {
      check: async (olds, news) => news.note === "bad"
        ? { inputs: news, failures: [{ property: "note", reason: "is bad" }] } : { inputs: news },
      diff: async () => ({}),
      create: async ({ note }) => { fs.writeFileSync(file("a"), note); await wait(note); return { id: "a", outs: { note } }; },
      read: async (id, props) => { const note = fs.readFileSync(file(id), "utf8"); return { id, props: { note }, inputs: { note } }; },
      update: async (id, olds, { note }) => { fs.writeFileSync(file(id), note); return { outs: { note } }; },
      delete: async (id) => fs.unlinkSync(file(id)),
    };`,
  "note.js": `
    const pulumi = require("@pulumi/pulumi");
    exports.Note = class extends pulumi.CustomResource {
      constructor(name, note) {
        super("pulumi-nodejs:dynamic/test:Note", name, { note, __provider: "exports.handler=()=>require('./notes.js')" });
      }
    };`,
};

const javaScript = {
  ...notes,
  "index.js": `
    const pulumi = require("@pulumi/pulumi");
    const note = new (require("./note").Note)("a", new pulumi.Config("own").require("note"));
    exports.note = note.note;`,
};

describe("Project", function () {
  this.timeout(120_000);
  let project: Project;

  afterEach(() => project.remove());

  it("goes through the life of a resource", async () => {
    project = await Project.create({
      program: javaScript,
      config: { "own:note": { secret: "one" } },
    });
    const created = await project.up();
    assert.equal(created.changes.create, 2);
    assert.deepEqual(
      created.steps.filter(({ name }) => name === "a").map(({ op }) => op),
      ["create"],
    );
    assert.deepEqual(await project.outputs(), { note: "one" });
    assert.equal((await project.resource("a")).id, "a");

    assert.deepEqual((await project.up()).changes, {
      create: 0,
      update: 0,
      same: 2,
      delete: 0,
      replace: 0,
    });

    writeFileSync(join(project.directory, "a.note"), "by hand");
    const { document, changes } = await project.preview({ refresh: true });
    assert.equal(changes.update, 1);
    assert.deepEqual(document.steps.find(({ op }) => op === "update")?.diffReasons, ["note"]);
    assert.match((await project.previewText({ args: ["--refresh", "--diff"] })).stdout, /note/);

    await project.refresh();
    assert.equal((await project.up()).changes.update, 1);
    assert.equal(readFileSync(join(project.directory, "a.note"), "utf8"), "one");
    assert.equal((await project.destroy()).changes.delete, 2);
    assert.deepEqual((await project.state()).resources ?? [], []);
  });

  it("runs a TypeScript program in two stacks and reports failures", async () => {
    project = await Project.create({
      program: {
        ...notes,
        "index.ts": `
          import { Config } from "@pulumi/pulumi";
          const { Note } = require("./note");
          new Note("a", new Config("own").require("note"));`,
      },
      config: { "own:note": "bad" },
    });
    const refused = await project.up({ expectFailure: true });
    assert.match(refused.stdout + refused.stderr, /note.*is bad/);
    assert.ok(refused.diagnostics.some(({ message }) => message.includes("is bad")));
    await assert.rejects(project.up(), /failed with/);

    const other = await project.anotherStack("other", { "own:note": "good" });
    assert.equal((await other.up({ args: ["--skip-preview"] })).changes.create, 2);
  });

  it("kills the CLI in the middle and goes on after a cancel", async () => {
    project = await Project.create({ program: javaScript, config: { "own:note": "slow" } });
    const running = await project.spawn(["up", "--yes", "--skip-preview"]);
    await until(() => /a creating/.test(running.output.stdout));
    running.kill();
    assert.equal((await running.ended).exitCode, 137);
    assert.notEqual(project.processes().length, 0);

    const locked = await project.up({ expectFailure: true });
    assert.match(locked.stderr + locked.stdout, /currently locked/);
    writeFileSync(
      join(project.directory, "..", "state", ".pulumi", "stacks", "test", "dev.json.attrs"),
      "",
    );
    await assert.rejects(project.command(["cancel", "--yes"]), /failed to load checkpoint: EOF/);
    await project.cancel();
    await project.setConfig({ "own:note": "quick" });
    assert.equal((await project.up()).exitCode, 0);
    assert.deepEqual((await project.outputs())["note"], "quick");
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
