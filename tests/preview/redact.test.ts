import assert from "node:assert/strict";
import { redactReport } from "../../src/preview/redact";
import { renderHtml } from "../../src/preview/render-html";
import { renderJson } from "../../src/preview/render-json";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { renderText } from "../../src/preview/render-text";
import {
  assignment,
  type Bag,
  GLOBAL_ADMINISTRATOR,
  guid,
  reportOf,
  settings,
  step,
} from "./plan-builder";

const GLOBAL = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};

function somebody(number: number): Bag {
  return {
    principal: { user: guid(number) },
    principalId: guid(number),
    principalName: guid(number),
  };
}

describe("redactReport", () => {
  const tree = {
    activation: { requireApproval: true, approvers: [{ user: guid(5) }, { group: guid(6) }] },
  };
  const names = {
    [guid(1)]: { displayName: "Ann-Marie O'Lee (ext.)", userPrincipalName: "ann@contoso.example" },
    [guid(5)]: { displayName: "Bob Ray" },
    [guid(6)]: { displayName: "Night Watch" },
  };
  const inputs = settings(tree, { ...GLOBAL, approverIds: { user: guid(5), group: guid(6) } });
  const same = { inputs, outputs: inputs };
  const steps = [
    step("same", "RoleSettings", "global", same, same),
    step("create", "EligibleAssignment", "ann", undefined, {
      inputs: assignment({ ...GLOBAL, ...somebody(1) }),
    }),
  ];

  it("hides everybody, approvers of roles whose settings stay too, in every format", () => {
    const report = reportOf(steps, { names });
    assert.match(renderMarkdown(report), /approval by Bob Ray, group Night Watch/);
    const hidden = redactReport(report, "all");
    for (const render of [renderMarkdown, renderText, renderHtml, renderJson]) {
      const text = render(hidden);
      assert.match(text, /hidden-[0-9a-f]{8}/, render.name);
      assert.doesNotMatch(
        text,
        /Ann-Marie|contoso|Bob Ray|Night Watch|eeeeeeee-0000/i,
        render.name,
      );
    }
  });

  it("hides a name in any letter case", () => {
    const diagnostics = [{ severity: "warning", message: "EEEEEEEE-0000-4000-8000-000000000001?" }];
    const text = renderMarkdown(redactReport(reportOf(steps, { names }, { diagnostics }), "all"));
    assert.doesNotMatch(text, /eeeeeeee-0000/i);
  });

  it("leaves what blocks as it is, whatever somebody is called", () => {
    const inputsOf = (name: string, index: number) => {
      const made = assignment({ ...GLOBAL, ...somebody(index), expiration: { permanent: true } });
      return step("create", "ActiveAssignment", name, undefined, { inputs: made });
    };
    const called = ["block", "critical", "PIM001", "active", "directoryRoles", "gains"];
    const report = reportOf(called.map(inputsOf), {
      names: Object.fromEntries(called.map((displayName, index) => [guid(index), { displayName }])),
    });
    const hidden = redactReport(report, "all");
    const facts = ({ findings, gains }: typeof report) => [
      findings.map(({ rule, severity, tier }) => [rule, severity, tier]),
      gains.map(({ kind, change, role }) => [kind, change, role.tier, role.surface]),
    ];
    assert.deepEqual(facts(hidden), facts(report));
    assert.match(renderMarkdown(hidden), /BLOCK PIM001/);
  });
});
