import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { changesOf, Scenario, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("resources that get other names", function () {
  this.timeout(300_000);
  let on: Scenario;

  before(async () => {
    on = await Scenario.start();
  });
  after(() => on.close());

  const component = (name: string, eligible: string, options = "{}") => `
    new pim.DirectoryRole(${JSON.stringify(name)}, {
      role,
      settings: { activation: { maximumDuration: "PT2H" } },
      eligibleAssignments: ${eligible},
    }, ${options});`;
  const person = (name: string) =>
    `{ principal: user("${name}"), expiration: { duration: "P90D" }, justification }`;
  const alone = (name: string, who: string, options = "{}") =>
    `new pim.EligibleAssignment("${name}", { ...at, principal: user("${who}"), expiration: { duration: "P90D" }, justification }, ${options});`;
  const live = async () => [
    await on.tenant.rows("eligible", role),
    await on.tenant.settingsText(role),
  ];

  it("cost nobody their access: a key, a move into a component, a component's name, a replacement", async () => {
    const untouched = await on.tenant.settingsText(role);
    on.program(component("exchange", `{ a: ${person("ann")} }`) + alone("bob", "bob"));
    await on.up();
    const before = await live();
    on.tenant.forgetRequests();

    on.program(component("mail", `{ a2: ${person("ann")}, bob: ${person("bob")} }`));
    const renamed = await on.up();
    assert.deepEqual(await live(), before);
    assert.deepEqual(on.tenant.writes(), []);
    assert.deepEqual(changesOf(renamed), [
      "create mail",
      "create mail/eligible/a2",
      "create mail/eligible/bob",
      "create mail/settings",
      "delete bob",
      "delete exchange",
      "delete exchange/eligible/a",
      "delete exchange/settings",
    ]);
    const said = saidIn(renamed).sort();
    assert.equal(said.length, 3, said.join("\n"));
    assert.match(
      said[0] ?? "",
      /EligibleAssignment "bob": bob@contoso.com eligible for Exchange Administrator: stays, now declared by EligibleAssignment "mail\/eligible\/bob"/,
    );
    assert.match(
      said[2] ?? "",
      /RoleSettings "exchange\/settings": .*forgotten is what was found before: activation.maximumDuration "PT8H"; an alias would have kept it/,
    );

    const { resources = [] } = await on.project.state();
    const ours = resources.filter(({ type }) => type.includes("dynamic/entra-pim:"));
    const replaced = await on.up(ours.flatMap(({ urn }) => ["--replace", urn]));
    assert.equal(replaced.changes.replace, 3);
    assert.deepEqual(await live(), before);
    assert.deepEqual(on.tenant.writes(), []);
    assert.deepEqual(await on.plan(), {});

    // What was found is gone with the name, so that destroying gives back what the renamed one met: our own.
    await on.destroy();
    assert.deepEqual(await on.tenant.rows("eligible", role), []);
    assert.notEqual(await on.tenant.settingsText(role), untouched);
    await on.tenant.changeRule(role, "Expiration_EndUser_Assignment", { maximumDuration: "PT8H" });
  });

  it("keep what was found through an alias, and nothing is deleted", async () => {
    const untouched = await on.tenant.settingsText(role);
    on.program(component("exchange", `{ a: ${person("ann")} }`) + alone("bob", "bob"));
    await on.up();
    on.program(
      component("mail", `{ a: ${person("ann")} }`, `{ aliases: [{ name: "exchange" }] }`) +
        alone("robert", "bob", `{ aliases: [{ name: "bob" }] }`),
    );
    on.tenant.forgetRequests();
    const aliased = await on.up();
    assert.deepEqual(changesOf(aliased), []);
    assert.deepEqual(on.tenant.writes(), []);
    await on.destroy();
    assert.deepEqual(await on.tenant.rows("eligible", role), []);
    assert.equal(await on.tenant.settingsText(role), untouched);
  });

  it("are removed by a destroy that runs the program too", async () => {
    on.program(component("exchange", `{ a: ${person("ann")} }`));
    await on.up();
    on.program(component("exchange", `{ other: ${person("ann")} }`));
    await on.destroy(["--run-program"]);
    assert.deepEqual(await on.tenant.rows("eligible", role), []);
    assert.equal(
      (await on.tenant.rules(role)).Expiration_EndUser_Assignment?.maximumDuration,
      "PT8H",
    );
  });

  it("cannot declare one assignment, or one role's settings, twice", async () => {
    on.program(alone("one", "ann") + alone("two", "ann"));
    assert.match(
      await on.refused("preview"),
      /declared twice, here and by EligibleAssignment "(one|two)"; remove one of the two/,
    );
    on.program(component("exchange", `{ a: ${person("ann")} }`) + alone("two", "ann"));
    assert.match(
      await on.refused("preview"),
      /declared twice, here and by EligibleAssignment "(exchange\/eligible\/a|two)"; remove one of the two/,
    );
    on.program(
      component("exchange", "{}") +
        `new pim.RoleSettings("more", { ...at, activation: { requireMfa: true } });`,
    );
    assert.match(
      await on.refused("preview"),
      /one resource for each role's settings: declared twice, here and by RoleSettings/,
    );
  });
});
