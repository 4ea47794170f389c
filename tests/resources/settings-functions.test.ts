import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { LEAF_PATHS, LEAVES } from "../../src/model/settings-leaves";
import { settingsProblems } from "../../src/model/settings-rules";
import { leavesOf } from "../../src/model/settings-tree";

const APPROVERS = {
  activation: { approvers: [{ user: "ann@contoso.com" }, { user: "bob@contoso.com" }] },
};

describe("mergeSettings", () => {
  it("lets the override win, value by value, and keeps the rest", () => {
    const output = pulumi.output("PT1H");
    const merged = pim.mergeSettings(
      { activation: { maximumDuration: "PT8H", requireMfa: true }, onDelete: "keep" },
      { activation: { maximumDuration: output }, activeAssignment: { allowPermanent: false } },
    );
    assert.equal(merged.activation?.maximumDuration, output);
    assert.equal(merged.activation?.requireMfa, true);
    assert.deepEqual(merged.activeAssignment, { allowPermanent: false });
    assert.equal(merged.onDelete, "keep");
  });

  it("replaces lists and changes neither argument", () => {
    const mails = (address: string) => ({
      notifications: { activation: { admin: { additionalRecipients: [address] } } },
    });
    const base = mails("a@contoso.com");
    const merged = pim.mergeSettings(base, mails("b@contoso.com"));
    assert.deepEqual(merged, mails("b@contoso.com"));
    assert.deepEqual(base, mails("a@contoso.com"));
  });

  it("lets an override choose between MFA and an authentication context", () => {
    const context = pim.mergeSettings(
      { activation: { requireMfa: true } },
      { activation: { authenticationContext: "c1" } },
    );
    assert.deepEqual(context, { activation: { authenticationContext: "c1" } });
    const mfa = pim.mergeSettings(
      { activation: { authenticationContext: "c1" } },
      { activation: { requireMfa: true } },
    );
    assert.deepEqual(mfa, { activation: { authenticationContext: "", requireMfa: true } });
  });

  it("rejects an Output in place of an object, naming the side and the property", () => {
    const output = pulumi.output({
      requireApproval: true,
    }) as unknown as pim.ActivationSettingsArgs;
    assert.throws(() => pim.mergeSettings({ activation: { ...output } }, { activation: output }), {
      message: [
        "mergeSettings: 2 problems",
        "  - base.activation: expected a plain object, not what is left of an Output that was spread; spreading an Output loses every property inside it: give each property by name, as { name: output.name }",
        "  - override.activation: expected a plain object, not an Output; only the values inside may be Outputs or Promises: give each property by name, as { name: output.name }",
      ].join("\n"),
    });
  });
});

describe("preset", () => {
  for (const profile of Object.values(pim.Profile)) {
    for (const tier of Object.values(pim.Tier)) {
      it(`declares every setting, valid on every surface: ${profile} ${tier}`, () => {
        const settings = pim.preset(profile, tier, APPROVERS);
        const everywhere = LEAF_PATHS.filter((path) => LEAVES[path].rule !== "pimOnlyMode");
        assert.deepEqual(Object.keys(leavesOf({ ...settings })).sort(), everywhere.sort());
        for (const surface of Object.values(pim.Surface)) {
          assert.deepEqual(settingsProblems(surface, { ...settings } as never), []);
        }
      });
    }
  }

  it("asks for approvers on groups and Azure roles where a profile asks for approval", () => {
    for (const surface of ["groups", "azureRoles"] as const) {
      const [problem] = settingsProblems(surface, pim.preset("cisa", "critical") as never);
      assert.equal(problem?.path, "activation.approvers");
    }
  });

  it("keeps what each control asks for", () => {
    const value = (profile: pim.Profile, tier: pim.Tier, path: string) =>
      (leavesOf({ ...pim.preset(profile, tier) }) as Record<string, unknown>)[path];
    const table: [pim.Profile, pim.Tier, string, unknown, string][] = [
      ["microsoft", "critical", "activation.maximumDuration", "PT1H", "plan: Global Administrator"],
      ["microsoft", "critical", "activation.requireTicket", true, "plan: Global Administrator"],
      ["microsoft", "high", "activation.maximumDuration", "PT2H", "plan: Exchange Administrator"],
      ["microsoft", "high", "activation.requireApproval", false, "plan: Exchange Administrator"],
      ["microsoft", "privileged", "activation.maximumDuration", "PT5H", "plan: PIM group member"],
      [
        "microsoft",
        "standard",
        "activation.maximumDuration",
        "PT8H",
        "plan: Helpdesk Administrator",
      ],
      ["microsoft", "critical", "eligibleAssignment.maximumDuration", "P90D", "plan: Azure Owner"],
      ["cisa", "critical", "activation.requireApproval", true, "MS.AAD.7.6"],
      ["cisa", "critical", "activeAssignment.allowPermanent", false, "MS.AAD.7.4"],
      ["cisa", "high", "activeAssignment.allowPermanent", false, "MS.AAD.7.4"],
      ["cisa", "standard", "activeAssignment.allowPermanent", true, "not spoken of"],
      ["cis-m365", "critical", "activation.requireApproval", true, "5.3.4, 5.3.5"],
      ["cis-m365", "privileged", "activeAssignment.allowPermanent", false, "5.3.1"],
      ["strict", "high", "activation.requireApproval", true, "as for Global Administrator"],
    ];
    for (const [profile, tier, path, wanted, control] of table) {
      assert.equal(value(profile, tier, path), wanted, `${profile} ${tier} ${path}: ${control}`);
    }
  });

  it("is never weaker than what Microsoft delivers, and strict never weaker than the others", () => {
    const requirements = LEAF_PATHS.filter((path) => /^activation\.require/.test(path));
    const leaves = (profile: pim.Profile, tier: pim.Tier) =>
      leavesOf({ ...pim.preset(profile, tier) });
    for (const tier of Object.values(pim.Tier)) {
      for (const profile of Object.values(pim.Profile)) {
        assert.equal(leaves(profile, tier)["activation.requireMfa"], true);
        assert.equal(leaves(profile, tier)["activation.requireJustification"], true);
        for (const path of requirements) {
          assert.ok(
            leaves("strict", tier)[path] || !leaves(profile, tier)[path],
            `${profile} ${tier} ${path}`,
          );
        }
      }
    }
  });

  it("rejects an unknown profile or tier", () => {
    assert.throws(() => pim.preset("ms" as pim.Profile, "top" as pim.Tier), {
      message: [
        "preset: 2 problems",
        '  - profile: got "ms", expected "microsoft" or "cisa" or "cis-m365" or "strict"',
        '  - tier: got "top", expected "critical" or "high" or "privileged" or "standard"',
      ].join("\n"),
    });
  });
});
