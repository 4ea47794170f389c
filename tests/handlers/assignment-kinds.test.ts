import assert from "node:assert/strict";
import { inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const role = ROLES.exchangeAdministrator;

describe("assignments of every kind", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
  });
  afterEach(() => at.close());

  const rest = { expiration: { duration: "P10D" }, justification: "x" };

  it("live through create, refresh and delete: principals and scopes", async () => {
    const seeded = at.control.seed({
      groups: [{ displayName: "fit", isAssignableToRole: true }],
      servicePrincipals: [{ displayName: "robot" }],
      administrativeUnits: [{ displayName: "Berlin" }],
      applications: [{ displayName: "app" }],
    });
    const unit = String(seeded.administrativeUnits[0]?.id);
    const app = String(seeded.applications[0]?.id);
    const robot = String(seeded.servicePrincipals[0]?.id);
    const lives = [
      new Life(
        "EligibleAssignment",
        { directoryRole: { role }, principal: { group: "fit" }, ...rest },
        "group",
      ),
      new Life(
        "ActiveAssignment",
        { directoryRole: { role }, principal: { servicePrincipal: robot }, ...rest },
        "robot",
      ),
      new Life(
        "ActiveAssignment",
        {
          directoryRole: {
            role: "user administrator",
            scope: `/administrativeunits/${unit.toUpperCase()}/`,
          },
          principal: { user: "ann@contoso.com" },
          ...rest,
        },
        "unit",
      ),
      new Life(
        "EligibleAssignment",
        {
          directoryRole: { role: "Application Administrator", scope: `/${app}` },
          principal: { user: "ann@contoso.com" },
          ...rest,
        },
        "app",
      ),
      new Life(
        "EligibleAssignment",
        {
          directoryRole: { role: "Application Administrator" },
          principal: { user: "ann@contoso.com" },
          ...rest,
        },
        "root",
      ),
    ];
    for (const life of lives) {
      await inRun(at, async (run) => assert.equal(await life.up(run), "create", life.name));
      await inRun(at, async (run) => {
        await life.refresh(run);
        assert.equal(life.outputs.status, "provisioned", life.name);
        assert.equal(await life.up(run), "same", life.name);
      });
    }
    at.advance("PT10M");
    const [root] = lives.slice(-1);
    // The same people and role at another scope are another assignment.
    await inRun(at, async (run) => root?.delete(run));
    assert.equal((await at.rows("eligible", ROLES.applicationAdministrator)).length, 1);
    await inRun(at, async (run) => {
      for (const life of lives.slice(0, -1)) await life.delete(run);
    });
    for (const id of [role, ROLES.userAdministrator, ROLES.applicationAdministrator]) {
      assert.deepEqual([await at.rows("eligible", id), await at.rows("active", id)], [[], []]);
    }
  });

  it("say that a scope is not one", async () => {
    const life = new Life("EligibleAssignment", {
      directoryRole: { role, scope: "/administrativeUnits/7b1f9f6e-0000-4000-8000-000000000001" },
      principal: { user: "ann@contoso.com" },
      timeouts: { create: "PT10S" },
      ...rest,
    });
    await assert.rejects(
      inRun(at, (run) => life.up(run)),
      /creating EligibleAssignment "x": .*404 ResourceNotFound.*/,
    );
  });

  it("are not lost while the service does not show them", async () => {
    at.control.settings({ visibilityDelay: "PT45S" });
    const eligible = new Life("EligibleAssignment", {
      directoryRole: { role },
      principal: { user: "ann@contoso.com" },
      ...rest,
    });
    const settings = new Life("RoleSettings", {
      directoryRole: { role },
      activation: { maximumDuration: "PT2H" },
    });
    await inRun(at, async (run) => {
      await eligible.up(run);
      await settings.up(run);
    });
    at.forgetRequests();
    await inRun(at, async (run) => {
      await eligible.refresh(run);
      assert.equal(eligible.outputs.status, "provisioned");
      assert.equal(await eligible.up(run), "same");
    });
    assert.deepEqual(at.writes(), []);
    eligible.declared.expiration = { duration: "P5D" };
    await inRun(at, (run) => eligible.up(run));
    // Nothing was waited for: the update and this removal follow each other at once.
    await inRun(at, (run) => eligible.delete(run));
    at.advance("PT1M");
    assert.deepEqual(await at.rows("eligible", role), []);
    await inRun(at, (run) => settings.refresh(run));
    assert.equal(settings.inputs.activation.maximumDuration, "PT2H");
  });

  it("shows nothing of a refresh that comes right after a write: settings too", async () => {
    at.control.settings({ visibilityDelay: "PT45S" });
    const settings = new Life("RoleSettings", {
      directoryRole: { role },
      activation: { maximumDuration: "PT2H" },
    });
    await inRun(at, (run) => settings.up(run));
    await inRun(at, async (run) => {
      await settings.refresh(run);
      assert.equal(await settings.plan(run), undefined);
    });
  });

  it("go on with what a request of ours is still waiting for, and take it back when it is not wanted any more", async () => {
    const life = new Life("EligibleAssignment", {
      directoryRole: { role },
      principal: { user: "ann@contoso.com" },
      timeouts: { create: "PT20S" },
      ...rest,
    });
    const own = `/servicePrincipals(appId='${at.info.clientId}')`;
    const pipeline = ((await at.graph("GET", own)) as { id: string }).id;
    const { id } = at.control.plantPending({
      kind: "eligible",
      principalId: await at.user("ann"),
      roleDefinitionId: role,
      createdBy: pipeline,
      justification: "x",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P10D" } },
    });
    await assert.rejects(
      inRun(at, (run) => life.up(run)),
      new RegExp(`request ${id} is still PendingApproval; run again to go on with it`),
    );
    assert.equal(life.outputs.status, "pending");
    await inRun(at, (run) => life.delete(run));
    const path = `/roleManagement/directory/roleEligibilityScheduleRequests/${id}`;
    assert.match(((await at.graph("GET", path)) as { status: string }).status, /Revoked|Canceled/);
  });
});
