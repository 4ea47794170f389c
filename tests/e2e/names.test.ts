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
    assert.equal(said.length, 4, said.join("\n"));
    assert.match(
      said[0] ?? "",
      /EligibleAssignment "bob": bob@contoso.com eligible for Exchange Administrator: stays, now declared by EligibleAssignment "mail\/eligible\/bob"/,
    );
    assert.match(
      said[2] ?? "",
      /RoleSettings "exchange\/settings": .*forgotten is what was found before: activation.maximumDuration "PT8H"; an alias would have kept it/,
    );
    assert.match(said[3] ?? "", /RoleSettings "mail\/settings": .*are as declared already/);

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

  it("keep the object that a name meant, until a replacement is asked for, which says so", async () => {
    const before = { ann: await on.tenant.user("ann"), bob: await on.tenant.user("bob") };
    on.program(
      alone("one", "ann") +
        `new pim.RoleSettings("s", { ...at, activation: { requireApproval: true, approvers: [user("bob")] } });`,
    );
    await on.up();
    on.tenant.control.seed({
      users: Object.entries(before).flatMap(([name, id]) => [
        { id, displayName: `old ${name}`, userPrincipalName: `old-${name}@contoso.com` },
        { displayName: name, userPrincipalName: `${name}@contoso.com` },
      ]),
    });
    assert.deepEqual(await on.plan(), {});
    const { resources = [] } = await on.project.state();
    const ours = resources.filter(({ type }) => type.includes("dynamic/entra-pim:"));
    const replaced = await on.up(ours.flatMap(({ urn }) => ["--replace", urn]));
    const now = { ann: await on.tenant.user("ann"), bob: await on.tenant.user("bob") };
    const said = saidIn(replaced).join("\n");
    for (const name of ["ann", "bob"] as const) {
      assert.notEqual(now[name], before[name]);
      assert.match(
        said,
        new RegExp(
          `replaced by what its names mean now: the user named "${name}@contoso.com" was ${before[name]} and is ${now[name]} now`,
        ),
      );
    }
    const holders = (await on.tenant.rows("eligible", role)).map(({ principalId }) => principalId);
    assert.deepEqual(holders, [now.ann]);
    assert.deepEqual(await on.plan(), {});
    await on.destroy();
    assert.deepEqual(await on.tenant.rows("eligible", role), []);
  });

  it("keep their access after 45 days too, when no request tells any more whose it is", async () => {
    const declared = (name: string, adopt: string, options = "{}") =>
      `new pim.EligibleAssignment("${name}", { ...at, principal: user("ann"), expiration: { duration: "P90D" }, justification, adopt: "${adopt}" }, ${options});`;
    on.program(declared("a", "always"));
    await on.up();
    on.advance("P46D");
    on.tenant.control.purgeRequests();
    const before = await on.tenant.rows("eligible", role);
    on.tenant.forgetRequests();

    on.program(declared("b", "refuse", `{ aliases: [{ name: "a" }] }`));
    assert.deepEqual(changesOf(await on.up()), ["update b"]);
    on.program(declared("c", "refuse"));
    assert.match(await on.refused("up"), /after a rename, give the resource an alias/);
    assert.deepEqual(changesOf(await on.up(["--refresh"])), ["create c", "delete b"]);
    on.program(declared("d", "always"));
    const renamed = await on.up();
    assert.deepEqual(changesOf(renamed), ["create d", "delete c"]);
    assert.match(saidIn(renamed).join(), /stays, now declared by EligibleAssignment "d"/);

    assert.deepEqual(await on.tenant.rows("eligible", role), before);
    assert.deepEqual(on.tenant.writes(), []);
    assert.deepEqual(await on.plan(), {});
    await on.destroy();
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
