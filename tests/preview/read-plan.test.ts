import assert from "node:assert/strict";
import { readPolicyResults } from "../../src/preview/read-events";
import { PreviewInputError, readPlan } from "../../src/preview/read-plan";
import { assignment, creates, documentOf, granted, reportOf, step } from "./plan-builder";

describe("readPlan", () => {
  it("skips text before and after the document", () => {
    const document = JSON.stringify(JSON.parse(documentOf(creates(1))), null, 2);
    for (const text of [
      `Installing policy pack {x}...\n{ not json\n${document}\n`,
      `\ufeff${document}\nwarning: something {\n`,
      `${document}\nDuration: {1}s`,
    ]) {
      assert.equal(readPlan(text).steps.length, 1);
    }
  });

  it("rejects what is no preview, saying what came instead", () => {
    const cases: [string, RegExp][] = [
      ["", /is empty/],
      ["error: no stack selected", /error: no stack selected/],
      ["{}", /no document/],
      ["[1]", /no document/],
      ['{"steps": 3}', /steps: got number/],
      ['{"steps": [{"op": "create"}]}', /steps\[0\]\.urn/],
      ['{"sequence":1,"timestamp":2,"preludeEvent":{}}\n{"sequence":2,"timestamp":2}', /STREAMING/],
    ];
    for (const [text, message] of cases) {
      assert.throws(
        () => readPlan(text),
        (error) => error instanceof PreviewInputError && message.test(error.message),
        text,
      );
    }
  });

  it("takes a null detailedDiff and absent states", () => {
    const { steps } = readPlan(
      documentOf([
        { op: "same", urn: "urn:pulumi:dev::p::a:b:C::x", detailedDiff: null, oldState: null },
      ]),
    );
    assert.equal(steps[0]?.before, undefined);
  });

  it("finds the user's own line, never one of a package", () => {
    const place = (more: object) =>
      readPlan(
        documentOf([
          step(
            "create",
            "EligibleAssignment",
            "x",
            undefined,
            { inputs: {} },
            more as Record<string, unknown>,
          ),
        ]),
      ).steps[0]?.after?.position;
    assert.deepEqual(place({ sourcePosition: "project:///src/my%20roles.ts#6,29" }), {
      file: "src/my roles.ts",
      line: 6,
    });
    assert.equal(
      place({ sourcePosition: "project:///node_modules/pulumi-entra-pim/dist/x.js#6,29" }),
      undefined,
    );
    assert.deepEqual(
      place({
        sourcePosition: "project:///../pkg/dist/x.js#6,29",
        stackTrace: [{}, { sourcePosition: "project:///index.ts#3,1" }],
      }),
      { file: "index.ts", line: 3 },
    );
  });
});

describe("buildReport", () => {
  it("counts the step after a refresh, not the refresh", () => {
    const inputs = assignment();
    const state = { inputs, outputs: granted(inputs, "2027-02-01T00:00:00Z") };
    const removed = {
      inputs: { ...inputs, live: "removed" },
      outputs: { ...state.outputs, live: "removed", status: "removed" },
    };
    const report = reportOf([
      step("refresh", "EligibleAssignment", "x", state, removed),
      step("update", "EligibleAssignment", "x", removed, { inputs }),
    ]);
    assert.deepEqual(
      report.gains.map(({ reason }) => reason),
      ["regranted"],
    );
    assert.deepEqual(
      report.findings.map(({ rule, severity }) => `${rule} ${severity}`),
      ["PIM031 warn"],
    );
  });

  it("raises an import that will fail to an error", () => {
    const message =
      "inputs to import do not match the existing resource; importing this resource will fail";
    const report = reportOf(
      [],
      {},
      {
        diagnostics: [
          { severity: "warning", message },
          { severity: "warning", message },
        ],
      },
    );
    assert.deepEqual(report.diagnostics, [{ severity: "error", message, count: 2 }]);
    assert.equal(report.verdict.failed, true);
  });

  it("says nothing about the values of the stack's configuration", () => {
    const report = reportOf(creates(1), {}, { config: { "app:internal": "do-not-print-me" } });
    assert.doesNotMatch(JSON.stringify(report), /do-not-print-me/);
  });
});

describe("readPolicyResults", () => {
  it("keeps what policies said, mandatory first, each once", () => {
    const event = (level: string, name: string) =>
      JSON.stringify({
        sequence: 1,
        policyEvent: {
          policyName: name,
          policyPackName: "pack",
          message: "<{%fg 1%}>no<{%reset%}>",
          enforcementLevel: level,
          resourceUrn: "urn:pulumi:dev::p::a:b:C::x",
        },
      });
    const log = [
      event("advisory", "b"),
      event("mandatory", "a"),
      event("advisory", "b"),
      '{"sequence":2}',
      '{"policyEvent": {half',
    ].join("\n");
    assert.deepEqual(readPolicyResults(log), [
      { policy: "a", pack: "pack", level: "mandatory", message: "no", resource: "x" },
      { policy: "b", pack: "pack", level: "advisory", message: "no", resource: "x" },
    ]);
  });
});

describe("a plan of which nothing is known yet", () => {
  const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  it("is reported line by line, with what each comes from", () => {
    const grants = ["ann", "bob"].map((name) =>
      step(
        "create",
        "ActiveAssignment",
        name,
        undefined,
        {
          inputs: {
            schemaVersion: 1,
            owner: name,
            principal: UNKNOWN,
            expiration: UNKNOWN,
            directoryRole: { role: UNKNOWN },
            limits: UNKNOWN,
          },
        },
        {
          propertyDependencies: { principal: ["urn:pulumi:dev::p::azuread:index/user:User::made"] },
        },
      ),
    );
    const user = {
      op: "create",
      urn: "urn:pulumi:dev::p::azuread:index/user:User::made",
      newState: { inputs: { displayName: "Dana", userPrincipalName: UNKNOWN } },
    };
    const rules = step("create", "RoleSettings", "s", undefined, {
      inputs: {
        owner: "s",
        directoryRole: UNKNOWN,
        activation: UNKNOWN,
        notifications: { activation: UNKNOWN },
      },
    });
    const report = reportOf([user, ...grants, rules]);
    assert.deepEqual(
      report.gains.map(({ who, role, window }) => [who.name, role.name, window.text]),
      [
        ["Dana", "(known after apply)", "(known after apply)"],
        ["Dana", "(known after apply)", "(known after apply)"],
      ],
    );
    assert.deepEqual(report.findings.filter(({ rule }) => rule === "PIM027").length, 3);
    assert.equal(report.verdict.hasUnknown, true);
  });
});
