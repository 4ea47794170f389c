import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { PeopleTenant } from "../people/person";

const { exchangeAdministrator: exchange } = ROLES;

/** Rewrites the line above, turns the direction of text, hides, and adds a row of its own. */
const REASON = "ok\u001b[1A\u001b[2K\u202egnorw\u202c\u200b\u009b2K\r\nFAKE  admin@contoso.com";
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

describe("commands of people with texts that somebody else chose", () => {
  let people: PeopleTenant;
  let id: string;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", exchange);
    await people.requireApproval(exchange, "bob");
    const asked = await people.run("ann", [
      "activate",
      "Exchange Administrator",
      "--surface",
      "entra",
      "--reason",
      REASON,
      "--json",
    ]);
    assert.equal(asked.exitCode, 0, asked.err);
    id = asked.json.results[0].requestId;
  });
  afterEach(() => people.close());

  for (const columns of [undefined, 200, 60]) {
    it(`show an approver a reason that no terminal obeys, ${columns ?? "not on a terminal"}`, async () => {
      const options = columns === undefined ? {} : { columns, env: { NO_COLOR: "1" } };
      const pending = await people.run("bob", ["approvals", "--surface", "entra"], options);
      assert.equal(pending.exitCode, 0, pending.err);
      assert.doesNotMatch(pending.out, OBEYED);
      assert.doesNotMatch(pending.out, /^FAKE/m);
      assert.match(pending.out.replace(/\s+/g, " "), /ok\[1A\[2Kgnorw2K FAKE/);
    });
  }

  it("show requesters what approvers said the same way", async () => {
    const denied = await people.run("bob", ["deny", id, "--surface", "entra", "--reason", REASON]);
    assert.equal(denied.exitCode, 0, denied.err);
    const again = await people.run("bob", ["approve", id, "--surface", "entra", "--reason", "x"]);
    assert.equal(again.exitCode, 2);
    assert.match(again.out, /denied already by bob@contoso\.com/);
    assert.doesNotMatch(again.out + again.err, OBEYED);
  });

  it("keep the reason as it is for programs", async () => {
    const pending = await people.run("bob", ["approvals", "--surface", "entra", "--json"]);
    assert.equal(pending.json.approvals[0].justification, REASON);
  });
});
