import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { readGuardrailConfig } from "../../src/guardrails";
import { buildReport } from "../../src/preview/build-report";
import { PreviewInputError, readPlan } from "../../src/preview/read-plan";
import { renderAnnotations } from "../../src/preview/render-annotations";
import { renderHtml } from "../../src/preview/render-html";
import { REPORT_SCHEMA, renderJson } from "../../src/preview/render-json";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { renderText } from "../../src/preview/render-text";
import { CASES } from "./capture/cases";

const FIXTURES = join(__dirname, "..", "fixtures", "preview");
const ajv = addFormats(new Ajv({ strict: true, allErrors: true }));

/** Cases that are read in every format; the others in the two that people read. */
const ALL_FORMATS = [
  "story",
  "removed",
  "group",
  "azure",
  "hostile-names",
  "there-before",
  "policy-and-refused",
];

/** Rewritten with UPDATE_GOLDEN=1; a reviewer reads the difference. */
function compare(file: string, text: string): void {
  const path = join(FIXTURES, file);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"), file);
}

function reportOf(name: string) {
  const text = readFileSync(join(FIXTURES, `${name}.json`), "utf8");
  const now = Date.parse(
    name.startsWith("expired") ? "2026-12-12T09:00:00Z" : "2026-12-01T09:00:00Z",
  );
  return buildReport(readPlan(text), { config: readGuardrailConfig({}), now });
}

describe("previews of the real engine", () => {
  const captured = readdirSync(FIXTURES).filter((file) => /^[\w-]+\.json$/.test(file));

  it("are all those that are captured", () => {
    assert.deepEqual(
      captured.map((file) => file.replace(/\.json$/, "")).sort(),
      CASES.map(({ name }) => name).sort(),
    );
  });

  for (const { name } of CASES.filter((one) => one.name !== "streaming")) {
    it(`read as expected: ${name}`, () => {
      const report = reportOf(name);
      compare(`${name}.md`, renderMarkdown(report));
      if (ALL_FORMATS.includes(name)) {
        compare(`${name}.txt`, renderText(report));
        compare(`${name}.html`, renderHtml(report));
        compare(`${name}.report`, renderJson(report));
        compare(`${name}.annotations`, renderAnnotations(report, "infra"));
      }
      const isValid = ajv.validate(REPORT_SCHEMA, JSON.parse(renderJson(report)));
      assert.ok(isValid, ajv.errorsText());
    });
  }

  it("read as expected with waivers: one that holds, one that expired, one for nothing", () => {
    const expires = "2026-12-24";
    const role = "Global Administrator";
    const waivers = [
      { rule: "PIM001", principal: "cat@contoso.example", reason: "migration | INC-1", expires },
      { rule: "PIM003", role, reason: "until the new approvers are in", expires: "2026-11-30" },
      { rule: "PIM016", role, reason: "an application that is gone", expires },
    ];
    const text = readFileSync(join(FIXTURES, "story.json"), "utf8");
    const config = readGuardrailConfig({ waivers });
    const report = buildReport(readPlan(text), {
      config,
      now: Date.parse("2026-12-01T09:00:00Z"),
    });
    compare("waivers.md", renderMarkdown(report));
    compare("waivers.txt", renderText(report));
    compare("waivers.html", renderHtml(report));
  });

  it("rejects a stream of events, naming the variable", () => {
    const text = readFileSync(join(FIXTURES, "streaming.json"), "utf8");
    assert.throws(
      () => readPlan(text),
      (error) =>
        error instanceof PreviewInputError &&
        /PULUMI_ENABLE_STREAMING_JSON_PREVIEW/.test(error.message),
    );
  });
});
