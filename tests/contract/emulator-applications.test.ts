import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

describe("emulator: making groups and applications", () => {
  let emulator: Emulator;
  let send: Send;

  before(async () => {
    emulator = await startEmulator({ keepAnswers: true });
    send = await clientOf(emulator);
  });

  after(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("finds service principals by application id and grants permissions that tokens carry", async () => {
    const graph = await send(
      "GET",
      "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    );
    assert.equal(graph.body.displayName, "Microsoft Graph");
    const application = await send("POST", "/v1.0/applications", { displayName: "Reader" });
    const principal = await send("POST", "/v1.0/servicePrincipals", {
      appId: application.body.appId,
    });
    const role = graph.body.appRoles.find(
      (candidate: { value: string }) => candidate.value === "User.Read.All",
    );
    const grant = { principalId: principal.body.id, resourceId: graph.body.id, appRoleId: role.id };
    const weak = await clientOf(emulator, { clientId: application.body.appId });
    assert.equal((await weak("GET", "/v1.0/users")).status, 403);
    const made = await send(
      "POST",
      `/v1.0/servicePrincipals/${principal.body.id}/appRoleAssignments`,
      grant,
    );
    assert.equal(made.status, 201);
    assert.ok(
      made.body["@odata.context"].endsWith(
        `#servicePrincipals('${principal.body.id}')/appRoleAssignments/$entity`,
      ),
    );
    // As published: 43 letters that begin with who got it.
    assert.match(made.body.id, /^[\w-]{43}$/);
    const [first = 0] = Buffer.from(made.body.id, "base64url");
    assert.equal(first, Number.parseInt(principal.body.id.slice(6, 8), 16));
    const strong = await clientOf(emulator, { clientId: application.body.appId });
    assert.equal((await strong("GET", "/v1.0/users")).status, 200);
  });

  it("makes secrets of service principals too, tells them once, and takes them back", async () => {
    const application = await send("POST", "/v1.0/applications", { displayName: "Secrets" });
    const { body } = await send("POST", "/v1.0/servicePrincipals", {
      appId: application.body.appId,
    });
    for (const path of [
      `/v1.0/applications/${application.body.id}`,
      `/v1.0/servicePrincipals/${body.id}`,
    ]) {
      const made = await send("POST", `${path}/addPassword`, {
        passwordCredential: { displayName: "CI" },
      });
      assert.equal(typeof made.body.secretText, "string");
      const [shown] = (await send("GET", path)).body.passwordCredentials;
      assert.deepEqual([shown.displayName, shown.secretText], ["CI", null]);
      const { keyId } = made.body;
      assert.equal((await send("POST", `${path}/removePassword`, { keyId })).status, 204);
      assert.deepEqual((await send("GET", path)).body.passwordCredentials, []);
      assert.equal((await send("POST", `${path}/removePassword`, { keyId })).status, 400);
    }
  });

  it("grants application roles to groups, seen from either side", async () => {
    const { groups = [], servicePrincipals = [] } = emulator.control.seed({
      groups: [{ displayName: "Users" }],
      servicePrincipals: [{ displayName: "Tool" }],
    });
    const path = `/v1.0/groups/${groups[0]?.id}/appRoleAssignments`;
    const made = await send("POST", path, {
      principalId: groups[0]?.id,
      resourceId: servicePrincipals[0]?.id,
      appRoleId: "00000000-0000-0000-0000-000000000000",
    });
    assert.deepEqual([made.status, made.body.principalType], [201, "Group"]);
    const other = `/v1.0/servicePrincipals/${servicePrincipals[0]?.id}/appRoleAssignedTo`;
    for (const side of [path, other])
      assert.equal((await send("GET", side)).body.value[0].id, made.body.id);
  });

  it("makes groups and applications under a name of their own, where none is and the caller prefers so", async () => {
    const prefer = { Prefer: "create-if-missing" };
    const group = {
      displayName: "Golf",
      mailEnabled: false,
      mailNickname: "golf",
      securityEnabled: true,
    };
    const path = "/v1.0/groups(uniqueName='golf-1')";
    assert.equal((await send("PATCH", path, group)).status, 404);
    const made = await send("PATCH", path, group, prefer);
    assert.deepEqual([made.status, made.body.uniqueName], [201, "golf-1"]);
    assert.equal((await send("PATCH", path, { description: "x" }, prefer)).status, 204);
    const { body } = await send("GET", path);
    assert.deepEqual([body.id, body.description], [made.body.id, "x"]);
    const twin = await send("POST", "/v1.0/groups", { ...group, uniqueName: "golf-1" });
    assert.deepEqual([twin.status, codeOf(twin)], [400, "Request_BadRequest"]);
    assert.equal((await send("DELETE", path)).status, 204);
    const app = "/v1.0/applications(uniqueName='app-1')";
    assert.equal((await send("PATCH", app, { displayName: "App" }, prefer)).status, 201);
    assert.equal((await send("PATCH", app, { displayName: "App 2" }, prefer)).status, 204);
    assert.equal((await send("GET", app)).body.displayName, "App 2");
  });

  it("says which application made a group, on beta, and whose tenant it is in", async () => {
    const group = {
      displayName: "Made",
      mailEnabled: false,
      mailNickname: "made",
      securityEnabled: true,
    };
    const { body } = await send("POST", "/v1.0/groups", group);
    assert.equal(body.organizationId, emulator.info.tenantId);
    assert.equal("createdByAppId" in body, false);
    const beta = await send("GET", `/beta/groups/${body.id}`);
    assert.equal(beta.body.createdByAppId, emulator.info.clientId);
  });

  it("makes a group right in a unit", async () => {
    const unit = await send("POST", "/v1.0/directory/administrativeUnits", { displayName: "U" });
    const path = `/v1.0/directory/administrativeUnits/${unit.body.id}/members`;
    const group = {
      displayName: "In it",
      mailEnabled: false,
      mailNickname: "in",
      securityEnabled: true,
    };
    assert.equal((await send("POST", path, group)).status, 400);
    const made = await send("POST", path, { "@odata.type": "#Microsoft.Graph.Group", ...group });
    assert.equal(made.status, 201);
    assert.equal((await send("GET", path)).body.value[0].id, made.body.id);
  });
});
