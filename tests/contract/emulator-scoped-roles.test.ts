import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";

const USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const UNIT = "4d7ea995-bc0f-45c0-8c3e-132e93bf95f8";
const PATH = `/v1.0/directory/administrativeUnits/${UNIT}/scopedRoleMembers`;

describe("emulator: roles over administrative units", () => {
  let emulator: Emulator;
  let send: Send;
  let bob: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    send = await clientOf(emulator);
    emulator.control.seed({ administrativeUnits: [{ id: UNIT, displayName: "Seattle" }] });
    bob = (await send("GET", "/v1.0/users/Bob@contoso.com")).body.id;
  });

  afterEach(() => emulator.close());

  it("are role assignments with that scope, by the directory role's own id", async () => {
    const roleId = await directoryRole();
    const made = await send("POST", PATH, { roleId, roleMemberInfo: { id: bob } });
    assert.equal(made.status, 201);
    assert.deepEqual(
      { ...made.body, id: "…" },
      {
        "@odata.context": `${emulator.info.graph}/v1.0/$metadata#scopedRoleMemberships/$entity`,
        id: "…",
        roleId,
        administrativeUnitId: UNIT,
        roleMemberInfo: { id: bob, displayName: "Bob", userPrincipalName: "bob@contoso.com" },
      },
    );
    const assigned = await send(
      "GET",
      `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${bob}'`,
    );
    assert.deepEqual(
      assigned.body.value.map((row: Record<string, string>) => [
        row["roleDefinitionId"],
        row["directoryScopeId"],
      ]),
      [[USER_ADMINISTRATOR, `/administrativeUnits/${UNIT}`]],
    );
    const again = await send("POST", PATH, { roleId, roleMemberInfo: { id: bob } });
    assert.deepEqual([again.status, codeOf(again)], [400, "Request_BadRequest"]);
  });

  it("are told by unit, by role and by person, and end", async () => {
    const roleId = await directoryRole();
    const { id } = (await send("POST", PATH, { roleId, roleMemberInfo: { id: bob } })).body;
    for (const path of [
      PATH,
      PATH.replace("v1.0/directory", "beta"),
      `/v1.0/directoryRoles/${roleId}/scopedMembers`,
      `/v1.0/users/${bob}/scopedRoleMemberOf`,
    ]) {
      const { body } = await send("GET", path);
      assert.deepEqual(
        body.value.map((row: { id: string }) => row.id),
        [id],
        path,
      );
    }
    assert.equal((await send("GET", `${PATH}/${id}`)).body.id, id);
    assert.equal((await send("DELETE", `${PATH}/${id}`)).status, 204);
    assert.deepEqual((await send("GET", PATH)).body.value, []);
    assert.equal((await send("GET", `${PATH}/${id}`)).status, 404);
  });

  it("rejects roles that no unit takes, template ids, and readers", async () => {
    const member = { roleMemberInfo: { id: bob } };
    const all = await directoryRole("Global Administrator");
    assert.equal((await send("POST", PATH, { roleId: all, ...member })).status, 400);
    const template = await send("POST", PATH, { roleId: USER_ADMINISTRATOR, ...member });
    assert.equal(template.status, 404);
    const reader = await clientOf(emulator, { roles: ["RoleManagement.Read.Directory"] });
    assert.equal((await reader("GET", PATH)).status, 200);
    const refused = await reader("POST", PATH, { roleId: await directoryRole(), ...member });
    assert.equal(refused.status, 403);
  });

  async function directoryRole(name = "User Administrator"): Promise<string> {
    const { body } = await send("GET", `/v1.0/directoryRoles?$filter=displayName eq '${name}'`);
    return body.value[0].id;
  }
});
