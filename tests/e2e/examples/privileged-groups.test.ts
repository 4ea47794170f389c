import assert from "node:assert/strict";
import { ExampleStage } from "./example-stage";

describe("examples/privileged-groups", function () {
  this.timeout(600_000);
  let on: ExampleStage;
  let operators: string;
  let found: string;

  before(async () => {
    on = await ExampleStage.start({ example: "privileged-groups" });
    const { groups } = on.tenant.control.seed({ groups: [{ displayName: "Server operators" }] });
    operators = String(groups[0]?.["id"]);
    found = await on.groupSettings(operators, "member");
  });
  after(() => on.close());

  const idOf = async (name: string) => on.tenant.user(name);

  it("makes groups, and puts one that was there under PIM", async () => {
    await on.up([]);
    const database = (await on.groupId("Database administrators")) ?? "";
    const approvers = (await on.groupId("Approvers of group access")) ?? "";
    assert.deepEqual(
      await on.groupRows("eligibility", operators),
      [`${await idOf("david")} member`, `${await idOf("eva")} member`, `${database} member`].sort(),
    );
    assert.deepEqual(
      await on.groupRows("eligibility", database),
      [
        `${await idOf("ann")} owner`,
        `${await idOf("frank")} member`,
        `${await idOf("grace")} member`,
      ].sort(),
    );
    assert.deepEqual(
      await on.groupRows("assignment", approvers),
      // Owners of a group are told as active owners too.
      [
        `${await idOf("ann")} owner`,
        `${await idOf("bob")} member`,
        `${await idOf("carla")} member`,
      ].sort(),
    );
    assert.notEqual(await on.groupSettings(operators, "member"), found);
    assert.match(await on.groupSettings(database, "owner"), new RegExp(`"groupId":"${approvers}"`));
  });

  it("has nothing to do afterwards", async () => {
    assert.deepEqual(await on.up(), []);
  });

  it("shows who was removed and which setting was weakened, and repairs both", async () => {
    const database = (await on.groupId("Database administrators")) ?? "";
    await on.removeMember(operators, await idOf("eva"), "eligibility");
    await on.changeGroupRule(database, "owner", "Expiration_EndUser_Assignment", {
      maximumDuration: "PT8H",
    });
    assert.deepEqual(await on.drift(), {
      "operators/eligible/member/eva": "update live",
      "database/settings/owner": "update activation",
    });
    await on.up(["--skip-preview", "--refresh"]);
    assert.ok(
      (await on.groupRows("eligibility", operators)).includes(`${await idOf("eva")} member`),
    );
    assert.match(await on.groupSettings(database, "owner"), /"maximumDuration":"PT1H"/);
    assert.deepEqual(await on.drift(), {});
  });

  it("gives the group back as it was, still in PIM, and takes its own groups away", async () => {
    on.advance("PT10M");
    const { stdout } = await on.destroy();
    // Shown while it runs and again below the resources; the stack's own groups go, so nothing of them stays.
    const staying = [...stdout.matchAll(/group (.*?) stays managed by PIM/g)];
    assert.deepEqual([...new Set(staying.map(([, name]) => name))], ["Server operators"]);
    assert.deepEqual(await on.groupRows("eligibility", operators), []);
    assert.equal(await on.groupSettings(operators, "member"), found);
    assert.equal(await on.groupId("Database administrators"), undefined);
    assert.equal(await on.groupId("Server operators"), operators);
  });
});
