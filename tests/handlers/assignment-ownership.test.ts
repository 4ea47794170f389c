import assert from "node:assert/strict";
import { type HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const role = ROLES.exchangeAdministrator;

describe("whose assignment it is", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;
  let ann: string;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
    ann = await at.user("ann");
    at.forgetRequests();
  });
  afterEach(() => at.close());

  const declared = {
    directoryRole: { role },
    principal: { user: "ann@contoso.com" },
    expiration: { permanent: true },
    justification: "CHG-1",
  };
  const eligible = (name = "x", more: object = {}) =>
    new Life("EligibleAssignment", { ...declared, ...more }, name);
  const active = (more: object = {}) => new Life("ActiveAssignment", { ...declared, ...more });
  const ids = async (kind: "eligible" | "active") =>
    (await at.rows(kind, role)).map(({ id }) => id).sort();

  it("stays when another resource of the run has taken it over", async () => {
    const a = eligible("a");
    await inRun(at, (run) => a.up(run));
    const before = await ids("eligible");
    at.forgetRequests();
    const b = eligible("b");
    const said = await inRun(at, async (run) => {
      await b.up(run);
      await a.delete(run);
    });
    assert.deepEqual(await ids("eligible"), before);
    assert.deepEqual(at.writes(), []);
    assert.deepEqual(said, [
      'EligibleAssignment "a": ann@contoso.com eligible for Exchange Administrator: stays, now declared by EligibleAssignment "b"',
    ]);
  });

  it("is not lost when the resource that declares it now could not be made", async () => {
    const a = eligible("a");
    await inRun(at, (run) => a.up(run));
    const before = await ids("eligible");
    await inRun(at, async (run) => {
      await eligible("b").check(run);
      await assert.rejects(
        a.delete(run),
        /EligibleAssignment "a": .*: not removed: EligibleAssignment "b" declares it now, but does not hold it yet; run again/,
      );
    });
    assert.deepEqual(await ids("eligible"), before);
  });

  it("is removed by a destroy, where nothing is declared", async () => {
    const a = eligible("a");
    await inRun(at, (run) => a.up(run));
    await inRun(at, (run) => a.delete(run));
    assert.deepEqual(await ids("eligible"), []);
  });

  it("cannot be declared twice; the error names both", async () => {
    await inRun(at, async (run) => {
      await eligible("a").check(run);
      await eligible("a").check(run);
      await assert.rejects(
        eligible("b", { principal: { user: ann } }).check(run),
        /declared twice, here and by EligibleAssignment "a"; remove one of the two/,
      );
      await active().check(run);
    });
  });

  it("is refused with adopt refuse, unless a killed run of ours made it", async () => {
    await at.request("eligible", "adminAssign", ann, role);
    const refusing = eligible("x", { adopt: "refuse" });
    await assert.rejects(
      inRun(at, (run) => refusing.up(run)),
      /held already \(since .*, permanent\) and adopt is "refuse"; remove it, or set adopt to "always"/,
    );
    await at.request("eligible", "adminRemove", ann, role);
    const killed = eligible("x");
    await inRun(at, (run) => killed.up(run));
    at.forgetRequests();
    const again = eligible("x", { adopt: "refuse" });
    const said = await inRun(at, (run) => again.up(run));
    assert.equal(again.outputs.adopted, false);
    assert.deepEqual([at.writes(), said], [[], []]);
  });

  it("is not what somebody activated, nor what comes from a group", async () => {
    const others = [
      at.plant({
        principalId: ann,
        roleDefinitionId: role,
        assignmentType: "Activated",
        endDateTime: "2030-01-01T00:00:00Z",
      }),
      at.plant({ principalId: ann, roleDefinitionId: role, memberType: "Group" }),
      at.plant({ kind: "eligible", principalId: ann, roleDefinitionId: role, memberType: "Group" }),
      at.plant({
        principalId: ann,
        roleDefinitionId: role,
        memberType: "Inherited",
        directoryScopeId: "/",
      }),
    ].sort();
    const all = async () => [...(await ids("active")), ...(await ids("eligible"))].sort();
    for (const life of [active(), eligible()]) {
      await inRun(at, (run) => life.up(run));
      assert.equal(life.outputs.adopted, false);
      assert.equal((await all()).length, 5);
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(await life.up(run), "same");
      });
      at.advance("PT10M");
      await inRun(at, (run) => life.delete(run));
      assert.deepEqual(await all(), others);
      // A second destroy, and one of a row that somebody else removed, leave them too.
      life.outputs = { ...life.outputs };
    }
  });

  it("does not remove an activation when the standing row is gone", async () => {
    const life = active();
    await inRun(at, (run) => life.up(run));
    const { id, outputs } = life;
    at.advance("PT20M");
    await at.request("active", "adminRemove", ann, role);
    const activation = at.plant({
      principalId: ann,
      roleDefinitionId: role,
      assignmentType: "Activated",
      endDateTime: "2030-01-01T00:00:00Z",
    });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(life.outputs.status, "removed");
    });
    Object.assign(life, { id, outputs });
    await inRun(at, (run) => life.delete(run));
    assert.deepEqual(await ids("active"), [activation]);
  });

  it("does not remove an activation within minutes of our own write, when the standing row is gone", async () => {
    const life = active();
    await inRun(at, (run) => life.up(run));
    at.advance("PT6M");
    await at.request("active", "adminRemove", ann, role);
    const activation = at.plant({
      principalId: ann,
      roleDefinitionId: role,
      assignmentType: "Activated",
      endDateTime: "2030-01-01T00:00:00Z",
    });
    await inRun(at, (run) => life.delete(run));
    assert.deepEqual(await ids("active"), [activation]);
  });

  it("says who is cut off when an eligibility ends under a running activation", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.plant({
      principalId: ann,
      roleDefinitionId: role,
      assignmentType: "Activated",
      endDateTime: "2030-01-01T00:00:00Z",
    });
    const said = await inRun(at, (run) => life.delete(run));
    assert.deepEqual(said, [
      'EligibleAssignment "x": ann@contoso.com eligible for Exchange Administrator: an activation is running until 2030-01-01T00:00:00Z; it ends with the eligibility',
    ]);
  });

  it("stays with onDelete keep", async () => {
    const life = eligible("x", { onDelete: "keep" });
    await inRun(at, (run) => life.up(run));
    at.forgetRequests();
    const said = await inRun(at, (run) => life.delete(run));
    assert.equal((await ids("eligible")).length, 1);
    assert.deepEqual(at.writes(), []);
    assert.match(said.join(), /stays, because onDelete is "keep"/);
  });

  it("waits out the first five minutes of an active assignment", async () => {
    const life = active();
    await inRun(at, (run) => life.up(run));
    let pauses: readonly number[] = [];
    await inRun(at, async (run) => {
      await life.delete(run);
      pauses = run.pauses;
    });
    assert.deepEqual(await ids("active"), []);
    const waited = pauses.reduce((sum, ms) => sum + ms, 0);
    assert.ok(waited > 250_000 && waited < 330_000, `${waited}`);
  });

  it("gives up the wait at its bound, and says why", async () => {
    const life = active({ timeouts: { delete: "PT1M" } });
    await inRun(at, (run) => life.up(run));
    await assert.rejects(
      inRun(at, (run) => life.delete(run)),
      /deleting ActiveAssignment "x": .*ActiveDurationTooShort/,
    );
    assert.equal((await ids("active")).length, 1);
  });

  it("reports somebody else's pending request and never cancels it", async () => {
    const { id } = at.control.plantPending({
      kind: "eligible",
      principalId: ann,
      roleDefinitionId: role,
      createdBy: await at.user("bob"),
    });
    await assert.rejects(
      inRun(at, (run) => eligible().up(run)),
      new RegExp(
        `creating EligibleAssignment "x": .*a request of .* is pending for the same assignment: id ${id}, adminassign, status PendingApproval; it is left alone`,
      ),
    );
    assert.ok(!at.writes().some((write) => write.includes("cancel")));
  });

  it("waits for a principal that was made in the same run", async () => {
    const life = eligible("x", { principal: { user: "7b1f9f6e-0000-4000-8000-000000000001" } });
    let asked = 0;
    await inRun(at, (run) => life.up(run), {
      onSleep: () => {
        asked += 1;
        if (asked === 3)
          at.control.seed({
            users: [
              {
                id: "7b1f9f6e-0000-4000-8000-000000000001",
                displayName: "New",
                userPrincipalName: "new@contoso.com",
              },
            ],
          });
      },
    });
    assert.equal((await ids("eligible")).length, 1);
  });

  it("says what to do about an object id that nobody has", async () => {
    const life = eligible("x", {
      principal: { user: "7b1f9f6e-0000-4000-8000-000000000002" },
      timeouts: { create: "PT20S" },
    });
    await assert.rejects(
      inRun(at, (run) => life.up(run)),
      /SubjectNotFound.*no such user, group or service principal: check the object id/,
    );
  });

  it("tells an application id from an object id, at once", async () => {
    const { servicePrincipals } = at.control.seed({
      servicePrincipals: [{ displayName: "robot" }],
    });
    const [robot] = servicePrincipals;
    const life = active({ principal: { servicePrincipal: robot?.appId } });
    let pauses = 0;
    await assert.rejects(
      inRun(at, async (run) => {
        try {
          await life.up(run);
        } finally {
          pauses = run.pauses.length;
        }
      }),
      new RegExp(
        `principal.servicePrincipal: got "${robot?.appId}", expected the object id of a servicePrincipal; this is an application \\(client\\) id: its service principal is ${robot?.id}`,
      ),
    );
    assert.equal(pauses, 0);
    life.declared.principal = { servicePrincipal: robot?.id };
    await inRun(at, (run) => life.up(run));
    assert.equal((await ids("active")).length, 1);
  });

  it("does without the rows of principals that were deleted", async () => {
    const [gone] = at.control.seed({
      users: [{ displayName: "Gone", userPrincipalName: "gone@contoso.com" }],
    }).users;
    const life = active({ principal: { user: "gone@contoso.com" } });
    await inRun(at, (run) => life.up(run));
    at.advance("PT20M");
    at.control.deletePrincipal(String(gone?.id));
    await inRun(at, async (run) => {
      assert.equal(await life.refresh(run), true);
      assert.equal(await life.up(run), "same");
    });
    await inRun(at, (run) => life.delete(run));
  });

  it("keeps the object that a name meant first, and reports its new name", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    at.advance("PT20M");
    await at.graph("PATCH", `/users/${ann}`, { userPrincipalName: "ann.old@contoso.com" });
    at.control.seed({
      users: [{ displayName: "Other Ann", userPrincipalName: "ann@contoso.com" }],
    });
    await inRun(at, async (run) => {
      await life.refresh(run);
      assert.equal(life.inputs.principalName, "ann.old@contoso.com");
      assert.equal(await life.up(run), "same");
    });
    assert.deepEqual(Object.keys(await at.ends("eligible", role)), [ann]);
  });

  it("is said to go to another object by a replacement, also under a name that its state does not have", async () => {
    const before = eligible("former");
    await inRun(at, (run) => before.up(run));
    before.declared.owner = "test/dev/EligibleAssignment/renamed";
    await inRun(at, async (run) => assert.equal(await before.up(run), "same"));
    await at.graph("PATCH", `/users/${ann}`, { userPrincipalName: "ann.old@contoso.com" });
    const { users } = at.control.seed({
      users: [{ displayName: "Other Ann", userPrincipalName: "ann@contoso.com" }],
    });
    // With --replace the engine checks anew without the old inputs, and deletes the old object in the end.
    const said = await inRun(at, async (run) => {
      await new Life("EligibleAssignment", before.declared).up(run);
      await before.delete(run);
    });
    assert.match(
      said.join("\n"),
      new RegExp(`named "ann@contoso.com" was ${ann} and is ${users[0]?.id} now`),
    );
  });

  it("was not there before when a killed run of ours made it", async () => {
    await inRun(at, (run) => eligible().up(run));
    const lost = eligible();
    await inRun(at, async (run) => {
      assert.equal((await lost.check(run)).existing, undefined);
    });
    const [bob, carla] = [await at.user("bob"), await at.user("carla")];
    await at.request("eligible", "adminAssign", bob, role);
    const others = eligible("x", { principal: { user: bob } });
    const reworded = eligible("y", { justification: "CHG-2" });
    await inRun(at, async (run) => {
      assert.notEqual((await others.check(run)).existing, undefined);
      assert.notEqual((await reworded.check(run)).existing, undefined);
    });
    at.control.fault({ method: "GET", path: "roleEligibilityScheduleRequests", status: 403 });
    await inRun(at, async (run) => {
      assert.notEqual((await lost.check(run)).existing, undefined);
    });
    at.control.clearFaults();
    await at.request("eligible", "adminAssign", carla, role);
    at.advance("P2D");
    at.forgetRequests();
    await inRun(at, (run) => eligible("z", { principal: { user: carla } }).check(run));
    assert.equal(
      at.requests().filter(({ path }) => path.includes("ScheduleRequests")).length,
      0,
      "of an old row nobody is asked",
    );
  });

  it("is this stack's own under a new name, also when its requests are gone and adopt is refuse", async () => {
    // Made before the stack was renamed: its state goes on naming the stack as it was.
    const a = eligible("a", { adopt: "refuse", owner: "test/former/EligibleAssignment/a" });
    await inRun(at, (run) => a.up(run));
    at.advance("P46D");
    at.control.purgeRequests();
    at.forgetRequests();
    const b = eligible("b", { adopt: "refuse" });
    await assert.rejects(
      inRun(at, (run) => b.up(run)),
      /adopt is "refuse"; remove it, or set adopt to "always"; after a rename, give the resource an alias of its old name/,
    );
    const c = eligible("c", { adopt: "refuse" });
    const said = await inRun(at, async (run) => {
      await a.refresh(run);
      await c.up(run);
      await a.delete(run);
    });
    assert.equal(c.outputs.adopted, false);
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0] ?? "", /stays, now declared by EligibleAssignment "c"/);
    assert.deepEqual(at.writes(), []);
    assert.equal((await ids("eligible")).length, 1);
  });

  it("keeps the role that a name meant, in a replacement too", async () => {
    const [first] = at.control.seed({
      roleDefinitions: [{ displayName: "Mail reader" }],
    }).roleDefinitions;
    const life = eligible("x", { directoryRole: { role: "Mail reader" } });
    await inRun(at, (run) => life.up(run));
    await at.graph("PATCH", `/roleManagement/directory/roleDefinitions/${first?.id}`, {
      displayName: "Mail reader (old)",
    });
    at.control.seed({ roleDefinitions: [{ displayName: "Mail reader" }] });
    life.declared.principal = { user: "bob@contoso.com" };
    await inRun(at, async (run) => {
      assert.equal(await life.up(run), "replace");
    });
    assert.equal(life.inputs.roleDefinitionId, first?.id);
    assert.deepEqual(Object.keys(await at.ends("eligible", String(first?.id))), [
      await at.user("bob"),
    ]);
  });

  it("is of the tenant that it was made in: another one is refused everywhere", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    const other = await EmulatedTenant.start({ seed: 2 });
    try {
      const refused = new RegExp(
        `belongs to tenant ${at.info.tenantId}, connected to ${other.info.tenantId}; set entra-pim:tenantId back, or give this resource a pim.Provider of its own tenant`,
      );
      const inOther = (work: (run: HostRun) => Promise<unknown>) => inRun(other, work);
      await assert.rejects(
        inOther((run) => life.check(run)),
        refused,
      );
      await assert.rejects(
        inOther((run) =>
          run.provider("EligibleAssignment").diff(life.id ?? "", life.outputs, life.sent()),
        ),
        refused,
      );
      await assert.rejects(
        inOther((run) => life.refresh(run)),
        refused,
      );
      await assert.rejects(
        inOther((run) =>
          run.provider("EligibleAssignment").update(life.id ?? "", life.outputs, life.sent()),
        ),
        refused,
      );
      await assert.rejects(
        inOther((run) => life.delete(run)),
        refused,
      );
      assert.deepEqual(other.writes(), []);
    } finally {
      await other.close();
    }
  });

  it("refuses a state of a newer release by name", async () => {
    const life = eligible();
    await inRun(at, (run) => life.up(run));
    const newer =
      /not version 2; it was written by a newer release of pulumi-entra-pim: install that release/;
    life.inputs.schemaVersion = 2;
    life.outputs.schemaVersion = 2;
    await inRun(at, async (run) => {
      await assert.rejects(life.check(run), newer);
      await assert.rejects(life.refresh(run), newer);
      await assert.rejects(life.delete(run), newer);
    });
  });
});
