import assert from "node:assert/strict";
import { type HostRun, inRun, Life } from "../emulated/life";
import { ROLES } from "../emulated/tenant";
import { PeopleTenant, type PersonRun } from "../people/person";

const { exchangeAdministrator: exchange, helpdeskAdministrator: helpdesk } = ROLES;

describe("activations and decisions as resources", () => {
  let people: PeopleTenant;

  beforeEach(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", exchange);
  });
  afterEach(() => people.close());

  const activation = (more: object = {}, name = "x") =>
    new Life(
      "Activation",
      { directoryRole: { role: exchange }, duration: "PT1H", justification: "CHG-1", ...more },
      name,
    );
  const decision = (more: object = {}) =>
    new Life("ApprovalDecision", {
      requester: { user: "ann@contoso.com" },
      role: { directoryRole: { role: exchange } },
      decision: "approve",
      justification: "ok",
      ...more,
    });
  const as = (name: string, options = {}) => asHost(people.host(name, options));
  const active = async () => (await people.at.rows("active", exchange)).length;

  it("activates, shows no drift, is seen to end, and is not asked for again", async () => {
    const life = activation();
    assert.equal(await life.up(as("ann")), "create");
    assert.deepEqual([life.outputs.status, await active()], ["active", 1]);
    assert.equal(life.outputs.principalId, await people.at.user("ann"));
    people.at.forgetRequests();
    assert.equal(await life.up(as("ann")), "same");
    assert.equal(await life.refresh(as("ann")), true);
    assert.equal(life.outputs.status, "active");
    assert.equal(await life.plan(as("ann")), undefined);
    people.at.advance("PT61M");
    await life.refresh(as("ann"));
    assert.equal(life.outputs.status, "expired");
    assert.equal(await life.plan(as("ann")), undefined);
    assert.equal(await life.up(as("ann")), "same");
    assert.equal(await active(), 0);
    assert.deepEqual(people.at.writes(), []);
    await life.delete(as("ann"));
    assert.deepEqual(people.at.writes(), []);
  });

  it("asks anew for each run of its person after its end, when it says renew", async () => {
    const life = activation({ onExpired: "renew" });
    await life.up(as("ann"));
    people.at.advance("PT61M");
    assert.deepEqual(await life.plan(as("ann")), ["(due)"]);
    assert.equal(await life.plan(as("bob")), undefined);
    assert.equal(await life.up(as("ann")), "update");
    assert.deepEqual([life.outputs.status, await active()], ["active", 1]);
    assert.equal(await life.up(as("ann")), "same");
  });

  it("is its person's alone: for any other identity unchanged, never replaced, never ended", async () => {
    const life = activation();
    await life.up(as("ann"));
    const pipeline = { ...life.outputs };
    life.declared = { ...life.declared, duration: "PT2H", directoryRole: { role: helpdesk } };
    people.at.forgetRequests();
    for (const run of [as("bob")]) {
      assert.equal(await life.plan(run), undefined);
      assert.equal(await life.up(run), "same");
      assert.equal(await life.refresh(run), true);
    }
    await inRun(people.at, async (run) => {
      assert.equal(await life.up(run), "same");
      await life.refresh(run);
      await life.delete(run);
    });
    assert.deepEqual(life.outputs, {});
    assert.equal(await active(), 1);
    assert.deepEqual(people.at.writes(), []);
    assert.equal(pipeline.principalId, await people.at.user("ann"));
  });

  it("refuses an application before any call, with the reason", async () => {
    people.at.forgetRequests();
    for (const life of [activation(), decision()]) {
      await inRun(people.at, (run) =>
        assert.rejects(life.up(run), /is an application .*only a person can .*useBrowser/),
      );
    }
    assert.deepEqual(
      people.at.requests().filter(({ path }) => !path.includes("/users")),
      [],
    );
  });

  it("refuses the Azure CLI's token on Graph, with the reason", async () => {
    const config = { "entra-pim:clientId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46" };
    people.at.forgetRequests();
    await assert.rejects(
      activation().up(as("ann", { config })),
      /of the Azure CLI.*lacks the permissions of PIM/,
    );
    assert.deepEqual(people.at.requests(), []);
  });

  it("waits out the first five minutes when it is destroyed", async () => {
    const life = activation();
    await life.up(as("ann"));
    await life.delete(as("ann"));
    assert.equal(await active(), 0);
  });

  it("waits for an approver, who decides in a stack of their own", async () => {
    await people.requireApproval(exchange, "bob");
    const mine = activation({ waitForApproval: false });
    assert.equal(await mine.up(as("ann")), "create");
    assert.equal(mine.outputs.status, "pending");
    assert.equal(await mine.up(as("ann")), "same");
    const theirs = decision();
    await assert.rejects(
      decision({ requester: { user: "carla@contoso.com" } }).up(as("bob")),
      /no request of carla/,
    );
    assert.equal(await theirs.up(as("bob")), "create");
    assert.deepEqual(
      [theirs.outputs.status, theirs.outputs.requestId, theirs.outputs.decidedBy],
      ["approved", mine.outputs.requestId, "bob@contoso.com"],
    );
    assert.equal(await theirs.up(as("bob")), "same");
    assert.equal(await theirs.up(as("carla")), "same");
    await theirs.refresh(as("carla"));
    assert.equal(await theirs.plan(as("bob")), undefined);
    await mine.refresh(as("ann"));
    assert.deepEqual([mine.outputs.status, await active()], ["active", 1]);
    const run = people.host("bob");
    await theirs.delete(asHost(run));
    assert.match(run.said.join("\n"), /stays approved: a decision cannot be taken back/);
    assert.equal(await active(), 1);
  });

  it("decides by requester and role about activations alone, about an extension by its id", async () => {
    await people.makeEligible("ann", helpdesk, { type: "afterDuration", duration: "P30D" });
    const extend = ["extend", "Helpdesk Administrator", "--surface", "entra", "--reason", "r"];
    const { json } = await people.run("ann", [...extend, "--json"]);
    const requestId = json.results[0].requestId;
    const role = { directoryRole: { role: helpdesk } };
    await assert.rejects(
      decision({ role }).up(as("admin")),
      new RegExp(`no activation by ann.*extend eligible.*requestId ${requestId}`),
    );
    const byId = decision({ requester: undefined, role: undefined, requestId });
    assert.equal(await byId.up(as("admin")), "create");
    assert.equal(byId.outputs.status, "approved");
  });

  it("keeps what nobody decided in time, goes on with it, and takes it back when destroyed", async () => {
    await people.requireApproval(exchange, "bob");
    const life = activation({ timeouts: { create: "PT1M" } });
    await assert.rejects(life.up(as("ann")), /waits for approval still; run again/);
    assert.equal(life.outputs.status, "pending");
    const byId = decision({
      requester: undefined,
      role: undefined,
      requestId: life.outputs.requestId,
    });
    await byId.up(as("bob"));
    assert.equal(await life.up(as("ann")), "update");
    assert.equal(life.outputs.status, "active");
    people.at.advance("PT61M");
    const again = activation({ waitForApproval: false }, "y");
    await again.up(as("ann"));
    await again.delete(as("ann"));
    const { json } = await people.run("ann", ["requests", "--surface", "entra", "--json"]);
    assert.ok(json.requests.some(({ status }: { status: string }) => status === "Canceled"));
  });

  it("says who denied it and why", async () => {
    await people.requireApproval(exchange, "bob");
    const pending = activation({ waitForApproval: false });
    await pending.up(as("ann"));
    await decision({ decision: "deny", justification: "not today" }).up(as("bob"));
    await pending.refresh(as("ann"));
    assert.equal(pending.outputs.status, "denied");
    assert.equal(await pending.plan(as("ann")), undefined);
    const waiting = activation({}, "y");
    let denials = 0;
    const onSleep = async () => {
      denials += 1;
      if (denials > 1) return;
      const args = ["deny", "--all-from", "ann@contoso.com", "--surface", "entra", "--yes"];
      await people.run("bob", [...args, "--reason", "still not"]);
    };
    await assert.rejects(
      waiting.up(as("ann", { onSleep })),
      /was denied by bob@contoso\.com: "still not"/,
    );
  });

  it("says who decided what meanwhile, which is no error when it is the same", async () => {
    await people.requireApproval(exchange, "bob");
    const life = activation({ waitForApproval: false });
    await life.up(as("ann"));
    const { requestId } = life.outputs;
    await people.run("bob", ["approve", requestId, "--surface", "entra", "--reason", "by hand"]);
    const byId = { requester: undefined, role: undefined, requestId };
    const run = people.host("bob");
    const same = decision(byId);
    await same.up(asHost(run));
    assert.match(run.said.join("\n"), /was approved already by bob@contoso\.com/);
    assert.equal(same.outputs.decidedBy, "bob@contoso.com");
    await assert.rejects(
      decision({ ...byId, decision: "deny" }).up(as("bob")),
      /bob@contoso\.com approved it already.*"by hand"/,
    );
    await assert.rejects(
      decision({ ...byId, requestId: "11111111-1111-1111-1111-111111111111" }).up(as("bob")),
      /is unknown/,
    );
    await assert.rejects(decision().up(as("ann")), /nobody approves a request of their own/);
  });

  it("takes over what runs already, and leaves what another resource declares now", async () => {
    const first = activation({}, "first");
    await first.up(as("ann"));
    const run = people.host("ann");
    const second = activation({}, "second");
    await second.up(asHost(run));
    assert.match(run.said.join("\n"), /is active already until/);
    await first.delete(asHost(run));
    assert.match(run.said.join("\n"), /goes on, now declared by/);
    assert.equal(await active(), 1);
  });

  it("refuses declarations that cannot be", async () => {
    const refused = (more: object, pattern: RegExp) =>
      assert.rejects(activation(more).up(as("ann")), pattern);
    await refused({ duration: "PT5M" }, /PT30M/);
    await refused({ duration: "P2D" }, /PT24H/);
    await refused({ startsAt: "2020-01-01T00:00:00Z" }, /an instant to come/);
    await refused({ duration: "PT10H" }, /longer than the role's settings allow/);
    await refused({ justification: undefined }, /justification/);
    await refused({ directoryRole: { role: helpdesk } }, /not eligible/);
    await assert.rejects(decision({ requestId: "x" }).up(as("bob")), /exactly one of requestId/);
  });

  it("begins later, and is cancelled before it began", async () => {
    const startsAt = new Date(people.at.now() + 3_600_000).toISOString();
    const life = activation({ startsAt });
    await life.up(as("ann"));
    assert.equal(life.outputs.status, "scheduled");
    assert.equal(await life.plan(as("ann")), undefined);
    await life.delete(as("ann"));
    people.at.advance("PT90M");
    assert.equal(await active(), 0);
  });
});

function asHost(run: PersonRun): HostRun {
  return run as unknown as HostRun;
}
