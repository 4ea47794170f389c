import assert from "node:assert/strict";
import Ajv from "ajv";
import {
  CONFIG_SCHEMA,
  GuardrailConfigError,
  RULE_IDS,
  readGuardrailConfig,
} from "../../src/guardrails";
import { assignment, GLOBAL_ADMINISTRATOR, reportOf, step } from "../preview/plan-builder";

const full = {
  $schema: "./node_modules/pulumi-entra-pim/schemas/config.json",
  profile: "cisa",
  breakGlass: ["bg1@contoso.example"],
  tiers: { "Exchange Administrator": "critical", "eeeeeeee-0000-4000-8000-000000000900": "high" },
  thresholds: { minApprovers: 3, maxActivationHours: { critical: 2 }, massRemovalShare: 0.5 },
  rules: { PIM007: "off", PIM013: "warn" },
  waivers: [
    {
      rule: "PIM001",
      principal: "ann@contoso.example",
      reason: "migration",
      expires: "2026-12-31",
    },
  ],
};

describe("readGuardrailConfig", () => {
  it("reads every part, and the schema accepts what it reads", () => {
    const config = readGuardrailConfig(full, RULE_IDS);
    assert.equal(config.thresholds.maxGlobalAdministrators, 8);
    assert.equal(config.thresholds.minApprovers, 3);
    assert.deepEqual(config.thresholds.maxActivationHours, {
      critical: 2,
      high: 4,
      privileged: 8,
      standard: 8,
    });
    assert.equal(config.tiers["29232cdf-9323-42fd-ade2-1d097af3e4de"], "critical");
    const ajv = new Ajv({ strict: false });
    assert.ok(ajv.validate(CONFIG_SCHEMA, full), ajv.errorsText());
    assert.equal(ajv.validate(CONFIG_SCHEMA, { profil: "cisa" }), false);
  });

  it("rejects every mistake at once, naming the nearest word", () => {
    const cases: [unknown, RegExp][] = [
      [{ profil: "cisa" }, /^profil: expected a known key; did you mean "profile"\?$/],
      [{ profile: "csia" }, /did you mean "cisa"/],
      [{ rules: { PMI001: "warn" } }, /rules\.PMI001.*did you mean "PIM001"/],
      [{ rules: { PIM001: "wran" } }, /did you mean "warn"/],
      [{ thresholds: { minAprovers: 2 } }, /did you mean "minApprovers"/],
      [{ thresholds: { minApprovers: "two" } }, /got "two", expected a number/],
      [{ tiers: { "Exchange Administrator": "critcal" } }, /did you mean "critical"/],
      [
        { breakGlass: "bg@contoso.example" },
        /breakGlass: got "bg@contoso\.example", expected a list/,
      ],
      [
        { waivers: [{ rule: "PIM001", reason: "x", expires: "2026-12-31" }] },
        /waivers\[0\]: expected principal or role/,
      ],
      [
        { waivers: [{ rule: "PIM001", role: "x", reason: "x", expires: "31.12.2026" }] },
        /expires: got "31\.12\.2026", expected a day/,
      ],
      [
        { waivers: [{ rule: "PIM001", role: "x", reasn: "x", expires: "2026-12-31" }] },
        /did you mean "reason"[\s\S]*reason: expected a text/,
      ],
      [
        { waivers: [{ rule: "PMI001", role: "x", reason: "x", expires: "2026-02-30" }] },
        /did you mean "PIM001"[\s\S]*expected a day/,
      ],
      [[], /expected an object/],
    ];
    for (const [content, message] of cases) {
      assert.throws(
        () => readGuardrailConfig(content, RULE_IDS),
        (error) => error instanceof GuardrailConfigError && message.test(error.message),
        JSON.stringify(content),
      );
    }
  });
});

describe("waivers", () => {
  const inputs = assignment({
    directoryRole: { role: GLOBAL_ADMINISTRATOR },
    roleDefinitionId: GLOBAL_ADMINISTRATOR,
    expiration: { permanent: true },
  });
  const steps = [step("create", "ActiveAssignment", "x", undefined, { inputs })];
  const findings = (waiver: object) =>
    reportOf(steps, {
      config: readGuardrailConfig(
        { waivers: [{ rule: "PIM001", reason: "migration", ...waiver }] },
        RULE_IDS,
      ),
    });

  it("excuse a finding, which stays visible", () => {
    const report = findings({
      principal: "ann@contoso.example",
      role: "Global Administrator",
      expires: "2026-12-01",
    });
    assert.deepEqual(
      report.findings
        .filter(({ rule }) => rule === "PIM001")
        .map(({ severity, waived }) => [severity, waived?.expires]),
      [["block", "2026-12-01"]],
    );
    assert.equal(report.verdict.block, 0);
    assert.equal(report.verdict.waived, 1);
  });

  it("excuse nothing once they expired, and that is a finding", () => {
    const report = findings({ principal: "ann@contoso.example", expires: "2026-11-30" });
    assert.equal(report.verdict.block, 1);
    assert.deepEqual(
      report.findings.filter(({ name }) => name === "waiver").map(({ severity }) => severity),
      ["warn"],
    );
  });

  it("are noted when they match nothing", () => {
    const report = findings({ principal: "nobody@contoso.example", expires: "2027-01-01" });
    assert.deepEqual(
      report.findings.filter(({ name }) => name === "waiver").map(({ severity }) => severity),
      ["note"],
    );
  });
});
