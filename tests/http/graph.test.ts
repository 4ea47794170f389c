import assert from "node:assert/strict";
import type { ConnectOptions } from "../../src/http/connection";
import {
  ConnectionError,
  isNotFound,
  isThrottled,
  ProtocolError,
  ServiceError,
  ThrottledError,
  UnknownFateError,
} from "../../src/http/errors";
import { createGraphClient, type GraphClient } from "../../src/http/graph";
import { type Answer, inOrder, LocalServer, type Received } from "./local-server";
import { testConnection } from "./test-connection";
import { VirtualTime } from "./virtual-time";

describe("createGraphClient", () => {
  let server: LocalServer;
  let time: VirtualTime;
  let graph: GraphClient;

  const serve = async (
    answer: (request: Received, count: number, url: string) => Answer,
    options: Partial<ConnectOptions> = {},
  ) => {
    server = await LocalServer.start(answer);
    time = new VirtualTime();
    graph = createGraphClient(testConnection(server.url, time, options));
  };
  afterEach(() => server.stop());

  it("sends the token, a request id, the version and the path as given", async () => {
    await serve(inOrder({ body: { id: "1" } }));
    const path = "/users?$filter=startswith(source,'https://x')&$top=5";
    assert.deepEqual(await graph.get(path, { version: "beta" }), { id: "1" });
    const [request] = server.received;
    assert.equal(request?.headers.authorization, "Bearer secret-token");
    assert.match(String(request?.headers["client-request-id"]), /^[0-9a-f-]{36}$/);
    assert.equal(
      decodeURIComponent(request?.path ?? ""),
      "/beta/users?$filter=startswith(source,'https://x')&$top=5",
    );
    assert.deepEqual(graph.counters, { http: 1, batchItems: 0 });
  });

  it("sends bodies as JSON and takes an empty answer", async () => {
    await serve(inOrder({ status: 204 }));
    assert.equal(await graph.patch("/policies/1", { rules: [] }), undefined);
    assert.deepEqual(server.received[0]?.body, { rules: [] });
    assert.equal(server.received[0]?.headers["content-type"], "application/json");
    await graph.delete("/groups/1");
    assert.equal(server.received[1]?.method, "DELETE");
  });

  it("throws the service's error with the purpose, without the token", async () => {
    await serve(inOrder({ status: 404, body: { error: { code: "X", message: "Gone." } } }));
    const error = await graph
      .get("/users/1", { purpose: "resolving ann" })
      .catch((e: unknown) => e);
    assert.ok(isNotFound(error));
    assert.equal(error.message, "resolving ann: GET /users/1 answered 404 X: Gone");
    assert.doesNotMatch(JSON.stringify(error), /secret-token/);
  });

  it("obeys Retry-After and succeeds", async () => {
    const throttled: Answer = { status: 429, headers: { "retry-after": "7" } };
    await serve(inOrder(throttled, throttled, { body: { ok: true } }));
    const began = time.now();
    assert.deepEqual(await time.run(graph.post("/x", {}), quiet), { ok: true });
    assert.equal(time.now() - began, 14_000);
    assert.equal(graph.counters.http, 3);
  });

  it("gives up when throttling outlasts the budget", async () => {
    await serve(inOrder({ status: 429, headers: { "retry-after": "200" } }));
    const error = await time.run(graph.get("/x"), quiet).catch((e: unknown) => e);
    assert.ok(error instanceof ThrottledError && isThrottled(error));
    assert.match(error.message, /GET \/x gave up: the service is throttling \(\d+ s waited/);
    assert.ok(server.received.length <= 4, String(server.received.length));
  });

  it("repeats a GET and a PATCH after 5xx and a dropped connection", async () => {
    await serve(inOrder({ status: 502 }, "drop", { status: 503 }, { body: 1 }));
    assert.equal(await time.run(graph.patch("/x", {}), quiet), 1);
    assert.equal(server.received.length, 4);
  });

  it("takes the third 500 of a GET as its answer", async () => {
    await serve(inOrder({ status: 500 }));
    await assert.rejects(time.run(graph.get("/x"), quiet), ServiceError);
    assert.equal(server.received.length, 3);
  });

  it("leaves the fate of a POST open after 502 and after a dropped connection", async () => {
    await serve(inOrder({ status: 502 }, "drop"));
    for (const reason of [
      /may or may not have taken effect \(the service answered 502\)/,
      /connection failed/,
    ]) {
      const error = await time.run(graph.post("/x", {}), quiet).catch((e: unknown) => e);
      assert.ok(error instanceof UnknownFateError);
      assert.match(error.message, reason);
    }
    assert.equal(server.received.length, 2);
  });

  it("gives up an address that never answered sooner than one that did", async () => {
    await serve(inOrder({ body: 1 }));
    const closed = await LocalServer.start(inOrder({}));
    await closed.stop();
    const wrong = createGraphClient(testConnection(closed.url, time));
    const idle = () => time.pauses.length > 0;
    const began = time.now();
    await assert.rejects(
      time.run(wrong.get("/x"), idle),
      /got no answer \(connection failed: ECONNREFUSED; nothing listens there: check the endpoint\)/,
    );
    assert.ok(time.now() - began <= 20_000);
    await graph.get("/x");
    await server.stop();
    const later = time.now();
    await assert.rejects(time.run(graph.get("/x"), idle), ConnectionError);
    assert.ok(time.now() - later > 60_000);
  });

  it("names a page that something else answered", async () => {
    await serve(inOrder({ text: "<html>sign in</html>" }));
    await assert.rejects(
      graph.get("/x"),
      /answered 200 with an HTML page, not JSON; a proxy or a sign-in page answered in the service's place/,
    );
  });

  it("repeats a POST that only asks", async () => {
    await serve(inOrder({ status: 504 }, { body: { value: [] } }));
    await time.run(graph.post("/directoryObjects/getByIds", {}, { repeatable: true }), quiet);
    assert.equal(server.received.length, 2);
  });

  it("repeats a POST that was refused a connection, and then says so", async () => {
    await serve(inOrder({}));
    const { url } = server;
    await server.stop();
    const lost = createGraphClient(testConnection(url, time, { budgets: { failingMs: 5_000 } }));
    const error = await time.run(lost.post("/x", {}), quiet).catch((e: unknown) => e);
    assert.ok(error instanceof ConnectionError, String(error));
    assert.match(error.message, /ECONNREFUSED/);
    assert.ok(lost.counters.http > 2);
    server = await LocalServer.start(inOrder({}));
  });

  it("stops a call that is cancelled while it waits", async () => {
    const stop = new AbortController();
    await serve(() => {
      setImmediate(() => stop.abort(new Error("stopped")));
      return { status: 429, headers: { "retry-after": "60" } };
    });
    await assert.rejects(graph.get("/x", { signal: stop.signal }), /stopped/);
    await assert.rejects(graph.get("/x", { signal: stop.signal }), /stopped/);
    assert.equal(server.received.length, 1);
  });

  it("replaces a refused token once, with the claims of the challenge", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const challenge = `Bearer claims="${Buffer.from(claims).toString("base64")}"`;
    const asked: (string | undefined)[] = [];
    let current = 0;
    const tokens = {
      token: async (_audience: string, options: { claims?: string | undefined } = {}) => {
        asked.push(options.claims);
        return { token: `t${current}`, expiresOnTimestamp: Number.POSITIVE_INFINITY };
      },
      invalidate: () => {
        current += 1;
      },
    };
    await serve(
      ({ headers }) =>
        headers.authorization === "Bearer t1"
          ? { body: 1 }
          : { status: 401, headers: { "www-authenticate": challenge } },
      { tokens },
    );
    assert.equal(await graph.post("/x", {}), 1);
    assert.deepEqual(asked, [undefined, claims]);
    current = 5;
    await assert.rejects(graph.get("/x"), /answered 401/);
    assert.equal(server.received.length, 4);
  });

  it("asks before each write and each repetition whether it is still wanted", async () => {
    let asked = 0;
    const beforeWrite = () => {
      asked += 1;
      if (asked === 2) throw new Error("the run is over");
    };
    await serve(inOrder({ status: 429, headers: { "retry-after": "1" } }), { beforeWrite });
    await assert.rejects(time.run(graph.post("/x", {}), quiet), /the run is over/);
    assert.equal(server.received.length, 1);
  });

  it("does not follow a redirection", async () => {
    await serve(inOrder({ status: 302, headers: { location: "http://127.0.0.1:1/" } }));
    await assert.rejects(graph.get("/x"), ProtocolError);
  });

  describe("list", () => {
    it("reads all pages with their tokens as given", async () => {
      await serve(({ path }, _count, url) =>
        path.includes("skiptoken")
          ? { body: { value: [3] } }
          : { body: { value: [1, 2], "@odata.nextLink": `${url}/v1.0/users?$skiptoken=a%2Bb` } },
      );
      assert.deepEqual(await graph.list("/users?$top=2"), [1, 2, 3]);
      assert.equal(server.received[1]?.path, "/v1.0/users?$skiptoken=a%2Bb");
    });

    for (const [name, body, reason] of [
      [
        "a link to another host",
        { value: [], "@odata.nextLink": "https://evil.example/v1.0/x" },
        /link to https:\/\/evil\.example/,
      ],
      ["a page without value", { error: undefined }, /a page without "value"/],
      ["a link that is no text", { value: [], "@odata.nextLink": 5 }, /link is no text/],
    ] as const) {
      it(`rejects ${name}`, async () => {
        await serve(inOrder({ body }));
        const error = await graph.list("/users").catch((e: unknown) => e);
        assert.ok(error instanceof ProtocolError);
        assert.match(error.message, reason);
        assert.equal(server.received.length, 1);
      });
    }

    it("rejects a page that is no JSON, and a link to itself", async () => {
      await serve((_request, count, url) =>
        count === 1
          ? { text: "<html>", headers: { "content-type": "text/html" } }
          : { body: { value: [], "@odata.nextLink": `${url}/v1.0/users` } },
      );
      await assert.rejects(graph.list("/users"), /not JSON/);
      await assert.rejects(graph.list("/users"), /was read already/);
    });

    it("fails as a whole when a later page fails", async () => {
      await serve((_request, count, url) =>
        count === 1
          ? { body: { value: [1], "@odata.nextLink": `${url}/v1.0/users?p=2` } }
          : { status: 500 },
      );
      await assert.rejects(time.run(graph.list("/users"), quiet), ServiceError);
    });
  });

  /** Time may pass only while no answer is on its way. */
  function quiet(): boolean {
    return time.pauses.length > 0;
  }
});
