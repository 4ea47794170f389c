import assert from "node:assert/strict";
import { join } from "node:path";
import { ExampleStage, replaceIn, subscriptions } from "./example-stage";

const ROOT = "/providers/Microsoft.Management/managementGroups/landing-zones";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const USER_ACCESS_ADMINISTRATOR = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
const VAULT_ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483";

describe("examples/azure-landing-zone", function () {
  this.timeout(600_000);
  let on: ExampleStage;
  let production: string;
  let development: string;
  let platform: string;
  let developers: string;

  before(async () => {
    on = await ExampleStage.start({ example: "azure-landing-zone" });
    ({ production, development } = await subscriptions(on.tenant));
    const config = join(on.project.directory, "Pulumi.contoso.yaml");
    replaceIn(config, "/subscriptions/00000000-0000-0000-0000-000000000001", production);
    replaceIn(config, "/subscriptions/00000000-0000-0000-0000-000000000002", development);
    const { groups } = on.tenant.control.seed({
      groups: [{ displayName: "Platform engineers" }, { displayName: "Developers" }],
    });
    [platform = "", developers = ""] = groups.map(({ id }) => String(id));
  });
  after(() => on.close());

  const vault = () =>
    `${production}/resourceGroups/app-prod/providers/Microsoft.KeyVault/vaults/contoso-prod`;
  const workload = () => `${production}/resourceGroups/workload-prod`;
  const live = async () =>
    Promise.all(
      [ROOT, production, development, workload(), vault()].map((scope) =>
        on.azureRows("Eligibility", scope),
      ),
    );
  const declared = () => [
    [`${platform} ${OWNER}`],
    [`${platform} ${USER_ACCESS_ADMINISTRATOR}`, `${platform} ${CONTRIBUTOR}`].sort(),
    [`${platform} ${CONTRIBUTOR}`, `${developers} ${CONTRIBUTOR}`].sort(),
    [`${developers} ${CONTRIBUTOR}`],
    [`${platform} ${VAULT_ADMINISTRATOR}`],
  ];

  it("declares access at every level, at a scope that it makes too", async () => {
    await on.up([]);
    assert.deepEqual(await live(), declared());
    assert.equal(await on.azureMaximum(ROOT, OWNER), "PT1H");
    const { value } = (await on.arm(
      "GET",
      `${production}/providers/Microsoft.Authorization/roleEligibilitySchedules?api-version=2020-10-01`,
    )) as { value: { properties: { scope: string; condition: string | null } }[] };
    const conditions = value.flatMap(({ properties }) => properties.condition ?? []);
    assert.equal(conditions.length, 1);
    assert.match(conditions[0] ?? "", /GuidNotEquals/);
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("shows drift at each level, and repairs it", async () => {
    await on.removeAzure("Eligibility", vault(), platform, VAULT_ADMINISTRATOR);
    await on.removeAzure("Eligibility", workload(), developers, CONTRIBUTOR);
    await on.allowLonger(ROOT, OWNER, "PT8H");
    assert.deepEqual(await on.drift(), {
      "owner/settings": "update activation",
      "contributor-workload/eligible/developers": "update live",
      "vault/eligible/platform": "update live",
    });
    await on.up(["--skip-preview", "--refresh"]);
    assert.deepEqual(await live(), declared());
    assert.equal(await on.azureMaximum(ROOT, OWNER), "PT1H");
    assert.deepEqual(await on.drift(), {});
  });

  it("takes all access away, and the resource group that it made", async () => {
    await on.destroy();
    for (const scope of [ROOT, production, development, vault()])
      assert.deepEqual(await on.azureRows("Eligibility", scope), []);
    await assert.rejects(on.arm("GET", `${workload()}?api-version=2024-11-01`), /404/);
    assert.equal(await on.azureMaximum(ROOT, OWNER), "PT8H");
  });
});
