import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchAssertion } from "../../src/http/assertion";
import { CredentialError } from "../../src/http/credential-error";
import { type CredentialSettings, resolveCredentials } from "../../src/http/credentials";
import { openConnection } from "../../src/http/open-connection";
import { createTokenSource } from "../../src/http/sign-in";
import { readTokenClaims } from "../../src/http/token-claims";
import { type Answer, LocalServer, type Received } from "./local-server";
import { VirtualTime } from "./virtual-time";

const TENANT = "11111111-1111-1111-1111-111111111111";
const CLIENT = "33333333-3333-3333-3333-333333333333";

function settingsFor(url: string, config: Record<string, string>): CredentialSettings {
  const all: Record<string, string> = {
    tenantId: TENANT,
    clientId: CLIENT,
    graphEndpoint: url,
    armEndpoint: url,
    authorityHost: url,
    ...config,
  };
  const { settings, problems } = resolveCredentials({
    provider: all,
    config: () => undefined,
    env: {},
  });
  assert.ok(settings, JSON.stringify(problems));
  return settings;
}

describe("createTokenSource", () => {
  let server: LocalServer;
  let time: VirtualTime;

  const serve = async (answer: (request: Received, count: number) => Answer) => {
    server = await LocalServer.start(answer);
    time = new VirtualTime();
  };
  const source = (config: Record<string, string> = { clientSecret: "hush" }) =>
    createTokenSource(settingsFor(server.url, config), {
      clock: time.now,
      sleep: time.sleep,
      random: () => 1,
    });
  const tokens = (_request: Received, count: number): Answer => ({
    body: { access_token: `t${count}`, expires_in: 3600 },
  });
  const run = <T>(work: Promise<T>) => time.run(work, () => time.pauses.length > 0);
  const formOf = (index: number) => new URLSearchParams(String(server.received[index]?.body));
  afterEach(() => server.stop());

  it("asks an emulator's authority for the cloud's own audience", async () => {
    await serve(tokens);
    assert.equal((await source().token("graph")).token, "t1");
    assert.equal(server.received[0]?.path, `/${TENANT}/oauth2/v2.0/token`);
    assert.equal(formOf(0).get("scope"), "https://graph.microsoft.com/.default");
    assert.equal(formOf(0).get("client_id"), CLIENT);
    assert.equal(formOf(0).get("client_secret"), "hush");
  });

  it("shares one request, keeps the token and renews it five minutes before its end", async () => {
    await serve(tokens);
    const own = source();
    const all = await Promise.all([own.token("graph"), own.token("graph"), own.token("arm")]);
    assert.equal(all[0]?.token, all[1]?.token);
    assert.equal(server.received.length, 2);
    time.advance(3_299_000);
    await own.token("graph");
    assert.equal(server.received.length, 2);
    time.advance(2_000);
    assert.equal((await own.token("graph")).token, "t3");
  });

  it("fetches a new one for a token that was refused, and for claims", async () => {
    await serve(tokens);
    const own = source();
    const { token } = await own.token("graph");
    own.invalidate("graph", token);
    own.invalidate("graph", "some other token");
    assert.equal((await own.token("graph")).token, "t2");
    assert.equal((await own.token("graph")).token, "t2");
    await own.token("graph", { claims: '{"a":1}' });
    assert.equal(formOf(2).get("claims"), '{"a":1}');
  });

  it("asks again after 503, 429 and a dropped connection", async () => {
    const answers: Answer[] = [
      { status: 503 },
      { status: 429, headers: { "retry-after": "2" } },
      "drop",
    ];
    await serve((request, count) => answers[count - 1] ?? tokens(request, count));
    assert.equal((await run(source().token("graph"))).token, "t4");
  });

  it("says who was refused and why, without the secret, and asks anew next time", async () => {
    const refusal = {
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret.",
    };
    await serve((request, count) =>
      count === 1 ? { status: 401, body: refusal } : tokens(request, count),
    );
    const own = source();
    const error = await own.token("graph").catch((e: unknown) => e);
    assert.ok(error instanceof CredentialError);
    assert.equal(
      error.message,
      `no token for Microsoft Graph of tenant ${TENANT} as client ${CLIENT} (client secret from provider argument clientSecret): the token endpoint answered 401 invalid_client: AADSTS7000215: Invalid client secret.`,
    );
    assert.doesNotMatch(error.message, /hush/);
    assert.equal((await own.token("graph")).token, "t2");
  });

  it("lets one caller go without the others", async () => {
    await serve(tokens);
    const own = source();
    const stop = new AbortController();
    const cancelled = own.token("graph", { signal: stop.signal });
    const other = own.token("graph");
    stop.abort(new Error("stopped"));
    await assert.rejects(cancelled, /stopped/);
    assert.equal((await other).token, "t1");
    assert.equal(server.received.length, 1);
  });

  describe("with a federated identity", () => {
    it("reads the file at each renewal", async () => {
      const folder = mkdtempSync(join(tmpdir(), "assertion-"));
      const path = join(folder, "token");
      try {
        await serve(tokens);
        const own = source({ oidcTokenFilePath: path });
        for (const assertion of ["one", "two"]) {
          writeFileSync(path, `${assertion}\n`);
          const { token } = await own.token("graph");
          own.invalidate("graph", token);
        }
        assert.equal(formOf(0).get("client_assertion"), "one");
        assert.equal(formOf(1).get("client_assertion"), "two");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("asks GitHub at each renewal, with the audience", async () => {
      let asked = 0;
      await serve((request, count) => {
        if (!request.path.startsWith("/oidc")) return tokens(request, count);
        asked += 1;
        return { body: { value: `assertion ${asked}` } };
      });
      const request = { oidcRequestUrl: `${server.url}/oidc?v=1`, oidcRequestToken: "runner" };
      const own = source(request);
      const { token } = await own.token("graph");
      own.invalidate("graph", token);
      await own.token("graph");
      assert.equal(server.received[0]?.path, "/oidc?v=1&audience=api%3A%2F%2FAzureADTokenExchange");
      assert.equal(server.received[0]?.headers.authorization, "Bearer runner");
      assert.equal(formOf(1).get("client_assertion"), "assertion 1");
      assert.equal(formOf(3).get("client_assertion"), "assertion 2");
    });

    it("asks Azure DevOps by POST for the service connection", async () => {
      await serve(() => ({ body: { oidcToken: "devops" } }));
      const settings = settingsFor(server.url, {
        oidcRequestUrl: `${server.url}/oidc`,
        oidcRequestToken: "runner",
        adoPipelineServiceConnectionId: "sc1",
      });
      assert.equal(await fetchAssertion(settings), "devops");
      assert.equal(server.received[0]?.method, "POST");
      assert.equal(server.received[0]?.path, "/oidc?api-version=7.1&serviceConnectionId=sc1");
    });

    it("says who gave no assertion", async () => {
      await serve(() => ({ status: 403 }));
      const own = source({ oidcRequestUrl: `${server.url}/oidc`, oidcRequestToken: "runner" });
      await assert.rejects(own.token("graph"), /GitHub gave no assertion: status 403/);
    });
  });

  it("loads Azure's library only for https", async () => {
    await serve(tokens);
    await source().token("graph");
    const loaded = Object.keys(require.cache).some((path) => path.includes("@azure/identity"));
    assert.equal(loaded, false);
  });

  it("opens a connection that shares its limiters with others of the tenant", async () => {
    await serve(tokens);
    const settings = settingsFor(server.url, { clientSecret: "hush" });
    const [one, two] = [await openConnection(settings), await openConnection(settings)];
    assert.equal(one.limiters.graph, two.limiters.graph);
    assert.notEqual(one.limiters.graph, one.limiters.arm);
    assert.equal(server.received.length, 0);
  });
});

describe("readTokenClaims", () => {
  it("reads what the token says and survives anything else", () => {
    const claims = { tid: TENANT, oid: "o", azp: CLIENT, roles: ["A"], scp: "X Y", amr: ["mfa"] };
    const token = `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
    assert.deepEqual(readTokenClaims(token), {
      tid: TENANT,
      oid: "o",
      appid: CLIENT,
      roles: ["A"],
      scp: ["X", "Y"],
      acrs: [],
      amr: ["mfa"],
    });
    assert.deepEqual(readTokenClaims("opaque"), { roles: [], scp: [], acrs: [], amr: [] });
  });
});
