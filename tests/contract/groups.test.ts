import assert from "node:assert/strict";
import { describeDiscovery, discoverGroupsOf } from "../../src/tenant/discover";
import { CheckError, HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant } from "../emulated/tenant";

const ROOT = "/identityGovernance/privilegedAccess/group";
const WEEK = { duration: "P7D" };

describe("PIM for Groups, against the emulator", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;
  let group: string;
  let ann: string;

  beforeEach(async () => {
    at = await EmulatedTenant.start({ groups: 0 });
    group = await make("Payroll");
    ann = await at.user("ann");
  });
  afterEach(() => at.close());

  const make = async (displayName: string, more: object = {}): Promise<string> => {
    const body = {
      displayName,
      mailEnabled: false,
      mailNickname: displayName.replace(/\W/g, ""),
      securityEnabled: true,
    };
    const run = new HostRun(at);
    const tenant = await run.tenant();
    const { id } = await tenant.graph.post<{ id: string }>("/groups", { ...body, ...more });
    run.end();
    return id;
  };
  const eligible = (more: object = {}, access = "member") =>
    new Life("EligibleAssignment", {
      group: { group, access },
      principal: { user: "ann@contoso.com" },
      expiration: WEEK,
      justification: "on call",
      ...more,
    });
  const active = (more: object = {}) =>
    new Life("ActiveAssignment", { ...eligible().declared, ...more });
  const settings = (declared: object, access = "member") =>
    new Life("RoleSettings", { group: { group, access }, ...declared }, access);
  const up = (life: Life) => inRun(at, (run) => life.up(run));
  const rows = (kind: "eligible" | "active") =>
    inRead<{ id: string; principalId: string; accessId: string }[]>(
      `${ROOT}/${kind === "eligible" ? "eligibility" : "assignment"}Schedules?$filter=groupId eq '${group}'`,
    );
  const inRead = async <T>(path: string): Promise<T> => {
    const run = new HostRun(at);
    const { graph } = await run.tenant();
    run.end();
    return (await graph.list(encodeURI(path))) as T;
  };
  const isSame = (life: Life) =>
    inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(await life.plan(run), undefined);
    });
  const refuses = async (life: Life, expected: RegExp) => {
    await assert.rejects(up(life), (error: Error) => {
      assert.ok(error instanceof CheckError, error.stack);
      assert.match(error.message, expected);
      return true;
    });
    assert.equal((await rows("eligible")).length, 0);
  };

  describe("assignments", () => {
    it("are made, seen, changed in place and removed", async () => {
      const life = eligible();
      await up(life);
      const [made] = await rows("eligible");
      assert.equal(made?.principalId, ann);
      assert.equal(made?.accessId, "member");
      await isSame(life);
      life.declared.expiration = { duration: "P14D" };
      assert.equal(
        await inRun(at, async (run) => assert.equal(await life.up(run), "update")).then(() => true),
        true,
      );
      const [changed, ...others] = await rows("eligible");
      assert.equal(others.length, 0);
      assert.notEqual(changed?.id, made?.id, "the service gives a changed schedule another id");
      await isSame(life);
      await inRun(at, (run) => life.delete(run));
      assert.equal((await rows("eligible")).length, 0);
    });

    for (const fault of [
      { drop: "after" },
      { drop: "before" },
      { status: 500, when: "after" },
    ] as const) {
      it(`are made once, also when the answer is lost: ${JSON.stringify(fault)}`, async () => {
        at.control.fault({
          method: "POST",
          path: "eligibilityScheduleRequests",
          times: 1,
          ...fault,
        });
        const life = eligible();
        await up(life);
        assert.equal((await rows("eligible")).length, 1);
        assert.equal(life.outputs.adopted, false);
        await isSame(life);
      });
    }

    it("of members and of owners are two things", async () => {
      const member = eligible();
      const owner = eligible({}, "owner");
      await inRun(at, async (run) => {
        await member.up(run);
        await owner.up(run);
      });
      assert.deepEqual((await rows("eligible")).map(({ accessId }) => accessId).sort(), [
        "member",
        "owner",
      ]);
      await inRun(at, (run) => member.delete(run));
      assert.deepEqual(
        (await rows("eligible")).map(({ accessId }) => accessId),
        ["owner"],
      );
      await isSame(owner);
    });

    it("leave the group in PIM, which deleting says once", async () => {
      const member = eligible();
      const owner = eligible({}, "owner");
      await inRun(at, async (run) => {
        await member.up(run);
        await owner.up(run);
      });
      const said = await inRun(at, async (run) => {
        await member.delete(run);
        await owner.delete(run);
      });
      const lines = said.filter((line) => line.includes("stays managed by PIM"));
      assert.equal(lines.length, 1);
      // Declared by its id, and named all the same.
      assert.match(lines.join(), /^group Payroll \([0-9a-f-]{36}\) stays/);
    });

    it("are not spoken of where the group was made by the program and goes with it", async () => {
      const member = eligible({ ownGroup: true });
      await up(member);
      const said = await inRun(at, (run) => member.delete(run));
      assert.ok(!said.some((line) => line.includes("stays managed by PIM")));
    });

    it("of a group that was deleted are seen as removed, and deleting them is done at once", async () => {
      const life = eligible();
      const rules = settings({ activation: { maximumDuration: "PT2H" } });
      await up(life);
      await up(rules);
      await at.graph("DELETE", `/groups/${group}`);
      const run = new HostRun(at);
      await life.refresh(run);
      assert.equal(life.outputs.status, "removed");
      assert.equal(await rules.refresh(run), false);
      await life.delete(run);
      run.end();
      at.advance("PT1H");
      assert.ok(run.pauses.reduce((sum, ms) => sum + ms, 0) < 120_000, String(run.pauses));
    });

    it("that are there already are taken over without being extended", async () => {
      const before = eligible({ expiration: { duration: "P3D" } });
      await up(before);
      const life = eligible({ justification: "another" });
      const said = await up(life);
      assert.ok(
        said.some((line) => line.includes("was held already")),
        said.join("\n"),
      );
      assert.equal(life.outputs.endsAt, before.outputs.endsAt);
      assert.equal(life.outputs.adopted, true);
    });

    it("that somebody removed are granted again with the end that they had", async () => {
      const life = eligible();
      await up(life);
      const { endsAt } = life.outputs;
      await up(eligible()).catch(() => undefined);
      const other = eligible();
      other.id = life.id;
      other.outputs = life.outputs;
      at.advance("P1D");
      await inRun(at, (run) => other.delete(run));
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.deepEqual(await life.plan(run), ["live"]);
        assert.equal(await life.up(run), "update");
      });
      assert.equal(life.outputs.endsAt, endsAt);
      assert.equal((await rows("eligible")).length, 1);
    });

    it("that are active end after five minutes at the earliest", async () => {
      const life = active();
      await up(life);
      assert.equal(
        (await rows("active")).some(({ principalId }) => principalId === ann),
        true,
      );
      await inRun(at, (run) => life.delete(run));
      assert.equal(
        (await rows("active")).some(({ principalId }) => principalId === ann),
        false,
      );
    });

    it("without end are refused by the group's default settings", async () => {
      await assert.rejects(up(eligible({ expiration: { permanent: true } })), /permanent/);
      assert.equal((await rows("eligible")).length, 0);
    });
  });

  describe("settings", () => {
    const rules = async (access: string) => {
      const [entry] = await inRead<{ policyId: string; policy: { rules: { id: string }[] } }[]>(
        `/policies/roleManagementPolicyAssignments?$filter=scopeId eq '${group}' and scopeType eq 'Group' and roleDefinitionId eq '${access}'&$expand=policy($expand=rules)`,
      );
      const byId = new Map(
        entry?.policy.rules.map((rule) => [rule.id, rule as Record<string, unknown>]),
      );
      return { policyId: entry?.policyId, byId };
    };
    const maximum = async (access: string) =>
      (await rules(access)).byId.get("Expiration_EndUser_Assignment")?.maximumDuration;

    it("of both sides are written in one run, though the first write gives both policies new ids", async () => {
      const member = settings({ activation: { maximumDuration: "PT2H" } });
      const owner = settings({ activation: { maximumDuration: "PT1H" } }, "owner");
      const before = (await rules("owner")).policyId;
      await inRun(at, async (run) => {
        const tenant = await run.tenant();
        for (const access of ["member", "owner"] as const) {
          await tenant
            .snapshot("groups")
            .policies.of({ surface: "groups", groupId: group, access });
        }
        await member.up(run);
        await owner.up(run);
        member.declared.activation.maximumDuration = "PT3H";
        await member.up(run);
      });
      assert.equal(await maximum("member"), "PT3H");
      assert.equal(await maximum("owner"), "PT1H");
      assert.notEqual((await rules("owner")).policyId, before);
      await isSame(member);
      await isSame(owner);
    });

    it("drift is seen and repaired, and deleting gives back what was found", async () => {
      const life = settings({ activation: { requireTicket: true, maximumDuration: "PT2H" } });
      await up(life);
      const other = settings({ activation: { requireTicket: false } });
      await up(other);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.deepEqual(await life.plan(run), ["activation"]);
        await life.up(run);
      });
      await isSame(life);
      await inRun(at, (run) => life.delete(run));
      assert.equal(await maximum("member"), "PT8H");
      assert.deepEqual(
        (await rules("member")).byId.get("Enablement_EndUser_Assignment")?.enabledRules,
        ["Justification"],
      );
    });

    it("of a new group are waited for", async () => {
      at.control.settings({ groupPolicyDelay: "PT40S" });
      group = await make("Fresh");
      const life = settings({ activation: { maximumDuration: "PT2H" } });
      await up(life);
      assert.equal(life.inputs.found, "atCreate");
      at.advance("PT1M");
      assert.equal(await maximum("member"), "PT2H");
    });

    it("can all be declared with Microsoft's defaults", async () => {
      const life = settings({
        unspecified: "defaults",
        onDelete: "defaults",
        activation: { requireTicket: true },
      });
      await up(life);
      await isSame(life);
      await inRun(at, (run) => life.delete(run));
      assert.deepEqual(
        (await rules("member")).byId.get("Enablement_EndUser_Assignment")?.enabledRules,
        ["Justification"],
      );
    });
  });

  describe("groups", () => {
    it("are found by a name that only one has", async () => {
      const life = eligible({ group: { group: "payroll", access: "member" } });
      await up(life);
      assert.equal(life.inputs.groupId, group);
      const unknown = eligible({ group: { group: "Payrol", access: "member" } });
      await assert.rejects(up(unknown), /did you mean "Payroll"\?/);
      await make("Payroll");
      const twice = eligible({ group: { group: "Payroll", access: "member" } });
      await assert.rejects(up(twice), /a name that only one has; use an id: /);
    });

    const unfit: { name: string; group: object; expected: RegExp }[] = [
      {
        name: "dynamic",
        group: {
          groupTypes: ["DynamicMembership"],
          membershipRule: 'user.department -eq "x"',
          membershipRuleProcessingState: "On",
        },
        expected: /group\.group: got "Odd", expected a group with assigned members/,
      },
      {
        name: "synchronized",
        group: { onPremisesSyncEnabled: true },
        expected: /expected a group of the cloud/,
      },
      {
        name: "mail only",
        group: { securityEnabled: false, mailEnabled: true },
        expected: /expected a security group or a Microsoft 365 group/,
      },
    ];
    for (const { name, group: more, expected } of unfit) {
      it(`that PIM cannot manage are refused in check: ${name}`, async () => {
        group = await make("Odd", more);
        await assert.rejects(up(settings({ activation: { maximumDuration: "PT2H" } })), expected);
        await assert.rejects(up(eligible()), expected);
      });
    }

    it("in a restricted management unit are refused in check", async () => {
      await restrict(group);
      await refuses(eligible(), /outside restricted management administrative units/);
    });

    it("take no group as active member when they can hold roles, but as eligible one", async () => {
      const nested = await make("Team");
      group = await make("Role holders", { isAssignableToRole: true });
      const principal = { group: nested };
      await refuses(
        active({ principal }),
        /principal\.group: expected a user or a service principal/,
      );
      await up(eligible({ principal }));
      assert.equal((await rows("eligible"))[0]?.principalId, nested);
    });

    it("refuse a service principal as eligible member", async () => {
      await refuses(
        eligible({ principal: { servicePrincipal: "11111111-2222-4333-8444-555555555555" } }),
        /user or group for an eligible assignment/,
      );
    });

    it("are discovered: managed, manageable, and why not", async () => {
      await make("Mail", { securityEnabled: false, mailEnabled: true });
      await make("Idle");
      await up(eligible());
      const run = new HostRun(at);
      const tenant = await run.tenant();
      const discovery = await discoverGroupsOf(tenant);
      run.end();
      assert.deepEqual(
        discovery.manageable.map(({ displayName, isManaged }) => [displayName, isManaged]),
        [
          ["Idle", false],
          ["Payroll", true],
        ],
      );
      assert.deepEqual(
        discovery.unmanageable.map(({ displayName, reasons }) => [displayName, reasons]),
        [["Mail", ["mail only"]]],
      );
      assert.deepEqual(discovery.roleAssignable, { count: 0, limit: 500 });
      assert.match(describeDiscovery(discovery).join("\n"), /^managed +\S+ {2}Payroll$/m);
      assert.ok(tenant.graph.counters.http <= 3, `${tenant.graph.counters.http} requests`);
    });
  });

  it("of a whole tenant are read ahead, in full batches", async () => {
    const many = await EmulatedTenant.start({ groups: 60 });
    const run = new HostRun(many);
    const tenant = await run.tenant();
    const all = await tenant.graph.list<{ id: string }>("/groups?$select=id");
    const before = tenant.graph.counters.http;
    const snapshot = tenant.snapshot("groups");
    for (const { id } of all) {
      const role = { surface: "groups", groupId: id, access: "member" } as const;
      const key = { role, principalId: ann };
      const [settings] = await Promise.all([
        snapshot.policies.of(role),
        snapshot.assignment({ ...key, kind: "eligible" }),
        snapshot.assignment({ ...key, kind: "active" }),
      ]);
      assert.equal(settings?.rules["activation.expiration"].maximumDuration, "PT8H");
    }
    run.end();
    await many.close();
    const requests = tenant.graph.counters.http - before;
    assert.ok(requests <= 20, `${requests} requests`);
  });

  /** Puts a group into an administrative unit whose objects only its own administrators may change. */
  const restrict = async (groupId: string) => {
    const unit = (await at.graph("POST", "/directory/administrativeUnits", {
      displayName: "Vault",
      isMemberManagementRestricted: true,
    })) as { id: string };
    await at.graph("POST", `/directory/administrativeUnits/${unit.id}/members/$ref`, {
      "@odata.id": `${at.info.graph}/v1.0/groups/${groupId}`,
    });
  };
});
