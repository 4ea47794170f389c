import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROLES } from "../emulated/tenant";
import { PeopleTenant } from "../people/person";
import { Project } from "./harness/project";
import { changesOf, programOf, saidIn } from "./harness/scenario";

const role = ROLES.exchangeAdministrator;

describe("two people with a stack each on the engine", function () {
  this.timeout(300_000);
  let people: PeopleTenant;
  let ann: Project;
  let bob: Project;
  let caches: string;

  before(async () => {
    people = await PeopleTenant.start();
    await people.makeEligible("ann", role);
    await people.requireApproval(role, "bob");
    caches = mkdtempSync(join(tmpdir(), "entra-pim-tokens-"));
    ann = await stackOf(
      "ann",
      `new pim.Activation("exchange", { ...at, duration: "PT1H", justification });`,
    );
    bob = await stackOf(
      "bob",
      `new pim.ApprovalDecision("ann", { requester: user("ann"), role: at, decision: "approve", justification: "ok" });`,
    );
  });
  after(async () => {
    ann.remove();
    bob.remove();
    await people.close();
    rmSync(caches, { recursive: true, force: true });
  });

  const stackOf = (name: string, body: string) =>
    Project.create({
      name: `of-${name}`,
      program: { "index.js": programOf(body) },
      config: people.config(),
      env: { ENTRA_PIM_TOKEN_CACHE: join(caches, name) },
    });
  const advance = (duration: string) => {
    people.at.advance(duration);
    for (const project of [ann, bob])
      project.setVariable("ENTRA_PIM_CLOCK_OFFSET", people.at.clockOffset);
  };
  const active = async () => (await people.at.rows("active", role)).length;
  const seated = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    people.seat(name);
    return work();
  };

  it("previews without asking for anything", async () => {
    people.at.forgetRequests();
    const { changes } = await seated("ann", () => ann.preview());
    assert.equal(changes.create, 2);
    assert.deepEqual(people.at.writes(), []);
  });

  it("has one person's request approved by the other's stack while the first waits", async () => {
    const waiting = seated("ann", () => ann.up({ args: ["--skip-preview"] }));
    await until(async () => (await pending()).length === 1);
    const decided = await seated("bob", () => bob.up());
    assert.equal(decided.changes.create, 2);
    const { changes } = await waiting;
    assert.equal(changes.create, 2);
    assert.equal(await active(), 1);
    const { outputs } = await ann.resource("exchange");
    assert.deepEqual(
      [outputs?.status, outputs?.principalId],
      ["active", await people.at.user("ann")],
    );
    assert.equal((await bob.resource("ann")).outputs?.status, "approved");
  });

  it("has nothing to do a second time", async () => {
    for (const [name, project] of [
      ["ann", ann],
      ["bob", bob],
    ] as const) {
      const again = await seated(name, () => project.up());
      assert.deepEqual(changesOf(again), []);
    }
  });

  it("is left alone by a pipeline that runs the same stack", async () => {
    const { clientId, clientSecret } = people.at.info;
    people.at.forgetRequests();
    const pipeline = await Project.create({
      name: "pipeline",
      program: {
        "index.js": programOf(
          `new pim.Activation("exchange", { ...at, duration: "PT1H", justification });`,
        ),
      },
      config: { ...people.at.config },
    });
    try {
      const refused = await pipeline.previewText({ expectFailure: true });
      assert.match(refused.stdout + refused.stderr, /is an application/);
    } finally {
      pipeline.remove();
    }
    await ann.setConfig({
      "entra-pim:clientId": clientId,
      "entra-pim:clientSecret": { secret: clientSecret },
      "entra-pim:useBrowser": "false",
    });
    const up = await ann.up();
    assert.deepEqual(changesOf(up), []);
    await ann.refresh();
    await ann.setConfig({ ...people.config() });
    assert.equal(await active(), 1);
    assert.deepEqual(people.at.writes(), []);
  });

  it("ends with time, which a refresh shows and no preview calls drift", async () => {
    advance("PT61M");
    assert.equal(await active(), 0);
    await seated("ann", () => ann.refresh());
    assert.equal((await ann.resource("exchange")).outputs?.status, "expired");
    const { changes } = await seated("ann", () => ann.preview({ refresh: true }));
    assert.deepEqual([changes.create, changes.update, changes.replace], [0, 0, 0]);
  });

  it("deactivates when it is destroyed, and leaves the decision", async () => {
    await people.at.changeRule(role, "Approval_EndUser_Assignment", {
      setting: { isApprovalRequired: false },
    });
    ann.write({
      "index.js": programOf(
        `new pim.Activation("exchange", { ...at, duration: "PT30M", justification });`,
      ),
    });
    await seated("ann", () => ann.up({ args: ["--skip-preview"] }));
    assert.equal(await active(), 1);
    advance("PT6M");
    await seated("ann", () => ann.destroy({ args: ["--skip-preview"] }));
    assert.equal(await active(), 0);
    const left = await seated("bob", () => bob.destroy({ args: ["--skip-preview"] }));
    assert.match(saidIn(left).join("\n"), /stays approved: a decision cannot be taken back/);
  });

  async function pending(): Promise<unknown[]> {
    const path = `/roleManagement/directory/roleAssignmentScheduleRequests?$filter=roleDefinitionId eq '${role}'`;
    const { value } = (await people.at.graph("GET", path)) as { value: { status: string }[] };
    return value.filter(({ status }) => status === "PendingApproval");
  }
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("did not happen within a minute");
}
