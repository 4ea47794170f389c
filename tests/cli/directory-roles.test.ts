import assert from "node:assert/strict";
import { ROLES } from "../emulated/tenant";
import { PeopleTenant } from "../people/person";

const {
  exchangeAdministrator: exchange,
  userAdministrator,
  helpdeskAdministrator: helpdesk,
} = ROLES;

describe("commands of people on directory roles", () => {
  let people: PeopleTenant;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", exchange);
    await people.makeEligible("ann", userAdministrator, {
      type: "afterDuration",
      duration: "P30D",
    });
  });
  afterEach(() => people.close());

  it("activates, shows and ends", async () => {
    const eligible = await people.run("ann", ["eligible", "--surface", "entra"]);
    assert.equal(eligible.exitCode, 0, eligible.err);
    assert.match(eligible.out, /entra +Exchange Administrator +no end +\? +\?/);
    const done = await people.run("ann", [
      "activate",
      "exchange administrator",
      "--surface",
      "entra",
      "--reason",
      "CHG-1",
    ]);
    assert.equal(done.exitCode, 0, done.err);
    assert.match(done.out, /Exchange Administrator +active until/);
    const { json } = await people.run("ann", ["active", "--surface", "entra", "--json"]);
    assert.deepEqual(
      json.active.map((row: Record<string, unknown>) => [row["roleName"], row["assignmentType"]]),
      [["Exchange Administrator", "activated"]],
    );
    const early = await people.run("ann", [
      "deactivate",
      "Exchange Administrator",
      "--surface",
      "entra",
    ]);
    assert.equal(early.exitCode, 2);
    assert.match(early.out, /first five minutes/);
    people.at.advance("PT6M");
    const ended = await people.run("ann", [
      "deactivate",
      "Exchange Administrator",
      "--surface",
      "entra",
    ]);
    assert.equal(ended.exitCode, 0, ended.out);
    assert.equal(
      (await people.run("ann", ["active", "--surface", "entra", "--json"])).json.active.length,
      0,
    );
  });

  it("shows what a role will ask for to whoever may read settings", async () => {
    await people.at.request(
      "active",
      "adminAssign",
      await people.at.user("ann"),
      ROLES.globalAdministrator,
    );
    await people.requireApproval(exchange, "bob");
    const { json, exitCode } = await people.run("ann", [
      "eligible",
      "--surface",
      "entra",
      "--json",
    ]);
    assert.equal(exitCode, 0);
    const row = json.eligible.find(
      ({ roleDefinitionId }: { roleDefinitionId: string }) => roleDefinitionId === exchange,
    );
    assert.deepEqual(row.conditions, {
      maximumDuration: "PT8H",
      mfa: true,
      authenticationContext: null,
      approval: true,
      justification: true,
      ticket: false,
    });
  });

  it("has a request approved by another person, single and bulk", async () => {
    await people.requireApproval(exchange, "bob");
    const asked = await people.run("ann", [
      "activate",
      "Exchange Administrator",
      "--surface",
      "entra",
      "--reason",
      "CHG-2",
      "--ticket",
      "SNOW:7",
      "--json",
    ]);
    assert.equal(asked.exitCode, 0, asked.err);
    const id = asked.json.results[0].requestId;
    assert.equal(asked.json.results[0].result, "waiting");
    assert.match(asked.err, new RegExp(`entra-pim cancel ${id}`));
    const mine = await people.run("ann", ["requests", "--surface", "entra", "--open"]);
    assert.match(mine.out, /waits for approval/);
    assert.match(mine.out, /23 h|1 d/);
    const pending = await people.run("bob", ["approvals", "--surface", "entra"]);
    assert.match(pending.out, /ann@contoso\.com +activate +entra +Exchange Administrator +PT1H/);
    assert.match(pending.out, /CHG-2 +SNOW 7/);
    const own = await people.run("ann", ["approve", id, "--surface", "entra", "--reason", "x"]);
    assert.equal(own.exitCode, 2);
    assert.match(own.out, /no approver|your own/);
    const noReason = await people.run("bob", ["approve", id, "--surface", "entra"]);
    assert.equal(noReason.exitCode, 2);
    assert.match(noReason.err, /--reason/);
    const stranger = await people.run("carla", [
      "approve",
      id,
      "--surface",
      "entra",
      "--reason",
      "x",
    ]);
    assert.equal(stranger.exitCode, 2);
    const approved = await people.run("bob", [
      "approve",
      id,
      "--surface",
      "entra",
      "--reason",
      "ok",
    ]);
    assert.equal(approved.exitCode, 0, approved.err);
    assert.match(approved.out, /approved/);
    const again = await people.run("bob", ["approve", id, "--surface", "entra", "--reason", "ok"]);
    assert.equal(again.exitCode, 0);
    assert.match(again.out, /approved already by bob@contoso\.com/);
    const other = await people.run("bob", ["deny", id, "--surface", "entra", "--reason", "no"]);
    assert.equal(other.exitCode, 2);
    assert.equal(
      (await people.run("ann", ["active", "--surface", "entra", "--json"])).json.active.length,
      1,
    );
    const unknown = await people.run("bob", [
      "approve",
      "11111111-1111-1111-1111-111111111111",
      "--surface",
      "entra",
      "--reason",
      "x",
    ]);
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.out, /unknown/);
  });

  it("asks once before many, and lists what is left when some fail", async () => {
    await people.requireApproval(exchange, "bob");
    for (const name of ["carla", "david"]) await people.makeEligible(name, exchange);
    const ids: string[] = [];
    for (const name of ["ann", "carla", "david"]) {
      const { json } = await people.run(name, [
        "activate",
        exchange,
        "--surface",
        "entra",
        "--reason",
        "r",
        "--json",
      ]);
      ids.push(json.results[0].requestId);
    }
    const args = [
      "approve",
      "--role",
      "Exchange Administrator",
      "--surface",
      "entra",
      "--reason",
      "ok",
    ];
    const silent = await people.run("bob", args);
    assert.equal(silent.exitCode, 2);
    assert.match(silent.err, /--yes/);
    const no = await people.run("bob", args, { confirm: async () => false });
    assert.equal(no.exitCode, 2);
    people.control.fault({ method: "PATCH", path: `*${ids[1]}*`, status: 403, code: "Forbidden" });
    const some = await people.run("bob", [...args, "--yes"]);
    assert.equal(some.exitCode, 3);
    assert.match(some.err, new RegExp(`not decided: ${ids[1]}`));
    people.control.clearFaults();
    const rest = await people.run("bob", [
      "deny",
      "--all-from",
      "carla@contoso.com",
      "--surface",
      "entra",
      "--reason",
      "no",
      "--yes",
    ]);
    assert.equal(rest.exitCode, 0, rest.err + rest.out);
    const denied = await people.run("carla", ["requests", "--surface", "entra"]);
    assert.match(denied.out, /denied/);
  });

  it("takes a request back, and says when there is nothing to take back", async () => {
    await people.requireApproval(exchange, "bob");
    const { json } = await people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r",
      "--json",
    ]);
    const id = json.results[0].requestId;
    const twice = await people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(twice.exitCode, 2);
    assert.match(twice.out, /pending already/);
    assert.equal((await people.run("ann", ["cancel", id, "--surface", "entra"])).exitCode, 0);
    const again = await people.run("ann", ["cancel", id, "--surface", "entra"]);
    assert.equal(again.exitCode, 2);
    assert.match(again.err, /cancelled and cannot be cancelled/);
    const foreign = await people.run("carla", ["cancel", id, "--surface", "entra"]);
    assert.match(foreign.err, /none of your requests/);
  });

  it("refuses what the service would refuse in words of its own", async () => {
    const refused = async (args: string[], pattern: RegExp, name = "ann", more = {}) => {
      const { exitCode, out, err } = await people.run(name, [...args, "--surface", "entra"], more);
      assert.match(out + err, pattern);
      assert.equal(exitCode, 2);
    };
    await refused(["activate", "Exchange Administrator"], /justification.*--reason/);
    await refused(
      ["activate", "Exchange Administrator", "--reason", "r", "--for", "PT10H"],
      /longer than/,
    );
    await refused(
      ["activate", "Exchange Administrator", "--reason", "r", "--for", "1h"],
      /ISO 8601/,
    );
    await refused(
      ["activate", "Exchange Admin", "--reason", "r"],
      /did you mean "Exchange Administrator"/,
    );
    await refused(["activate", "Exchange Administrator", "--reason", "r"], /multifactor/, "ann", {
      mfa: false,
    });
    await people.run("ann", ["activate", exchange, "--reason", "r", "--surface", "entra"]);
    await refused(["activate", exchange, "--reason", "r"], /active already/);
    await people.at.changeRule(userAdministrator, "Enablement_EndUser_Assignment", {
      enabledRules: ["Ticketing"],
    });
    await refused(["activate", userAdministrator], /--ticket/);
  });

  it("activates several at once, and says that part of it failed", async () => {
    const { exitCode, out } = await people.run("ann", [
      "activate",
      exchange,
      userAdministrator,
      helpdesk,
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(exitCode, 3);
    assert.match(out, /Exchange Administrator +active/);
    assert.match(out, /User Administrator +active/);
    assert.match(out, /not eligible/);
  });

  it("asks what would happen without doing it", async () => {
    const { out, exitCode } = await people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r",
      "--validate",
    ]);
    assert.equal(exitCode, 0);
    assert.match(out, /would be granted/);
    assert.equal(
      (await people.run("ann", ["active", "--surface", "entra", "--json"])).json.active.length,
      0,
    );
    await people.requireApproval(exchange, "bob");
    const waits = await people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r",
      "--validate",
    ]);
    assert.match(waits.out, /wait for approval/);
  });

  it("waits for the approver, and leaves the request when broken off", async () => {
    await people.requireApproval(exchange, "bob");
    let stop: () => void = () => undefined;
    const waiting = people.run(
      "ann",
      ["activate", exchange, "--surface", "entra", "--reason", "r", "--wait"],
      {
        interrupt: (handler) => {
          stop = handler;
        },
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    stop();
    const broken = await waiting;
    assert.equal(broken.exitCode, 3);
    assert.match(
      broken.err,
      /stays\. Look: entra-pim requests --mine; take it back: entra-pim cancel/,
    );
    const [id] = /[0-9a-f-]{36}/.exec(broken.err) ?? [];
    await people.run("ann", ["cancel", id ?? "", "--surface", "entra"]);
    const again = people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r2",
      "--wait",
    ]);
    await new Promise((resolve) => setTimeout(resolve, 700));
    await people.run("bob", [
      "approve",
      "--all-from",
      "ann@contoso.com",
      "--surface",
      "entra",
      "--reason",
      "ok",
      "--yes",
    ]);
    const done = await again;
    assert.equal(done.exitCode, 0, done.err);
    assert.match(done.out, /active until/);
  });

  it("satisfies an authentication context where the sign-in can, and says so where it cannot", async () => {
    await people.at.changeRule(exchange, "Enablement_EndUser_Assignment", {
      enabledRules: ["Justification"],
    });
    await people.at.changeRule(exchange, "AuthenticationContext_EndUser_Assignment", {
      isEnabled: true,
      claimValue: "c1",
    });
    const done = await people.run("ann", [
      "activate",
      exchange,
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(done.exitCode, 0, done.out + done.err);
    people.at.advance("PT2H");
    const refused = await people.run(
      "ann",
      ["activate", exchange, "--surface", "entra", "--reason", "r"],
      {
        env: { ENTRA_PIM_SIGN_IN: "device" },
        onErr: (text) => {
          const [, userCode] = /"userCode": "(\w+)"/.exec(text) ?? [];
          if (userCode !== undefined) people.control.signIn({ user: "ann@contoso.com", userCode });
        },
      },
    );
    assert.equal(refused.exitCode, 2, refused.err);
    assert.match(refused.out, /authentication context c1/);
  });

  it("extends and renews through an administrator", async () => {
    const extended = await people.run("ann", [
      "extend",
      "User Administrator",
      "--surface",
      "entra",
      "--for",
      "P60D",
      "--reason",
      "r",
    ]);
    assert.equal(extended.exitCode, 0, extended.out + extended.err);
    assert.match(extended.out, /waits for an administrator/);
    const shown = await people.run("admin", ["approvals", "--surface", "entra"]);
    assert.match(shown.out, /ann@contoso\.com +extend eligible +entra +User Administrator/);
    const asked = await people.run("admin", [
      "deny",
      "--role",
      "user administrator",
      "--reason",
      "x",
    ]);
    assert.match(asked.err, /ann@contoso\.com: extend eligible User Administrator/);
    const pending = await people.run("admin", ["approvals", "--surface", "entra", "--json"]);
    assert.equal(pending.json.approvals.length, 1);
    const approved = await people.run("admin", [
      "approve",
      pending.json.approvals[0].id,
      "--surface",
      "entra",
      "--reason",
      "ok",
    ]);
    assert.equal(approved.exitCode, 0, approved.out + approved.err);
    const early = await people.run("ann", [
      "renew",
      "User Administrator",
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(early.exitCode, 2);
    assert.match(early.out, /has not run out: .*entra-pim extend/);
    people.at.advance("P61D");
    const gone = await people.run("ann", ["eligible", "--surface", "entra", "--json"]);
    assert.deepEqual(
      gone.json.eligible.map((row: { roleDefinitionId: string }) => row.roleDefinitionId),
      [exchange],
    );
    const renewed = await people.run("ann", [
      "renew",
      "User Administrator",
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(renewed.exitCode, 0, renewed.out + renewed.err);
  });

  it("activates through a group, as the person", async () => {
    const bob = await people.at.user("bob");
    const [group] = people.control.seed({
      groups: [{ displayName: "Admins", isAssignableToRole: true, members: [bob] }],
    }).groups;
    await people.at.request("eligible", "adminAssign", String(group?.["id"]), helpdesk);
    const list = await people.run("bob", ["eligible", "--surface", "entra"]);
    assert.match(list.out, /Helpdesk Administrator.*a group/);
    const done = await people.run("bob", [
      "activate",
      "Helpdesk Administrator",
      "--surface",
      "entra",
      "--reason",
      "r",
    ]);
    assert.equal(done.exitCode, 0, done.out);
    const rows = await people.at.rows("active", helpdesk);
    assert.deepEqual(
      rows.map(({ principalId }) => principalId),
      [bob],
    );
  });
});
