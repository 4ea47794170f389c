import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { walkAnswers } from "./schema-walk";

describe("emulator: directory", () => {
  let emulator: Emulator;
  let send: Send;

  before(async () => {
    emulator = await startEmulator({ keepAnswers: true, users: 250 });
    send = await clientOf(emulator);
  });

  after(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  it("pages by 100 whatever $top asks above it, without repeating or missing anybody", async () => {
    const ids = new Set<string>();
    let pages = 0;
    for (
      let path: string | undefined = "/v1.0/users?$select=id&$top=999";
      path !== undefined;
      pages += 1
    ) {
      const { body } = await send("GET", path);
      for (const user of body.value) ids.add(user.id);
      // A row removed behind the cursor moves nothing.
      if (pages === 0) await send("DELETE", `/v1.0/users/${body.value[5].id}`);
      path = body["@odata.nextLink"]?.replace(emulator.info.graph, "");
    }
    assert.deepEqual([ids.size, pages], [251, 3]);
  });

  it("takes form-encoded filters and refuses what cannot be filtered", async () => {
    const found = await send(
      "GET",
      "/v1.0/users?%24filter=userPrincipalName+eq+%27Ann%40contoso.com%27",
    );
    assert.equal(found.body.value[0].displayName, "Ann");
    assert.equal(
      codeOf(await send("GET", "/v1.0/users?$filter=aboutMe eq 'x'")),
      "Request_UnsupportedQuery",
    );
    assert.equal(codeOf(await send("GET", "/v1.0/users?$filter=displayName eq")), "BadRequest");
    assert.equal(
      codeOf(await send("GET", "/v1.0/users/nobody@contoso.com")),
      "Request_ResourceNotFound",
    );
    const either = await send(
      "GET",
      "/v1.0/users?$filter=startswith(displayName,'Bo') or displayName in ('Ines','O''Neil')",
    );
    assert.deepEqual(
      either.body.value.map((user: { displayName: string }) => user.displayName),
      ["Bob", "Ines"],
    );
  });

  it("sorts over pages, and wants a header for advanced filters", async () => {
    const first = await send(
      "GET",
      "/v1.0/users?$orderby=displayName desc&$top=2&$select=displayName",
    );
    const second = await send(
      "GET",
      first.body["@odata.nextLink"].replace(emulator.info.graph, ""),
    );
    const names = [...first.body.value, ...second.body.value].map((user) => user.displayName);
    assert.deepEqual(
      names,
      [...names].sort((left, right) => right.localeCompare(left)),
    );
    assert.equal(new Set(names).size, 4);
    const path = "/v1.0/users?$filter=endsWith(mail,'@contoso.com')&$count=true";
    assert.equal(codeOf(await send("GET", path)), "Request_UnsupportedQuery");
    const advanced = await send("GET", path, undefined, { ConsistencyLevel: "eventual" });
    assert.ok(advanced.body["@odata.count"] > 200);
    const next = advanced.body["@odata.nextLink"].replace(emulator.info.graph, "");
    const later = await send("GET", next, undefined, { ConsistencyLevel: "eventual" });
    assert.equal("@odata.count" in later.body, false);
    const sorted =
      "/v1.0/users?$filter=startswith(displayName,'B')&$orderby=displayName&$count=true";
    assert.equal(codeOf(await send("GET", sorted)), "Request_UnsupportedQuery");
    const found = await send("GET", sorted, undefined, { ConsistencyLevel: "eventual" });
    assert.equal(found.body.value[0].displayName, "Bob");
    const uncounted = await send("GET", path.replace("&$count=true", ""), undefined, {
      ConsistencyLevel: "eventual",
    });
    assert.equal(codeOf(uncounted), "Request_UnsupportedQuery");
    const ignored = await send("GET", "/v1.0/users?$count=true");
    assert.deepEqual([ignored.status, "@odata.count" in ignored.body], [200, false]);
  });

  it("filters by what the reference says each kind can be filtered by", async () => {
    for (const path of [
      "/v1.0/users?$filter=department eq null and createdDateTime ge 2020-01-01T00:00:00Z",
      "/v1.0/users?$filter=identities/any(c:c/issuerAssignedId eq 'ann@contoso.com' and c/issuer eq 'contoso.com')",
      "/v1.0/applications?$filter=startswith(displayName,'Pipe') and signInAudience eq 'AzureADMyOrg'",
      "/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(n:n eq '00000003-0000-0000-c000-000000000000')",
    ]) {
      const found = await send("GET", path);
      assert.equal(found.status, 200, JSON.stringify(found.body));
      assert.ok(found.body.value.length > 0, path);
    }
    const unnamed = await send(
      "GET",
      "/v1.0/users?$filter=companyName ne null and NOT(companyName eq 'Microsoft')&$count=true",
      undefined,
      { ConsistencyLevel: "eventual" },
    );
    assert.deepEqual(unnamed.body.value, []);
  });

  it("adds several members at once: all or none, and no more than 20", async () => {
    const ids = async (name: string) =>
      (await send("GET", `/v1.0/users/${name}@contoso.com`)).body.id;
    const [ann, bob] = [await ids("ann"), await ids("bob")];
    const { groups = [] } = emulator.control.seed({
      groups: [{ displayName: "B", members: [bob] }],
    });
    const path = `/v1.0/groups/${groups[0]?.id}`;
    const bound = (...members: string[]) => ({
      "members@odata.bind": members.map(
        (id) => `${emulator.info.graph}/v1.0/directoryObjects/${id}`,
      ),
    });
    assert.equal((await send("PATCH", path, bound(ann, bob))).status, 400);
    assert.equal((await send("GET", `${path}/members`)).body.value.length, 1);
    assert.equal((await send("PATCH", path, bound(...Array(21).fill(ann)))).status, 400);
    assert.equal((await send("PATCH", path, bound(ann))).status, 204);
    assert.equal((await send("GET", `${path}/members`)).body.value.length, 2);
  });

  it("resolves many ids at once, with types, leaving out the unknown", async () => {
    const { id } = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    const answer = await send("POST", "/v1.0/directoryObjects/getByIds", {
      ids: [id, "00000000-0000-4000-8000-000000000000"],
      types: ["user"],
    });
    assert.deepEqual(
      answer.body.value.map((object: { "@odata.type": string }) => object["@odata.type"]),
      ["#microsoft.graph.user"],
    );
  });

  it("makes role-assignable groups and keeps the flag", async () => {
    const { id: owner } = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    const body = {
      displayName: "Exchange team",
      mailEnabled: false,
      mailNickname: "exchange",
      securityEnabled: true,
      isAssignableToRole: true,
      "owners@odata.bind": [`https://graph.microsoft.com/v1.0/users/${owner}`],
    };
    const made = await send("POST", "/beta/groups", body);
    assert.deepEqual([made.status, made.body.isAssignableToRole], [201, true]);
    assert.match(
      (await send("PATCH", `/v1.0/groups/${made.body.id}`, { isAssignableToRole: false })).body
        .error.message,
      /^Value for IsAssignableToRole/,
    );
    const reference = { "@odata.id": `${emulator.info.graph}/v1.0/directoryObjects/${owner}` };
    const members = `/v1.0/groups/${made.body.id}/members`;
    assert.equal((await send("POST", `${members}/$ref`, reference)).status, 204);
    assert.match(
      (await send("POST", `${members}/$ref`, reference)).body.error.message,
      /references already exist/,
    );
    assert.equal(
      (await send("GET", `${members}?$filter=id eq '${owner}'`)).body.value[0]["@odata.type"],
      "#microsoft.graph.user",
    );
    assert.equal((await send("DELETE", `${members}/${owner}/$ref`)).status, 204);
    assert.equal((await send("DELETE", `${members}/${owner}/$ref`)).status, 404);
    const weak = await clientOf(emulator, { roles: ["Group.ReadWrite.All"] });
    assert.equal((await weak("POST", `${members}/$ref`, reference)).status, 403);
    assert.equal((await weak("POST", "/v1.0/groups", body)).status, 403);
  });

  it("keeps applications out of restricted management units", async () => {
    const [member] = emulator.control.seed({
      users: [{ userPrincipalName: "vip@contoso.com" }],
    }).users;
    emulator.control.seed({
      administrativeUnits: [
        { displayName: "VIP", isMemberManagementRestricted: true, members: [member?.["id"]] },
      ],
    });
    assert.equal(
      (await send("PATCH", `/v1.0/users/${String(member?.["id"])}`, { jobTitle: "x" })).status,
      403,
    );
  });

  it("shows of mixed collections each kind's default members, and references alone", async () => {
    const ann = (await send("GET", "/v1.0/users/ann@contoso.com")).body;
    const { groups = [] } = emulator.control.seed({
      groups: [{ displayName: "M", members: [ann.id] }],
    });
    const path = `/v1.0/groups/${groups[0]?.id}/members`;
    const { body } = await send("GET", path);
    const { "@odata.context": _, ...defaults } = ann;
    const shown = { "@odata.type": "#microsoft.graph.user", accountEnabled: true, ...defaults };
    assert.deepEqual(body.value, [shown]);
    const one = await send("GET", `${path}/${ann.id}`);
    assert.equal(one.body.displayName, "Ann");
    const chosen = await send("GET", `${path}?$select=id,employeeId,userType`);
    assert.equal(chosen.body.value[0].userType, "Member");
    const references = await send("GET", `${path}/$ref`);
    const url = `${emulator.info.graph}/v1.0/directoryObjects/${ann.id}`;
    assert.deepEqual(references.body.value, [{ "@odata.id": url }]);
  });

  it("words missing permissions as PIM and as the directory do", async () => {
    const reader = await clientOf(emulator, { roles: ["RoleEligibilitySchedule.Read.Directory"] });
    assert.equal(
      (await reader("GET", "/v1.0/roleManagement/directory/roleEligibilitySchedules")).status,
      200,
    );
    const requests = await reader(
      "GET",
      "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests",
    );
    assert.deepEqual(
      [requests.status, requests.body.error.code, codeOf(requests)],
      [403, "UnknownError", "PermissionScopeNotGranted"],
    );
    assert.equal(codeOf(await reader("GET", "/v1.0/users")), "Authorization_RequestDenied");
  });

  it("answers unknown paths by name", async () => {
    const unknown = await send("GET", "/v1.0/reports/unheardOf");
    assert.deepEqual(
      [unknown.status, unknown.body.error.message],
      [501, "The emulator does not know GET /reports/unheardOf."],
    );
    // Not somebody whose id is "delta".
    assert.equal((await send("GET", "/v1.0/users/delta")).status, 501);
    assert.equal(
      codeOf(await send("GET", "/v1.0/roleManagement/directory/roleAssignmentApprovals/x")),
      "BadRequest",
    );
  });
});
