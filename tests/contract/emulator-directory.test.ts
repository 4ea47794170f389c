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
      codeOf(await send("GET", "/v1.0/users?$filter=jobTitle eq 'x'")),
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
    assert.equal(
      codeOf(await send("GET", "/v1.0/roleManagement/directory/roleAssignmentApprovals/x")),
      "BadRequest",
    );
  });
});
