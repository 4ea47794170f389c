import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const ROLES = "/roleManagement/directory/roleDefinitions";
const EVENTUAL = { ConsistencyLevel: "eventual" };

describe("emulator: how requests are read", () => {
  let emulator: Emulator;
  let send: Send;
  let azure: Send;

  before(async () => {
    emulator = await startEmulator({ keepAnswers: true });
    send = await clientOf(emulator);
    azure = await clientOf(emulator, { audience: "arm" });
  });

  after(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("takes query options without their sign on beta only", async () => {
    const query = `?filter=displayName eq 'Exchange Administrator'&select=id`;
    const beta = await send("GET", `/beta${ROLES}${query}`);
    assert.deepEqual(beta.body.value, [{ id: EXCHANGE }]);
    assert.equal((await send("GET", `/v1.0${ROLES}${query}`)).body.value.length, 100);
  });

  it("refuses members that a type does not have in this version", async () => {
    for (const path of [
      `/v1.0${ROLES}?$filter=isPrivileged eq true`,
      `/v1.0${ROLES}?$select=isPrivileged`,
      "/v1.0/users?$select=nothing",
      "/v1.0/groups?$filter=nothing eq 'x'",
    ]) {
      const { status, body } = await send("GET", path);
      assert.equal(status, 400, path);
      assert.match(body.error.message, /Could not find a property named '(isPrivileged|nothing)'/);
    }
    const found = await send("GET", `/beta${ROLES}?$filter=isPrivileged eq true&$top=1`);
    assert.equal(found.status, 200);
    const spelled = await send("GET", "/v1.0/users?$select=DisplayName&$top=1");
    assert.deepEqual(Object.keys(spelled.body.value[0]), ["displayName"]);
  });

  it("refuses members in bodies that a directory object does not have, and wrong types", async () => {
    const group = {
      displayName: "g",
      mailEnabled: false,
      mailNickname: "g",
      securityEnabled: true,
    };
    const refused = async (method: string, path: string, body: unknown) => {
      const answer = await send(method, path, body);
      assert.deepEqual([answer.status, codeOf(answer)], [400, "BadRequest"], JSON.stringify(body));
    };
    await refused("POST", "/v1.0/groups", { ...group, nothing: 1 });
    await refused("POST", "/v1.0/groups", { ...group, mailEnabled: "no" });
    await refused("POST", "/v1.0/groups", { ...group, writebackConfiguration: {} });
    await refused("POST", "/v1.0/applications", { displayName: "a", nothing: 1 });
    const made = await send("POST", "/beta/groups", {
      ...group,
      "@odata.type": "#microsoft.graph.group",
      writebackConfiguration: {},
    });
    assert.equal(made.status, 201);
    await refused("PATCH", `/v1.0/groups/${made.body.id}`, { nothing: 1 });
    const user = {
      accountEnabled: true,
      displayName: "u",
      mailNickname: "u",
      userPrincipalName: "u@contoso.com",
    };
    const unsafe = await send("POST", "/v1.0/users", user);
    assert.match(unsafe.body.error.message, /A password must be specified/);
  });

  it("takes write requests with a JSON content type only", async () => {
    const body = { displayName: "g" };
    const text = await send("POST", "/v1.0/groups", body, { "content-type": "text/plain" });
    assert.match(text.body.error.message, /only allows writes with a JSON Content-Type header/);
    const { control, info } = emulator;
    const { access_token } = await control.token({});
    const response = await fetch(`${info.graph}/v1.0/groups`, {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}` },
      body: new Blob([JSON.stringify(body)]),
    });
    const { error } = (await response.json()) as { error: { message: string } };
    assert.match(error.message, /must contain the Content-Type header declaration/);
  });

  it("takes functions and casts with and without their namespace", async () => {
    const [ann] = emulator.control.seed({
      users: [{ displayName: "Ann", userPrincipalName: "ann2@contoso.com" }],
    }).users;
    const person = await clientOf(emulator, {
      user: String(ann?.id),
      scopes: ["RoleAssignmentSchedule.Read.Directory", "RoleManagement.ReadWrite.Directory"],
    });
    const path = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
    for (const name of ["filterByCurrentUser", "microsoft.graph.filterByCurrentUser"]) {
      const { status } = await person("GET", `${path}/${name}(on='principal')`);
      assert.equal(status, 200, name);
    }
    const unknown = await send("GET", `/v1.0/users/${ann?.id}/memberOf/microsoft.graph.nothing`);
    assert.equal(unknown.status, 400);
  });

  it("compares enumerations without regard to case, ids and texts as written", async () => {
    const seeded = emulator.control.seed({
      users: [{ displayName: "Eve", userPrincipalName: "eve2@contoso.com" }],
      groups: [{ displayName: "Team" }],
    });
    const groupId = seeded.groups[0]?.id;
    const group = "/v1.0/identityGovernance/privilegedAccess/group";
    await send("POST", `${group}/eligibilityScheduleRequests`, {
      accessId: "member",
      principalId: seeded.users[0]?.id,
      groupId,
      action: "adminAssign",
      justification: "x",
      scheduleInfo: { expiration: { type: "afterDuration", duration: "P10D" } },
    });
    const count = async (more: string) => {
      const { body } = await send(
        "GET",
        `${group}/eligibilitySchedules?$filter=groupId eq '${groupId}' and ${more}`,
      );
      return body.value.length;
    };
    assert.equal(await count("memberType eq 'Direct'"), 1);
    assert.equal(await count("accessId eq 'Member'"), 1);
    assert.equal(await count("status eq 'provisioned'"), 0);
  });

  it("tells effective rules under their own name, and a policy through its assignment", async () => {
    const filter = `scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${EXCHANGE}'`;
    const found = await send(
      "GET",
      `/v1.0/policies/roleManagementPolicyAssignments?$filter=${filter}`,
    );
    const [{ id, policyId }] = found.body.value;
    const base = `/v1.0/policies/roleManagementPolicies/${policyId}`;
    for (const [path, ending] of [
      ["effectiveRules/Approval_EndUser_Assignment", "/effectiveRules/$entity"],
      ["rules/Approval_EndUser_Assignment", "/rules/$entity"],
      ["rules?$select=id", "/rules(id)"],
    ]) {
      const { body } = await send("GET", `${base}/${path}`);
      assert.ok(body["@odata.context"].endsWith(`'${policyId}')${ending}`), path);
    }
    const policy = await send(
      "GET",
      `/v1.0/policies/roleManagementPolicyAssignments/${id}/policy?$expand=*`,
    );
    assert.equal(policy.body.id, policyId);
    assert.match(policy.body["@odata.context"], /\(effectiveRules\(\),rules\(\)\)\/\$entity$/);
  });

  it("counts and searches the directory for those who accept a lagging index", async () => {
    const counted = await send("GET", "/v1.0/users/$count", undefined, EVENTUAL);
    assert.ok(counted.body >= 11);
    assert.equal(counted.headers.get("content-type"), "text/plain");
    assert.equal(codeOf(await send("GET", "/v1.0/users/$count")), "Request_BadRequest");
    const search = (text: string, headers: Record<string, string>) =>
      send("GET", `/v1.0/users?$select=id,displayName&$search=${text}`, undefined, headers);
    assert.equal(codeOf(await search('"displayName:adm"', {})), "Request_UnsupportedQuery");
    const both = await search('"displayName:tenant adm" OR "displayName:bo"', EVENTUAL);
    assert.deepEqual(
      both.body.value.map((user: { displayName: string }) => user.displayName),
      ["Tenant Administrator", "Bob"],
    );
  });

  it("tells what somebody is in: groups, those above them, units, and roles", async () => {
    const seeded = emulator.control.seed({
      users: [{ displayName: "Mia", userPrincipalName: "mia@contoso.com" }],
    });
    const mia = String(seeded.users[0]?.id);
    const { groups } = emulator.control.seed({ groups: [{ displayName: "In", members: [mia] }] });
    const inner = String(groups[0]?.id);
    const outer = String(
      emulator.control.seed({ groups: [{ displayName: "Out", members: [inner] }] }).groups[0]?.id,
    );
    emulator.control.seed({ administrativeUnits: [{ displayName: "Unit", members: [mia] }] });
    emulator.control.plantSchedule({
      kind: "active",
      principalId: mia,
      roleDefinitionId: EXCHANGE,
    });
    const names = async (path: string) => {
      const { body } = await send("GET", `/v1.0/${path}`);
      return body.value.map((object: { displayName: string }) => object.displayName);
    };
    assert.deepEqual(await names(`users/${mia}/memberOf`), [
      "In",
      "Unit",
      "Exchange Administrator",
    ]);
    assert.deepEqual(await names(`users/${mia}/transitiveMemberOf/microsoft.graph.group`), [
      "In",
      "Out",
    ]);
    assert.deepEqual(await names(`groups/${outer}/transitiveMembers/graph.user`), ["Mia"]);
    const ids = await send("POST", `/v1.0/users/${mia}/getMemberGroups`, {
      securityEnabledOnly: true,
    });
    assert.deepEqual(ids.body.value, [inner, outer]);
    const checked = await send("POST", `/v1.0/directoryObjects/${mia}/checkMemberGroups`, {
      groupIds: [outer, EXCHANGE],
    });
    assert.deepEqual(checked.body.value, [outer]);
    const path = "/v1.0/directoryRoles/roleTemplateId=29232cdf-9323-42fd-ade2-1d097af3e4de/members";
    assert.equal((await send("GET", path)).body.value[0].id, mia);
  });

  it("tells the roles that come through groups", async () => {
    const { users } = emulator.control.seed({
      users: [{ displayName: "Tia", userPrincipalName: "tia@contoso.com" }],
    });
    const tia = String(users[0]?.id);
    const { groups } = emulator.control.seed({
      groups: [{ displayName: "Holders", isAssignableToRole: true, members: [tia] }],
    });
    const principalId = String(groups[0]?.id);
    emulator.control.plantSchedule({ principalId, roleDefinitionId: EXCHANGE });
    const path = `/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '${tia}'`;
    assert.equal((await send("GET", path)).status, 400);
    const { body } = await send("GET", path, undefined, EVENTUAL);
    assert.equal(body["@odata.count"], 1);
    assert.equal(body.value[0].principalId, principalId);
  });

  it("finds applications by their application id", async () => {
    const { clientId } = emulator.info;
    const { body } = await send("GET", `/v1.0/applications(appId='${clientId}')`);
    assert.equal(body.appId, clientId);
  });

  it("takes keys in parentheses", async () => {
    const { body } = await send("GET", "/v1.0/users('bob@contoso.com')");
    assert.equal(body.displayName, "Bob");
    const owned = await send(
      "GET",
      `/v1.0/users('${body.id}')/ownedObjects/$count`,
      undefined,
      EVENTUAL,
    );
    assert.equal(owned.body, 0);
  });

  it("tells what was asked for and never given as empty", async () => {
    const { body } = await send("GET", "/v1.0/users/bob@contoso.com?$select=ID,department,skills");
    assert.deepEqual([body.department, body.skills], [null, []]);
    assert.equal(typeof body.id, "string");
  });

  it("words broken content and the remaining rate of Azure as Azure does", async () => {
    const { body } = await azure("GET", "/subscriptions?api-version=2022-12-01");
    const scope = `/subscriptions/${body.value[0].subscriptionId}/providers/Microsoft.Authorization`;
    const path = `${scope}/roleEligibilityScheduleRequests/${READER}?api-version=2020-10-01`;
    const missing = await azure("GET", path);
    assert.equal(missing.status, 404);
    assert.ok(Number(missing.headers.get("x-ms-ratelimit-remaining-subscription-reads")) > 0);
    const { access_token } = await emulator.control.token({ audience: "arm" });
    const put = async (type: string, text: string) => {
      const response = await fetch(emulator.info.arm + path, {
        method: "PUT",
        headers: { authorization: `Bearer ${access_token}`, "content-type": type },
        body: text,
      });
      const { error } = (await response.json()) as { error: { code: string } };
      return [response.status, error.code];
    };
    assert.deepEqual(await put("application/json", '{"properties":'), [
      400,
      "InvalidRequestContent",
    ]);
    assert.deepEqual(await put("text/plain", "{}"), [415, "UnsupportedMediaType"]);
  });
});
