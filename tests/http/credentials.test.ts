import assert from "node:assert/strict";
import {
  type CredentialSettings,
  describeCredentials,
  resolveCredentials,
} from "../../src/http/credentials";

const TENANT = "11111111-1111-1111-1111-111111111111";
const OTHER = "22222222-2222-2222-2222-222222222222";
const CLIENT = "33333333-3333-3333-3333-333333333333";
const STRANGER = "44444444-4444-4444-4444-444444444444";

type Texts = Record<string, string>;

function resolve(parts: { provider?: Texts; config?: Texts; env?: Texts }) {
  const { provider = {}, config = {}, env = {} } = parts;
  return resolveCredentials({ provider, config: (key) => config[key], env });
}

function settingsOf(parts: Parameters<typeof resolve>[0]): CredentialSettings {
  const { settings, problems } = resolve(parts);
  assert.ok(settings, JSON.stringify(problems));
  return settings;
}

function problemsOf(parts: Parameters<typeof resolve>[0]): string[] {
  return (resolve(parts).problems ?? []).map(({ message }) => message);
}

const identity = (prefix: string): Texts => ({
  [`${prefix}tenantId`]: TENANT,
  [`${prefix}clientId`]: CLIENT,
  [`${prefix}clientSecret`]: "s",
});
const ARM: Texts = { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: CLIENT, ARM_CLIENT_SECRET: "s" };
const AZURE: Texts = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "s" };

describe("resolveCredentials", () => {
  describe("takes a secret from", () => {
    for (const [name, parts] of [
      ["provider argument clientSecret", { provider: identity("") }],
      ["entra-pim:clientSecret", { config: identity("entra-pim:") }],
      ["azuread:clientSecret", { config: identity("azuread:") }],
      ["ARM_CLIENT_SECRET", { env: ARM }],
      ["AZURE_CLIENT_SECRET", { env: AZURE }],
    ] as [string, Parameters<typeof resolve>[0]][]) {
      it(name, () => {
        const settings = settingsOf(parts);
        assert.equal(settings.method, "secret");
        assert.equal(settings.tenantId, TENANT);
        assert.equal(settings.clientId, CLIENT);
        assert.equal(settings.clientSecret, "s");
        assert.equal(describeCredentials(settings), `client secret from ${name}`);
      });
    }
  });

  it("lets the first source go first", () => {
    const all = {
      provider: { ...identity(""), clientSecret: "p" },
      config: { ...identity("entra-pim:"), ...identity("azuread:") },
      env: { ...ARM, ...AZURE },
    };
    assert.equal(settingsOf(all).clientSecret, "p");
    assert.equal(
      settingsOf({ env: { ...ARM, ...AZURE } }).origins.clientSecret,
      "ARM_CLIENT_SECRET",
    );
  });

  it("completes what the first source leaves open", () => {
    const settings = settingsOf({ provider: { tenantId: OTHER }, env: ARM });
    assert.equal(settings.tenantId, OTHER);
    assert.equal(settings.clientSecret, "s");
    assert.equal(settings.origins.tenantId, "provider argument tenantId");
    assert.equal(settings.origins.clientId, "ARM_CLIENT_ID");
  });

  it("never joins one client's id with another's secret", () => {
    const parts = { provider: { tenantId: TENANT, clientId: STRANGER }, env: ARM };
    assert.equal(settingsOf(parts).method, "default");
    const federated = { ...parts, env: { ...ARM, AZURE_FEDERATED_TOKEN_FILE: "/token" } };
    assert.equal(settingsOf(federated).method, "oidc");
    assert.equal(settingsOf(federated).clientSecret, undefined);
  });

  it("keeps only what the method needs", () => {
    const env = { ...ARM, ARM_CLIENT_CERTIFICATE_PATH: "/c.pem", ARM_OIDC_TOKEN: "t" };
    const settings = settingsOf({ env });
    assert.equal(settings.method, "certificate");
    assert.equal(settings.clientSecret, undefined);
    assert.equal(settings.oidcToken, undefined);
  });

  describe("federated identity", () => {
    const who = { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: CLIENT };
    const runner = {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://r",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
    };

    it("is taken from ARM_OIDC_TOKEN, a file, a request and AZURE_FEDERATED_TOKEN_FILE", () => {
      assert.equal(settingsOf({ env: { ...who, ARM_OIDC_TOKEN: "a" } }).oidcToken, "a");
      assert.equal(
        settingsOf({ env: { ...who, ARM_OIDC_TOKEN_FILE_PATH: "/f" } }).oidcTokenFilePath,
        "/f",
      );
      const request = { ...who, ARM_OIDC_REQUEST_URL: "https://a", ARM_OIDC_REQUEST_TOKEN: "b" };
      assert.equal(settingsOf({ env: request }).oidcRequestUrl, "https://a");
      const file = {
        AZURE_TENANT_ID: TENANT,
        AZURE_CLIENT_ID: CLIENT,
        AZURE_FEDERATED_TOKEN_FILE: "/g",
      };
      assert.equal(settingsOf({ env: file }).oidcTokenFilePath, "/g");
    });

    it("takes the runner's offer only when nothing else is named", () => {
      assert.equal(settingsOf({ env: { ...who, ...runner } }).method, "oidc");
      assert.equal(settingsOf({ env: { ...ARM, ...runner } }).method, "secret");
      assert.equal(settingsOf({ env: { ...ARM, ...runner, ARM_USE_OIDC: "true" } }).method, "oidc");
      assert.equal(settingsOf({ env: runner }).method, "default");
      assert.equal(
        settingsOf({ env: { ...who, ...runner, ARM_USE_OIDC: "false" } }).method,
        "default",
      );
    });

    it("takes a whole assertion from one source", () => {
      const config = { "entra-pim:oidcTokenFilePath": "/f" };
      const settings = settingsOf({ config, env: { ...who, ARM_OIDC_TOKEN: "a", ...runner } });
      assert.equal(settings.oidcTokenFilePath, "/f");
      assert.equal(settings.oidcToken, undefined);
      assert.equal(settings.oidcRequestUrl, undefined);
    });
  });

  it("uses managed identity and the Azure CLI when asked, the default chain otherwise", () => {
    assert.equal(settingsOf({ env: { ARM_USE_MSI: "true" } }).method, "msi");
    assert.equal(settingsOf({ config: { "entra-pim:useCli": "true" } }).method, "cli");
    assert.equal(settingsOf({}).method, "default");
    assert.equal(settingsOf({}).tenantId, undefined);
  });

  it("knows four clouds in all spellings", () => {
    const graphIn = (env: Texts) => settingsOf({ env }).graphEndpoint;
    assert.equal(graphIn({}), "https://graph.microsoft.com");
    assert.equal(graphIn({ ARM_ENVIRONMENT: "usgovernmentl4" }), "https://graph.microsoft.us");
    assert.equal(graphIn({ ARM_ENVIRONMENT: "USGovernmentL5" }), "https://dod-graph.microsoft.us");
    assert.equal(
      graphIn({ AZURE_ENVIRONMENT: "china" }),
      "https://microsoftgraph.chinacloudapi.cn",
    );
    const host = { AZURE_AUTHORITY_HOST: "https://login.chinacloudapi.cn/" };
    assert.equal(settingsOf({ env: host }).cloud, "china");
    assert.equal(settingsOf({ config: { "azuread:environment": "china" } }).cloud, "china");
  });

  it("takes endpoints, over plain HTTP on this machine only", () => {
    const provider = {
      ...identity(""),
      graphEndpoint: "http://127.0.0.1:80/graph/",
      authorityHost: "http://localhost:81",
    };
    const settings = settingsOf({ provider });
    assert.equal(settings.graphEndpoint, "http://127.0.0.1/graph");
    assert.equal(settings.authorityHost, "http://localhost:81");
    assert.deepEqual(problemsOf({ config: { "entra-pim:armEndpoint": "http://example.com" } }), [
      'entra-pim:armEndpoint: got "http://example.com", expected https, or http on 127.0.0.1, localhost or [::1]',
    ]);
  });

  it("reads a client id and secret from files", () => {
    const { settings } = resolveCredentials({
      config: () => undefined,
      env: {
        ARM_TENANT_ID: TENANT,
        ARM_CLIENT_ID_FILE_PATH: "/id",
        ARM_CLIENT_SECRET_FILE_PATH: "/secret",
      },
      readFile: (path) => (path === "/id" ? `${CLIENT}\n` : "s\n"),
    });
    assert.equal(settings?.clientId, CLIENT);
    assert.equal(settings?.clientSecret, "s");
  });

  it("rejects malformed values all at once, without quoting a secret", () => {
    const messages = problemsOf({
      provider: {
        tenantId: "contoso.com",
        clientId: "x",
        clientSecret: "hush",
        useOidc: "maybe",
        cloud: "moon",
      },
    });
    assert.equal(messages.length, 4);
    assert.match(
      messages[0] ?? "",
      /provider argument tenantId: got "contoso.com", expected a GUID/,
    );
    assert.doesNotMatch(messages.join(), /hush/);
  });

  it("rejects a secret without a client, an assertion without a source, a plain authority without a secret", () => {
    assert.deepEqual(problemsOf({ env: { ARM_TENANT_ID: TENANT, ARM_CLIENT_SECRET: "s" } }), [
      "clientId: not set, but the client secret from ARM_CLIENT_SECRET needs it; set entra-pim:clientId or ARM_CLIENT_ID",
    ]);
    const asked = { ARM_USE_OIDC: "true", ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: CLIENT };
    assert.match(problemsOf({ env: asked })[0] ?? "", /useOidc needs an assertion/);
    const plain = { "entra-pim:authorityHost": "http://127.0.0.1:1" };
    assert.match(problemsOf({ config: plain })[0] ?? "", /takes only a client secret/);
  });
});
