import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { type Emulator, startEmulator } from "../../src/emulator";
import { send } from "./emulator-client";

describe("emulator: sign-in", () => {
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator();
  });

  after(() => emulator.close());

  const post = async (path: string, form: Record<string, string>) => {
    const response = await fetch(`${emulator.info.authority}/${emulator.info.tenantId}${path}`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const token = (form: Record<string, string>) => post("/oauth2/v2.0/token", form);
  const claimsOf = (jwt: string | undefined) =>
    JSON.parse(Buffer.from(jwt?.split(".")[1] ?? "", "base64url").toString());

  it("gives an application its granted permissions, by secret or assertion", async () => {
    const { clientId, clientSecret, graph, tenantId } = emulator.info;
    const form = {
      grant_type: "client_credentials",
      client_id: clientId,
      scope: `${graph}/.default`,
    };
    const bySecret = await token({ ...form, client_secret: clientSecret });
    const claims = claimsOf(bySecret.body["access_token"]);
    assert.deepEqual(
      [claims.tid, claims.appid, claims.aud, claims.idtyp],
      [tenantId, clientId, graph, "app"],
    );
    assert.ok(claims.roles.includes("RoleManagement.ReadWrite.Directory"));
    assert.equal(
      (
        await token({
          ...form,
          client_assertion: "a.b.c",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        })
      ).status,
      200,
    );
    const wrong = await token({ ...form, client_secret: "wrong" });
    assert.deepEqual([wrong.status, wrong.body["error"]], [401, "invalid_client"]);
    assert.match(
      (await token({ ...form, client_id: "unknown", client_secret: "x" })).body[
        "error_description"
      ] ?? "",
      /^AADSTS700016/,
    );
  });

  it("takes a federated assertion where one of the application's credentials is meant", async () => {
    const { access_token } = await emulator.control.token({});
    const [application] = emulator.control.seed({
      applications: [{ displayName: "Federated" }],
    }).applications;
    const issuer = "https://token.actions.githubusercontent.com";
    const subject = "repo:contoso/access:environment:prod";
    const audience = "api://AzureADTokenExchange";
    const url = `${emulator.info.graph}/v1.0/applications/${application?.["id"]}/federatedIdentityCredentials`;
    const made = await send(
      url,
      "POST",
      { authorization: `Bearer ${access_token}` },
      {
        name: "prod",
        issuer,
        subject,
        audiences: [audience],
      },
    );
    assert.equal(made.status, 201);
    const signIn = (claims: Record<string, string>) =>
      token({
        grant_type: "client_credentials",
        client_id: String(application?.["appId"]),
        scope: `${emulator.info.graph}/.default`,
        client_assertion: `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      });
    const meant = { iss: issuer, sub: subject, aud: audience };
    assert.equal((await signIn(meant)).status, 200);
    for (const [member, value] of [
      ["sub", "repo:contoso/access:pull_request"],
      ["iss", "https://issuer.invalid"],
      ["aud", "api://other"],
    ] as const) {
      const refused = await signIn({ ...meant, [member]: value });
      assert.equal(refused.status, 401, member);
      assert.match(refused.body["error_description"] ?? "", /^AADSTS700213/);
      assert.deepEqual(refused.body["error_codes"], [700213]);
    }
    const ownKey = { iss: String(application?.["appId"]), sub: String(application?.["appId"]) };
    assert.equal((await signIn(ownKey)).status, 200);
  });

  it("signs a person in by device code, and refreshes", async () => {
    const [application] = emulator.control.seed({
      applications: [
        { displayName: "PIM client", scopes: ["RoleAssignmentSchedule.ReadWrite.Directory"] },
      ],
    }).applications;
    const clientId = String(application?.["appId"]);
    const device = await post("/oauth2/v2.0/devicecode", {
      client_id: clientId,
      scope: `${emulator.info.graph}/.default offline_access`,
    });
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: clientId,
      device_code: device.body["device_code"] ?? "",
    };
    assert.equal((await token(form)).body["error"], "authorization_pending");
    emulator.control.signIn({
      userCode: device.body["user_code"] ?? "",
      user: "ann@contoso.com",
      mfa: true,
    });
    const signedIn = await token(form);
    const claims = claimsOf(signedIn.body["access_token"]);
    assert.deepEqual(
      [claims.idtyp, claims.upn, claims.amr],
      ["user", "ann@contoso.com", ["pwd", "mfa"]],
    );
    assert.match(claims.scp, /RoleAssignmentSchedule\.ReadWrite\.Directory/);
    const refreshed = await token({
      grant_type: "refresh_token",
      client_id: clientId,
      refresh_token: signedIn.body["refresh_token"] ?? "",
    });
    assert.equal(refreshed.status, 200);
  });

  it("sends whoever sits at the browser back with a code, contexts satisfied", async () => {
    emulator.control.signIn({ user: "bob@contoso.com" });
    const asked = new URLSearchParams({
      client_id: "public",
      redirect_uri: "http://localhost:1/",
      scope: `${emulator.info.graph}/User.Read`,
      state: "s",
      claims: JSON.stringify({ access_token: { acrs: { essential: true, value: "c1" } } }),
    });
    const page = await fetch(`${emulator.info.authority}/common/oauth2/v2.0/authorize?${asked}`, {
      redirect: "manual",
    });
    const back = new URL(page.headers.get("location") ?? "");
    assert.equal(back.searchParams.get("state"), "s");
    const answer = await token({
      grant_type: "authorization_code",
      client_id: "public",
      code: back.searchParams.get("code") ?? "",
    });
    const claims = claimsOf(answer.body["access_token"]);
    assert.deepEqual(
      [claims.upn, claims.acrs, claims.scp],
      ["bob@contoso.com", ["c1"], "User.Read"],
    );
  });

  it("redeems a code for whoever asked for it only, and once", async () => {
    const verifier = "a-verifier-that-nobody-else-knows-of-0123456789";
    const codeFor = async (challenge: string) => {
      const asked = new URLSearchParams({
        client_id: "public",
        redirect_uri: "http://localhost:1/",
        scope: `${emulator.info.graph}/User.Read`,
        code_challenge: challenge,
        code_challenge_method: "S256",
      });
      const page = await fetch(`${emulator.info.authority}/common/oauth2/v2.0/authorize?${asked}`, {
        redirect: "manual",
      });
      return new URL(page.headers.get("location") ?? "").searchParams.get("code") ?? "";
    };
    const redeem = (code: string, proof: Record<string, string>) =>
      token({ grant_type: "authorization_code", client_id: "public", code, ...proof });
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    for (const proof of [{}, { code_verifier: "another" }]) {
      const refused = await redeem(await codeFor(challenge), proof);
      assert.equal(refused.status, 400);
      assert.equal(refused.body["error"], "invalid_grant");
      assert.match(refused.body["error_description"] ?? "", /^AADSTS50148: /);
    }
    const code = await codeFor(challenge);
    assert.equal((await redeem(code, { code_verifier: verifier })).status, 200);
    assert.equal((await redeem(code, { code_verifier: verifier })).status, 400);
  });

  it("gives the Azure CLI no permission of PIM", async () => {
    const device = await post("/oauth2/v2.0/devicecode", {
      client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
      scope: `${emulator.info.graph}/.default`,
    });
    emulator.control.signIn({
      userCode: device.body["user_code"] ?? "",
      user: "admin@contoso.com",
    });
    const signedIn = await token({
      grant_type: "device_code",
      device_code: device.body["device_code"] ?? "",
    });
    const headers = { authorization: `Bearer ${signedIn.body["access_token"]}` };
    assert.equal((await send(`${emulator.info.graph}/v1.0/users`, "GET", headers)).status, 200);
    assert.equal(
      (
        await send(
          `${emulator.info.graph}/v1.0/roleManagement/directory/roleEligibilitySchedules`,
          "GET",
          headers,
        )
      ).status,
      403,
    );
  });

  it("serves HTTPS with a throw-away CA, and the Azure metadata", async () => {
    const secure = await startEmulator({ tls: true });
    try {
      const ca = readFileSync(secure.info.caFile ?? "");
      const url = secure.info.url.replace("127.0.0.1", "localhost");
      const text = await new Promise<string>((resolve, reject) => {
        get(
          `${url}/metadata/endpoints?api-version=2022-09-01`,
          { ca, agent: false },
          (response) => {
            response.setEncoding("utf8");
            response.on("data", resolve);
          },
        ).on("error", reject);
      });
      const document = JSON.parse(text);
      assert.deepEqual(
        [document.microsoftGraphResourceId, document.authentication.loginEndpoint],
        [url, url],
      );
    } finally {
      await secure.close();
    }
  });

  it("refuses tokens of another tenant, audience or nobody", async () => {
    const url = `${emulator.info.graph}/v1.0/organization`;
    const stranger = await startEmulator({ seed: 2 });
    const { access_token: foreign } = await stranger.control.token({});
    await stranger.close();
    const { access_token: elsewhere } = await emulator.control.token({
      audience: "https://vault.azure.net",
    });
    for (const bearer of [foreign, elsewhere, "x"]) {
      const answer = await send(url, "GET", { authorization: `Bearer ${bearer}` });
      assert.deepEqual(
        [answer.status, answer.body.error.code],
        [401, "InvalidAuthenticationToken"],
      );
    }
    assert.equal((await send(url, "GET", {})).body.error.message, "Access token is empty.");
  });
});
