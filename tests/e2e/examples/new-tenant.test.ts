import assert from "node:assert/strict";
import { ROLES } from "../../emulated/tenant";
import { ExampleStage, subscriptions } from "./example-stage";

const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const EMERGENCY = ["emergency1@contoso.onmicrosoft.com", "emergency2@contoso.onmicrosoft.com"];

describe("examples/new-tenant", function () {
  this.timeout(900_000);
  let on: ExampleStage;
  let production: string;

  before(async () => {
    on = await ExampleStage.start({
      example: "new-tenant",
      emulator: { groups: 0, eligible: 0 },
      people: EMERGENCY,
      config: async (tenant) => {
        ({ production } = await subscriptions(tenant));
        const owner = { role: "Owner", scope: production, tier: "critical", teams: ["platform"] };
        return { "entra-pim-new-tenant:azureRoles": JSON.stringify({ production: owner }) };
      },
    });
    // What was made a moment ago is unknown to PIM, and a group's policies come late.
    on.tenant.control.settings({ replicationDelay: "PT3S", groupPolicyDelay: "PT5S" });
  });
  after(() => on.close());

  const idOf = async (path: string) => ((await on.tenant.graph("GET", path)) as { id: string }).id;

  it("sets up an empty tenant in one up, principals that it makes included", async () => {
    const changed = await on.up([]);
    assert.ok(changed.length > 150, `${changed.length} changes`);
    assert.deepEqual(new Set(changed.map((line) => line.split(" ")[0])), new Set(["create"]));

    const [platform, messaging, approvers] = await Promise.all(
      ["Platform team", "Messaging team", "PIM approvers"].map((name) => on.groupId(name)),
    );
    const holders = async (role: string) => Object.keys(await on.tenant.ends("eligible", role));
    assert.deepEqual(await holders(ROLES.exchangeAdministrator), [messaging]);
    const ann = await idOf("/users/ann@contoso.com");
    assert.deepEqual(await holders(ROLES.globalAdministrator), [ann]);
    assert.deepEqual(
      (await holders(ROLES.groupsAdministrator)).sort(),
      [messaging, platform].sort(),
    );
    assert.deepEqual(await on.azureRows("Eligibility", production), [`${platform} ${OWNER}`]);

    const active = await on.tenant.ends("active", ROLES.globalAdministrator);
    for (const account of EMERGENCY) assert.equal(active[await idOf(`/users/${account}`)], null);

    const members = await on.list(`/groups/${approvers}/members?$select=userPrincipalName`);
    const names = members.map((member) => member["userPrincipalName"]).sort();
    assert.deepEqual(names, ["ann@contoso.com", "bob@contoso.com"]);

    const rules = await on.tenant.rules(ROLES.globalAdministrator);
    assert.equal(rules["Expiration_EndUser_Assignment"]?.maximumDuration, "PT1H");
    const setting = rules["Approval_EndUser_Assignment"]?.setting;
    assert.equal(setting.isApprovalRequired, true);
    assert.equal(setting.approvalStages[0].primaryApprovers[0].groupId, approvers);
    const mails = rules["Notification_Admin_EndUser_Assignment"];
    assert.deepEqual(mails?.notificationRecipients, ["soc@contoso.com"]);
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("shows what somebody changed on each surface, and repairs it", async () => {
    // PIM refuses to end what began within the last five minutes.
    on.advance("PT10M");
    const platform = (await on.groupId("Platform team")) ?? "";
    const role = ROLES.exchangeAdministrator;
    const change = { maximumDuration: "PT8H" };
    await on.tenant.changeRule(role, "Expiration_EndUser_Assignment", change);
    const messaging = (await on.groupId("Messaging team")) ?? "";
    await on.tenant.request("eligible", "adminRemove", messaging, role);
    await on.removeAzure("Eligibility", production, platform, OWNER);
    const eva = await idOf("/users/eva@contoso.com");
    await on.removeMember(platform, eva);

    assert.deepEqual(await on.drift(), {
      "baseline/roles/exchange/settings": "update activation",
      "baseline/roles/exchange/eligible/messaging": "update live",
      "production/eligible/platform": "update live",
      "platform/active/member/eva": "update live",
    });
    assert.equal((await on.up(["--skip-preview", "--refresh"])).length, 4);
    assert.deepEqual(Object.keys(await on.tenant.ends("eligible", role)), [messaging]);
    assert.deepEqual(await on.azureRows("Eligibility", production), [`${platform} ${OWNER}`]);
    assert.ok((await on.list(`/groups/${platform}/members`)).some(({ id }) => id === eva));
    assert.deepEqual(await on.drift(), {});
  });

  it("gives back what was found, and keeps the emergency accounts", async () => {
    const before = await on.tenant.settingsText(ROLES.exchangeAdministrator);
    on.advance("PT10M");
    const { stdout } = await on.destroy();
    for (const account of EMERGENCY) {
      assert.match(stdout, new RegExp(`${account}.*(stays|keeps)`));
      const active = await on.tenant.ends("active", ROLES.globalAdministrator);
      assert.equal(active[await idOf(`/users/${account}`)], null);
    }
    assert.notEqual(await on.tenant.settingsText(ROLES.exchangeAdministrator), before);
    assert.deepEqual(await on.list("/groups"), []);
    assert.deepEqual(await on.tenant.rows("eligible", ROLES.globalAdministrator), []);
    assert.deepEqual(await on.azureRows("Eligibility", production), []);
  });
});
