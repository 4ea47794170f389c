import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

const PATH = "/v1.0/oauth2PermissionGrants";
// Ids of one of Microsoft's samples, whose grant's id is made of them.
const CLIENT = "22a3c970-8ad4-4120-8127-300837f87f2c";
const API = "98dc9d95-49b6-405a-b3c0-834e969a708b";
const PERSON = "c2e8df37-c6a7-4d88-89b1-feb4f1fda7c5";

describe("emulator: delegated permission grants", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true });
    send = await clientOf(emulator);
    emulator.control.seed({
      users: [{ id: PERSON, displayName: "Megan" }],
      servicePrincipals: [
        { id: CLIENT, displayName: "Client" },
        { id: API, displayName: "API" },
      ],
    });
  });

  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  const personal = {
    clientId: CLIENT,
    consentType: "Principal",
    principalId: PERSON,
    resourceId: API,
    scope: "User.Read",
  };
  const common = {
    clientId: CLIENT,
    consentType: "AllPrincipals",
    resourceId: API,
    scope: "User.Read",
  };

  it("are named by client, API and person, and are there once", async () => {
    const made = await send("POST", PATH, personal);
    assert.deepEqual(
      [made.status, made.body.id],
      [201, "cMmjItSKIEGBJzAIN_h_LJWd3Ji2SVpAs8CDTpaacIs33-jCp8aITYmx_rTx_afF"],
    );
    const again = await send("POST", PATH, personal);
    assert.deepEqual(
      [again.status, codeOf(again)],
      [409, "Request_MultipleObjectsWithSameKeyValue"],
    );
    const forAll = await send("POST", PATH, common);
    assert.deepEqual([forAll.status, forAll.body.principalId], [201, null]);
  });

  it("are listed as a whole, by client and by person, and say more on beta", async () => {
    for (const grant of [personal, common]) await send("POST", PATH, grant);
    const types = async (path: string) =>
      (await send("GET", path)).body.value.map((row: { consentType: string }) => row.consentType);
    assert.deepEqual(await types(`${PATH}?$filter=clientId eq '${CLIENT}'`), [
      "Principal",
      "AllPrincipals",
    ]);
    assert.deepEqual(await types(`${PATH}?$filter=consentType eq 'AllPrincipals'`), [
      "AllPrincipals",
    ]);
    assert.equal(
      (await types(`/v1.0/servicePrincipals/${CLIENT}/oauth2PermissionGrants`)).length,
      2,
    );
    assert.deepEqual(await types(`/v1.0/users/${PERSON}/oauth2PermissionGrants`), ["Principal"]);
    const { body } = await send("GET", PATH);
    assert.equal("expiryTime" in body.value[0], false);
    const beta = await send("GET", PATH.replace("v1.0", "beta"));
    assert.equal("expiryTime" in beta.body.value[0], true);
  });

  it("change their scopes only, and go", async () => {
    const { id } = (await send("POST", PATH, common)).body;
    const change = { scope: "User.Read Mail.Read", consentType: "Principal" };
    assert.equal((await send("PATCH", `${PATH}/${id}`, change)).status, 204);
    const { body } = await send("GET", `${PATH}/${id}`);
    assert.deepEqual([body.scope, body.consentType], [change.scope, "AllPrincipals"]);
    assert.equal((await send("DELETE", `${PATH}/${id}`)).status, 204);
    assert.equal((await send("GET", `${PATH}/${id}`)).status, 404);
  });

  it("rejects who is not there, a person for all, and callers without the permission", async () => {
    const stranger = await send("POST", PATH, { ...common, resourceId: PERSON });
    assert.deepEqual([stranger.status, codeOf(stranger)], [404, "Request_ResourceNotFound"]);
    for (const body of [
      { ...common, principalId: PERSON },
      { ...common, consentType: "Somebody" },
      { ...personal, principalId: undefined },
    ])
      assert.equal((await send("POST", PATH, body)).status, 400);
    const reader = await clientOf(emulator, { roles: ["Directory.Read.All"] });
    assert.equal((await reader("GET", PATH)).status, 200);
    assert.equal(codeOf(await reader("POST", PATH, common)), "Authorization_RequestDenied");
  });
});
