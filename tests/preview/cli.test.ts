import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeHost } from "./fake-hosts";
import { runPreview } from "./run-cli";

const fixture = (name: string) => join(__dirname, "..", "fixtures", "preview", `${name}.json`);
const NOW = ["--now", "2026-12-01T09:00:00Z"];

describe("entra-pim preview", function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entra-pim-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  it("ends with 2 where something blocks, 0 where nothing does, 4 where the preview failed", async () => {
    const codes: [string, readonly string[], number][] = [
      ["story", [], 2],
      ["story", ["--fail-on", "never"], 0],
      ["window-longer", [], 0],
      ["window-longer", ["--fail-on", "warn"], 2],
      ["another-principal", ["--fail-on", "warn"], 0],
      ["another-principal", ["--fail-on", "broadening"], 2],
      ["unknown-principal", ["--fail-on", "never", "--fail-on-unknown"], 3],
      ["failed", ["--fail-on", "never"], 4],
      ["policy-stopped", [], 2],
      ["policy-stopped", ["--fail-on", "never"], 0],
      ["policy-and-refused", ["--fail-on", "never"], 4],
      ["streaming", [], 4],
    ];
    const runs = await Promise.all(
      codes.map(([name, args]) => runPreview([fixture(name), ...NOW, ...args])),
    );
    assert.deepEqual(
      runs.map(({ code }, index) => [codes[index]?.[0], codes[index]?.[1].join(" "), code]),
      codes.map(([name, args, code]) => [name, args.join(" "), code]),
    );
  });

  it("ends with 2 where a policy of somebody else's stopped the preview", async () => {
    const config = file("c.json", { rules: { PIM001: "off" } });
    const args = [fixture("policy-stopped"), ...NOW, "--config", config];
    const { code, stdout } = await runPreview(args);
    assert.equal(code, 2);
    assert.match(stdout, /\*\*⛔ BLOCK\*\* a mandatory policy stopped the preview, and/);
  });

  it("reads standard input, and says what it is when that is no preview", async () => {
    const input = `Loading policy packs\n${readFileSync(fixture("story"), "utf8")}`;
    const read = await runPreview(["--format", "text", ...NOW], { input });
    assert.equal(
      read.stdout,
      readFileSync(join(__dirname, "..", "fixtures", "preview", "story.txt"), "utf8"),
    );
    const wrong = await runPreview(["-"], { input: "error: no stack selected\n" });
    assert.equal(wrong.code, 4);
    assert.match(wrong.stderr, /^entra-pim preview: found no document[\s\S]*no stack selected/);
    assert.equal(wrong.stdout, "");
  });

  it("prints the same twice with --stable, and no time", async () => {
    const args = [fixture("story"), "--stable", "--fail-on", "never"];
    const [first, second] = await Promise.all([
      runPreview([...args, ...NOW]),
      runPreview([...args, "--now", "2026-12-02T10:00:00Z"]),
    ]);
    assert.equal(first.stdout, second.stdout);
    assert.doesNotMatch(first.stdout, /made|\d+ d\)/);
  });

  it("writes every format, a file, and a summary, and prints the schemas", async () => {
    const summary = file("summary.md", "# before\n");
    const out = join(folder, "out.json");
    const run = await runPreview([
      fixture("story"),
      ...NOW,
      "--out-dir",
      join(folder, "all"),
      "--format",
      "json",
      "--out",
      out,
      "--summary",
      summary,
      "--diagram",
    ]);
    assert.equal(run.stdout, "");
    assert.match(
      readFileSync(summary, "utf8"),
      /```mermaid\nflowchart LR\n {2}n1\["user cat#64;contoso\.example"\]/,
    );
    assert.match(readFileSync(join(folder, "all", "report.md"), "utf8"), /```mermaid/);
    assert.deepEqual(readdirSync(join(folder, "all")).sort(), [
      "report.html",
      "report.json",
      "report.md",
      "report.txt",
    ]);
    assert.equal(JSON.parse(readFileSync(out, "utf8")).verdict.block, 4);
    assert.match(readFileSync(summary, "utf8"), /^# before\n<!-- entra-pim-preview/);
    const schema = await runPreview(["--print-schema", "config"]);
    assert.equal(JSON.parse(schema.stdout).title, "entra-pim.config.json");
  });

  it("takes guard rails, waivers and names from files", async () => {
    const config = file("entra-pim.config.json", {
      profile: "strict",
      rules: { PIM025: "note", PIM003: "off" },
      breakGlass: ["bg1@contoso.example", "bg2@contoso.example"],
    });
    const waivers = file("waivers.json", [
      {
        rule: "PIM001",
        principal: "cat@contoso.example",
        reason: "migration",
        expires: "2026-12-24",
      },
    ]);
    const names = file("names.json", {
      "bbbbbbbb-0000-4000-8000-000000000001": { displayName: "Messaging on call", memberCount: 23 },
    });
    const { code, stdout } = await runPreview([
      fixture("story"),
      ...NOW,
      "--config",
      config,
      "--waive",
      waivers,
      "--names",
      names,
    ]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /waived until 2026-12-24 \(migration\): PIM001/);
    assert.match(stdout, /group \*\*Messaging on call\*\* \(23 members\)/);
    const found = await runPreview([fixture("story"), ...NOW, "-C", folder, "--waive", waivers]);
    assert.equal(found.code, 0);
  });

  it("rejects a mistake in the configuration, naming the nearest word", async () => {
    const config = file("c.json", { profil: "cisa", rules: { PIM001: "blok" } });
    const { code, stderr } = await runPreview([fixture("story"), "--config", config]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /profil: expected a known key; did you mean "profile"\?\nrules\.PIM001: .*did you mean "block"/,
    );
  });

  it("fills what was before from a baseline", async () => {
    const story = JSON.parse(readFileSync(fixture("first-grants"), "utf8"));
    for (const { newState } of story.steps)
      if (newState?.inputs?.found !== undefined) newState.inputs.found = "atCreate";
    const plan = file("plan.json", story);
    const without = await runPreview([plan, ...NOW, "--format", "json"]);
    assert.ok(
      JSON.parse(without.stdout).findings.some(({ rule }: { rule: string }) => rule === "PIM029"),
    );
    const baseline = file("baseline.json", {
      settings: {
        "directoryRoles|/|62e90394-69f5-4237-9190-012177145e10": {
          activation: { maximumDuration: "PT24H", requireApproval: false },
        },
      },
    });
    const filled = JSON.parse(
      (await runPreview([plan, ...NOW, "--format", "json", "--baseline", baseline])).stdout,
    );
    assert.ok(!filled.findings.some(({ rule }: { rule: string }) => rule === "PIM029"));
    assert.equal(
      filled.conditions.find(({ path }: { path: string }) => path === "activation.maximumDuration")
        .before,
      "1 d",
    );
  });

  it("hides names where asked", async () => {
    const all = [fixture("story"), ...NOW, "--redact", "all", "--format", "json"];
    const { stdout, code, stderr } = await runPreview(all);
    assert.equal(code, 2, stderr);
    assert.doesNotMatch(stdout, /contoso|bbbbbbbb-0000/);
    assert.match(stdout, /hidden-[0-9a-f]{8}/);
    const waiver = { rule: "PIM016", principal: "Zoë Zen", reason: "x", expires: "2030-01-01" };
    const waived = await runPreview([...all, "--waive", file("waivers.json", [waiver])]);
    assert.match(waived.stdout, /matches no finding/);
    assert.doesNotMatch(waived.stdout, /Zoë/);
    const upn = await runPreview([fixture("story"), ...NOW, "--redact", "upn"]);
    assert.doesNotMatch(upn.stdout, /contoso\.example/);
    assert.match(upn.stdout, /hidden-[0-9a-f]{8}/);
  });

  it("prints nothing for nothing with --skip-no-changes", async () => {
    assert.equal((await runPreview([fixture("without-pim"), "--skip-no-changes"])).stdout, "");
    assert.match((await runPreview([fixture("without-pim")])).stdout, /no access change/);
  });

  it("comments on the pull request that the environment names, and on no other host's account", async () => {
    const fake = await FakeHost.start("github");
    const event = file("event.json", {
      pull_request: { number: 7 },
      repository: { private: false },
    });
    const summary = join(folder, "summary.md");
    const env = {
      GITHUB_API_URL: fake.url,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_TOKEN: "secret-token",
      GITHUB_EVENT_PATH: event,
      GITHUB_RUN_ID: "42",
      GITHUB_STEP_SUMMARY: summary,
    };
    const { stderr, code } = await runPreview(
      [fixture("story"), ...NOW, "--post", "github", "--skip-no-changes"],
      { env },
    );
    assert.equal(code, 2);
    assert.match(
      fake.comments[0]?.body ?? "",
      /^<!-- entra-pim-preview:entra-pim\/dev run=4201 -->/,
    );
    assert.match(stderr, /repository is public.*\n.*created comment 1/);
    assert.ok(existsSync(summary));
    assert.doesNotMatch(stderr + readFileSync(summary, "utf8"), /secret-token/);
    fake.close();
    const missing = await runPreview([fixture("story"), ...NOW, "--post", "gitlab"]);
    assert.match(missing.stderr, /CI_API_V4_URL is not set/);
    assert.equal(missing.code, 1);
  });

  it("is a failed preview where pulumi broke off after a document without errors", async () => {
    const pulumi = file(
      "pulumi",
      '#!/bin/sh\necho \'{"steps": []}\'\necho "error: killed" >&2\nexit 8\n',
    );
    chmodSync(pulumi, 0o755);
    const env = { PATH: `${folder}:${process.env["PATH"]}` };
    const run = await runPreview(["--stack", "dev"], { env });
    assert.equal(run.code, 4, run.stderr);
    assert.match(run.stdout, /PREVIEW FAILED/);
    assert.match(run.stdout, /ended with 8:\s+error: killed/);
  });
});
