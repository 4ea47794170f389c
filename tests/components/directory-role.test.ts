import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { named, recordResources, resolvedValue } from "../resources/record-resources";

const ANN = "11111111-1111-4111-8111-111111111111";
const BOB = "22222222-2222-4222-8222-222222222222";
const UNIT = `/administrativeUnits/${BOB}`;

describe("DirectoryRole", () => {
  const args: pim.DirectoryRoleArgs = {
    role: pim.EntraRole.ExchangeAdministrator,
    settings: {
      eligibleAssignment: { allowPermanent: false, maximumDuration: "P180D" },
      activeAssignment: { requireJustification: true },
    },
    eligibleAssignments: {
      ann: { principal: { user: ANN }, expiration: { duration: "P90D" } },
    },
    activeAssignments: {
      bob: {
        principal: { user: BOB },
        expiration: { permanent: true },
        scope: UNIT,
        justification: "CHG-1",
      },
    },
  };

  it("makes settings first and assignments after them, all under the component", async () => {
    const recorded = await recordResources(() => new pim.DirectoryRole("exchange", args));
    assert.deepEqual(recorded.map(({ name }) => name).sort(), [
      "exchange",
      "exchange/active/bob",
      "exchange/eligible/ann",
      "exchange/settings",
    ]);
    const component = named(recorded, "exchange");
    assert.equal(component.type, "pulumi-entra-pim:index:DirectoryRole");
    assert.deepEqual(component.inputs, {}, "arguments would be stored, and shown, twice");
    for (const child of recorded.filter(({ custom }) => custom)) {
      assert.match(child.parent, /pulumi-entra-pim:index:DirectoryRole::exchange$/);
    }
    for (const name of ["exchange/eligible/ann", "exchange/active/bob"]) {
      const [settings, ...others] = named(recorded, name).dependencies;
      assert.match(settings ?? "", /RoleSettings::exchange\/settings$/);
      assert.deepEqual(others, []);
    }
  });

  it("gives each assignment its scope and the limits of its kind", async () => {
    const recorded = await recordResources(() => new pim.DirectoryRole("exchange", args));
    const { __provider: _text, ...active } = named(recorded, "exchange/active/bob").inputs;
    assert.deepEqual(active, {
      directoryRole: { role: pim.EntraRole.ExchangeAdministrator, scope: UNIT },
      principal: { user: BOB },
      expiration: { permanent: true },
      justification: "CHG-1",
      limits: { requireJustification: true },
      schemaVersion: 1,
      owner: "shop/prod/DirectoryRole$ActiveAssignment/exchange/active/bob",
    });
    assert.deepEqual(named(recorded, "exchange/eligible/ann").inputs["limits"], {
      allowPermanent: false,
      maximumDuration: "P180D",
    });
  });

  it("passes limits inside Outputs on, resolved, for the check of the child", async () => {
    const recorded = await recordResources(
      () =>
        new pim.DirectoryRole("r", {
          role: "x",
          settings: {
            eligibleAssignment: {
              maximumDuration: pulumi.output("P30D"),
              allowPermanent: pulumi.output(false),
            },
          },
          eligibleAssignments: {
            ann: { principal: { user: ANN }, expiration: { duration: pulumi.output("P90D") } },
          },
        }),
    );
    assert.deepEqual(named(recorded, "r/eligible/ann").inputs["limits"], {
      allowPermanent: false,
      maximumDuration: "P30D",
    });
  });

  it("takes limits from Microsoft's defaults where these are asked for", async () => {
    const recorded = await recordResources(
      () =>
        new pim.DirectoryRole("r", {
          role: "x",
          settings: { unspecified: "defaults" },
          activeAssignments: {
            ann: { principal: { user: ANN }, expiration: { permanent: true }, justification: "y" },
          },
        }),
    );
    assert.deepEqual(named(recorded, "r/active/ann").inputs["limits"], {
      allowPermanent: true,
      maximumDuration: "P180D",
      requireJustification: true,
      requireMfa: false,
    });
  });

  it("answers role, ids by key and what has expired", async () => {
    let role: pim.DirectoryRole | undefined;
    await recordResources(
      () => {
        role = new pim.DirectoryRole("exchange", args);
      },
      {
        answer: (_type, name) => ({
          roleDefinitionId: "role-id",
          status: name === "exchange/eligible/ann" ? "expired" : "provisioned",
        }),
      },
    );
    assert.ok(role);
    assert.equal(await resolvedValue(role.roleDefinitionId), "role-id");
    assert.deepEqual(await resolvedValue(role.assignmentIds), {
      "eligible/ann": "exchange/eligible/ann-id",
      "active/bob": "exchange/active/bob-id",
    });
    assert.deepEqual(await resolvedValue(role.expired), ["eligible/ann"]);
  });

  it("answers the role also without settings", async () => {
    let role: pim.DirectoryRole | undefined;
    await recordResources(
      () => {
        const { settings: _none, ...rest } = args;
        role = new pim.DirectoryRole("exchange", rest);
      },
      { answer: () => ({ roleDefinitionId: "role-id" }) },
    );
    assert.ok(role);
    assert.equal(await resolvedValue(role.roleDefinitionId), "role-id");
  });

  it("rejects everything at once, before any child is registered", async () => {
    const output = pulumi.output({ user: BOB });
    const wrong = {
      role: " ",
      setings: {},
      settings: {
        activation: { maximumDuration: "PT45M" },
        eligibleAssignment: {
          allowPermanent: false,
          maximumDuration: "P30D",
          requireJustification: true,
        },
      },
      eligibleAssignments: {
        "a/b": args.eligibleAssignments?.["ann"],
        messaging: { principal: { user: ANN }, expiration: { duration: "P90D" } },
        again: {
          principal: { user: ANN.toUpperCase() },
          expiration: { permanent: true },
          justification: "x",
        },
        spread: {
          principal: { ...output },
          expiration: { duration: "P1D" },
          justification: "x",
          scope: "nowhere",
        },
      },
    } as unknown as pim.DirectoryRoleArgs;
    const settings = "in the settings declared for this role";
    const expected = [
      'DirectoryRole "exchange": 10 problems',
      "  - setings: expected one of the properties role, settings, eligibleAssignments, activeAssignments; did you mean settings?",
      '  - eligibleAssignments: got "a/b", expected keys that are not empty and contain no "/"; a key becomes a part of a resource\'s name',
      "  - eligibleAssignments.spread.principal: expected a plain object, not what is left of an Output that was spread; spreading an Output loses every property inside it: give each property by name, as { name: output.name }",
      '  - role: got " ", expected a role definition id or a display name',
      '  - settings.activation.maximumDuration: got "PT45M", expected PT30M to PT24H in steps of 30 minutes',
      `  - eligibleAssignments.messaging.expiration.duration: got "P90D", expected at most P30D: eligibleAssignment.maximumDuration ${settings}`,
      `  - eligibleAssignments.messaging.justification: expected a text: eligibleAssignment.requireJustification is true ${settings}`,
      `  - eligibleAssignments.again.expiration.permanent: got true, expected an end: eligibleAssignment.allowPermanent is false ${settings}; give expiration.duration up to P30D`,
      '  - eligibleAssignments.spread.scope: got "nowhere", expected "/", "/administrativeUnits/{id}" or "/{object id}"',
      `  - eligibleAssignments.again.principal: got "${ANN.toUpperCase()}", expected another principal than eligibleAssignments.messaging; a principal holds one assignment of a role at a scope: keep one of the two`,
    ].join("\n");
    const recorded = await recordResources(() => {
      assert.throws(() => new pim.DirectoryRole("exchange", wrong), { message: expected });
    });
    assert.deepEqual(
      recorded.filter(({ custom }) => custom),
      [],
    );
  });

  it("accepts the same principal at two scopes, and eligible beside active", async () => {
    const one = { principal: { user: ANN }, expiration: { permanent: true } };
    const recorded = await recordResources(
      () =>
        new pim.DirectoryRole("r", {
          role: "x",
          eligibleAssignments: { a: one, b: { ...one, scope: UNIT } },
          activeAssignments: { a: one },
        }),
    );
    assert.equal(recorded.filter(({ custom }) => custom).length, 3);
  });

  it("rejects a role with nothing to manage", async () => {
    await recordResources(() => {
      assert.throws(() => new pim.DirectoryRole("r", { role: "x", eligibleAssignments: {} }), {
        message:
          'DirectoryRole "r": settings: expected settings, eligibleAssignments or activeAssignments; declare at least one: a role by itself changes nothing',
      });
    });
  });
});
