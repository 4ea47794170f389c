import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { Project } from "./harness/project";
import { changesOf, programOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("whose access it is, on the engine", function () {
  this.timeout(300_000);
  let on: Scenario;
  let ann: string;
  let bob: string;

  beforeEach(async () => {
    on = await Scenario.start();
    ann = await on.tenant.user("ann");
    bob = await on.tenant.user("bob");
  });
  afterEach(() => on.close());

  const rows = async () => [
    ...(await on.tenant.rows("eligible", role)),
    ...(await on.tenant.rows("active", role)),
  ];

  it("stays as it was after a trial: up, then destroy with onDelete keep", async () => {
    for (const who of [ann, bob])
      await on.tenant.request("eligible", "adminAssign", who, role, {
        expiration: { type: "afterDuration", duration: "P60D" },
      });
    await on.tenant.request("active", "adminAssign", ann, role);
    const before = await rows();
    const settings = await on.tenant.settingsText(role);
    on.program(`
      const rest = { justification, expiration: { duration: "P90D" }, onDelete: "keep" };
      new pim.DirectoryRole("exchange", {
        role,
        settings: { activation: { maximumDuration: "PT1H", requireTicket: true }, unspecified: "defaults" },
        eligibleAssignments: { ann: { principal: user("ann"), ...rest }, bob: { principal: user("bob"), ...rest } },
        activeAssignments: { ann: { principal: user("ann"), justification, expiration: { permanent: true }, onDelete: "keep" } },
      });`);
    on.tenant.forgetRequests();
    const made = await on.project.up();
    assert.equal(
      saidIn(made).filter((line) => /was held already .*, now managed here$/.test(line)).length,
      3,
      made.stdout,
    );
    assert.deepEqual(
      on.tenant.writes().map((write) => write.split(" ")[0]),
      ["PATCH"],
    );
    const gone = await on.project.destroy();
    assert.equal(
      saidIn(gone).filter((line) => /stays, because onDelete is "keep"/.test(line)).length,
      3,
    );
    assert.deepEqual(await rows(), before);
    assert.equal(await on.tenant.settingsText(role), settings);
  });

  it("is not an activation nor a row that comes from a group, before, during and after", async () => {
    on.tenant.plant({
      principalId: ann,
      roleDefinitionId: role,
      assignmentType: "Activated",
      endDateTime: "2030-01-01T00:00:00Z",
    });
    on.tenant.plant({ principalId: ann, roleDefinitionId: role, memberType: "Group" });
    on.tenant.plant({
      kind: "eligible",
      principalId: ann,
      roleDefinitionId: role,
      memberType: "Group",
    });
    const others = (await rows()).map(({ id }) => id);
    on.program(`
      const rest = { ...at, principal: user("ann"), justification, expiration: { duration: "P10D" }, adopt: "refuse" };
      new pim.EligibleAssignment("e", rest);
      new pim.ActiveAssignment("a", rest);`);
    await on.up();
    assert.equal((await rows()).length, 5);
    on.tenant.plant({
      principalId: bob,
      roleDefinitionId: role,
      assignmentType: "Activated",
      endDateTime: "2030-01-01T00:00:00Z",
    });
    assert.deepEqual(await on.plan(), {});
    on.advance("PT6M");
    await on.destroy();
    assert.deepEqual(
      (await rows()).map(({ id }) => id).filter((id) => others.includes(id)),
      others,
    );
    assert.equal((await rows()).length, 4);
  });

  it("is shared by two stacks only as far as they say", async () => {
    const declare = (more: string) =>
      `new pim.EligibleAssignment("ann", { ...at, principal: user("ann"), justification, expiration: { duration: "P10D" }, ${more} });`;
    on.program(declare(""));
    await on.up();
    const other = await on.project.anotherStack("other", on.tenant.config);
    on.program(declare('adopt: "refuse"').replace("justification,", 'justification: "CHG-2",'));
    const refused = await other.up({ args: ["--skip-preview"], expectFailure: true });
    assert.match(refused.stdout, /it is held already \(since .*, until .*\) and adopt is "refuse"/);
    on.program(declare('onDelete: "keep"').replace("justification,", 'justification: "CHG-2",'));
    const taken = await other.up({ args: ["--skip-preview"] });
    assert.match(saidIn(taken).join(), /was held already .*, now managed here/);
    await other.destroy({ args: ["--skip-preview"] });
    assert.equal((await rows()).length, 1);
    on.program(declare(""));
    assert.deepEqual(await on.plan(), {});
    await on.destroy();
    assert.deepEqual(await rows(), []);
  });

  it("is of its tenant: with another one configured nothing is read, written or forgotten", async () => {
    on.program(`
      new pim.RoleSettings("s", { ...at, activation: { maximumDuration: "PT1H" } });
      new pim.EligibleAssignment("ann", { ...at, principal: user("ann"), justification, expiration: { duration: "P10D" } });`);
    await on.up();
    const other = await Scenario.start({ emulator: { seed: 7 } });
    try {
      await on.project.setConfig(other.tenant.config);
      const says = new RegExp(
        `belongs to tenant ${on.tenant.info.tenantId}, connected to ${other.tenant.info.tenantId}; set entra-pim:tenantId back`,
      );
      // A refresh without the program goes by the configuration that the state recorded.
      await on.project.refresh();
      assert.match(await on.refused("preview"), says);
      // This one records the new configuration before it fails, so that the next ones go by it too.
      assert.match(await on.refused("refresh", ["--run-program"]), says);
      for (const operation of ["refresh", "destroy"] as const)
        assert.match(await on.refused(operation), says);
      assert.deepEqual(other.tenant.writes(), []);
      // The credentials of one tenant with the id of another one.
      await on.project.setConfig({
        ...other.tenant.config,
        "entra-pim:tenantId": on.tenant.info.tenantId,
      });
      assert.match(await on.refused("refresh", ["--run-program"]), /AADSTS|sign in to/);
    } finally {
      await other.close();
    }
    await on.project.setConfig(on.tenant.config);
    // Without a refresh, which would still go by the configuration that the failed runs recorded.
    assert.deepEqual(changesOf(await on.up()), []);
    await on.destroy();
    assert.deepEqual(await rows(), []);
  });

  it("costs nobody anything to rename the stack, and to move under a provider and another name later", async () => {
    const { info } = on.tenant;
    const provider = `new pim.Provider("p", { tenantId: "${info.tenantId}", clientId: "${info.clientId}", clientSecret: "${info.clientSecret}",
      graphEndpoint: "${info.graph}", armEndpoint: "${info.arm}", authorityHost: "${info.authority}" })`;
    const declare = (name: string, options: string) => `
      new pim.EligibleAssignment("${name}", { ...at, principal: user("ann"), justification, expiration: { duration: "P10D" } }, ${options});`;
    const first = await on.project.anotherStack("first", on.tenant.config);
    on.program(declare("ann", "{}"));
    await first.up({ args: ["--skip-preview"] });
    const before = await rows();
    await first.command(["stack", "rename", "second"]);
    const second = first.onStack("second");
    on.tenant.forgetRequests();
    // The host of the default provider claims nothing in this run, and the state that it deletes names the old stack.
    on.program(declare("moved", `{ provider: ${provider} }`));
    const moved = await second.up({ args: ["--skip-preview"] });
    assert.deepEqual(changesOf(moved), ["create moved", "delete ann"]);
    assert.match(saidIn(moved).join(), /stays, now declared by EligibleAssignment "moved"/);
    assert.deepEqual(await rows(), before);
    assert.deepEqual(on.tenant.writes(), []);
    await second.destroy({ args: ["--skip-preview"] });
    assert.deepEqual(await rows(), []);
  });

  it("is managed in two tenants by two providers of one program", async () => {
    const other = await Scenario.start({ emulator: { seed: 7 } });
    try {
      const provider = (name: string, { info }: Scenario["tenant"]) => `
        new pim.Provider("${name}", { tenantId: "${info.tenantId}", clientId: "${info.clientId}", clientSecret: "${info.clientSecret}",
          graphEndpoint: "${info.graph}", armEndpoint: "${info.arm}", authorityHost: "${info.authority}" })`;
      const member = (name: string) => `
        new pim.DirectoryRole("${name}", { role, eligibleAssignments: { ann: { principal: user("ann"), justification, expiration: { duration: "P10D" } } } }, { provider: ${name} });`;
      const body = `const one = ${provider("one", on.tenant)}; const two = ${provider("two", other.tenant)}; ${member("one")} ${member("two")}`;
      // No tenant is configured for the stack itself.
      const project = await Project.create({ program: programOf(body) });
      try {
        assert.equal(changesOf(await project.up({ args: ["--skip-preview"] })).length, 4);
        for (const { tenant } of [on, other])
          assert.equal((await tenant.rows("eligible", role)).length, 1);
        const state = JSON.stringify(await project.command(["stack", "export"]));
        assert.ok(!state.includes(on.tenant.info.clientSecret));
        await project.refresh();
        await project.destroy({ args: ["--skip-preview"] });
        for (const { tenant } of [on, other])
          assert.equal((await tenant.rows("eligible", role)).length, 0);
      } finally {
        project.remove();
      }
    } finally {
      await other.close();
    }
  });
});
