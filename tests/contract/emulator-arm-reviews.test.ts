import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";

type Body = Record<string, unknown>;

const SUBSCRIPTION = "/subscriptions/afa2a084-766f-4003-8ae1-c4aeb893a99f";
const BASE = `${SUBSCRIPTION}/providers/Microsoft.Authorization`;
const OWN = "/providers/Microsoft.Authorization/accessReviewScheduleDefinitions";
const VERSION = "api-version=2021-12-01-preview";
const PIM = "api-version=2020-10-01";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const ALEX = "0a000000-0000-4000-8000-000000000001";
const BERT = "0a000000-0000-4000-8000-000000000002";
const CARA = "0a000000-0000-4000-8000-000000000003";
const ID = "0b000000-0000-4000-8000-000000000001";

describe("emulator: access reviews of Azure roles", () => {
  let emulator: Emulator;
  let admin: Send;
  let cara: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2026-03-31T08:00:00Z" });
    const signedIn = (id: string, name: string, at: string) => ({
      id,
      displayName: name,
      userPrincipalName: `${name}@reviews.example`,
      signInActivity: { lastSignInDateTime: at },
    });
    emulator.control.seed({
      users: [
        signedIn(ALEX, "alex", "2026-03-30T08:00:00Z"),
        signedIn(BERT, "bert", "2025-12-01T08:00:00Z"),
        signedIn(CARA, "cara", "2026-03-30T08:00:00Z"),
      ],
      scopes: [{ id: SUBSCRIPTION }],
      azureRoleAssignments: [ALEX, BERT].map((principalId) => ({
        principalId,
        roleDefinitionId: "Owner",
        scope: SUBSCRIPTION,
      })),
    });
    admin = await clientOf(emulator, { audience: "arm" });
    cara = await clientOf(emulator, { user: CARA, audience: "arm" });
  });
  afterEach(() => emulator.close());

  const definition = `${BASE}/accessReviewScheduleDefinitions/${ID}`;
  const range = { type: "noEnd", startDate: "2026-03-31T08:00:00Z" };
  const properties = (settings: Body = {}, more: Body = {}) => ({
    displayName: "Owners",
    scope: { roleDefinitionId: `${BASE}/roleDefinitions/${OWNER}` },
    reviewers: [{ principalId: CARA }],
    settings: { instanceDurationInDays: 3, recurrence: { range }, ...settings },
    ...more,
  });
  const put = async (settings: Body = {}, more: Body = {}) => {
    const answer = await admin("PUT", `${definition}?${VERSION}`, properties(settings, more));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.properties;
  };
  const get = async (path: string, send = admin) => {
    const answer = await send("GET", `${path}?${VERSION}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const instances = async () => (await get(`${definition}/instances`)).value;
  const decisionsOf = async (instance: string) =>
    (await get(`${definition}/instances/${instance}/decisions`)).value;
  const post = (path: string, body?: unknown) => admin("POST", `${path}?${VERSION}`, body);
  const decide = (send: Send, instance: string, item: string, body: Body) =>
    send("PATCH", `${OWN}/${ID}/instances/${instance}/decisions/${item}?${VERSION}`, body);
  const owners = async () => {
    const { body } = await admin("GET", `${BASE}/roleAssignments?api-version=2022-04-01`);
    return body.value.map((row: { properties: Body }) => row.properties["principalId"]);
  };
  const itemOf = (items: { name: string; properties: { principal: Body } }[], id: string) => {
    const found = items.find((item) => item.properties.principal["id"] === id);
    assert.ok(found);
    return found.name;
  };

  it("takes the properties with and without their wrapper", async () => {
    const bare = await put();
    const wrapped = { properties: properties() };
    const { body } = await admin("PUT", `${definition}?${VERSION}`, wrapped);
    assert.deepEqual(body.properties.settings, bare.settings);
    assert.equal((await instances()).length, 1);
  });

  it("asks about every assignment of the role, with a recommendation", async () => {
    await put();
    const [instance] = await instances();
    assert.equal(instance.properties.endDateTime.slice(0, 16), "2026-04-03T08:00");
    const items = await decisionsOf(instance.name);
    assert.deepEqual(
      items.map(({ properties: item }: { properties: { principal: Body } & Body }) => [
        item.principal["id"],
        item["decision"],
        item["recommendation"],
        item["applyResult"],
      ]),
      [
        [ALEX, "NotReviewed", "Approve", "New"],
        [BERT, "NotReviewed", "Deny", "New"],
      ],
    );
  });

  it("takes a denied assignment away, eligible and active, and nothing else", async () => {
    const eligible = `${BASE}/roleEligibilityScheduleRequests/0c000000-0000-4000-8000-000000000001`;
    const made = await admin("PUT", `${eligible}?${PIM}`, {
      properties: {
        principalId: BERT,
        roleDefinitionId: `${BASE}/roleDefinitions/${OWNER}`,
        requestType: "AdminAssign",
        justification: "review",
        scheduleInfo: { expiration: { type: "AfterDuration", duration: "P90D" } },
      },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await put();
    const [{ name }] = await instances();
    const item = itemOf(await decisionsOf(name), BERT);
    const patched = await decide(cara, name, item, { decision: "Deny", justification: "left" });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    assert.equal(patched.body.properties.reviewedBy.principalId, CARA);
    const instance = `${definition}/instances/${name}`;
    assert.equal((await post(`${instance}/applyDecisions`)).status, 400, "still in progress");
    assert.equal((await post(`${instance}/stop`)).status, 204);
    assert.deepEqual((await owners()).sort(), [ALEX, BERT], "nothing was applied yet");
    assert.equal((await post(`${instance}/applyDecisions`)).status, 204);
    assert.deepEqual(await owners(), [ALEX]);
    const rows = await admin("GET", `${BASE}/roleEligibilitySchedules?${PIM}`);
    assert.deepEqual(rows.body.value, []);
    const results = (await decisionsOf(name)).map((row: { properties: Body }) => [
      row.properties["decision"],
      row.properties["applyResult"],
    ]);
    assert.deepEqual(results.sort(), [
      ["Deny", "AppliedSuccessfully"],
      ["NotReviewed", "New"],
    ]);
    assert.equal((await get(instance)).properties.status, "Applied");
  });

  it("decides and applies by itself at the end, as its settings say", async () => {
    await put({
      defaultDecisionEnabled: true,
      defaultDecision: "Recommendation",
      autoApplyDecisionsEnabled: true,
    });
    emulator.control.clock({ advance: "P3D" });
    const body = await get(definition);
    assert.equal(body.properties.status, "Applied");
    assert.deepEqual(await owners(), [ALEX]);
  });

  it("begins again by its recurrence, at the last day of shorter months", async () => {
    const recurrence = {
      pattern: { type: "absoluteMonthly", interval: 1 },
      range: { ...range, type: "numbered", numberOfOccurrences: 3 },
    };
    await put({ recurrence });
    emulator.control.clock({ advance: "P200D" });
    const starts = (await instances()).map((row: { properties: Body }) =>
      String(row.properties["startDateTime"]).slice(0, 16),
    );
    assert.deepEqual(starts, ["2026-03-31T08:00", "2026-04-30T08:00", "2026-05-31T08:00"]);
  });

  it("waits for its time, and does not begin once it is stopped", async () => {
    const later = { range: { ...range, startDate: "2026-04-10T08:00:00Z" } };
    assert.equal((await put({ recurrence: later })).status, "NotStarted");
    assert.deepEqual(await instances(), []);
    assert.equal((await post(`${definition}/stop`)).status, 204);
    emulator.control.clock({ advance: "P20D" });
    assert.deepEqual(await instances(), []);
    assert.equal((await get(definition)).properties.status, "Completed");
  });

  it("does not begin after it was deleted, nor applies", async () => {
    await put({
      defaultDecisionEnabled: true,
      defaultDecision: "Deny",
      autoApplyDecisionsEnabled: true,
    });
    assert.equal((await admin("DELETE", `${definition}?${VERSION}`)).status, 200);
    emulator.control.clock({ advance: "P10D" });
    assert.deepEqual((await owners()).sort(), [ALEX, BERT]);
    assert.equal((await admin("GET", `${definition}?${VERSION}`)).status, 404);
  });

  it("lets only its reviewers decide, and wants a justification of an approval", async () => {
    await put();
    const [{ name }] = await instances();
    const item = itemOf(await decisionsOf(name), ALEX);
    const alex = await clientOf(emulator, { user: ALEX, audience: "arm" });
    const approval = { decision: "Approve", justification: "needed" };
    assert.equal((await decide(alex, name, item, approval)).status, 403);
    assert.equal((await decide(admin, name, item, approval)).status, 403);
    assert.equal((await decide(cara, name, item, { decision: "Approve" })).status, 400);
    assert.equal((await decide(cara, name, item, { decision: "Sure" })).status, 400);
    assert.equal((await decide(cara, name, item, approval)).status, 200);
    assert.equal((await get(OWN, alex)).value.length, 0);
    const instance = `${definition}/instances/${name}`;
    const all = { decision: "Deny", justification: "gone" };
    const record = (send: Send) => send("POST", `${instance}/recordAllDecisions?${VERSION}`, all);
    const id = "0a000000-0000-4000-8000-000000000009";
    emulator.control.seed({
      users: [{ id, displayName: "stranger", userPrincipalName: "stranger@reviews.example" }],
    });
    const stranger = await clientOf(emulator, { user: id, audience: "arm" });
    assert.deepEqual([(await record(stranger)).status, (await record(cara)).status], [403, 204]);
    const filter = `$filter=${encodeURIComponent("assignedToMeToReview()")}`;
    const own = await cara("GET", `${instance}/decisions?${VERSION}&${filter}`);
    assert.equal(own.body.value.length, 2);
    assert.equal((await cara("GET", `${instance}/decisions?${VERSION}`)).status, 403);
    assert.equal((await get(OWN, cara)).value[0].id, `${OWN}/${ID}`);
  });

  it("lets everybody review themselves where nobody is named", async () => {
    const { reviewersType } = await put({}, { reviewers: [] });
    assert.equal(reviewersType, "Self");
    const [{ name }] = await instances();
    const alex = await clientOf(emulator, { user: ALEX, audience: "arm" });
    const own = (await get(`${OWN}/${ID}/instances/${name}/decisions`, alex)).value;
    assert.deepEqual(
      own.map((row: { properties: { principal: Body } }) => row.properties.principal["id"]),
      [ALEX],
    );
  });

  it("accepts recommendations, records for many, and resets", async () => {
    await put();
    const [{ name }] = await instances();
    const said = async () =>
      (await decisionsOf(name)).map((row: { properties: Body }) => row.properties["decision"]);
    await cara("POST", `${OWN}/${ID}/instances/${name}/acceptRecommendations?${VERSION}`);
    assert.deepEqual(await said(), ["Approve", "Deny"]);
    const instance = `${definition}/instances/${name}`;
    assert.equal((await post(`${instance}/resetDecisions`)).status, 204);
    assert.deepEqual(await said(), ["NotReviewed", "NotReviewed"]);
    const one = { properties: { decision: "Deny", principalId: ALEX, justification: "gone" } };
    assert.equal((await post(`${instance}/recordAllDecisions`, one)).status, 204);
    assert.deepEqual(await said(), ["Deny", "NotReviewed"]);
  });

  it("shows a reviewer the same decisions in Graph, and takes them there", async () => {
    await put();
    const graph = await clientOf(emulator, { user: CARA, scopes: ["AccessReview.ReadWrite.All"] });
    const path =
      "/beta/identityGovernance/accessReviews/decisions/filterByCurrentUser(on='reviewer')";
    const { body } = await graph("GET", path);
    assert.deepEqual(
      body.value.map((row: { resource: Body }) => row.resource["type"]),
      ["azureRole", "azureRole"],
    );
    const said = { decision: "Deny", principalId: BERT };
    assert.equal((await graph("POST", `${path}/recordAllDecisions`, said)).status, 204);
    const [{ name }] = await instances();
    const items: { properties: { principal: Body; decision: string } }[] = await decisionsOf(name);
    const found = items.find(({ properties: item }) => item.principal["id"] === BERT);
    assert.equal(found?.properties.decision, "Deny");
  });

  it("reminds those who have something left to decide", async () => {
    await put();
    const [{ name }] = await instances();
    await post(`${definition}/instances/${name}/sendReminders`);
    const { mails } = emulator.control.mails();
    assert.deepEqual(
      mails.map(({ event, to }) => [event, to]),
      [
        ["reviewRequested", "cara@reviews.example"],
        ["reviewReminded", "cara@reviews.example"],
      ],
    );
  });

  it("looks only at what its scope names", async () => {
    emulator.control.seed({
      groups: [{ displayName: "Owners", members: [CARA] }],
      azureRoleAssignments: [
        { principalId: CARA, roleDefinitionId: "Reader", scope: SUBSCRIPTION },
      ],
    });
    const about = async (scope: Body) => {
      await admin("DELETE", `${definition}?${VERSION}`);
      await put({}, { scope });
      const [{ name }] = await instances();
      return (await decisionsOf(name)).map(
        (row: { properties: { principal: Body } }) => row.properties.principal["id"],
      );
    };
    const reader = `${BASE}/roleDefinitions/${READER}`;
    const owner = `${BASE}/roleDefinitions/${OWNER}`;
    assert.deepEqual(await about({ roleDefinitionId: reader }), [CARA]);
    assert.deepEqual(await about({ excludeRoleDefinitionId: owner }), [CARA]);
    assert.deepEqual(await about({ assignmentState: "eligible" }), []);
    assert.deepEqual(await about({ principalType: "servicePrincipal" }), []);
    assert.deepEqual(await about({ inactiveDuration: "P60D" }), [BERT]);
  });

  it("follows groups and the tree where its scope says so", async () => {
    const group = "0d000000-0000-4000-8000-000000000001";
    const guest = "0a000000-0000-4000-8000-000000000005";
    const below = `${SUBSCRIPTION}/resourceGroups/app`;
    emulator.control.seed({
      users: [
        { id: guest, displayName: "guest", userPrincipalName: "g@x.example", userType: "Guest" },
      ],
      groups: [{ id: group, displayName: "Readers", members: [CARA] }],
      scopes: [{ id: below }],
      azureRoleAssignments: [
        { principalId: group, roleDefinitionId: "Reader", scope: SUBSCRIPTION },
        { principalId: guest, roleDefinitionId: "Reader", scope: below },
      ],
    });
    const about = async (scope: Body) => {
      await admin("DELETE", `${definition}?${VERSION}`);
      const roleDefinitionId = `${BASE}/roleDefinitions/${READER}`;
      await put({}, { scope: { roleDefinitionId, ...scope } });
      const [{ name }] = await instances();
      return { name, items: await decisionsOf(name) };
    };
    const found = async (scope: Body) =>
      (await about(scope)).items.map(
        (row: { properties: { principal: Body } }) => row.properties.principal["id"],
      );
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ principalType: "user,group" }), [group]);
    assert.deepEqual(await found({ includeAccessBelowResource: true }), [guest]);
    const guests = { includeAccessBelowResource: true, principalType: "guestUser" };
    assert.deepEqual(await found(guests), [guest]);
    const both = { resourceId: below, includeInheritedAccess: true, principalType: "user,group" };
    assert.deepEqual(await found(both), [group, guest]);
    const { name, items } = await about({ expandNestedMemberships: true });
    assert.equal(items[0].properties.principal.id, CARA);
    assert.deepEqual(items[0].properties.principalResourceMembership.membershipTypes, ["indirect"]);
    const instance = `${definition}/instances/${name}`;
    await post(`${instance}/recordAllDecisions`, { decision: "Deny" });
    await post(`${instance}/stop`);
    await post(`${instance}/applyDecisions`);
    const [after] = await decisionsOf(name);
    assert.equal(after.properties.applyResult, "ApplyNotSupported");
  });

  it("asks the backup reviewers where there is nobody else", async () => {
    const managed = { reviewers: [], reviewersType: "Managers" };
    const backupReviewers = [{ principalId: CARA }];
    const { reviewersType } = await put({}, { ...managed, backupReviewers });
    assert.equal(reviewersType, "Managers");
    const [{ name }] = await instances();
    const { value } = await get(`${definition}/instances/${name}/contactedReviewers`);
    assert.deepEqual(
      value.map((row: Body) => row["name"]),
      [CARA],
    );
  });

  it("rejects what the specification does not allow, and callers without rights", async () => {
    const status = async (body: unknown, send = admin) =>
      (await send("PUT", `${definition}?${VERSION}`, body)).status;
    assert.equal(await status(properties(), cara), 403);
    assert.equal(await status(properties({ defaultDecision: "Maybe" })), 400);
    assert.equal(await status(properties({ instanceDurationInDays: 0 })), 400);
    assert.equal(await status(properties({ instanceDurationInDays: 2_147_483_647 })), 400);
    assert.equal(await status(properties({ recurrence: { range: { type: "noEnd" } } })), 400);
    const numbered = { range: { ...range, type: "numbered" } };
    assert.equal(await status(properties({ recurrence: numbered })), 400);
    emulator.control.settings({ licensed: false });
    assert.equal(await status(properties()), 400);
  });

  it("begins new reviews with the default settings of their scope", async () => {
    const path = `${BASE}/accessReviewScheduleSettings/default?${VERSION}`;
    await admin("PUT", path, { properties: { justificationRequiredOnApproval: false } });
    assert.equal((await put()).settings.justificationRequiredOnApproval, false);
  });

  it("hands out a link to a report for a day, and forgets the report after thirty", async () => {
    const history = `${BASE}/accessReviewHistoryDefinitions/${ID}`;
    await admin("PUT", `${history}?${VERSION}`, { displayName: "Report", scopes: [{}] });
    const [{ name }] = (await get(`${history}/instances`)).value;
    const linked = await post(`${history}/instances/${name}/generateDownloadUri`);
    assert.match(linked.body.properties.downloadUri, /\.csv\?/);
    emulator.control.clock({ advance: "P1D" });
    const [after] = (await get(`${history}/instances`)).value;
    assert.equal("downloadUri" in after.properties, false);
    emulator.control.clock({ advance: "P30D" });
    assert.deepEqual((await get(`${history}/instances`)).value, []);
  });
});
