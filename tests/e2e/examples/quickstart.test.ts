import assert from "node:assert/strict";
import { ROLES } from "../../emulated/tenant";
import { ExampleStage } from "./example-stage";

describe("examples/quickstart", function () {
  this.timeout(600_000);
  let on: ExampleStage;
  let found: string;
  const role = ROLES.exchangeAdministrator;

  before(async () => {
    on = await ExampleStage.start({
      example: "quickstart",
      stack: "dev",
      config: () => ({ engineer: "ann@contoso.com", approver: "bob@contoso.com" }),
    });
    found = await on.tenant.settingsText(role);
  });
  after(() => on.close());

  const maximum = async () =>
    (await on.tenant.rules(role))["Expiration_EndUser_Assignment"]?.maximumDuration;
  const holders = async () => Object.keys(await on.tenant.ends("eligible", role));

  it("makes somebody eligible under the declared settings", async () => {
    await on.up([]);
    assert.deepEqual(await holders(), [await on.tenant.user("ann")]);
    assert.equal(await maximum(), "PT2H");
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("shows drift, and repairs it", async () => {
    const change = { maximumDuration: "PT8H" };
    await on.tenant.changeRule(role, "Expiration_EndUser_Assignment", change);
    await on.tenant.request("eligible", "adminRemove", await on.tenant.user("ann"), role);
    assert.deepEqual(await on.drift(), {
      "exchange-admin/settings": "update activation",
      "exchange-admin/eligible/engineer": "update live",
    });
    await on.up(["--skip-preview", "--refresh"]);
    assert.deepEqual(await holders(), [await on.tenant.user("ann")]);
    assert.equal(await maximum(), "PT2H");
  });

  it("gives back what was found", async () => {
    await on.destroy();
    assert.deepEqual(await holders(), []);
    assert.equal(await on.tenant.settingsText(role), found);
  });
});
