import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { named, recordResources, resolvedValue } from "../resources/record-resources";

const ANN = "11111111-1111-4111-8111-111111111111";
const ALL: pim.TenantBaselineArgs = {
  profile: "microsoft",
  approvers: [{ user: "ann@contoso.com" }, { user: "bob@contoso.com" }],
  alertRecipients: ["soc@contoso.com"],
  roles: {
    exchange: {
      role: "Exchange Administrator",
      settings: { activation: { maximumDuration: "PT1H" } },
      eligibleAssignments: { ann: { principal: { user: ANN }, expiration: { duration: "P90D" } } },
    },
    custom: { role: "Shop Operator", tier: "standard", settings: {} },
  },
};
const ARGS: pim.TenantBaselineArgs = { ...ALL, otherRoles: "unmanaged" };
const BREAK_GLASS = {
  accounts: { one: { user: "bg1@contoso.com" }, two: { user: "bg2@contoso.com" } },
};

type Tree = Record<string, Record<string, unknown>>;

describe("TenantBaseline", function () {
  // Under tsx each resource of a run costs thirty milliseconds, and there are 142 roles.
  this.timeout(30_000);

  it("gives every built-in role settings by its tier, and named ones their own on top", async () => {
    const recorded = await recordResources(() => new pim.TenantBaseline("baseline", ALL));
    const settings = recorded.filter(({ type }) => type.endsWith(":RoleSettings"));
    assert.equal(settings.length, 142 + 1);
    const exchange = named(recorded, "baseline/roles/exchange/settings").inputs as Tree;
    assert.equal(exchange["activation"]?.["maximumDuration"], "PT1H");
    assert.equal(exchange["activeAssignment"]?.["allowPermanent"], false);
    const global = named(recorded, "baseline/other/GlobalAdministrator/settings").inputs as Tree;
    assert.deepEqual(global["activation"]?.["approvers"], ARGS.approvers);
    assert.equal(global["activeAssignment"]?.["allowPermanent"], false);
    const admin = (name: string) =>
      (named(recorded, name).inputs as Record<string, Record<string, Tree>>)["notifications"]?.[
        "activation"
      ]?.["admin"];
    assert.deepEqual(
      admin("baseline/other/GlobalAdministrator/settings")?.["additionalRecipients"],
      ["soc@contoso.com"],
    );
    assert.deepEqual(admin("baseline/other/ReportsReader/settings")?.["additionalRecipients"], []);
    assert.equal(
      (named(recorded, "baseline/roles/custom/settings").inputs as Tree)["activation"]?.[
        "maximumDuration"
      ],
      "PT8H",
    );
    assert.ok(!recorded.some(({ name }) => name === "baseline/other/ExchangeAdministrator"));
  });

  it("leaves other roles alone when told so", async () => {
    const recorded = await recordResources(
      () => new pim.TenantBaseline("baseline", { ...ARGS, otherRoles: "unmanaged" }),
    );
    assert.equal(recorded.filter(({ type }) => type.endsWith(":RoleSettings")).length, 2);
  });

  it("makes Global Administrator's settings, then emergency accounts, then the rest", async () => {
    const recorded = await recordResources(
      () => new pim.TenantBaseline("baseline", { ...ALL, breakGlass: BREAK_GLASS }),
    );
    const global = named(recorded, "baseline/other/GlobalAdministrator/settings");
    assert.equal((global.inputs as Tree)["activeAssignment"]?.["allowPermanent"], true);
    const account = named(recorded, "baseline/break-glass/active/one");
    assert.match(account.dependencies.join(), /GlobalAdministrator\/settings/);
    const other = named(recorded, "baseline/roles/exchange/settings");
    assert.match(other.dependencies.join(), /break-glass\/active\/one/);
    assert.deepEqual(
      global.dependencies.filter((urn) => /break-glass/.test(urn)),
      [],
    );
  });

  it("lays tiers over the profile", async () => {
    const tiers = { high: { activation: { requireTicket: true } } };
    const recorded = await recordResources(
      () => new pim.TenantBaseline("baseline", { ...ALL, tiers }),
    );
    const ticket = (name: string) =>
      (named(recorded, name).inputs as Tree)["activation"]?.["requireTicket"];
    assert.equal(ticket("baseline/roles/exchange/settings"), true);
    assert.equal(ticket("baseline/other/ReportsReader/settings"), false);
  });

  it("answers ids and what has expired by the keys of the named roles", async () => {
    let baseline: pim.TenantBaseline | undefined;
    await recordResources(
      () => {
        baseline = new pim.TenantBaseline("b", ARGS);
      },
      { answer: () => ({ roleDefinitionId: "id", status: "expired" }) },
    );
    assert.ok(baseline);
    assert.deepEqual(await resolvedValue(baseline.roleDefinitionIds), {
      exchange: "id",
      custom: "id",
    });
    assert.deepEqual(await resolvedValue(baseline.expired), ["exchange/eligible/ann"]);
  });

  it("rejects what would keep it from knowing its roles", async () => {
    const args = {
      ...ARGS,
      profile: "ms",
      approvers: [],
      tiers: { top: {} },
      roles: {
        a: { role: pulumi.output("x"), settings: {} },
        b: { role: "Exchange Administrator", settings: {} },
        c: { role: pim.EntraRole.ExchangeAdministrator, tier: pulumi.output("high"), settings: {} },
      },
    } as unknown as pim.TenantBaselineArgs;
    const tiers = '"critical" or "high" or "privileged" or "standard"';
    await recordResources(() => {
      assert.throws(() => new pim.TenantBaseline("b", args), {
        message: [
          'TenantBaseline "b": 6 problems',
          '  - profile: got "ms", expected "microsoft" or "cisa" or "cis-m365" or "strict"',
          "  - approvers: got [], expected at least one approver",
          `  - tiers.top: expected one of the tiers ${tiers}`,
          "  - roles.a.role: expected a plain role, not an Output; its settings follow from it: give its id or name",
          `  - roles.c.tier: expected ${tiers}, not an Output; it decides what is made`,
          `  - roles.c.role: got "${pim.EntraRole.ExchangeAdministrator}", expected another role than roles.b`,
        ].join("\n"),
      });
    });
  });

  it("rejects everything that is wrong with its roles and emergency accounts at once", async () => {
    const args: pim.TenantBaselineArgs = {
      ...ARGS,
      breakGlass: BREAK_GLASS,
      roles: {
        global: {
          role: "Global Administrator",
          settings: { activeAssignment: { allowPermanent: false } },
          activeAssignments: {
            bg: {
              principal: { user: "bg1@contoso.com" },
              expiration: { duration: "P1D" },
              justification: "x",
            },
          },
        },
        exchange: {
          role: "Exchange Administrator",
          eligibleAssignments: {
            ann: { principal: { user: ANN }, expiration: { permanent: true } },
          },
        },
      },
    };
    await recordResources(() => {
      assert.throws(() => new pim.TenantBaseline("b", args), {
        message: [
          'TenantBaseline "b": 3 problems',
          "  - roles.global.activeAssignments.bg.principal: expected an account that breakGlass does not hold; an emergency account serves one purpose and is touched by one declaration",
          "  - roles.global.settings.activeAssignment.allowPermanent: got false, expected true on Global Administrator beside breakGlass; the emergency accounts hold it permanently: leave it out",
          "  - roles.exchange.eligibleAssignments.ann.expiration.permanent: got true, expected an end: eligibleAssignment.allowPermanent is false in the settings declared for this role; give expiration.duration up to P90D",
        ].join("\n"),
      });
    });
  });
});
