import assert from "node:assert/strict";
import { type HostRun, inRun, Life } from "../emulated/life";
import { EmulatedTenant, ROLES } from "../emulated/tenant";

const role = ROLES.exchangeAdministrator;
const ELIGIBLE_REQUESTS = "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests";
const COUNT = 80;
/** What the engine has under way at once. */
const PARALLEL = 16;

describe("a refresh of what was written a moment ago", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;
  let lives: Life[];

  beforeEach(async () => {
    at = await EmulatedTenant.start({ users: 0 });
    const { users } = at.control.seed({
      users: Array.from({ length: COUNT }, (_, index) => ({
        displayName: `Person ${index}`,
        userPrincipalName: `person${index}@contoso.com`,
      })),
    });
    lives = users.map(
      ({ id }, index) =>
        new Life(
          "EligibleAssignment",
          {
            directoryRole: { role },
            principal: { user: String(id) },
            expiration: { duration: "P90D" },
            justification: "CHG-1",
          },
          `person${index}`,
        ),
    );
  });
  afterEach(() => at.close());

  /** Refreshes all, a handful at a time; answers what it waited, how often it asked, and what it found. */
  async function refresh(of: readonly Life[]): Promise<{
    waitedMs: number;
    http: number;
    found: Set<unknown>;
  }> {
    let waitedMs = 0;
    at.forgetRequests();
    await inRun(at, async (run) => {
      await inWaves(of, (life) => life.refresh(run));
      waitedMs = run.pauses.reduce((sum, ms) => sum + ms, 0);
    });
    const http = at.control
      .requests()
      .requests.filter(({ path }) => path.startsWith("/v1.0/")).length;
    return { waitedMs, http, found: new Set(of.map(({ outputs }) => outputs.status)) };
  }

  async function grantAll(): Promise<void> {
    await inRun(at, (run) => inWaves(lives, (life) => life.up(run)));
  }

  /** Another administrator takes them away, page by page. */
  async function removeAll(): Promise<void> {
    for (let rows = await at.rows("eligible", role); rows.length > 0; ) {
      for (const { principalId } of rows)
        await at.request("eligible", "adminRemove", principalId, role);
      rows = await at.rows("eligible", role);
    }
  }

  it("waits once for all assignments, however many the engine reads at a time", async () => {
    at.control.settings({ visibilityDelay: "PT45S" });
    await grantAll();
    const { waitedMs, http, found } = await refresh(lives);
    assert.deepEqual([...found], ["provisioned"]);
    assert.ok(waitedMs >= 40_000 && waitedMs <= 60_000, `${waitedMs}`);
    assert.ok(http <= 30, `${http} requests`);
  });

  it("waits once for those that never appear, and asks once more for the last of them", async () => {
    await grantAll();
    await removeAll();
    // No request says so any more.
    at.control.purgeRequests();
    const { waitedMs, http, found } = await refresh(lives);
    assert.deepEqual([...found], ["removed"]);
    assert.ok(waitedMs >= 55_000 && waitedMs <= 61_000, `${waitedMs}`);
    assert.ok(http <= 40, `${http} requests`);
  });

  it("waits for none that somebody asked to remove", async () => {
    await grantAll();
    await removeAll();
    const { waitedMs, http, found } = await refresh(lives);
    assert.deepEqual([...found], ["removed"]);
    assert.equal(waitedMs, 0);
    assert.ok(http <= 1 + COUNT / PARALLEL, `${http} requests`);
  });

  it("waits once for all settings", async () => {
    at.control.settings({ visibilityDelay: "PT45S" });
    const settings = Object.values(ROLES).map(
      (id, index) =>
        new Life(
          "RoleSettings",
          { directoryRole: { role: id }, activation: { maximumDuration: "PT3H" } },
          `settings${index}`,
        ),
    );
    await inRun(at, (run) => inWaves(settings, (life) => life.up(run), 2));
    let waitedMs = 0;
    await inRun(at, async (run: HostRun) => {
      await inWaves(settings, (life) => life.refresh(run), 2);
      waitedMs = run.pauses.reduce((sum, ms) => sum + ms, 0);
    });
    for (const { inputs } of settings) assert.equal(inputs.activation.maximumDuration, "PT3H");
    assert.ok(waitedMs >= 35_000 && waitedMs <= 60_000, `${waitedMs}`);
  });

  it("goes by the rows for an identity that may not see requests", async () => {
    const [only] = lives;
    assert.ok(only !== undefined);
    at.control.settings({ visibilityDelay: "PT20S" });
    await inRun(at, (run) => only.up(run));
    at.control.fault({
      method: "GET",
      path: ELIGIBLE_REQUESTS,
      status: 403,
      code: "UnknownError",
      message: JSON.stringify({ errorCode: "PermissionScopeNotGranted" }),
    });
    assert.deepEqual([...(await refresh([only])).found], ["provisioned"]);
    at.control.settings({ visibilityDelay: "PT0S" });
    await removeAll();
    assert.deepEqual([...(await refresh([only])).found], ["removed"]);
    const asked = at.requests().filter(({ path }) => path.startsWith(ELIGIBLE_REQUESTS));
    assert.equal(asked.length, 1, "what is refused once is not asked again");
  });
});

describe("approvers who cannot be seen yet", function () {
  this.timeout(60_000);
  let at: EmulatedTenant;
  const id = (digit: number) => `7b1f9f6e-0000-4000-8000-00000000000${digit}`;
  const settings = (name: string, roleDefinitionId: string) =>
    new Life(
      "RoleSettings",
      {
        directoryRole: { role: roleDefinitionId },
        activation: {
          requireApproval: true,
          approvers: [{ group: id(1) }, { group: id(2) }, { user: id(3) }],
        },
      },
      name,
    );

  beforeEach(async () => {
    at = await EmulatedTenant.start();
  });
  afterEach(() => at.close());

  it("are waited for together, and each of them once", async () => {
    await inRun(at, async (run) => {
      const missing = /approvers\[0\]\.group: got .*\n.*approvers\[1\].*\n.*approvers\[2\]/;
      await assert.rejects(settings("a", ROLES.exchangeAdministrator).check(run), missing);
      const waited = run.pauses.reduce((sum, ms) => sum + ms, 0);
      assert.ok(waited >= 40_000 && waited <= 46_000, `${waited}`);
      const pauses = run.pauses.length;
      await assert.rejects(settings("b", ROLES.helpdeskAdministrator).check(run), missing);
      assert.equal(run.pauses.length, pauses);
    });
  });

  it("are found when they appear", async () => {
    const appear = () =>
      at.control.seed({
        groups: [1, 2].map((digit) => ({
          id: id(digit),
          displayName: `approvers ${digit}`,
          isAssignableToRole: true,
          securityEnabled: true,
          mailEnabled: false,
        })),
        users: [{ id: id(3), displayName: "Zoe", userPrincipalName: "zoe@contoso.com" }],
      });
    let pauses = 0;
    const life = settings("a", ROLES.exchangeAdministrator);
    await inRun(at, (run) => life.up(run), {
      onSleep: () => {
        pauses += 1;
        if (pauses === 2) appear();
      },
    });
    assert.equal(pauses, 2);
    assert.equal(Object.keys(life.inputs.approverIds).length, 3);
  });
});

/** Works on all, so many at a time, as the engine does. */
async function inWaves<T>(
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
  parallel = PARALLEL,
): Promise<void> {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
