import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";
import { walkAnswers } from "./schema-walk";

const ROOT = "roleManagement/directory";
const V1 = `/v1.0/${ROOT}`;
const BETA = `/beta/${ROOT}`;
const READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
const GROUPS = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
const ATTRIBUTES = "8424c6f0-a189-499e-bbd0-26c1753c96d4";
const USERS = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const ADAMS = "071cc716-8147-4397-a5ba-b2105951cc0b";
const UNIT = "5d107bba-d8e2-4e13-b6ae-884be90e5d1a";

describe("emulator: roles as Microsoft's reference shows them", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true, now: "2022-04-13T08:00:00Z" });
    emulator.control.seed({
      users: [{ id: ADAMS, displayName: "Adams", userPrincipalName: "adams@contoso.com" }],
      administrativeUnits: [{ id: UNIT, displayName: "Unit" }],
    });
    send = await clientOf(emulator);
  });

  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("says what a built-in role is, allows and inherits", async () => {
    const { body: role } = await send("GET", `${V1}/roleDefinitions/${GROUPS}`);
    assertPublishedShape(
      {
        id: GROUPS,
        description: "text",
        displayName: "Groups Administrator",
        isBuiltIn: true,
        isEnabled: true,
        resourceScopes: ["/"],
        templateId: GROUPS,
        version: "1",
        rolePermissions: [
          { allowedResourceActions: ["a"], excludedResourceActions: [], condition: null },
        ],
        inheritsPermissionsFrom: [{ id: READERS }],
      },
      role,
    );
    assert.equal(typeof role.description, "string");
    assert.deepEqual(role.inheritsPermissionsFrom, [{ id: READERS }]);
    const { body: inherited } = await send(
      "GET",
      `${V1}/roleDefinitions/${GROUPS}/inheritsPermissionsFrom`,
    );
    assert.deepEqual(namesOf(inherited.value), ["Directory Readers"]);
    assert.deepEqual(inherited.value[0].inheritsPermissionsFrom, []);
  });

  it("tells what a role inherits as it is asked for", async () => {
    const get = async (query: string) =>
      (await send("GET", `${V1}/roleDefinitions/${GROUPS}?${query}`)).body;
    const expanded = await get("$expand=inheritsPermissionsFrom");
    assert.deepEqual(namesOf(expanded.inheritsPermissionsFrom), ["Directory Readers"]);
    const nested = await get("$expand=inheritsPermissionsFrom($select=displayName)");
    assert.deepEqual(nested.inheritsPermissionsFrom, [{ displayName: "Directory Readers" }]);
    assert.equal((await get("$select=id")).inheritsPermissionsFrom, undefined);
    const made = await send("POST", `${V1}/roleDefinitions`, {
      displayName: "Application Registration Support Administrator",
      isEnabled: true,
      rolePermissions: [
        { allowedResourceActions: ["microsoft.directory/applications/basic/read"] },
      ],
    });
    assert.deepEqual(made.body.inheritsPermissionsFrom, []);
    const builtIn = await send("GET", `${V1}/roleDefinitions?$filter=isBuiltIn in (false)`);
    assert.deepEqual(namesOf(builtIn.body.value), [made.body.displayName]);
  });

  it("finds assignments of privileged roles on beta", async () => {
    await assign(GROUPS);
    await assign(ATTRIBUTES);
    const query = "roleAssignments?$expand=roleDefinition&$filter=roleDefinition/isPrivileged eq";
    const privileged = (await send("GET", `${BETA}/${query} true`)).body.value;
    assert.ok(privileged.length > 0);
    for (const { roleDefinition } of privileged) assert.equal(roleDefinition.isPrivileged, true);
    const others = (await send("GET", `${BETA}/${query} false`)).body.value;
    assert.ok(others.some((row: { principalId: string }) => row.principalId === ADAMS));
    assert.equal(codeOf(await send("GET", `${V1}/${query} true`)), "Request_UnsupportedQuery");
  });

  it("reads eligible and active rows in one call on beta, each as what it is", async () => {
    await request("Eligibility", ATTRIBUTES);
    await request("Assignment", GROUPS);
    const all = `(directoryScopeId='/',appScopeId=null,principalId='${ADAMS}',roleDefinitionId='')`;
    const schedules = await send("GET", `${BETA}/roleSchedules${all}`);
    assert.deepEqual(typesOf(schedules.body.value), [
      "#microsoft.graph.unifiedRoleAssignmentSchedule",
      "#microsoft.graph.unifiedRoleEligibilitySchedule",
    ]);
    assertPublishedShape(
      {
        id: "guid",
        principalId: ADAMS,
        roleDefinitionId: GROUPS,
        directoryScopeId: "/",
        appScopeId: null,
        createdUsing: "guid",
        createdDateTime: "time",
        modifiedDateTime: null,
        status: "Provisioned",
      },
      schedules.body.value[0],
    );
    const one = `(roleDefinitionId='${ATTRIBUTES}',principalId='${ADAMS}',appScopeId='',directoryScopeId='%2F')`;
    const instances = await send("GET", `${BETA}/roleScheduleInstances${one}`);
    assert.deepEqual(typesOf(instances.body.value), [
      "#microsoft.graph.unifiedRoleEligibilityScheduleInstance",
    ]);
    assert.match(
      instances.body["@odata.context"],
      /#Collection\(unifiedRoleScheduleInstanceBase\)$/,
    );
    const elsewhere = all.replace("'/'", `'/administrativeUnits/${UNIT}'`);
    assert.deepEqual((await send("GET", `${BETA}/roleSchedules${elsewhere}`)).body.value, []);
    const everything = await send("GET", `${BETA}/roleSchedules`);
    assert.ok(everything.body.value.length > schedules.body.value.length);
    assert.notEqual((await send("GET", `${V1}/roleSchedules${all}`)).status, 200);
  });

  it("gives and takes a directory role as the old view does, and shows who has it in a unit", async () => {
    const role = `/v1.0/directoryRoles/roleTemplateId=${GROUPS}`;
    const reference = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ADAMS}` };
    assert.equal((await send("POST", `${role}/members/$ref`, reference)).status, 204);
    assert.equal((await send("POST", `${role}/members/$ref`, reference)).status, 400);
    assert.deepEqual(idsOf((await send("GET", `${role}/members`)).body.value), [ADAMS]);
    const rows = `${V1}/roleAssignments?$filter=roleDefinitionId eq '${GROUPS}'`;
    assert.equal((await send("GET", rows)).body.value.length, 1);
    const { id } = (await send("GET", role)).body;
    const member = `/v1.0/directoryRoles/${id}/members/${ADAMS}/$ref`;
    assert.equal((await send("DELETE", member)).status, 204);
    assert.equal((await send("DELETE", member)).status, 404);
    assert.deepEqual((await send("GET", rows)).body.value, []);
    const nobody = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${UNIT}x` };
    assert.equal((await send("POST", `${role}/members/$ref`, nobody)).status, 404);

    await assign(USERS, `/administrativeUnits/${UNIT}`);
    const scoped = await send("GET", `/v1.0/directoryRoles/roleTemplateId=${USERS}/scopedMembers`);
    assert.match(scoped.body["@odata.context"], /#scopedRoleMemberships$/);
    const [membership] = scoped.body.value;
    assert.match(membership.id, /^[\w-]{64}U$/);
    assert.deepEqual(
      [membership.administrativeUnitId, membership.roleMemberInfo],
      [UNIT, { id: ADAMS, displayName: "Adams" }],
    );
  });

  it("tells who came to a directory role and who went since an answer before", async () => {
    const first = (await send("GET", "/v1.0/directoryRoles/delta")).body;
    assert.ok(first.value.length > 100);
    const member = `/v1.0/directoryRoles/roleTemplateId=${GROUPS}/members`;
    await send("POST", `${member}/$ref`, { "@odata.id": `https://x/v1.0/users/${ADAMS}` });
    const second = await following(first);
    assert.deepEqual(namesOf(second.value), ["Groups Administrator"]);
    const adams = { "@odata.type": "#microsoft.graph.user", id: ADAMS };
    assert.deepEqual(second.value[0]["members@delta"], [adams]);
    await send("DELETE", `${member}/${ADAMS}/$ref`);
    const third = await following(second);
    assert.deepEqual(third.value[0]["members@delta"], [
      { ...adams, "@removed": { reason: "deleted" } },
    ]);
    assert.deepEqual((await following(third)).value, []);
    const { id } = second.value[0];
    const one = await send(
      "GET",
      `/v1.0/directoryRoles/delta?$filter=id eq '${id}'&$select=displayName`,
    );
    assert.deepEqual(one.body.value, [{ displayName: "Groups Administrator", id }]);
    assert.equal((await send("GET", "/v1.0/directoryRoles/delta?$deltatoken=x")).status, 400);
    assert.equal((await send("GET", "/v1.0/directoryRoles?$deltatoken=x")).status, 400);
  });

  const following = async (answer: Record<string, string>) =>
    (await send("GET", String(answer["@odata.deltaLink"]).replace(emulator.info.graph, ""))).body;

  it("shows the members of a role-assignable group's creation, and whole principals", async () => {
    const made = await send("POST", "/v1.0/groups", {
      displayName: "IT Helpdesk (User)",
      mailEnabled: false,
      mailNickname: "userHelpdesk",
      securityEnabled: true,
      isAssignableToRole: true,
    });
    assert.deepEqual(made.body.onPremisesProvisioningErrors, []);
    assert.equal(made.body.visibility, "Private");
    const published = "e77cbb23-0ff2-4e18-819c-690f58269752";
    emulator.control.seed({ groups: [{ id: published, displayName: "Published" }] });
    const { body: group } = await send("GET", `/v1.0/groups/${published}`);
    assert.equal(group.securityIdentifier, "S-1-12-1-3883711267-1310199794-258579585-1385637464");
    await assign(GROUPS);
    const query = `$filter=principalId eq '${ADAMS}'&$expand=principal`;
    const [row] = (await send("GET", `${V1}/roleAssignments?${query}`)).body.value;
    assertPublishedShape(
      {
        "@odata.type": "#microsoft.graph.user",
        accountEnabled: true,
        imAddresses: ["adams@contoso.com"],
        mail: "adams@contoso.com",
        mailNickname: "adams",
        userType: "Member",
      },
      row.principal,
    );
  });

  async function assign(roleDefinitionId: string, directoryScopeId = "/"): Promise<void> {
    const body = { principalId: ADAMS, roleDefinitionId, directoryScopeId };
    assert.equal((await send("POST", `${V1}/roleAssignments`, body)).status, 201);
  }

  async function request(kind: "Eligibility" | "Assignment", role: string): Promise<void> {
    const made = await send("POST", `${V1}/role${kind}ScheduleRequests`, {
      action: "adminAssign",
      justification: "sample",
      principalId: ADAMS,
      roleDefinitionId: role,
      directoryScopeId: "/",
      scheduleInfo: { expiration: { type: "NoExpiration" } },
    });
    assert.equal(made.status, 201);
  }
});

function namesOf(values: { displayName: string }[]): string[] {
  return values.map(({ displayName }) => displayName);
}

function idsOf(values: { id: string }[]): string[] {
  return values.map(({ id }) => id);
}

function typesOf(values: Record<string, string>[]): (string | undefined)[] {
  return values.map((value) => value["@odata.type"]);
}
