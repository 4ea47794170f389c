import assert from "node:assert/strict";
import { CheckError, type HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const NAME = "emergency1@contoso.com";

describe("emergency accounts", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
  });
  afterEach(() => at.close());

  const seedAccount = (more: object = {}) =>
    String(
      at.control.seed({
        users: [{ displayName: "Emergency 1", userPrincipalName: NAME, ...more }],
      }).users[0]?.id,
    );
  const seedUnit = (displayName: string, isMemberManagementRestricted: boolean, member: string) =>
    at.control.seed({
      administrativeUnits: [{ displayName, isMemberManagementRestricted, members: [member] }],
    });
  const account = (more: object = {}) =>
    new Life(
      "ActiveAssignment",
      {
        directoryRole: { role: ROLES.globalAdministrator },
        principal: { user: NAME },
        expiration: { permanent: true },
        justification: "emergency access account",
        emergency: true,
        ...more,
      },
      "emergency/active/one",
    );
  const up = (life: Life) => async (run: HostRun) => assert.equal(await life.up(run), "create");

  it("in restricted management administrative units are named with the units", async () => {
    const id = seedAccount();
    seedUnit("Tier 0", true, id);
    seedUnit("Vault", true, id);
    seedUnit("Berlin", false, id);
    assert.deepEqual(await inRun(at, up(account())), [
      `ActiveAssignment "emergency/active/one": ${NAME} is protected by restricted management administrative unit "Tier 0", "Vault": no application permission of Graph can change the account, only administrators of the unit can`,
    ]);
  });

  it("in no such unit are not spoken of, and cost no look at units", async () => {
    seedUnit("Berlin", false, seedAccount());
    assert.deepEqual(await inRun(at, up(account())), []);
    const paths = at.control.requests().requests.map(({ path }) => path);
    assert.ok(!paths.some((path) => path.includes("memberOf")));
  });

  it("that are no emergency accounts are not spoken of", async () => {
    seedUnit("Tier 0", true, seedAccount());
    assert.deepEqual(await inRun(at, up(account({ emergency: false }))), []);
  });

  it("are refused when they would be of no use", async () => {
    for (const [more, reason] of [
      [{ accountEnabled: false }, /this one is disabled/],
      [{ userType: "Guest" }, /this one is a guest/],
      [{ onPremisesSyncEnabled: true }, /this one is synchronised/],
    ] as const) {
      const userPrincipalName = `x${reason.source.length}@contoso.com`;
      seedAccount({ ...more, userPrincipalName });
      const life = account({ principal: { user: userPrincipalName } });
      await inRun(at, (run) =>
        assert.rejects(
          life.up(run),
          (error) => error instanceof CheckError && reason.test(error.message),
        ),
      );
    }
  });
});
