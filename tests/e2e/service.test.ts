import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { changesOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("what the service is like, on the engine", function () {
  this.timeout(300_000);
  let on: Scenario;
  let ann: string;

  before(async () => {
    on = await Scenario.start();
    ann = await on.tenant.user("ann");
  });
  after(() => on.close());
  afterEach(async () => {
    on.tenant.control.clearFaults();
    on.tenant.control.settings({ visibilityDelay: "PT0S" });
  });

  const settings = (name: string, of: string, maximumDuration: string) =>
    `new pim.RoleSettings("${name}", { directoryRole: { role: "${of}" }, activation: { maximumDuration: "${maximumDuration}" } });`;
  const assignment = (kind: "Eligible" | "Active", who: string, more = "") =>
    `new pim.${kind}Assignment("${who}", { ...at, principal: user("${who}"), justification, expiration: { duration: "P10D" }, ${more} });`;
  const longest = async (of: string) =>
    (await on.tenant.rules(of)).Expiration_EndUser_Assignment?.maximumDuration;

  it("one poisoned role fails alone, by name, and is finished when it is healed", async () => {
    const names = ["exchangeAdministrator", "helpdeskAdministrator", "userAdministrator"] as const;
    on.program(names.map((name) => settings(name, ROLES[name], "PT3H")).join(""));
    on.tenant.control.poison("Exchange Administrator");
    const refused = await on.refused("up", ["--continue-on-error"]);
    assert.match(
      refused,
      /RoleSettings "exchangeAdministrator": .*500.*approvers chosen in the portal/,
    );
    assert.ok(!/RoleSettings "(helpdesk|user)Administrator"/.test(refused), refused);
    assert.equal(await longest(ROLES.helpdeskAdministrator), "PT3H");
    on.tenant.control.poison("Exchange Administrator", false);
    assert.deepEqual(changesOf(await on.up()), ["create exchangeAdministrator"]);
    assert.equal(await longest(role), "PT3H");
    assert.deepEqual(await on.plan(), {});
    await on.destroy();
  });

  it("custom roles are found by name and by id, although their settings carry another id", async () => {
    const [reader, writer] = on.tenant.control.seed({
      roleDefinitions: [{ displayName: "Mail reader" }, { displayName: "Mail writer" }],
    }).roleDefinitions;
    assert.ok(reader !== undefined && writer !== undefined);
    assert.notEqual(reader.id, reader.templateId);
    const component = (name: string, of: string) => `
      new pim.DirectoryRole("${name}", {
        role: "${of}",
        settings: { activation: { maximumDuration: "PT3H" } },
        eligibleAssignments: { ann: { principal: user("ann"), justification, expiration: { duration: "P10D" } } },
      });`;
    on.program(component("reader", "mail READER") + component("writer", String(writer.id)));
    await on.up();
    for (const { id, templateId } of [reader, writer]) {
      const [row] = await on.tenant.rows("eligible", String(id));
      assert.equal(row?.principalId, ann);
      assert.equal(await longest(String(templateId)), "PT3H");
    }
    assert.deepEqual(await on.plan(), {});
    await on.tenant.changeRule(String(reader.templateId), "Expiration_EndUser_Assignment", {
      maximumDuration: "PT1H",
    });
    assert.deepEqual(await on.plan(), { "reader/settings": "update activation" });
    await on.destroy();
    assert.equal(await longest(String(writer.templateId)), "PT8H");
    assert.deepEqual(await on.tenant.rows("eligible", String(reader.id)), []);
  });

  it("somebody else's pending request is named and left alone", async () => {
    const { id } = on.tenant.control.plantPending({
      kind: "eligible",
      principalId: ann,
      roleDefinitionId: role,
      createdBy: await on.tenant.user("admin"),
    });
    on.program(assignment("Eligible", "ann") + assignment("Eligible", "bob"));
    on.tenant.forgetRequests();
    const refused = await on.refused("up", ["--continue-on-error"]);
    assert.match(
      refused,
      new RegExp(
        `EligibleAssignment "ann": .*is pending for the same assignment: id ${id}, adminassign, status PendingApproval; it is left alone`,
      ),
    );
    assert.ok(!on.tenant.writes().some((write) => write.endsWith("/cancel")));
    assert.equal((await on.tenant.rows("eligible", role)).length, 1, "bob's");
    const path = `/roleManagement/directory/roleEligibilityScheduleRequests/${id}/cancel`;
    await on.tenant.graph("POST", path);
    assert.deepEqual(changesOf(await on.up()), ["create ann"]);
    await on.destroy();
  });

  it("the first five minutes of active access are waited out, as long as the program says", async () => {
    on.program(assignment("Active", "ann", `timeouts: { delete: "PT5S" },`));
    await on.up();
    on.program(assignment("Active", "ann", `timeouts: { delete: "PT5S" },`).replace("P10D", "P5D"));
    assert.deepEqual(changesOf(await on.up()), ["update ann"], "a change waits for nothing");
    assert.match(
      await on.refused("destroy"),
      /deleting ActiveAssignment "ann": .*ActiveDurationTooShort/,
    );
    assert.equal((await on.tenant.rows("active", role)).length, 1);
    on.advance("PT4M45S");
    await on.up();
    on.program(assignment("Active", "ann").replace("P10D", "P5D"));
    await on.up();
    const removed = await on.destroy();
    assert.deepEqual(await on.tenant.rows("active", role), []);
    assert.deepEqual(
      saidIn(removed).filter((line) => !line.includes("waiting for the service")),
      [],
    );
  });

  it("settings that are not shown yet are no drift, and are given back all the same", async () => {
    const untouched = await on.tenant.settingsText(role);
    on.tenant.control.settings({ visibilityDelay: "PT6S" });
    on.program(settings("exchange", role, "PT3H") + assignment("Eligible", "ann"));
    await on.up();
    on.tenant.forgetRequests();
    assert.deepEqual(await on.plan(), {});
    on.program(settings("exchange", role, "PT4H") + assignment("Eligible", "ann"));
    await on.up();
    assert.deepEqual(
      saidIn(await on.destroy()).filter((line) => line.includes("left as")),
      [],
    );
    on.tenant.control.settings({ visibilityDelay: "PT0S" });
    assert.equal(await on.tenant.settingsText(role), untouched);
    assert.deepEqual(await on.tenant.rows("eligible", role), []);
  });
});
