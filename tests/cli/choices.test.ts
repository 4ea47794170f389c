import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { PeopleTenant } from "../people/person";

const { exchangeAdministrator: exchange, userAdministrator } = ROLES;
const ENTRA = ["--surface", "entra"];

describe("commands of people where there is a choice", () => {
  let people: PeopleTenant;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", exchange);
  });
  afterEach(() => people.close());

  const activate = (role: string, more: string[] = []) =>
    people.run("ann", ["activate", role, ...ENTRA, "--reason", "CHG-1", ...more]);
  const waiting = async () => {
    await people.requireApproval(exchange, "bob");
    const { json } = await activate("Exchange Administrator", ["--json"]);
    return String(json.results[0].requestId);
  };

  it("refuse a name that means several places, and list them", async () => {
    const [unit] = people.control.seed({
      administrativeUnits: [{ displayName: "EMEA" }],
    }).administrativeUnits;
    const scope = `/administrativeUnits/${unit?.["id"]}`;
    for (const place of ["/", scope]) {
      await people.at.request(
        "eligible",
        "adminAssign",
        await people.at.user("ann"),
        userAdministrator,
        {
          scope: place,
          expiration: { type: "noExpiration" },
        },
      );
    }
    const refused = await activate("User Administrator");
    assert.equal(refused.exitCode, 2);
    assert.match(refused.out, /eligible for several: /);
    assert.ok(refused.out.replace(/\s+/g, " ").includes(scope), refused.out);
    const done = await activate("User Administrator", ["--scope", scope]);
    assert.equal(done.exitCode, 0, done.out);
  });

  it("ask before they decide about one that only a filter named", async () => {
    const id = await waiting();
    const approve = ["approve", "--role", "exchange administrator", ...ENTRA, "--reason", "ok"];
    const unasked = await people.run("bob", approve);
    assert.equal(unasked.exitCode, 2);
    assert.match(unasked.err, /approve this request: say --yes/);
    const no = await people.run("bob", approve, { confirm: async () => false });
    assert.match(no.err, /nothing was decided/);
    const yes = await people.run("bob", approve, { confirm: async () => true });
    assert.equal(yes.exitCode, 0, yes.err);
    assert.ok(yes.out.includes(id));
  });

  for (const [word, other, exitCode] of [
    ["deny", "denied", 2],
    ["approve", "approved", 0],
  ] as const) {
    it(`say who was faster when somebody ${other} it meanwhile`, async () => {
      const id = await waiting();
      const role = ["--role", "Exchange Administrator", ...ENTRA];
      const late = await people.run("bob", ["approve", ...role, "--reason", "ok"], {
        confirm: async () => {
          const faster = await people.run("bob", [word, id, ...ENTRA, "--reason", "sooner"]);
          return faster.exitCode === 0;
        },
      });
      assert.equal(late.exitCode, exitCode, late.out + late.err);
      assert.match(
        late.out.replace(/\s+/g, " "),
        new RegExp(`${other} (it )?already|bob@contoso.com ${other} it already`),
      );
    });
  }

  it("end activations, and never what an administrator assigned", async () => {
    const ann = await people.at.user("ann");
    await people.at.request("active", "adminAssign", ann, userAdministrator, {
      expiration: { type: "noExpiration" },
    });
    people.at.advance("PT6M");
    people.at.forgetRequests();
    const refused = await people.run("ann", ["deactivate", "User Administrator", ...ENTRA]);
    assert.equal(refused.exitCode, 2, refused.out);
    assert.deepEqual(people.at.writes(), []);
    assert.equal((await people.at.rows("active", userAdministrator)).length, 1);
  });

  it("look for a request whose answer was lost before they ask again", async () => {
    people.control.fault({
      method: "POST",
      path: "*/roleAssignmentScheduleRequests",
      drop: "after",
      times: 1,
    });
    const done = await activate("Exchange Administrator", ["--json"]);
    assert.equal(done.exitCode, 0, done.out + done.err);
    assert.equal(done.json.results[0].result, "active");
  });
});
