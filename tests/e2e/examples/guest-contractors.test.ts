import assert from "node:assert/strict";
import { join } from "node:path";
import { ROLES } from "../../emulated/tenant";
import { ExampleStage, replaceIn } from "./example-stage";

const MIRA = "mira_partner.com#EXT#@contoso.onmicrosoft.com";
const NOAH = "noah_partner.com#EXT#@contoso.onmicrosoft.com";
const REPORTS_READER = "4a5d8f65-41da-4de4-8968-e035b65339cf";
const DAY = 86_400_000;

describe("examples/guest-contractors", function () {
  this.timeout(600_000);
  let on: ExampleStage;
  let mira: string;
  let noah: string;
  const day = (days: number) =>
    `${new Date(Math.ceil(Date.now() / DAY + days) * DAY).toISOString().slice(0, 10)}T17:00:00Z`;
  const [start, miraEnd, noahEnd] = [day(7), day(70), day(39)];

  before(async () => {
    on = await ExampleStage.start({ example: "guest-contractors" });
    const { users } = on.tenant.control.seed({
      users: [MIRA, NOAH].map((userPrincipalName) => ({
        displayName: userPrincipalName,
        userPrincipalName,
        userType: "Guest",
      })),
    });
    [mira = "", noah = ""] = users.map(({ id }) => String(id));
    // The dates of the committed configuration pass; the distances between them stay.
    const config = join(on.project.directory, "Pulumi.contoso.yaml");
    for (const [from, to] of [
      ["2026-12-01T08:00:00Z", start],
      ["2027-01-31T17:00:00Z", miraEnd],
      ["2026-12-31T17:00:00Z", noahEnd],
    ] as const)
      replaceIn(config, from, to);
  });
  after(() => on.close());

  const end = async (role: string, who: string) => {
    const at = (await on.tenant.ends("eligible", role))[who];
    return at == null ? at : new Date(at).toISOString().replace(".000Z", "Z");
  };

  it("gives access until the day on which the contract ends", async () => {
    await on.up([]);
    assert.equal(await end(ROLES.helpdeskAdministrator, mira), miraEnd);
    assert.equal(await end(REPORTS_READER, noah), noahEnd);
    const [row] = await on.tenant.rows("eligible", ROLES.helpdeskAdministrator);
    assert.equal(Date.parse(row?.scheduleInfo?.startDateTime ?? ""), Date.parse(start));
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("repairs an end that somebody moved", async () => {
    await on.tenant.request("eligible", "adminUpdate", noah, REPORTS_READER, {
      expiration: { type: "afterDateTime", endDateTime: day(80) },
    });
    assert.deepEqual(await on.drift(), {
      "ReportsReader/eligible/reports-noah": "update expiration",
    });
    await on.up(["--skip-preview", "--refresh"]);
    assert.equal(await end(REPORTS_READER, noah), noahEnd);
    assert.deepEqual(await on.drift(), {});
  });

  it("leaves a contract that is over alone, and says so", async () => {
    on.advance("P41D");
    assert.deepEqual(await on.up(["--skip-preview", "--refresh"]), []);
    assert.equal(await end(REPORTS_READER, noah), undefined);
    assert.deepEqual((await on.project.outputs())["over"], ["eligible/reports-noah"]);
  });

  it("takes all access away", async () => {
    await on.destroy();
    assert.equal(await end(ROLES.helpdeskAdministrator, mira), undefined);
  });
});
