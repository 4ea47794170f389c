import assert from "node:assert/strict";
import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { UNKNOWN } from "../../src/model/unknown";
import {
  GuardrailConfigError,
  type PolicyOptions,
  policies,
  selectPolicies,
} from "../../src/policy";
import {
  assignment,
  type Bag,
  GLOBAL_ADMINISTRATOR,
  guid,
  NOW,
  settings,
} from "../preview/plan-builder";

// The very proxy that the SDK gives to policies; its types keep it to themselves.
const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as {
  unknownCheckingProxy(props: Bag): Bag;
};

const GA = {
  directoryRole: { role: GLOBAL_ADMINISTRATOR },
  roleDefinitionId: GLOBAL_ADMINISTRATOR,
};

interface Subject {
  type: string;
  urn: string;
  props: Bag;
}

function resource(kind: string, name: string, props: Bag): Subject {
  const type = `pulumi-nodejs:dynamic/entra-pim:${kind}`;
  // Proxies as the policy SDK gives them: touching an unknown value throws.
  return {
    type,
    urn: `urn:pulumi:dev::p::${type}::${name}`,
    props: unknownCheckingProxy({ __provider: "…", ...props }),
  };
}

/** What every policy says: `name urn message`, as the engine would run them. */
function violations(
  subjects: readonly Subject[],
  options: PolicyOptions = {},
): { policy: string; level: string; message: string; urn: string }[] {
  const said: { policy: string; level: string; message: string; urn: string }[] = [];
  for (const policy of policies({ now: NOW, ...options })) {
    const level = String(policy.enforcementLevel);
    const report =
      (fallback: string) =>
      (message: string, urn = fallback) =>
        said.push({ policy: policy.name, level, message, urn });
    if ("validateStack" in policy) {
      void (policy as StackValidationPolicy).validateStack(
        { resources: subjects } as never,
        report("stack"),
      );
    }
    const { validateResource } = policy as ResourceValidationPolicy;
    if (typeof validateResource !== "function") continue;
    for (const subject of subjects) void validateResource(subject as never, report(subject.urn));
  }
  return said;
}

const permanent = resource(
  "ActiveAssignment",
  "ann",
  assignment({ ...GA, expiration: { permanent: true } }),
);
const unknown = resource(
  "ActiveAssignment",
  "dana",
  assignment({
    ...GA,
    principal: { user: UNKNOWN },
    principalId: UNKNOWN,
    principalName: undefined,
    principalKind: undefined,
  }),
);

describe("policies", () => {
  it("block what blocks and advise the rest, each finding once", () => {
    const weak = resource(
      "RoleSettings",
      "s",
      settings({ activation: { requireMfa: false, requireJustification: false } }),
    );
    const said = violations([
      permanent,
      weak,
      { type: "pulumi:pulumi:Stack", urn: "stack", props: {} },
    ]);
    assert.deepEqual(
      said.map(({ policy, level }) => `${policy} ${level}`),
      [
        "pim001-permanent-active mandatory",
        "pim006-no-mfa-on-activation mandatory",
        "pim008-no-justification-advice advisory",
        "pim012-ga-ratio-advice advisory",
      ],
    );
    assert.match(
      said[0]?.message ?? "",
      /^PIM001: ann@contoso\.example would hold Global Administrator permanently.*\(CISA MS\.AAD\.7\.4/,
    );
    assert.equal(said[0]?.urn, permanent.urn);
  });

  it("say that an unknown value is not evaluable, and judge everything else", () => {
    const said = violations([unknown, permanent]);
    const about = (urn: string) =>
      said.filter((one) => one.urn === urn).map(({ policy }) => policy);
    assert.deepEqual(about(unknown.urn), ["pim027-not-evaluable-advice"]);
    assert.deepEqual(about(permanent.urn), ["pim001-permanent-active"]);
  });

  it("judge by role and kind also while the principal is unknown", () => {
    const standing = resource("ActiveAssignment", "dana", {
      ...assignment({ ...GA, expiration: { permanent: true } }),
      principal: { user: UNKNOWN },
      principalId: UNKNOWN,
    });
    assert.deepEqual(
      violations([standing]).map(({ policy }) => policy),
      ["pim001-permanent-active", "pim012-ga-ratio-advice", "pim027-not-evaluable-advice"],
    );
  });

  it("judge groups only when the whole stack is seen", () => {
    const group = { principal: { group: guid(9) }, principalId: guid(9), principalKind: "group" };
    const holds = resource(
      "ActiveAssignment",
      "team",
      assignment({ ...GA, ...group, expiration: { permanent: true } }),
    );
    const member = resource(
      "EligibleAssignment",
      "m",
      assignment({
        directoryRole: undefined,
        roleDefinitionId: undefined,
        group: { group: guid(9), access: "member" },
        groupId: guid(9),
      }),
    );
    const names = (subjects: readonly Subject[]) =>
      violations(subjects)
        .map(({ policy }) => policy)
        .filter((name) => name.startsWith("pim001"));
    assert.deepEqual(names([holds]), ["pim001-permanent-active-stack"]);
    assert.deepEqual(names([holds, member]), []);
  });

  it("read outputs of a stack policy, with settings that are only observed", () => {
    const outputs = resource("RoleSettings", "ga", {
      ...settings({ activation: { requireMfa: true } }, GA),
      policyId: "p",
      observed: { activation: { requireApproval: false } },
      written: {},
    });
    assert.ok(violations([outputs]).some(({ policy }) => policy === "pim003-ga-no-approval"));
  });

  it("follow the configuration: profile, rules, waivers, emergency accounts", () => {
    const blocks = (config: object) =>
      violations([permanent], { config }).filter(({ level }) => level === "mandatory").length;
    assert.equal(blocks({}), 1);
    assert.equal(blocks({ breakGlass: ["ann@contoso.example"] }), 0);
    assert.equal(blocks({ rules: { PIM001: "warn" } }), 0);
    assert.equal(
      blocks({
        waivers: [
          { rule: "PIM001", principal: "ann@contoso.example", reason: "x", expires: "2026-12-01" },
        ],
      }),
      0,
    );
    assert.equal(
      blocks({
        waivers: [
          { rule: "PIM001", principal: "ann@contoso.example", reason: "x", expires: "2026-11-30" },
        ],
      }),
      1,
    );
    assert.throws(() => policies({ config: { profil: "cisa" } }), GuardrailConfigError);
  });

  it("can be selected by rule and severity, at a level of one's own", () => {
    const names = (list: Policies) => list.map(({ name }) => name);
    assert.deepEqual(names(policies({ rules: ["PIM001"], severities: ["block"] })), [
      "pim001-permanent-active",
      "pim001-permanent-active-stack",
    ]);
    const selected = selectPolicies({ severities: ["warn"] }, "mandatory");
    assert.ok(
      selected.every(
        ({ name, enforcementLevel }) =>
          name.endsWith("-advice") && enforcementLevel === "mandatory",
      ),
    );
    const all = names(policies());
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every((name) => /^[a-z0-9-]+$/.test(name)));
    // Rules that need a before, or the tenant, are the preview's.
    assert.ok(!all.some((name) => /^pim0(?:15|21|22|23|25|26|28|29|31)/.test(name)));
  });
});
