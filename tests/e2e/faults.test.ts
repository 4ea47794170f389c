import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startTestTenant, type TestTenant } from "./harness/emulator";
import { Project } from "./harness/project";

const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const REQUESTS = "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests";

/** A program that makes everybody in `people.json` eligible, and sets the role's settings. */
const PROGRAM = `
const pim = require("pulumi-entra-pim");
const settings = new pim.RoleSettings("settings", { directoryRole: { role: "${EXCHANGE}" }, activation: { maximumDuration: "PT2H" } });
for (const user of require("./people.json")) {
  new pim.EligibleAssignment(user, {
    directoryRole: { role: "${EXCHANGE}" }, principal: { user }, expiration: { duration: "P90D" }, justification: "CHG-1",
  }, { dependsOn: [settings] });
}
`;

describe("an up that meets trouble", function () {
  this.timeout(600_000);
  let tenant: TestTenant;
  let project: Project;
  let people: string[];

  async function begin(count: number): Promise<void> {
    tenant = await startTestTenant({ users: 0 });
    const { users } = tenant.control.seed({
      users: Array.from({ length: count }, (_, index) => ({
        displayName: `Person ${index}`,
        userPrincipalName: `person${index}@faults.example`,
        accountEnabled: true,
        userType: "Member",
      })),
    });
    people = users.map(({ id }) => String(id));
    project = await Project.create({
      program: { "index.js": PROGRAM, "people.json": JSON.stringify(people) },
      config: tenant.config,
      env: tenant.env,
    });
  }

  afterEach(async () => {
    project.remove();
    await tenant.close();
  });

  /** What was sent to grant eligibility, and how it was answered. */
  function grants(): number[] {
    return tenant.control
      .requests()
      .requests.filter(({ method, path }) => method === "POST" && path.startsWith(REQUESTS))
      .map(({ status }) => status);
  }

  async function eligible(): Promise<string[]> {
    const { access_token: token } = await tenant.control.token({ clientId: tenant.info.clientId });
    const holders: string[] = [];
    let next: string | undefined =
      `${tenant.info.graph}/v1.0/roleManagement/directory/roleEligibilitySchedules`;
    while (next !== undefined) {
      const response: Response = await fetch(next, {
        headers: { Authorization: `Bearer ${token}` },
      });
      const page = (await response.json()) as {
        value: { principalId: string }[];
        "@odata.nextLink"?: string;
      };
      holders.push(...page.value.map(({ principalId }) => principalId));
      next = page["@odata.nextLink"];
    }
    return holders.sort();
  }

  async function assertDeclaredSet(): Promise<void> {
    assert.deepEqual(await eligible(), [...people].sort());
    const { changes } = await project.up({ args: ["--refresh"] });
    assert.equal(changes.create + changes.update + changes.replace + changes.delete, 0);
  }

  it("is finished by the next one after a SIGKILL at any point, and nothing that took effect is sent again", async () => {
    await begin(200);
    // Every third kill falls between a request's effect and its answer, which the checkpoint waits for.
    for (const [kill, point] of [1, 15, 40, 60, 85, 105, 130, 150, 170, 190].entries()) {
      const betweenEffectAndAnswer = kill % 3 === 0;
      const accepted = () => grants().filter((status) => status === 201).length;
      if (betweenEffectAndAnswer) {
        tenant.control.fault({
          method: "POST",
          path: REQUESTS,
          delay: 3_000,
          times: 4,
          skip: Math.max(0, point - accepted() - 4),
        });
      }
      const running = await project.spawn(["up", "--yes", "--skip-preview"]);
      await until(() => accepted() >= point, running.ended);
      running.kill("SIGKILL");
      await running.ended;
      const whenKilled = accepted();
      await pause(1_500);
      // The orphaned host has more writes queued than it may still send: those under way, no new ones.
      assert.ok(
        accepted() - whenKilled <= 12,
        `${accepted() - whenKilled} more grants after the kill at ${point}`,
      );
      tenant.control.clearFaults();
      await pause(betweenEffectAndAnswer ? 2_000 : 0);
      await project.cancel();
    }
    await project.up({ args: ["--skip-preview"] });
    assert.deepEqual(
      grants().filter((status) => status !== 201),
      [],
      "a request that had its effect was sent again",
    );
    assert.equal(grants().length, 200);
    await assertDeclaredSet();
  });

  it("survives a storm of 429, inside batches too", async () => {
    await begin(40);
    tenant.control.fault({ status: 429, retryAfter: 1, probability: 0.4, seed: 7, times: 60 });
    await project.up({ args: ["--skip-preview"] });
    await assertDeclaredSet();
  });

  it("survives 5xx before and after the effect, and dropped connections", async () => {
    await begin(40);
    for (const fault of [
      { status: 503, when: "before", times: 4 },
      { status: 502, when: "after", times: 4, skip: 6 },
      { status: 504, when: "after", times: 3, skip: 14 },
    ] as const) {
      tenant.control.fault({ method: "POST", path: REQUESTS, ...fault });
    }
    tenant.control.fault({ method: "POST", path: REQUESTS, drop: "after", times: 3, skip: 20 });
    tenant.control.fault({ method: "POST", path: REQUESTS, drop: "before", times: 3, skip: 26 });
    await project.up({ args: ["--skip-preview"] });
    const { created } = { created: grants().filter((status) => status === 201).length };
    assert.ok(created <= 40, `${created} requests had an effect`);
    tenant.control.clearFaults();
    await assertDeclaredSet();
  });

  it("takes what is not visible yet for what it is: written", async () => {
    await begin(20);
    tenant.control.settings({ visibilityDelay: "PT45S" });
    await project.up({ args: ["--skip-preview"] });
    const { changes } = await project.up({ args: ["--refresh"] });
    assert.equal(changes.create + changes.update + changes.replace + changes.delete, 0);
    tenant.control.settings({ visibilityDelay: "PT0S" });
    await assertDeclaredSet();
  });

  it("finishes a partial failure with the next up", async () => {
    await begin(12);
    tenant.control.fault({
      method: "POST",
      path: REQUESTS,
      status: 400,
      code: "RoleAssignmentRequestPolicyValidationFailed",
      message: "The following policy rules failed: ExpirationRule",
      times: 5,
      skip: 3,
    });
    const { stdout, stderr } = await project.up({ args: ["--skip-preview"], expectFailure: true });
    assert.match(stdout + stderr, /ExpirationRule/);
    tenant.control.clearFaults();
    await project.up({ args: ["--skip-preview"] });
    await assertDeclaredSet();
  });
});

async function until(isReached: () => boolean, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!isReached()) {
    if (hasEnded) throw new Error("the up ended before the point of its kill");
    await pause(2);
  }
}
