import assert from "node:assert/strict";
import { UNKNOWN } from "../../src/model/unknown";
import { type HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant } from "../emulated/tenant";

describe("a role-assignable group that a component makes", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;

  beforeEach(async () => {
    at = await EmulatedTenant.start({ groups: 0 });
  });
  afterEach(() => at.close());

  const seedGroups = (count: number, isAssignableToRole = true) =>
    at.control.seed({
      groups: Array.from({ length: count }, (_, index) => ({
        displayName: `group ${isAssignableToRole} ${index}`,
        isAssignableToRole,
      })),
    });
  const group = { group: UNKNOWN, access: "member" };
  const settings = (newGroup: string | undefined) =>
    new Life("RoleSettings", {
      group,
      activation: { maximumDuration: "PT2H" },
      ...(newGroup === undefined ? {} : { newGroup }),
    });
  const eligible = (newGroup: string) =>
    new Life("EligibleAssignment", {
      group,
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P10D" },
      justification: "x",
      newGroup,
    });
  const FULL =
    /newGroup\.assignableToRole: got true, expected room for another role-assignable group: the tenant has (\d+) of at most 500, and this program adds (\d+)/;

  it("is refused in the preview when the tenant is full, by its settings and by its assignments", async () => {
    seedGroups(500);
    for (const make of [settings, eligible])
      await inRun(at, (run) => assert.rejects(make('PrivilegedGroup "a"').check(run), FULL));
  });

  it("counts the groups of the program, each once, and the tenant's with one look", async () => {
    seedGroups(499);
    seedGroups(20, false);
    await inRun(at, async (run) => {
      const check = (life: Life) => life.check(run);
      const inputs = await check(settings('PrivilegedGroup "a"'));
      assert.ok(!("newGroup" in inputs));
      await check(eligible('PrivilegedGroup "a"'));
      await assert.rejects(check(eligible('PrivilegedGroup "b"')), /has 499 .* adds 2/);
    });
    assert.equal(looks(), Math.ceil(499 / 100));
  });

  it("is not counted for once it is there, nor where it holds no role", async () => {
    const { groups } = seedGroups(500);
    const known = { group: String(groups[0]?.id), access: "member" };
    await inRun(at, async (run: HostRun) => {
      await settings(undefined).check(run);
      const life = settings('PrivilegedGroup "a"');
      life.declared = { ...life.declared, group: known };
      await life.check(run);
    });
    assert.equal(looks(), 0);
  });

  const looks = () =>
    at.control.requests().requests.filter(({ path }) => /isAssignableToRole%20eq/.test(path))
      .length;
});
