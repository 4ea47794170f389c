import assert from "node:assert/strict";
import { ProtocolError, ServiceError, UnknownFateError } from "../../src/http/errors";
import { createGraphClient, type GraphClient } from "../../src/http/graph";
import { type Answer, LocalServer } from "./local-server";
import { testConnection } from "./test-connection";
import { VirtualTime } from "./virtual-time";

interface Item {
  id: string;
  method: string;
  url: string;
  body?: unknown;
}
type ItemAnswer = { status: number; headers?: Record<string, string>; body?: unknown };

describe("batch", () => {
  let server: LocalServer;
  let time: VirtualTime;
  let graph: GraphClient;
  let trips: string[][];

  const serve = async (answer: (item: Item, trip: number) => ItemAnswer | Answer) => {
    trips = [];
    server = await LocalServer.start((request) => {
      const { requests } = request.body as { requests: Item[] };
      trips.push(requests.map(({ url }) => url));
      const responses: unknown[] = [];
      for (const item of requests) {
        const reply = answer(item, trips.length);
        if (reply === "drop") return reply;
        responses.unshift({ id: item.id, ...reply });
      }
      return { body: { responses } };
    });
    time = new VirtualTime();
    graph = createGraphClient(testConnection(server.url, time));
  };
  const run = <T>(work: Promise<T>) => time.run(work, () => time.pauses.length > 0);
  afterEach(() => server.stop());

  it("sends 20 per trip and answers in the order asked", async () => {
    await serve(({ url }) => ({ status: 200, body: { url } }));
    const paths = Array.from({ length: 45 }, (_, index) => `/groups/${index}`);
    const responses = await graph.batch(paths.map((path) => ({ method: "GET", path })));
    assert.deepEqual(
      responses.map(({ body }) => (body as { url: string }).url),
      paths,
    );
    assert.deepEqual(trips.map((trip) => trip.length).sort(), [20, 20, 5]);
    assert.deepEqual(graph.counters, { http: 3, batchItems: 45 });
  });

  it("asks throttled items again after the longest pause, and only them", async () => {
    await serve(({ url }, trip) =>
      trip === 1 && url !== "/a"
        ? { status: 429, headers: { "Retry-After": url === "/b" ? "4" : "9" } }
        : { status: 200, body: { url } },
    );
    const began = time.now();
    const responses = await run(
      graph.batch([
        { method: "GET", path: "/a" },
        { method: "GET", path: "/b" },
        { method: "POST", path: "/c", body: {} },
      ]),
    );
    assert.deepEqual(trips, [
      ["/a", "/b", "/c"],
      ["/b", "/c"],
    ]);
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(time.now() - began, 9_000);
  });

  it("asks failed GETs again, but no failed POST", async () => {
    await serve((_item, trip) => ({
      status: trip === 1 ? 503 : 200,
      headers: { "Retry-After": "1" },
      body: {},
    }));
    const responses = await run(
      graph.batch([
        { method: "GET", path: "/a" },
        { method: "POST", path: "/b", body: {} },
      ]),
    );
    assert.deepEqual(trips, [["/a", "/b"], ["/a"]]);
    assert.equal(responses[1]?.status, 503);
    assert.ok(responses[1]?.error instanceof ServiceError);
  });

  it("leaves one failing item an error beside the answers of the others", async () => {
    await serve(({ url }) =>
      url === "/poisoned"
        ? { status: 500, body: { error: { code: "InternalError", message: "x" } } }
        : { status: 200, body: { value: [url] } },
    );
    const [good, bad] = await run(graph.batchList(["/good", "/poisoned"]));
    assert.deepEqual(good, ["/good"]);
    assert.ok(bad instanceof ServiceError);
    assert.equal(bad.path, "/poisoned");
  });

  it("leaves the fate of a batch with a POST open when the connection drops", async () => {
    await serve(() => "drop");
    const batch = graph.batch([{ method: "POST", path: "/x", body: {} }]);
    await assert.rejects(run(batch), UnknownFateError);
  });

  it("follows pages inside batches and refuses foreign links", async () => {
    await serve(({ url }) => {
      if (url === "/bad") {
        return {
          status: 200,
          body: { value: [], "@odata.nextLink": "https://evil.example/v1.0/x" },
        };
      }
      if (url.includes("skip")) return { status: 200, body: { value: [2] } };
      const link = `${server.url}/v1.0/a?$skiptoken=s`;
      return {
        status: 200,
        body: { value: [1], ...(url === "/a" && { "@odata.nextLink": link }) },
      };
    });
    assert.deepEqual(await graph.batchList(["/a", "/b"]), [[1, 2], [1]]);
    assert.deepEqual(trips, [["/a", "/b"], ["/a?$skiptoken=s"]]);
    await assert.rejects(graph.batchList(["/bad"]), ProtocolError);
  });

  it("rejects a page without value and a batch that lost an item", async () => {
    await serve(() => ({ status: 200, body: {} }));
    await assert.rejects(graph.batchList(["/a"]), /without "value"/);
    await server.stop();
    server = await LocalServer.start(() => ({ body: { responses: [] } }));
    const lossy = createGraphClient(testConnection(server.url, time));
    await assert.rejects(lossy.batchList(["/a"]), /without item 1/);
  });
});
