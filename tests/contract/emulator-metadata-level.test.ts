import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";

const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const ROLES = "/roleManagement/directory/roleDefinitions";

// Answers without control information cannot be walked: no other test belongs here.
describe("emulator: metadata levels", () => {
  let emulator: Emulator;
  let send: Send;

  before(async () => {
    emulator = await startEmulator();
    send = await clientOf(emulator);
  });

  after(() => emulator.close());

  it("says as much about types as the caller asks for", async () => {
    const path = "/v1.0/users/bob@contoso.com?$select=id,businessPhones,createdDateTime";
    const at = (level: string) =>
      send("GET", path, undefined, { accept: `application/json;odata.metadata=${level}` });
    const none = await at("none");
    assert.deepEqual(Object.keys(none.body).sort(), ["businessPhones", "createdDateTime", "id"]);
    assert.match(none.headers.get("content-type") ?? "", /odata\.metadata=none/);
    const full = await at("full");
    const place = `directoryObjects/${none.body.id}/Microsoft.DirectoryServices.User`;
    const { graph, tenantId } = emulator.info;
    assert.equal(full.body["@odata.type"], "#microsoft.graph.user");
    assert.equal(full.body["@odata.id"], `${graph}/v2/${tenantId}/${place}`);
    assert.equal(full.body["@odata.editLink"], place);
    assert.equal(full.body["businessPhones@odata.type"], "#Collection(String)");
    assert.equal(full.body["createdDateTime@odata.type"], "#DateTimeOffset");
    const minimal = await at("minimal");
    assert.deepEqual(Object.keys(minimal.body).sort(), [
      "@odata.context",
      ...Object.keys(none.body).sort(),
    ]);
    const rows = await send("GET", "/v1.0/users?$top=1", undefined, {
      accept: "application/json;odata.metadata=none",
    });
    assert.deepEqual(Object.keys(rows.body).sort(), ["@odata.nextLink", "value"]);
    const role = await send("GET", `/v1.0${ROLES}/${EXCHANGE}`, undefined, {
      accept: "application/json; odata.metadata=full",
    });
    assert.equal(role.body["@odata.id"], `roleManagement/directory/roleDefinitions('${EXCHANGE}')`);
  });
});
