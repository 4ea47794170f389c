import assert from "node:assert/strict";
import { type HostRun, Life } from "../emulated/life";
import { ROLES } from "../emulated/tenant";
import { type HostOptions, PeopleTenant } from "../people/person";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const { exchangeAdministrator: exchange } = ROLES;

describe("activations on every surface", () => {
  let people: PeopleTenant;

  beforeEach(async () => {
    people = await PeopleTenant.start();
  });
  afterEach(() => people.close());

  const as = (name: string, options: HostOptions = {}) =>
    people.host(name, options) as unknown as HostRun;
  const activation = (role: object) =>
    new Life("Activation", { ...role, duration: "PT1H", justification: "CHG-1" });
  const rows = async (surface: string, name = "ann") => {
    const { json } = await people.run(name, ["active", "--surface", surface, "--json"]);
    return (json.active as { assignmentType: string }[]).filter(
      ({ assignmentType }) => assignmentType === "activated",
    ).length;
  };

  it("activates membership of a group by name, and ends it", async () => {
    const [group] = people.control.seed({ groups: [{ displayName: "Break fix" }] }).groups;
    people.control.plantSchedule({
      kind: "eligible",
      principalId: await people.at.user("ann"),
      groupId: String(group?.["id"]),
    });
    const life = activation({ group: { group: "Break fix", access: "member" } });
    assert.equal(await life.up(as("ann")), "create");
    assert.deepEqual([life.outputs.status, await rows("groups")], ["active", 1]);
    assert.equal(await life.up(as("ann")), "same");
    await life.refresh(as("ann"));
    assert.equal(life.outputs.status, "active");
    await life.delete(as("ann"));
    assert.equal(await rows("groups"), 0);
  });

  it("activates an Azure role, and ends it", async () => {
    const scope = await subscription();
    people.control.plantSchedule({
      kind: "eligible",
      principalId: await people.at.user("ann"),
      roleDefinitionId: CONTRIBUTOR,
      scope,
    });
    const life = activation({ azureRole: { role: CONTRIBUTOR, scope } });
    assert.equal(await life.up(as("ann")), "create");
    assert.deepEqual([life.outputs.status, await rows("azure")], ["active", 1]);
    assert.equal(await life.up(as("ann")), "same");
    await life.refresh(as("ann"));
    await life.delete(as("ann"));
    assert.equal(await rows("azure"), 0);
  });

  it("activates what comes through a group, as the person", async () => {
    const ann = await people.at.user("ann");
    const [group] = people.control.seed({
      groups: [{ displayName: "Admins", isAssignableToRole: true, members: [ann] }],
    }).groups;
    people.control.plantSchedule({
      kind: "eligible",
      principalId: String(group?.["id"]),
      roleDefinitionId: exchange,
    });
    const life = activation({ directoryRole: { role: "Exchange Administrator" } });
    await life.up(as("ann"));
    assert.deepEqual(
      (await people.at.rows("active", exchange)).map(({ principalId }) => principalId),
      [ann],
    );
  });

  it("asks for the token again with what an authentication context needs", async () => {
    await people.makeEligible("ann", exchange);
    await people.at.changeRule(exchange, "Enablement_EndUser_Assignment", { enabledRules: [] });
    await people.at.changeRule(exchange, "AuthenticationContext_EndUser_Assignment", {
      isEnabled: true,
      claimValue: "c1",
    });
    const life = activation({ directoryRole: { role: exchange } });
    await life.up(as("ann"));
    assert.equal(life.outputs.status, "active");
  });

  it("says what is needed when the sign-in has no MFA and gets none", async () => {
    await people.makeEligible("ann", exchange);
    await assert.rejects(
      activation({ directoryRole: { role: exchange } }).up(as("ann", { mfa: false })),
      /asks for multifactor authentication; the new sign-in does not carry it either/,
    );
  });

  it("looks a request up whose answer was lost, before it sends another", async () => {
    await people.makeEligible("ann", exchange);
    people.control.fault({
      method: "POST",
      path: "*roleAssignmentScheduleRequests",
      drop: "after",
      times: 1,
    });
    const life = activation({ directoryRole: { role: exchange } });
    await life.up(as("ann"));
    assert.equal(life.outputs.status, "active");
    assert.equal((await people.at.rows("active", exchange)).length, 1);
  });

  it("refuses a token of another tenant, before any call", async () => {
    const config = { "entra-pim:tenantId": "11111111-2222-3333-4444-555555555555" };
    people.at.forgetRequests();
    await assert.rejects(
      activation({ directoryRole: { role: exchange } }).up(as("ann", { config })),
      /tenant/i,
    );
    assert.deepEqual(people.at.requests(), []);
  });

  it("is ended by somebody else: seen, and not asked for again", async () => {
    await people.makeEligible("ann", exchange);
    const life = activation({ directoryRole: { role: exchange } });
    await life.up(as("ann"));
    people.at.advance("PT6M");
    await people.run("ann", ["deactivate", exchange, "--surface", "entra"]);
    await life.refresh(as("ann"));
    assert.equal(life.outputs.status, "ended");
    assert.equal(await life.plan(as("ann")), undefined);
    assert.equal(await life.up(as("ann")), "same");
    life.declared = { ...life.declared, duration: "PT2H" };
    assert.equal(await life.up(as("ann")), "update");
    assert.equal(life.outputs.status, "active");
  });

  it("keeps the end of what runs when the declaration is edited", async () => {
    await people.makeEligible("ann", exchange);
    const life = activation({ directoryRole: { role: exchange } });
    await life.up(as("ann"));
    const { endsAt } = life.outputs;
    life.declared = { ...life.declared, duration: "PT2H" };
    const run = people.host("ann");
    assert.equal(await life.up(run as unknown as HostRun), "update");
    assert.match(run.said.join("\n"), /counts for the next activation/);
    assert.equal(life.outputs.endsAt, endsAt);
    assert.equal(await life.plan(as("ann")), undefined);
    people.at.advance("PT61M");
    assert.equal(await life.plan(as("ann")), undefined);
  });

  it("is replaced, new before old, when it names another role", async () => {
    await people.makeEligible("ann", exchange);
    await people.makeEligible("ann", ROLES.userAdministrator);
    const life = activation({ directoryRole: { role: exchange } });
    await life.up(as("ann"));
    life.declared = { ...life.declared, directoryRole: { role: ROLES.userAdministrator } };
    assert.equal(await life.up(as("ann")), "replace");
    assert.equal((await people.at.rows("active", exchange)).length, 0);
    assert.equal((await people.at.rows("active", ROLES.userAdministrator)).length, 1);
  });

  async function subscription(): Promise<string> {
    const { access_token } = await people.control.token({ audience: "arm" });
    const response = await fetch(`${people.at.info.arm}/subscriptions?api-version=2022-12-01`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const { value } = (await response.json()) as { value: { id: string }[] };
    return value[0]?.id ?? "";
  }
});
