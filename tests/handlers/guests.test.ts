import assert from "node:assert/strict";
import { inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

describe("guests", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;
  let id: string;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
    const guest = { userPrincipalName: "visitor@contoso.com", userType: "Guest" };
    id = String(at.control.seed({ users: [{ displayName: "Visitor", ...guest }] }).users[0]?.id);
    // The role's own settings do not stand in the way.
    await at.changeRule(ROLES.exchangeAdministrator, "Expiration_Admin_Eligibility", {
      isExpirationRequired: false,
    });
  });
  afterEach(() => at.close());

  const eligible = (user: string, expiration: object) =>
    new Life("EligibleAssignment", {
      directoryRole: { role: ROLES.exchangeAdministrator },
      principal: { user },
      expiration,
      justification: "x",
    });
  const NO_END = /expected an end for a guest/;

  it("without an end are refused, by name in the check and by id before the write", async () => {
    const permanent = { permanent: true };
    await inRun(at, (run) =>
      assert.rejects(eligible("visitor@contoso.com", permanent).check(run), NO_END),
    );
    await inRun(at, (run) => assert.rejects(eligible(id, permanent).up(run), NO_END));
    assert.deepEqual(await at.rows("eligible", ROLES.exchangeAdministrator), []);
  });

  it("with an end are taken", async () => {
    await inRun(at, async (run) => {
      assert.equal(await eligible(id, { duration: "P10D" }).up(run), "create");
    });
  });
});
