import assert from "node:assert/strict";
import { type ArmClient, createArmClient } from "../../src/http/arm";
import { ProtocolError, ServiceError, UnknownFateError } from "../../src/http/errors";
import { type Answer, inOrder, LocalServer, type Received } from "./local-server";
import { testConnection } from "./test-connection";
import { VirtualTime } from "./virtual-time";

describe("createArmClient", () => {
  let server: LocalServer;
  let time: VirtualTime;
  let arm: ArmClient;
  const options = { apiVersion: "2020-10-01" };

  const serve = async (answer: (request: Received, count: number, url: string) => Answer) => {
    server = await LocalServer.start(answer);
    time = new VirtualTime();
    arm = createArmClient(testConnection(server.url, time));
  };
  const run = <T>(work: Promise<T>) => time.run(work, () => time.pauses.length > 0);
  afterEach(() => server.stop());

  it("adds the version and the token", async () => {
    await serve(inOrder({ body: { id: 1 } }));
    await arm.get("/subscriptions/1?$filter=atScope()", options);
    const [request] = server.received;
    assert.equal(request?.path, "/subscriptions/1?$filter=atScope()&api-version=2020-10-01");
    assert.equal(request?.headers.authorization, "Bearer secret-token");
    assert.ok(request?.headers["x-ms-client-request-id"]);
  });

  it("reads all pages and refuses a foreign link", async () => {
    await serve(({ path }, _count, url) => {
      if (path.includes("skip"))
        return { body: { value: [2], nextLink: "https://evil.example/x" } };
      return { body: { value: [1], nextLink: `${url}/x?api-version=2020-10-01&$skiptoken=s` } };
    });
    const error = await arm.list("/x", options).catch((e: unknown) => e);
    assert.ok(error instanceof ProtocolError);
    assert.equal(server.received[1]?.path, "/x?api-version=2020-10-01&$skiptoken=s");
    assert.equal(server.received.length, 2);
  });

  it("repeats a PUT after 503 and 429, and gets ARM's error", async () => {
    await serve(
      inOrder(
        { status: 503 },
        "drop",
        { status: 429, headers: { "retry-after": "10" } },
        {
          status: 409,
          body: { error: { code: "RoleAssignmentExists", message: "Exists." } },
        },
      ),
    );
    const error = await run(arm.put("/x", { properties: {} }, options)).catch((e: unknown) => e);
    assert.ok(error instanceof ServiceError);
    assert.equal(error.code, "RoleAssignmentExists");
    assert.equal(server.received.length, 4);
    assert.deepEqual(server.received[3]?.body, { properties: {} });
    assert.equal(arm.counters.http, 4);
  });

  it("leaves the fate of a POST open, and of a PUT that starts a request", async () => {
    await serve(inOrder("drop"));
    await assert.rejects(run(arm.post("/x", {}, options)), UnknownFateError);
    await assert.rejects(
      run(arm.put("/x", {}, { ...options, repeatable: false })),
      UnknownFateError,
    );
    assert.equal(server.received.length, 2);
  });

  it("stops a cancelled call", async () => {
    const stop = new AbortController();
    await serve(() => {
      stop.abort(new Error("stopped"));
      return { status: 429, headers: { "retry-after": "60" } };
    });
    await assert.rejects(arm.get("/x", { ...options, signal: stop.signal }), /stopped/);
  });
});
