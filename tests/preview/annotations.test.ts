import assert from "node:assert/strict";
import { RULE_IDS, readGuardrailConfig } from "../../src/guardrails";
import { renderAnnotations } from "../../src/preview/render-annotations";
import { assignment, GLOBAL_ADMINISTRATOR, reportOf, step } from "./plan-builder";

describe("renderAnnotations", () => {
  const inputs = assignment({
    directoryRole: { role: GLOBAL_ADMINISTRATOR },
    roleDefinitionId: GLOBAL_ADMINISTRATOR,
    expiration: { permanent: true },
  });
  const at = (file: string) =>
    step(
      "create",
      "ActiveAssignment",
      "x",
      undefined,
      { inputs },
      {
        sourcePosition: `project:///${file}#3,1`,
      },
    );

  it("keeps a file's colons, commas and percents out of the command's properties", () => {
    const [line] = renderAnnotations(reportOf([at("a,b:c%2525.ts")]), "infra").split("\n");
    assert.match(
      line ?? "",
      /^::error file=infra\/a%2Cb%3Ac%2525\.ts,line=3,title=PIM001 [\w-]+::ann@/,
    );
  });

  it("says nothing of what is waived", () => {
    const waivers = [
      { rule: "PIM001", principal: "ann@contoso.example", reason: "x", expires: "2030-01-01" },
    ];
    const report = reportOf([at("a.ts")], { config: readGuardrailConfig({ waivers }, RULE_IDS) });
    assert.ok(
      report.findings.some(({ rule, waived }) => rule === "PIM001" && waived !== undefined),
    );
    assert.doesNotMatch(renderAnnotations(report), /PIM001/);
  });
});
