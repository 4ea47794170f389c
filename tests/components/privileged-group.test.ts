import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as pim from "../../src/index";
import { named, recordResources, resolvedValue } from "../resources/record-resources";

const ANN = "11111111-1111-4111-8111-111111111111";
const BOB = "22222222-2222-4222-8222-222222222222";
const TEAM = "33333333-3333-4333-8333-333333333333";
const GROUP = "azuread:index/groupWithoutMembers:GroupWithoutMembers";

const held = (user: string): pim.AssignmentArgs => ({
  principal: { user },
  expiration: { duration: "P90D" },
  justification: "x",
});
const owners = [{ user: ANN }];

function refuses(program: () => unknown, ...problems: string[]): Promise<unknown> {
  return recordResources(() => {
    assert.throws(program, (error: Error) => {
      const [first = "", ...rest] = error.message.split("\n");
      const got =
        rest.length === 0
          ? [first.slice(first.indexOf('": ') + 3)]
          : rest.map((line) => line.slice(4));
      assert.deepEqual(got, problems);
      return true;
    });
  });
}

describe("PrivilegedGroup", () => {
  it("manages both sides of an existing group, under frozen names", async () => {
    let group: pim.PrivilegedGroup | undefined;
    const recorded = await recordResources(
      () => {
        group = new pim.PrivilegedGroup("team", {
          group: TEAM,
          member: {
            settings: { activation: { maximumDuration: "PT5H" } },
            eligibleAssignments: { ann: held(ANN) },
            activeAssignments: { bob: held(BOB) },
          },
          owner: {
            settings: { activation: { requireMfa: true } },
            eligibleAssignments: { ann: held(ANN) },
          },
        });
      },
      {
        answer: (_type, name) => ({
          groupId: TEAM,
          status: name.endsWith("bob") ? "expired" : "provisioned",
        }),
      },
    );
    assert.deepEqual(recorded.map(({ name }) => name).sort(), [
      "team",
      "team/active/member/bob",
      "team/eligible/member/ann",
      "team/eligible/owner/ann",
      "team/settings/member",
      "team/settings/owner",
    ]);
    assert.deepEqual(named(recorded, "team/eligible/owner/ann").inputs["group"], {
      group: TEAM,
      access: "owner",
    });
    assert.match(
      named(recorded, "team/eligible/owner/ann").dependencies.join(),
      /::team\/settings\/owner$/,
    );
    assert.ok(group);
    assert.equal(await resolvedValue(group.groupId), TEAM);
    assert.deepEqual(await resolvedValue(group.expired), ["active/member/bob"]);
    assert.deepEqual(Object.keys(await resolvedValue(group.assignmentIds)).sort(), [
      "active/member/bob",
      "eligible/member/ann",
      "eligible/owner/ann",
    ]);
  });

  it("makes a group through azuread: owners by id, no members", async () => {
    let group: pim.PrivilegedGroup | undefined;
    const recorded = await recordResources(
      () => {
        group = new pim.PrivilegedGroup("approvers", {
          newGroup: {
            displayName: "PIM approvers",
            assignableToRole: true,
            owners: [{ user: "ann@contoso.com" }, { user: BOB }, { servicePrincipal: "deployer" }],
          },
          member: { activeAssignments: { ann: held(ANN), bob: held(BOB) } },
        });
        new pim.DirectoryRole("r", {
          role: "Exchange Administrator",
          settings: {
            activation: { requireApproval: true, approvers: [{ group: group.groupId }] },
          },
        });
      },
      {
        answer: (type) => (type === GROUP ? { objectId: TEAM } : {}),
        call: (token) => ({ objectId: /getUser/.test(token) ? ANN : TEAM }),
      },
    );
    const made = named(recorded, "approvers/group");
    assert.equal(made.type, GROUP);
    assert.deepEqual(made.inputs, {
      displayName: "PIM approvers",
      securityEnabled: true,
      assignableToRole: true,
      owners: [ANN, BOB, TEAM],
    });
    assert.deepEqual(named(recorded, "approvers/active/member/ann").inputs["group"], {
      group: TEAM,
      access: "member",
    });
    // What the host is told: the group goes with the stack, and takes one of the tenant's 500 places.
    const { ownGroup, newGroup } = named(recorded, "approvers/active/member/ann").inputs;
    assert.deepEqual([ownGroup, newGroup], [true, 'PrivilegedGroup "approvers"']);
    // Whoever uses the group as approver waits until somebody in it can decide.
    assert.match(named(recorded, "r/settings").dependencies.join(), /active\/member\/ann/);
    assert.ok(group);
    assert.equal(await resolvedValue(group.groupId), TEAM);
  });

  it("keeps the id known in previews although members are not made yet", async () => {
    let group: pim.PrivilegedGroup | undefined;
    await recordResources(
      () => {
        group = new pim.PrivilegedGroup("team", {
          group: TEAM,
          member: { activeAssignments: { ann: held(ANN) } },
        });
      },
      { preview: true, answer: () => ({ groupId: TEAM }) },
    );
    assert.ok(group);
    assert.equal(await resolvedValue(group.groupId), TEAM);
  });

  it("rejects a group that is made in another kind than it was", async () => {
    let group: pim.PrivilegedGroup | undefined;
    await assert.rejects(async () => {
      await recordResources(
        () => {
          group = new pim.PrivilegedGroup("g", {
            newGroup: { displayName: "G", assignableToRole: true, owners },
          });
        },
        { answer: (type) => (type === GROUP ? { objectId: TEAM, assignableToRole: false } : {}) },
      );
      assert.ok(group);
      await (group.groupId as unknown as { promise(): Promise<string> }).promise();
    }, /newGroup\.assignableToRole: got true, expected false, as the group was made; it cannot be changed/);
  });

  it("rejects neither and both of group and newGroup", async () => {
    const one = "exactly one of group (an existing one) and newGroup";
    await refuses(() => new pim.PrivilegedGroup("g", {}), `expected ${one}`);
    await refuses(
      () => new pim.PrivilegedGroup("g", { group: TEAM, newGroup: { displayName: "x", owners } }),
      `expected ${one}`,
    );
  });

  it("rejects everything at once, side by side", async () => {
    await refuses(
      () =>
        new pim.PrivilegedGroup("g", {
          newGroup: { displayName: "", assignableToRole: true, owners: [] },
          member: {
            settings: { activation: { requireApproval: true, maximumDuration: "PT45M" } },
            eligibleAssignments: {
              nested: { principal: { group: TEAM }, expiration: { duration: "P1D" } },
            },
          },
          owner: {},
        }),
      'newGroup.displayName: got "", expected a name',
      "newGroup.owners: expected at least one owner; without one the service makes whoever deploys the owner, who could then change members",
      `member.eligibleAssignments.nested.principal: got {"group":"${TEAM}"}, expected a user or a service principal; a role-assignable group takes no group as member`,
      'member.settings.activation.maximumDuration: got "PT45M", expected PT30M to PT24H in steps of 30 minutes',
      "member.settings.activation.approvers: expected approvers beside activation.requireApproval: nobody else could decide",
      "owner.settings: expected settings, eligibleAssignments or activeAssignments; declare at least one: a role by itself changes nothing",
    );
  });

  it("rejects a native group in the default tenant under an explicit provider of another", async () => {
    await recordResources(() => {
      const provider = new pim.Provider("fabrikam", {
        tenantId: "d6050d51-0433-4b02-9494-4aab43a79c27",
      });
      assert.throws(
        () =>
          new pim.PrivilegedGroup("g", { newGroup: { displayName: "G", owners } }, { provider }),
        {
          message:
            'PrivilegedGroup "g": newGroup: expected an explicit azuread provider beside the explicit provider of this package; it would be made in the default tenant: give both, as { providers: [tenant, azuread] }',
        },
      );
      new pim.PrivilegedGroup("existing", { group: TEAM, member: { settings: {} } }, { provider });
    });
  });
});

describe("components together", () => {
  const approval = (...groups: pulumi.Input<string>[]): pim.SettingsArgs => ({
    activation: { requireApproval: true, approvers: groups.map((group) => ({ group })) },
  });

  it("reject an approver group without an active member", async () => {
    await recordResources(() => {
      const approvers = new pim.PrivilegedGroup("approvers", {
        newGroup: { displayName: "A", owners },
        member: { eligibleAssignments: { ann: held(ANN) } },
      });
      const args = {
        role: "Owner",
        scope: `/subscriptions/${ANN}`,
        settings: approval(approvers.groupId),
      };
      assert.throws(() => new pim.AzureRole("owner", args), {
        message:
          'AzureRole "owner": settings.activation.approvers: expected a group with an active member: PrivilegedGroup "approvers" has none; declare member.activeAssignments there: an eligible member cannot decide before activating',
      });
    });
  });

  it("reject a group that approves itself, and the role's own group", async () => {
    await refuses(
      () =>
        new pim.PrivilegedGroup("g", {
          group: TEAM,
          member: { settings: approval(TEAM.toUpperCase()) },
        }),
      "member.settings.activation.approvers: expected another group than this one; a group that approves its own activations protects nothing, and locks when nobody is active",
    );
    await refuses(
      () =>
        new pim.DirectoryRole("r", {
          role: "x",
          settings: approval(TEAM),
          eligibleAssignments: {
            team: { principal: { group: `/groups/${TEAM}` }, expiration: { duration: "P1D" } },
          },
        }),
      "settings.activation.approvers: expected another group than eligibleAssignments.team.principal.group; a group that holds the role would approve its own activations: name a separate group of approvers",
    );
  });

  it("reject groups that wait for each other", async () => {
    await recordResources(() => {
      new pim.PrivilegedGroup("a", { group: "A", member: { settings: approval("B") } });
      new pim.PrivilegedGroup("b", { group: "B", member: { settings: approval("C") } });
      assert.throws(
        () => new pim.PrivilegedGroup("c", { group: "C", member: { settings: approval("A") } }),
        {
          message:
            'PrivilegedGroup "c": member.settings.activation.approvers: expected approvers that do not wait for this group; each of these waits for the next: PrivilegedGroup "c", PrivilegedGroup "a", PrivilegedGroup "b", PrivilegedGroup "c"',
        },
      );
    });
  });

  it("reject a new group that cannot hold a directory role", async () => {
    await recordResources(() => {
      const team = new pim.PrivilegedGroup("team", { newGroup: { displayName: "T", owners } });
      const eligibleAssignments = {
        t: { principal: { group: team.groupId }, expiration: { duration: "P1D" } },
      };
      assert.throws(() => new pim.DirectoryRole("r", { role: "x", eligibleAssignments }), {
        message:
          'DirectoryRole "r": eligibleAssignments.t.principal.group: expected a role-assignable group: PrivilegedGroup "team" makes one that is not; declare newGroup.assignableToRole: true; it is set when a group is made and cannot be changed later',
      });
    });
  });

  it("forget what another run declared", async () => {
    for (const group of ["A", "B"]) {
      await recordResources(
        () =>
          new pim.PrivilegedGroup("x", {
            group,
            member: { settings: approval(group === "A" ? "B" : "A") },
          }),
      );
    }
  });
});

describe("BreakGlass", () => {
  const accounts = { one: { user: "bg1@contoso.com" }, two: { user: "bg2@contoso.com" } };

  it("holds Global Administrator permanently, takes over and never gives up", async () => {
    let breakGlass: pim.BreakGlass | undefined;
    const recorded = await recordResources(
      () => {
        breakGlass = new pim.BreakGlass("emergency", { accounts });
      },
      { answer: (_type, name) => ({ principalId: `${name}-principal` }) },
    );
    const { __provider: _text, ...inputs } = named(recorded, "emergency/active/one").inputs;
    assert.deepEqual(inputs, {
      directoryRole: { role: pim.EntraRole.GlobalAdministrator },
      principal: { user: "bg1@contoso.com" },
      expiration: { permanent: true },
      justification: "emergency access account",
      adopt: "always",
      onRemoved: "restore",
      onDelete: "keep",
      emergency: true,
      beside: "user:bg1@contoso.com\nuser:bg2@contoso.com",
      schemaVersion: 1,
      owner: "shop/prod/BreakGlass$ActiveAssignment/emergency/active/one",
    });
    assert.ok(breakGlass);
    assert.deepEqual(await resolvedValue(breakGlass.accountIds), {
      one: "emergency/active/one-principal",
      two: "emergency/active/two-principal",
    });
  });

  it("rejects fewer than two, guests, groups and the same account twice", async () => {
    const few =
      "expected two or more different accounts; with a single one, losing it locks the tenant";
    await refuses(
      () => new pim.BreakGlass("e", { accounts: { one: { user: "a@x.com" } } }),
      `accounts: got 1, ${few}`,
    );
    await refuses(
      () =>
        new pim.BreakGlass("e", {
          accounts: { one: { user: "a@x.com" }, two: { user: "A@X.com" } },
        }),
      `accounts: got 1, ${few}`,
    );
    await refuses(
      () =>
        new pim.BreakGlass("e", {
          accounts: { one: { user: "a_b.com#EXT#@x.com" }, two: { group: TEAM } },
        }),
      'accounts.one.user: got "a_b.com#EXT#@x.com", expected a member of this tenant, not a guest; a guest signs in elsewhere, which may be what failed',
      `accounts.two: got {"group":"${TEAM}"}, expected a user: an emergency account is one that a person signs in with`,
    );
  });

  it("rejects accounts that anything else touches, whichever is declared first", async () => {
    await recordResources(() => {
      new pim.BreakGlass("emergency", { accounts });
      assert.throws(
        () =>
          new pim.DirectoryRole("r", {
            role: "x",
            activeAssignments: { bg: held("BG1@contoso.com") },
          }),
        /activeAssignments\.bg\.principal: got "bg1@contoso\.com", expected an account that BreakGlass "emergency" \(accounts\.one\) does not hold/,
      );
      assert.throws(
        () =>
          new pim.EligibleAssignment("raw", {
            directoryRole: { role: "x" },
            ...held("bg2@contoso.com"),
          }),
        /^Error: EligibleAssignment "raw": principal: got "bg2@contoso\.com"/,
      );
    });
    await recordResources(() => {
      new pim.DirectoryRole("r", { role: "x", activeAssignments: { bg: held("BG1@contoso.com") } });
      assert.throws(
        () => new pim.BreakGlass("emergency", { accounts }),
        /accounts\.one: got "bg1@contoso\.com", expected an account that ActiveAssignment "r\/active\/bg" does not hold/,
      );
    });
  });
});

describe("AzureRole", () => {
  const scope = `/subscriptions/${ANN}`;

  it("names role and scope in every child, and passes conditions on", async () => {
    const recorded = await recordResources(
      () =>
        new pim.AzureRole("owner", {
          role: pim.AzureBuiltInRole.Owner,
          scope: pulumi.output(scope),
          settings: { activation: { maximumDuration: "PT1H" } },
          eligibleAssignments: { ann: { ...held(ANN), condition: "@Resource" } },
        }),
    );
    const azureRole = { role: pim.AzureBuiltInRole.Owner, scope };
    assert.deepEqual(named(recorded, "owner/settings").inputs["azureRole"], azureRole);
    const { inputs } = named(recorded, "owner/eligible/ann");
    assert.deepEqual(inputs["azureRole"], azureRole);
    assert.equal(inputs["condition"], "@Resource");
  });

  it("rejects everything at once in its own words", async () => {
    await refuses(
      () =>
        new pim.AzureRole("owner", {
          role: "",
          scope: "prod",
          settings: { unspecified: "defaults", activation: { requireApproval: true } },
          eligibleAssignments: {
            sp: { principal: { servicePrincipal: ANN }, expiration: { permanent: true } },
          },
        }),
      'role: got "", expected a role GUID, full id or name',
      'scope: got "prod", expected the ARM id of a management group, subscription, resource group or resource',
      'settings.unspecified: got "defaults", expected "observe"; Azure roles have no documented defaults that hold for every tenant and scope',
      "settings.activation.approvers: expected approvers beside activation.requireApproval: nobody else could decide",
      `eligibleAssignments.sp.principal: got {"servicePrincipal":"${ANN}"}, expected user or group for an eligible assignment; nobody could activate it for a service principal: declare an active assignment`,
    );
  });
});
