import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator";
import type { CredentialSettings } from "../../src/http/credentials";
import { resolveCredentials } from "../../src/http/credentials";
import { createTokenSource } from "../../src/http/sign-in";
import { openTokenCache } from "../../src/http/token-cache";
import { readTokenClaims } from "../../src/http/token-claims";
import { CLIENT_SCOPES, PeopleTenant } from "./person";

describe("sign-in of people", () => {
  let people: PeopleTenant;
  let folder: string;

  before(async () => {
    people = await PeopleTenant.start();
  });
  after(() => people.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entra-pim-cache-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settingsOf = (config: Record<string, string>): CredentialSettings => {
    const { settings, problems } = resolveCredentials({ config: (key) => config[key], env: {} });
    assert.ok(settings, problems?.map(({ message }) => message).join("; "));
    return settings;
  };
  const tokenRequests = () =>
    people.control.requests().requests.filter(({ path }) => /authorize|devicecode/.test(path))
      .length;

  it("asks the person once for both services, and again for claims", async () => {
    people.seat("ann");
    people.control.clearRequests();
    const tokens = createTokenSource(settingsOf(people.config()));
    const both = await Promise.all([tokens.token("graph"), tokens.token("arm")]);
    assert.deepEqual(
      both.map(({ token }) => readTokenClaims(token).upn),
      ["ann@contoso.com", "ann@contoso.com"],
    );
    assert.equal(tokenRequests(), 1);
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } });
    const { token } = await tokens.token("graph", { claims });
    assert.deepEqual(readTokenClaims(token).acrs, ["c1"]);
    assert.equal(tokenRequests(), 2);
  });

  it("shows the device code and waits until somebody enters it", async () => {
    const said: string[] = [];
    const { "entra-pim:useBrowser": _browser, ...config } = people.config();
    const tokens = createTokenSource(settingsOf({ ...config, "entra-pim:useDeviceCode": "true" }), {
      sleep: async () => undefined,
      prompt: (message) => {
        said.push(message);
        const [, userCode = ""] = /"userCode": "(\w+)"/.exec(message) ?? [];
        setTimeout(
          () => people.control.signIn({ user: "bob@contoso.com", userCode, mfa: false }),
          20,
        );
      },
    });
    const { token } = await tokens.token("graph");
    assert.deepEqual(
      [readTokenClaims(token).upn, readTokenClaims(token).amr],
      ["bob@contoso.com", ["pwd"]],
    );
    assert.equal(said.length, 1);
  });

  it("keeps access tokens for the next process, and nothing that renews them", async () => {
    people.seat("ann");
    const cache = openTokenCache({ ENTRA_PIM_TOKEN_CACHE: join(folder, "own") });
    const first = createTokenSource(settingsOf(people.config()), { tokenCache: cache });
    const { token } = await first.token("graph");
    people.control.clearRequests();
    const second = createTokenSource(settingsOf(people.config()), { tokenCache: cache });
    assert.equal((await second.token("graph")).token, token);
    assert.equal(tokenRequests(), 0);
    second.invalidate("graph", token);
    assert.notEqual((await second.token("graph")).token, token);
    const files = readdirSync(join(folder, "own"));
    for (const file of files) {
      const path = join(folder, "own", file);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.deepEqual(Object.keys(JSON.parse(readFileSync(path, "utf8"))), [
        "token",
        "expiresOnTimestamp",
      ]);
    }
    assert.equal(statSync(join(folder, "own")).mode & 0o777, 0o700);
    const other = createTokenSource(
      settingsOf({
        ...people.config(),
        "entra-pim:clientId": "11111111-1111-1111-1111-111111111111",
      }),
      { tokenCache: cache },
    );
    assert.notEqual((await other.token("graph")).token, token);
    cache?.clear();
    assert.throws(() => statSync(join(folder, "own")));
  });

  it("keeps nothing where it is told so, or where it would not be safe", () => {
    assert.equal(openTokenCache({ ENTRA_PIM_TOKEN_CACHE: "off" }), undefined);
    const open = join(folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    openTokenCache({ ENTRA_PIM_TOKEN_CACHE: open });
    assert.equal(statSync(open).mode & 0o077, 0, "closed to others before anything is written");
    const notAFolder = join(folder, "file");
    execFileSync(process.execPath, [
      "-e",
      `require("fs").writeFileSync(${JSON.stringify(notAFolder)}, "")`,
    ]);
    assert.equal(openTokenCache({ ENTRA_PIM_TOKEN_CACHE: notAFolder }), undefined);
    const linked = join(folder, "link");
    execFileSync("ln", ["-s", open, linked]);
    assert.equal(openTokenCache({ ENTRA_PIM_TOKEN_CACHE: linked }), undefined);
  });

  // Elsewhere than on Linux the library opens the real browser, whatever the environment names.
  const methods =
    process.platform === "linux" ? ["useDeviceCode", "useBrowser"] : ["useDeviceCode"];
  for (const method of methods) {
    it(`signs in through Azure's library over HTTPS with ${method}, asked once for both services`, async function () {
      this.timeout(60_000);
      const secure = await startEmulator({ tls: true });
      try {
        const seeded = { displayName: "PIM", scopes: CLIENT_SCOPES };
        const [client] = secure.control.seed({ applications: [seeded] }).applications;
        const { tenantId, graph, arm, authority, caFile = "" } = secure.info;
        const config = {
          "entra-pim:tenantId": tenantId,
          "entra-pim:clientId": String(client?.["appId"]),
          [`entra-pim:${method}`]: "true",
          "entra-pim:graphEndpoint": graph,
          "entra-pim:armEndpoint": arm,
          "entra-pim:authorityHost": authority,
        };
        secure.control.signIn({ user: "ann@contoso.com" }); // who sits at the browser
        const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile, ...fakeBrowser(folder) };
        const child = spawn(process.execPath, ["--import", "tsx", "-e", signInScript(config)], {
          env,
          stdio: ["ignore", "pipe", "inherit"],
        });
        let text = "";
        const entered = new Set<string>();
        child.stdout.setEncoding("utf8").on("data", (part: string) => {
          text += part;
          const [, userCode = ""] = /"userCode": "(\w+)"/.exec(text) ?? [];
          if (userCode === "" || entered.has(userCode)) return;
          entered.add(userCode);
          secure.control.signIn({ user: "ann@contoso.com", userCode });
        });
        await new Promise((resolve) => child.on("close", resolve));
        const tokens = [...text.matchAll(/TOKEN (\S+)/g)].map(([, token = ""]) =>
          readTokenClaims(token),
        );
        const names = tokens.map(({ upn }) => upn);
        assert.deepEqual(names, ["ann@contoso.com", "ann@contoso.com"], text);
        const asked = secure.control
          .requests()
          .requests.filter(({ path }) => /authorize|devicecode/.test(path));
        assert.equal(asked.length, 1);
        assert.match(
          asked[0]?.path ?? "",
          method === "useBrowser" ? /\/authorize\?/ : /\/devicecode$/,
        );
      } finally {
        await secure.close();
      }
    });
  }

  it("names what is missing before anything is asked", () => {
    const { "entra-pim:clientId": _id, ...config } = people.config();
    const { problems } = resolveCredentials({ config: (key) => config[key], env: {} });
    assert.match(
      problems?.[0]?.message ?? "",
      /clientId: not set, but the browser sign-in from entra-pim:useBrowser needs it/,
    );
  });
});

/** A program that signs in as the package does, and prints a token for each service. */
function signInScript(config: Record<string, string>): string {
  const source = (name: string) => JSON.stringify(join(__dirname, "../../src/http", name));
  return `
    const { resolveCredentials } = require(${source("credentials")});
    const { createTokenSource } = require(${source("sign-in")});
    const config = ${JSON.stringify(config)};
    const { settings } = resolveCredentials({ config: (key) => config[key], env: {} });
    const tokens = createTokenSource(settings, { prompt: (message) => console.log(message) });
    (async () => {
      for (const service of ["graph", "arm"]) console.log("TOKEN " + (await tokens.token(service)).token);
    })().catch((error) => console.log("FAILED " + error.message));`;
}

/** A browser without a screen: it follows where it is sent, back to whoever opened it. */
function fakeBrowser(folder: string): Record<string, string> {
  const script = join(folder, "browser.mjs");
  writeFileSync(script, "await fetch(process.argv[2]);");
  const program = join(folder, "browser");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$1"\n`);
  chmodSync(program, 0o755);
  return { BROWSER: program, DISPLAY: "", XDG_CURRENT_DESKTOP: "" };
}
