import assert from "node:assert/strict";
import type { RequestRecord } from "../../src/emulator";
import { inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const PEOPLE = ["ann", "bob", "carla", "david"].map((name) => `${name}@contoso.com`);
const beside = PEOPLE.map((name) => `user:${name}`).join("\n");

describe("names of principals", function () {
  this.timeout(30_000);
  let at: EmulatedTenant;

  beforeEach(async () => {
    at = await EmulatedTenant.start();
  });
  afterEach(() => at.close());

  const eligible = (user: string, more: object = { beside }) =>
    new Life(
      "EligibleAssignment",
      {
        directoryRole: { role: ROLES.exchangeAdministrator },
        principal: { user },
        expiration: { duration: "P10D" },
        justification: "x",
        ...more,
      },
      user,
    );
  const lookUps = () => at.control.requests().requests.filter(isLookUp);

  it("are looked up together from the second one on", async () => {
    await inRun(at, async (run) => {
      for (const user of PEOPLE) {
        const { principalId, principalName } = await eligible(user).check(run);
        assert.equal(principalName, user);
        assert.match(String(principalId), /^[0-9a-f-]{36}$/);
      }
    });
    assert.deepEqual(
      lookUps().map(({ batchItems = [] }) => batchItems.length),
      [0, 3],
    );
  });

  it("are looked up alone where only one is asked for", async () => {
    await inRun(at, (run) => eligible("ann@contoso.com").check(run));
    assert.equal(lookUps().length, 1);
    assert.equal(lookUps()[0]?.batchItems, undefined);
  });

  it("are not kept beside each other in the inputs, and make no difference", async () => {
    const life = eligible("ann@contoso.com");
    await inRun(at, async (run) => {
      assert.equal(await life.up(run), "create");
      assert.ok(!("beside" in life.inputs));
      assert.ok(!("beside" in life.outputs));
      life.declared = { ...life.declared, beside: `${beside}\nuser:emil@contoso.com` };
      assert.equal(await life.up(run), "same");
    });
  });

  it("say of an object what would else be read of it: emergency accounts take no further call", async () => {
    const emergency = ["one@contoso.com", "two@contoso.com"];
    at.control.seed({
      users: emergency.map((userPrincipalName) => ({ displayName: "e", userPrincipalName })),
    });
    await inRun(at, async (run) => {
      for (const user of emergency)
        await new Life(
          "ActiveAssignment",
          {
            directoryRole: { role: ROLES.globalAdministrator },
            principal: { user },
            expiration: { permanent: true },
            justification: "x",
            emergency: true,
          },
          user,
        ).check(run);
    });
    const reads = at.control
      .requests()
      .requests.flatMap(({ path, batchItems = [] }) => [
        path,
        ...batchItems.map((item) => item.path),
      ])
      .filter((path) => /\/users\/[0-9a-f-]{36}/.test(path));
    assert.deepEqual(reads, []);
  });

  it("that nobody has yet are looked up again: somebody may be made in the same run", async () => {
    const late = "late@contoso.com";
    await inRun(at, async (run) => {
      await eligible("ann@contoso.com").check(run);
      await eligible("bob@contoso.com", { beside: `${beside}\nuser:${late}` }).check(run);
      at.control.seed({ users: [{ displayName: "late", userPrincipalName: late }] });
      const { principalName } = await eligible(late).check(run);
      assert.equal(principalName, late);
    });
  });

  it("are found by display name too, when they are looked up together", async () => {
    at.control.seed({
      users: [
        { displayName: "Twin", userPrincipalName: "twin1@contoso.com" },
        { displayName: "Twin", userPrincipalName: "twin2@contoso.com" },
        { displayName: "Solo", userPrincipalName: "solo@contoso.com" },
      ],
    });
    await inRun(at, async (run) => {
      const names = { beside: "user:ann@contoso.com\nuser:Twin\nuser:Solo" };
      await eligible("ann@contoso.com", names).check(run);
      await assert.rejects(
        eligible("Twin", names).check(run),
        /twin1@contoso.com .*twin2@contoso.com/,
      );
      const { principalName } = await eligible("Solo", names).check(run);
      assert.equal(principalName, "solo@contoso.com");
    });
  });
});

function isLookUp({ path, batchItems = [] }: RequestRecord): boolean {
  return [path, ...batchItems.map((item) => item.path)].some((text) =>
    /\/users\?\$filter=/.test(text),
  );
}
