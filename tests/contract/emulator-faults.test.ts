import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";

describe("emulator: faults, throttling, batches, records", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator();
    send = await clientOf(emulator);
  });

  afterEach(() => emulator.close());

  const batch = (requests: object[]) => send("POST", "/v1.0/$batch", { requests });

  it("answers an injected status so many times, with Retry-After, also inside a batch", async () => {
    emulator.control.fault({
      method: "GET",
      path: "/v1.0/users",
      status: 429,
      retryAfter: 7,
      times: 2,
    });
    const first = await send("GET", "/v1.0/users");
    assert.deepEqual(
      [first.status, first.headers.get("retry-after"), codeOf(first)],
      [429, "7", "TooManyRequests"],
    );
    const item = (await batch([{ id: "1", method: "GET", url: "/users" }])).body.responses[0];
    assert.deepEqual([item.status, item.headers["Retry-After"]], [429, "7"]);
    assert.equal((await send("GET", "/v1.0/users")).status, 200);
  });

  it("drops a connection before or after the effect", async () => {
    const body = { displayName: "Unit" };
    const count = async () =>
      (await send("GET", "/v1.0/directory/administrativeUnits")).body.value.length;
    emulator.control.fault({
      method: "POST",
      path: "administrativeUnits",
      drop: "before",
      times: 1,
    });
    await assert.rejects(send("POST", "/v1.0/directory/administrativeUnits", body));
    assert.equal(await count(), 0);
    emulator.control.fault({
      method: "POST",
      path: "administrativeUnits",
      drop: "after",
      times: 1,
    });
    await assert.rejects(send("POST", "/v1.0/directory/administrativeUnits", body));
    assert.equal(await count(), 1);
    emulator.control.fault({
      method: "POST",
      path: "administrativeUnits",
      status: 503,
      when: "after",
      times: 1,
    });
    assert.equal((await send("POST", "/v1.0/directory/administrativeUnits", body)).status, 503);
    assert.equal(await count(), 2);
  });

  it("hits a share of requests by a seed, the same each time", async () => {
    const pattern = async () => {
      emulator.control.clearFaults();
      emulator.control.fault({ status: 500, probability: 0.5, seed: 7, path: "organization" });
      const statuses: number[] = [];
      for (let index = 0; index < 12; index += 1)
        statuses.push((await send("GET", "/v1.0/organization")).status);
      return statuses;
    };
    const [once, twice] = [await pattern(), await pattern()];
    assert.deepEqual(once, twice);
    assert.deepEqual([...new Set(once)].sort(), [200, 500]);
  });

  it("admits so many writes per time", async () => {
    emulator.control.settings({ throttle: { writes: 2, seconds: 30 } });
    const post = async () =>
      send("POST", "/v1.0/directory/administrativeUnits", { displayName: "Unit" });
    assert.deepEqual([(await post()).status, (await post()).status], [201, 201]);
    const refused = await post();
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get("retry-after")) > 20);
    assert.equal((await send("GET", "/v1.0/users")).status, 200);
  });

  it("runs batch items in order of dependence, refuses more than 20 and doubles", async () => {
    const { body } = await batch([
      { id: "1", method: "GET", url: "/users/nobody" },
      { id: "2", method: "GET", url: "/users", dependsOn: ["1"] },
      { id: "3", method: "GET", url: "/organization" },
    ]);
    assert.deepEqual(
      body.responses.map((item: { status: number }) => item.status),
      [404, 424, 200],
    );
    const many = Array.from({ length: 21 }, (_, index) => ({
      id: String(index),
      method: "GET",
      url: "/users",
    }));
    assert.equal((await batch(many)).status, 400);
    assert.equal((await batch([many[0] ?? {}, many[0] ?? {}])).status, 400);
  });

  it("records every request with its caller and batch items", async () => {
    emulator.control.clearRequests();
    await batch([{ id: "a", method: "GET", url: "/organization" }]);
    const response = await fetch(`${emulator.info.url}/_emulator/requests`);
    const { requests } = (await response.json()) as {
      requests: { method: string; path: string; caller: string; batchItems: object[] }[];
    };
    assert.equal(requests.length, 1);
    assert.deepEqual(requests[0]?.batchItems, [
      { id: "a", method: "GET", path: "/organization", status: 200 },
    ]);
    assert.match(requests[0]?.caller ?? "", /^[0-9a-f-]{36}$/);
  });

  it("echoes client-request-id and tells its clock once moved", async () => {
    const answer = await send("GET", "/v1.0/organization", undefined, {
      "client-request-id": "abc",
    });
    assert.equal(answer.headers.get("client-request-id"), "abc");
    emulator.control.clock({ set: "2030-01-01T00:00:00Z" });
    assert.match((await send("GET", "/v1.0/organization")).headers.get("date") ?? "", /2030/);
  });

  it("refuses PIM without licence, and comes back fresh from a reset", async () => {
    emulator.control.settings({ licensed: false });
    const { id } = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    const refused = await send(
      "POST",
      "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests",
      {
        action: "adminAssign",
        principalId: id,
        roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
        directoryScopeId: "/",
        scheduleInfo: { expiration: { type: "noExpiration" } },
      },
    );
    assert.equal(codeOf(refused), "AadPremiumLicenseRequired");
    const before = emulator.info;
    assert.deepEqual(emulator.control.reset(), before);
    assert.equal(emulator.control.settings().licensed, true);
  });

  it("makes a tenant of 20,000 rows in about a second and pages it evenly", async function () {
    this.timeout(20_000);
    const started = performance.now();
    assert.deepEqual(emulator.control.generate({ users: 500, eligible: 20_000 }), {
      users: 500,
      eligible: 20_000,
      active: 0,
    });
    assert.ok(performance.now() - started < 5000);
    let rows = 0;
    for (
      let path: string | undefined = "/v1.0/roleManagement/directory/roleEligibilitySchedules";
      path !== undefined;
    ) {
      const { body } = await send("GET", path);
      rows += body.value.length;
      path = body["@odata.nextLink"]?.replace(emulator.info.graph, "");
    }
    assert.equal(rows, 20_000);
  });

  it("writes down one mail per recipient", async () => {
    const { id } = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    await send("POST", "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests", {
      action: "adminAssign",
      principalId: id,
      roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
      directoryScopeId: "/",
      scheduleInfo: { expiration: { type: "noExpiration" } },
    });
    const { mails } = emulator.control.mails();
    assert.deepEqual(
      mails.map((mail) => mail.to),
      ["admin@contoso.com", "ann@contoso.com"],
    );
    assert.deepEqual(
      emulator.control.audits().audits.map((row) => row.activityDisplayName),
      [
        "Add eligible member to role in PIM requested (permanent)",
        "Add eligible member to role in PIM completed (permanent)",
      ],
    );
  });
});
