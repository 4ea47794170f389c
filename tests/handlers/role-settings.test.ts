import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bag, inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const role = ROLES.exchangeAdministrator;

describe("the settings of a role", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
    at.forgetRequests();
  });
  afterEach(() => at.close());

  const settings = (declared: object, name = "x") =>
    new Life("RoleSettings", { directoryRole: { role }, ...declared }, name);
  const up = (life: Life) => inRun(at, (run) => life.up(run));
  const isSame = (life: Life) =>
    inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.up(run), "same");
    });

  it("are written only where they are declared and differ, in one request", async () => {
    const before = await at.rules(role);
    const life = settings({
      activation: { maximumDuration: "PT2H", requireTicket: true, requireMfa: true },
    });
    await up(life);
    assert.equal(at.writes().length, 1);
    const after = await at.rules(role);
    assert.equal(after.Expiration_EndUser_Assignment?.maximumDuration, "PT2H");
    assert.deepEqual(after.Enablement_EndUser_Assignment?.enabledRules.sort(), [
      "Justification",
      "MultiFactorAuthentication",
      "Ticketing",
    ]);
    for (const [id, rule] of Object.entries(before)) {
      if (!id.endsWith("EndUser_Assignment") || id.startsWith("Notification"))
        assert.deepEqual(after[id], rule);
    }
    // Asking for MFA says that no authentication context is asked for, which is a leaf of its own.
    assert.deepEqual(life.inputs.found, {
      activation: {
        maximumDuration: "PT8H",
        requireMfa: true,
        authenticationContext: "",
        requireTicket: false,
      },
    });
    await isSame(life);
  });

  it("hold every rule, also the one that the portal hides, and nine kinds of mail", async () => {
    const mails = {
      level: "critical",
      defaultRecipients: false,
      additionalRecipients: ["soc@contoso.com"],
    };
    const all = { admin: mails, assignee: mails, approver: mails };
    const bob = await at.user("bob");
    const life = settings({
      activation: {
        maximumDuration: "PT1H",
        requireMfa: false,
        authenticationContext: "c1",
        requireJustification: false,
        requireTicket: true,
        requireApproval: true,
        approvers: [{ user: "bob@contoso.com" }],
      },
      eligibleAssignment: {
        allowPermanent: false,
        maximumDuration: "P30D",
        requireMfa: true,
        requireJustification: true,
      },
      activeAssignment: {
        allowPermanent: false,
        maximumDuration: "P15D",
        requireMfa: true,
        requireJustification: false,
      },
      notifications: { eligibleAssignment: all, activeAssignment: all, activation: all },
    });
    const before = await at.settingsText(role);
    await up(life);
    assert.equal(at.writes().length, 1);
    const rules = await at.rules(role);
    assert.deepEqual(rules.Enablement_Admin_Eligibility?.enabledRules.sort(), [
      "Justification",
      "MultiFactorAuthentication",
    ]);
    assert.deepEqual(rules.Enablement_Admin_Assignment?.enabledRules, [
      "MultiFactorAuthentication",
    ]);
    assert.equal(rules.AuthenticationContext_EndUser_Assignment?.claimValue, "c1");
    assert.equal(rules.Expiration_Admin_Eligibility?.isExpirationRequired, true);
    assert.equal(
      rules.Approval_EndUser_Assignment?.setting.approvalStages[0].primaryApprovers[0].userId,
      bob,
    );
    const notifications = Object.values(rules).filter(({ id }) => id.startsWith("Notification"));
    assert.equal(notifications.length, 9);
    for (const rule of notifications) {
      assert.deepEqual(
        [rule.notificationLevel, rule.isDefaultRecipientsEnabled, rule.notificationRecipients],
        ["Critical", false, ["soc@contoso.com"]],
      );
    }
    await isSame(life);
    const said = await inRun(at, (run) => life.delete(run));
    assert.equal(await at.settingsText(role), before);
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /RoleSettings "x": settings of Exchange Administrator: given back as found: activation.maximumDuration "PT1H" -> "PT8H" \(weaker\); .*activation.approvers \[user /,
    );
  });

  it("do not differ in spelling, order, letter case, recipients' case or an approver's name", async () => {
    const life = settings({
      activation: {
        maximumDuration: "PT24H",
        requireApproval: true,
        approvers: [{ user: "bob@contoso.com" }, { user: "carla@contoso.com" }],
      },
      notifications: {
        activation: {
          admin: { level: "all", additionalRecipients: ["a@contoso.com", "B@contoso.com"] },
        },
      },
    });
    await up(life);
    const bob = await at.user("bob");
    await at.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "P1D" });
    Object.assign(life.declared, {
      directoryRole: { role: "exchange administrator" },
      activation: {
        maximumDuration: "P1D",
        requireApproval: true,
        approvers: [{ user: "CARLA@contoso.com" }, { user: bob.toUpperCase() }],
      },
      notifications: {
        activation: {
          admin: { level: "all", additionalRecipients: ["b@contoso.com", "A@contoso.com"] },
        },
      },
      owner: "test/dev/RoleSettings/y",
    });
    await isSame(life);
  });

  const drifts: [string, string, Record<string, unknown>, object][] = [
    [
      "activation.maximumDuration",
      "Expiration_EndUser_Assignment",
      { maximumDuration: "PT4H" },
      { activation: { maximumDuration: "PT2H" } },
    ],
    [
      "activation.requireMfa",
      "Enablement_EndUser_Assignment",
      { enabledRules: ["Justification"] },
      { activation: { requireMfa: true } },
    ],
    [
      "activation.requireJustification",
      "Enablement_EndUser_Assignment",
      { enabledRules: [] },
      { activation: { requireJustification: true } },
    ],
    [
      "activation.authenticationContext",
      "AuthenticationContext_EndUser_Assignment",
      { isEnabled: false, claimValue: "" },
      { activation: { authenticationContext: "c1" } },
    ],
    [
      "eligibleAssignment.allowPermanent",
      "Expiration_Admin_Eligibility",
      { isExpirationRequired: false },
      { eligibleAssignment: { allowPermanent: false } },
    ],
    [
      "activeAssignment.requireMfa",
      "Enablement_Admin_Assignment",
      { enabledRules: ["Justification"] },
      { activeAssignment: { requireMfa: true } },
    ],
    [
      "notifications.activation.admin.level",
      "Notification_Admin_EndUser_Assignment",
      { notificationLevel: "None" },
      { notifications: { activation: { admin: { level: "all" } } } },
    ],
    [
      "notifications.activation.admin.additionalRecipients",
      "Notification_Admin_EndUser_Assignment",
      { notificationRecipients: ["x@contoso.com"] },
      { notifications: { activation: { admin: { additionalRecipients: ["y@contoso.com"] } } } },
    ],
  ];
  for (const [path, rule, change, declared] of drifts) {
    it(`show that somebody changed ${path}, and repair it`, async () => {
      const life = settings(declared);
      await up(life);
      const [container = "", leaf = ""] = path.split(/\.(?=[^.]*$)/);
      const at2 = (bag: Bag) =>
        container.split(".").reduce((node, key) => node?.[key], bag)?.[leaf];
      const wanted = at2(life.inputs);
      await at.changeRule(role, rule, change);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.notDeepEqual(at2(life.inputs), wanted);
        assert.deepEqual(await life.plan(run), [path.split(".")[0]]);
        assert.equal(await life.up(run), "update");
      });
      assert.deepEqual(at2(life.inputs), wanted);
      await isSame(life);
    });
  }

  it("show that somebody took approval away or named others", async () => {
    const life = settings({
      activation: { requireApproval: true, approvers: [{ user: "bob@contoso.com" }] },
    });
    await up(life);
    const carla = await at.user("carla");
    const { setting } = (await at.rules(role)).Approval_EndUser_Assignment ?? {
      setting: undefined,
    };
    const [stage] = setting.approvalStages;
    const approvers = [{ "@odata.type": "#microsoft.graph.singleUser", userId: carla }];
    await at.changeRule(role, "Approval_EndUser_Assignment", {
      setting: {
        ...setting,
        isApprovalRequired: false,
        approvalStages: [{ ...stage, primaryApprovers: approvers }],
      },
    });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.deepEqual(life.inputs.activation, {
        requireApproval: false,
        approvers: [{ user: carla }],
      });
      assert.deepEqual(await life.plan(run), ["activation"]);
      await life.up(run);
    });
    await isSame(life);
    assert.equal(
      (await at.rules(role)).Approval_EndUser_Assignment?.setting.isApprovalRequired,
      true,
    );
  });

  it("report changes of what is not declared, and leave them alone", async () => {
    const life = settings({ activation: { maximumDuration: "PT2H" } });
    await up(life);
    await at.changeRule(role, "Expiration_Admin_Eligibility", {
      isExpirationRequired: true,
      maximumDuration: "P30D",
    });
    await isSame(life);
    assert.deepEqual(life.outputs.observed.eligibleAssignment.maximumDuration, "P30D");
    life.declared.activation.maximumDuration = "PT3H";
    await up(life);
    await inRun(at, (run) => life.delete(run));
    assert.equal((await at.rules(role)).Expiration_Admin_Eligibility?.maximumDuration, "P30D");
    assert.equal((await at.rules(role)).Expiration_EndUser_Assignment?.maximumDuration, "PT8H");
  });

  describe("that a run wrote which was cut off before the state heard of it", () => {
    let journal: string;
    beforeEach(() => {
      journal = mkdtempSync(join(tmpdir(), "entra-pim-journal-"));
    });
    afterEach(() => rmSync(journal, { recursive: true, force: true }));

    const declared = {
      activation: { maximumDuration: "PT2H", requireTicket: true },
      eligibleAssignment: { allowPermanent: false, maximumDuration: "P30D" },
    };
    const upHere = (life: Life) => inRun(at, (run) => life.up(run), { journal });

    it("keep what that run found, where it is still as that run wrote it", async () => {
      const untouched = await at.settingsText(role);
      await upHere(settings(declared));
      await at.changeRule(role, "Expiration_Admin_Eligibility", {
        isExpirationRequired: true,
        maximumDuration: "P7D",
      });
      const again = settings(declared);
      assert.deepEqual(await upHere(again), []);
      assert.equal(again.outputs.found.activation.maximumDuration, "PT8H");
      assert.equal(again.outputs.found.eligibleAssignment.maximumDuration, "P7D");
      assert.equal(readdirSync(journal).length, 1);
      await inRun(at, (run) => again.check(run), { journal });
      assert.deepEqual(readdirSync(journal), [], "the state holds it by now");
      await inRun(at, (run) => again.delete(run), { journal });
      await at.changeRule(role, "Expiration_Admin_Eligibility", {
        isExpirationRequired: false,
        maximumDuration: "P365D",
      });
      assert.equal(await at.settingsText(role), untouched);
    });

    it("keep what an update found of leaves that were new to it", async () => {
      const life = settings({ activation: { maximumDuration: "PT2H" } });
      await upHere(life);
      const { inputs, outputs } = structuredClone({ inputs: life.inputs, outputs: life.outputs });
      life.declared = { ...life.declared, ...declared };
      await upHere(life);
      Object.assign(life, { inputs, outputs });
      await upHere(life);
      assert.equal(life.outputs.found.eligibleAssignment.allowPermanent, true);
      assert.equal(life.outputs.found.activation.requireTicket, false);
      await inRun(at, (run) => life.refresh(run), { journal });
      assert.deepEqual(readdirSync(journal), []);
    });

    it("are said to hide what was there, on a machine that knows nothing of it", async () => {
      await up(settings(declared));
      const again = settings(declared);
      const said = await up(again);
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(
        said[0] ?? "",
        /settings of Exchange Administrator: are as declared already, changed at .*; if a run of this stack made them so and was cut off, what it found is not known here: deleting gives back what is there now/,
      );
      at.advance("PT2H");
      assert.deepEqual(await up(settings(declared, "y")), []);
    });
  });

  it("give back only what is still ours, and name the rest", async () => {
    const life = settings({ activation: { maximumDuration: "PT2H", requireTicket: true } });
    await up(life);
    await at.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "PT1H" });
    const said = await inRun(at, (run) => life.delete(run));
    assert.equal((await at.rules(role)).Expiration_EndUser_Assignment?.maximumDuration, "PT1H");
    assert.ok(
      !(await at.rules(role)).Enablement_EndUser_Assignment?.enabledRules.includes("Ticketing"),
    );
    assert.deepEqual(said, [
      'RoleSettings "x": settings of Exchange Administrator: left as they are, because somebody changed them since: activation.maximumDuration "PT1H"',
      'RoleSettings "x": settings of Exchange Administrator: given back as found: activation.requireTicket true -> false (weaker)',
    ]);
  });

  it("keep what was found of a leaf that leaves the program, use it when it returns, and give it back in the end", async () => {
    const life = settings({ activation: { maximumDuration: "PT2H", requireTicket: true } });
    await up(life);
    life.declared.activation = { requireTicket: true };
    await inRun(at, async (run) => assert.equal(await life.up(run), "update"));
    assert.equal((await at.rules(role)).Expiration_EndUser_Assignment?.maximumDuration, "PT2H");
    assert.equal(life.inputs.found.activation.maximumDuration, "PT8H");
    assert.equal(life.outputs.written.activation.maximumDuration, "PT2H");
    await isSame(life);
    life.declared.activation = { requireTicket: true, maximumDuration: "PT3H" };
    await up(life);
    assert.equal(life.inputs.found.activation.maximumDuration, "PT8H");
    life.declared.activation = { requireTicket: true };
    await up(life);
    await inRun(at, (run) => life.delete(run));
    assert.equal((await at.rules(role)).Expiration_EndUser_Assignment?.maximumDuration, "PT8H");
  });

  it("declare Microsoft's defaults for the rest with unspecified defaults", async () => {
    await at.changeRule(role, "Expiration_Admin_Assignment", {
      isExpirationRequired: true,
      maximumDuration: "P30D",
    });
    const life = settings({ activation: { maximumDuration: "PT2H" }, unspecified: "defaults" });
    await up(life);
    assert.equal((await at.rules(role)).Expiration_Admin_Assignment?.maximumDuration, "P180D");
    assert.deepEqual(life.outputs.observed, {});
    await at.changeRule(role, "Expiration_Admin_Assignment", { maximumDuration: "P15D" });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.deepEqual(await life.plan(run), ["activeAssignment"]);
      await life.up(run);
    });
    await isSame(life);
    await inRun(at, (run) => life.delete(run));
    const rules = await at.rules(role);
    assert.equal(rules.Expiration_Admin_Assignment?.maximumDuration, "P30D");
    assert.equal(rules.Expiration_Admin_Assignment?.isExpirationRequired, true);
  });

  it("become Microsoft's defaults with onDelete defaults, and stay with keep", async () => {
    await at.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "PT4H" });
    for (const [onDelete, left] of [
      ["keep", "PT2H"],
      ["defaults", "PT8H"],
    ]) {
      const life = settings({ activation: { maximumDuration: "PT2H" }, onDelete });
      await up(life);
      await inRun(at, (run) => life.delete(run));
      assert.equal((await at.rules(role)).Expiration_EndUser_Assignment?.maximumDuration, left);
    }
  });

  it("are handed over with a warning that names what was found before", async () => {
    const a = settings({ activation: { maximumDuration: "PT2H" } }, "a");
    await up(a);
    at.advance("PT2H");
    const b = settings({ activation: { maximumDuration: "PT2H" } }, "b");
    at.forgetRequests();
    const said = await inRun(at, async (run) => {
      await b.up(run);
      await a.delete(run);
    });
    assert.deepEqual(at.writes(), []);
    assert.deepEqual(said, [
      'RoleSettings "a": settings of Exchange Administrator: stay, now declared by RoleSettings "b", which gives back its own first sight of them; forgotten is what was found before: activation.maximumDuration "PT8H"; an alias would have kept it',
    ]);
  });

  it("cannot be declared twice", async () => {
    await inRun(at, async (run) => {
      await settings({ activation: { requireMfa: true } }, "a").check(run);
      await assert.rejects(
        settings({ activation: { requireMfa: true } }, "b").check(run),
        /one resource for each role's settings: declared twice, here and by RoleSettings "a"; remove one of the two/,
      );
    });
  });

  it("switch between MFA and an authentication context in both directions, also out of an invalid pair", async () => {
    const before = await at.settingsText(role);
    const life = settings({ activation: { authenticationContext: "c1" } });
    await up(life);
    let rules = await at.rules(role);
    assert.ok(
      !rules.Enablement_EndUser_Assignment?.enabledRules.includes("MultiFactorAuthentication"),
    );
    life.declared.activation = { requireMfa: true };
    await up(life);
    rules = await at.rules(role);
    assert.ok(
      rules.Enablement_EndUser_Assignment?.enabledRules.includes("MultiFactorAuthentication"),
    );
    assert.equal(rules.AuthenticationContext_EndUser_Assignment?.isEnabled, false);
    // The service takes a context beside MFA, though not the other way round.
    await at.changeRule(role, "AuthenticationContext_EndUser_Assignment", {
      isEnabled: true,
      claimValue: "c1",
    });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.deepEqual(await life.plan(run), ["activation"]);
      await life.up(run);
    });
    await isSame(life);
    life.declared.activation = { authenticationContext: "c1" };
    await at.changeRule(role, "AuthenticationContext_EndUser_Assignment", {
      isEnabled: true,
      claimValue: "c1",
    });
    await up(life);
    await isSame(life);
    await inRun(at, (run) => life.delete(run));
    assert.equal(await at.settingsText(role), before);
  });

  it("drop approvers that were deleted when they are given back, and keep the rule when none is left", async () => {
    const made = at.control.seed({
      users: ["x1", "x2"].map((name) => ({
        displayName: name,
        userPrincipalName: `${name}@contoso.com`,
      })),
    }).users;
    const [x1, x2] = made.map(({ id }) => String(id));
    const stage = (ids: (string | undefined)[]) => ({
      approvalStages: [
        {
          approvalStageTimeOutInDays: 1,
          isApproverJustificationRequired: true,
          escalationTimeInMinutes: 0,
          isEscalationEnabled: false,
          escalationApprovers: [],
          primaryApprovers: ids.map((id) => ({
            "@odata.type": "#microsoft.graph.singleUser",
            userId: id,
          })),
        },
      ],
    });
    const { setting } = (await at.rules(role)).Approval_EndUser_Assignment ?? {
      setting: undefined,
    };
    await at.changeRule(role, "Approval_EndUser_Assignment", {
      setting: { ...setting, isApprovalRequired: true, ...stage([x1, x2]) },
    });
    const approvers = async () =>
      (
        await at.rules(role)
      ).Approval_EndUser_Assignment?.setting.approvalStages[0].primaryApprovers.map(
        (approver: Bag) => approver.userId,
      );
    const declared = {
      activation: { requireApproval: true, approvers: [{ user: "bob@contoso.com" }] },
    };
    const first = settings(declared);
    await up(first);
    const second = structuredClone(first.outputs);
    at.control.deletePrincipal(x1 ?? "");
    await inRun(at, (run) => first.delete(run));
    assert.deepEqual(await approvers(), [x2]);
    const again = settings(declared);
    await up(again);
    again.outputs = { ...second };
    at.control.deletePrincipal(x2 ?? "");
    const said = await inRun(at, (run) => again.delete(run));
    assert.deepEqual(await approvers(), [await at.user("bob")]);
    assert.match(
      said.join("\n"),
      /the approvers that were found do not exist any more; approval stays as it is/,
    );
  });

  it("of a custom role are found by the id that its policy carries", async () => {
    const [custom] = at.control.seed({
      roleDefinitions: [{ displayName: "Mail reader" }],
    }).roleDefinitions;
    assert.notEqual(custom?.id, custom?.templateId);
    const life = new Life("RoleSettings", {
      directoryRole: { role: "mail READER" },
      activation: { maximumDuration: "PT2H" },
    });
    await up(life);
    assert.equal(life.outputs.roleDefinitionId, custom?.id);
    assert.equal(
      (await at.rules(String(custom?.templateId))).Expiration_EndUser_Assignment?.maximumDuration,
      "PT2H",
    );
    await isSame(life);
    const member = new Life("EligibleAssignment", {
      directoryRole: { role: String(custom?.id) },
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P1D" },
      justification: "x",
    });
    await inRun(at, (run) => member.up(run));
    assert.equal((await at.rows("eligible", String(custom?.id))).length, 1);
    await inRun(at, (run) => member.delete(run));
    await inRun(at, (run) => life.delete(run));
    assert.equal(
      (await at.rules(String(custom?.templateId))).Expiration_EndUser_Assignment?.maximumDuration,
      "PT8H",
    );
  });

  it("of one poisoned role fail alone, with the role's name", async () => {
    at.control.poison("Exchange Administrator");
    const broken = settings({ activation: { maximumDuration: "PT2H" } });
    const others = Object.values(ROLES)
      .filter((id) => id !== role && id !== ROLES.globalAdministrator)
      .map(
        (id, index) =>
          new Life(
            "RoleSettings",
            { directoryRole: { role: id }, activation: { maximumDuration: "PT2H" } },
            `o${index}`,
          ),
      );
    await inRun(at, async (run) => {
      for (const other of others) await other.up(run);
      await assert.rejects(broken.up(run), /creating RoleSettings "x": .*answered 500/);
    });
    await inRun(at, async (run) => {
      for (const other of others) {
        await other.refresh(run);
        assert.equal(await other.up(run), "same");
      }
    });
    at.control.poison("Exchange Administrator", false);
    await up(broken);
  });
});
