import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

const BIN = "/v1.0/directory/deletedItems";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";

describe("emulator: deleted items", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true });
    send = await clientOf(emulator);
  });

  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("keeps a deleted person, whose name is free meanwhile, and brings her back as she was", async () => {
    const user = await personCalled("Bob");
    const { groups } = emulator.control.seed({
      groups: [{ displayName: "Team", members: [user.id] }],
    });
    await send("DELETE", `/v1.0/users/${user.id}`);
    assert.equal(codeOf(await send("GET", `/v1.0/users/${user.id}`)), "Request_ResourceNotFound");
    const listed = await send("GET", `${BIN}/microsoft.graph.user?$filter=id eq '${user.id}'`);
    const [row] = listed.body.value;
    assert.equal(row.userPrincipalName, `${user.id.replaceAll("-", "")}bob@contoso.com`);
    assert.match(row.deletedDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const one = await send("GET", `${BIN}/${user.id}`);
    assert.equal(one.body["@odata.type"], "#microsoft.graph.user");
    const back = await send("POST", `${BIN}/${user.id}/restore`);
    assert.deepEqual(
      [back.status, back.body.userPrincipalName, back.body.deletedDateTime],
      [200, "bob@contoso.com", null],
    );
    const members = await send("GET", `/v1.0/groups/${groups?.[0]?.id}/members`);
    assert.deepEqual(idsOf(members), [user.id]);
    assert.equal((await send("GET", `${BIN}/${user.id}`)).status, 404);
  });

  it("rejects the restore of a person whose name somebody else has by now", async () => {
    const user = await personCalled("Bob");
    await send("DELETE", `/v1.0/users/${user.id}`);
    emulator.control.seed({ users: [{ userPrincipalName: "Bob@contoso.com" }] });
    const refused = await send("POST", `${BIN}/${user.id}/restore`);
    assert.deepEqual([refused.status, codeOf(refused)], [400, "Request_BadRequest"]);
  });

  it("leaves role rows of the deleted in place, as ghosts, and gives them back their principal", async () => {
    const { id } = await personCalled("Bob");
    await send("POST", "/v1.0/roleManagement/directory/roleAssignments", {
      principalId: id,
      roleDefinitionId: EXCHANGE,
      directoryScopeId: "/",
    });
    const principal = async () => {
      const path = `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${id}'&$expand=principal`;
      const { body } = await send("GET", path);
      return body.value.map((row: { principal: { id: string } | null }) => row.principal?.id);
    };
    await send("DELETE", `/v1.0/users/${id}`);
    assert.deepEqual(await principal(), [undefined]);
    await send("POST", `${BIN}/${id}/restore`);
    assert.deepEqual(await principal(), [id]);
  });

  it("keeps Microsoft 365 groups only: a security group is gone at once", async () => {
    const { groups = [] } = emulator.control.seed({
      groups: [{ displayName: "Mail", groupTypes: ["Unified"] }, { displayName: "Security" }],
    });
    for (const group of groups) await send("DELETE", `/v1.0/groups/${group.id}`);
    const path = `${BIN}/microsoft.graph.group?$count=true&$orderby=deletedDateTime desc`;
    const kept = await send("GET", path, undefined, { ConsistencyLevel: "eventual" });
    assert.deepEqual([idsOf(kept), kept.body["@odata.count"]], [[groups[0]?.id], 1]);
    assert.equal(kept.body.value[0].mail, "Mail@contoso.com");
  });

  it("ends after 30 days, or for good when told so", async () => {
    const [first, second] = [await personCalled("Bob"), await personCalled("Ines")];
    for (const { id } of [first, second]) await send("DELETE", `/v1.0/users/${id}`);
    assert.equal((await send("DELETE", `${BIN}/${first.id}`)).status, 204);
    assert.deepEqual(idsOf(await send("GET", `${BIN}/microsoft.graph.user`)), [second.id]);
    emulator.control.clock({ advance: "P30D" });
    send = await clientOf(emulator);
    assert.deepEqual(idsOf(await send("GET", `${BIN}/microsoft.graph.user`)), []);
    assert.equal((await send("POST", `${BIN}/${second.id}/restore`)).status, 404);
  });

  it("keeps applications and units, and tells what somebody owned", async () => {
    const { id: owner } = await personCalled("Bob");
    const url = `${emulator.info.graph}/v1.0/users/${owner}`;
    const made = await send("POST", "/v1.0/applications", {
      displayName: "App",
      "owners@odata.bind": [url],
    });
    const unit = await send("POST", "/v1.0/directory/administrativeUnits", { displayName: "Unit" });
    await send("DELETE", `/v1.0/applications/${made.body.id}`);
    await send("DELETE", `/v1.0/directory/administrativeUnits/${unit.body.id}`);
    const owned = await send("POST", `${BIN}/getUserOwnedObjects`, {
      userId: owner,
      type: "Application",
    });
    assert.deepEqual(idsOf(owned), [made.body.id]);
    const units = await send("GET", `${BIN}/microsoft.graph.administrativeUnit`);
    assert.deepEqual(idsOf(units), [unit.body.id]);
  });

  it("wants the permission of the kind", async () => {
    const { id } = await personCalled("Bob");
    await send("DELETE", `/v1.0/users/${id}`);
    const reader = await clientOf(emulator, { roles: ["User.Read.All"] });
    assert.equal((await reader("GET", `${BIN}/microsoft.graph.user`)).status, 200);
    assert.equal((await reader("GET", `${BIN}/microsoft.graph.group`)).status, 403);
    assert.equal((await reader("POST", `${BIN}/${id}/restore`)).status, 403);
  });

  async function personCalled(name: string): Promise<{ id: string }> {
    return (await send("GET", `/v1.0/users/${name}@contoso.com`)).body;
  }
});

function idsOf({ body }: { body: { value: { id: string }[] } }): string[] {
  return body.value.map((row) => row.id);
}
