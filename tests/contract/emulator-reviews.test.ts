import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";

type Body = Record<string, unknown>;

const BASE = "/v1.0/identityGovernance/accessReviews";
const DEFINITIONS = `${BASE}/definitions`;
const GLOBAL = "62e90394-69f5-4237-9190-012177145e10";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const ALEX = "0a000000-0000-4000-8000-000000000001";
const BERT = "0a000000-0000-4000-8000-000000000002";
const CARA = "0a000000-0000-4000-8000-000000000003";
const DORA = "0a000000-0000-4000-8000-000000000004";
const GROUP = "0d000000-0000-4000-8000-000000000001";
const NESTED = "0d000000-0000-4000-8000-000000000002";

describe("emulator: access reviews of directory roles and groups", () => {
  let emulator: Emulator;
  let admin: Send;
  let cara: Send;

  const as = (user: string, scopes = ["AccessReview.ReadWrite.All"]) =>
    clientOf(emulator, { user, scopes });

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2026-03-31T08:00:00Z" });
    const user = (id: string, name: string, last: string, more: Body = {}) => ({
      id,
      displayName: name,
      userPrincipalName: `${name}@reviews.example`,
      signInActivity: { lastSignInDateTime: last },
      ...more,
    });
    emulator.control.seed({
      users: [
        user(ALEX, "alex", "2026-03-30T08:00:00Z"),
        user(BERT, "bert", "2025-12-01T08:00:00Z"),
        user(CARA, "cara", "2026-03-30T08:00:00Z"),
        user(DORA, "dora", "2026-03-30T08:00:00Z", { userType: "Guest" }),
      ],
      groups: [
        { id: NESTED, displayName: "Nested", members: [DORA] },
        { id: GROUP, displayName: "Reviewed", members: [ALEX, BERT, NESTED], owners: [CARA, ALEX] },
      ],
      roleAssignments: [ALEX, BERT].map((principalId) => ({
        principalId,
        roleDefinitionId: EXCHANGE,
        directoryScopeId: "/",
      })),
    });
    admin = await clientOf(emulator);
    cara = await as(CARA);
  });
  afterEach(() => emulator.close());

  const query = (text: string) => ({
    "@odata.type": "#microsoft.graph.accessReviewQueryScope",
    query: text,
    queryType: "MicrosoftGraph",
  });
  const person = (id: string) => ({ query: `/users/${id}`, queryType: "MicrosoftGraph" });
  const role = (id: string) => query(`/roleManagement/directory/roleDefinitions/${id}`);
  const members = query(`/groups/${GROUP}/members`);
  const body = (scope: Body, settings: Body = {}, more: Body = {}) => ({
    displayName: "Reviewed",
    descriptionForAdmins: "why",
    descriptionForReviewers: "what",
    scope,
    reviewers: [person(CARA)],
    settings: {
      instanceDurationInDays: 3,
      recommendationsEnabled: true,
      recurrence: { pattern: null, range: { type: "noEnd", startDate: "2026-03-31" } },
      ...settings,
    },
    ...more,
  });
  const make = async (scope: Body, settings: Body = {}, more: Body = {}) => {
    const made = await admin("POST", DEFINITIONS, body(scope, settings, more));
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return `${DEFINITIONS}/${made.body.id}`;
  };
  const get = async (path: string, send = admin) => {
    const answer = await send("GET", path);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const instanceOf = async (definition: string) => {
    const { value } = await get(`${definition}/instances`);
    return `${definition}/instances/${value.at(-1).id}`;
  };
  const reviewedIn = async (instance: string): Promise<string[]> =>
    (await get(`${instance}/decisions`)).value.map(
      (row: { principal: Body }) => row.principal["id"],
    );
  const decide = async (instance: string, id: string, said: Body, send = cara) => {
    const { value } = await get(`${instance}/decisions`);
    const item = value.find((row: { principal: Body }) => row.principal["id"] === id);
    return send("PATCH", `${instance}/decisions/${item.id}`, said);
  };
  const resultsOf = async (instance: string) =>
    Object.fromEntries(
      (await get(`${instance}/decisions`)).value.map(
        (row: { principal: Body; applyResult: string }) => [row.principal["id"], row.applyResult],
      ),
    );
  const holders = async (roleId: string) => {
    const filter = `$filter=roleDefinitionId eq '${roleId}'`;
    const { value } = await get(`/v1.0/roleManagement/directory/roleAssignments?${filter}`);
    return value.map((row: Body) => row["principalId"]);
  };
  const makeEligible = async (principalId: string) => {
    const made = await admin(
      "POST",
      "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests",
      {
        action: "adminAssign",
        principalId,
        roleDefinitionId: EXCHANGE,
        directoryScopeId: "/",
        justification: "review",
        scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
      },
    );
    assert.equal(made.status, 201, JSON.stringify(made.body));
  };
  const eligible = async () => {
    const path = "/v1.0/roleManagement/directory/roleEligibilitySchedules";
    const { value } = await get(`${path}?$filter=roleDefinitionId eq '${EXCHANGE}'`);
    return value.map((row: Body) => row["principalId"]);
  };

  it("takes a denied role away, eligible and active, once the decisions are applied", async () => {
    await makeEligible(BERT);
    const instance = await instanceOf(await make(role(EXCHANGE)));
    assert.deepEqual((await reviewedIn(instance)).sort(), [ALEX, BERT]);
    assert.equal((await decide(instance, BERT, { decision: "Deny" })).status, 204);
    assert.equal((await decide(instance, ALEX, { decision: "Approve" })).status, 204);
    assert.equal((await admin("POST", `${instance}/applyDecisions`)).status, 400);
    await admin("POST", `${instance}/stop`);
    assert.equal((await get(instance)).status, "Completed");
    assert.deepEqual((await holders(EXCHANGE)).sort(), [ALEX, BERT]);
    assert.equal((await admin("POST", `${instance}/applyDecisions`)).status, 204);
    assert.deepEqual(await holders(EXCHANGE), [ALEX]);
    assert.deepEqual(await eligible(), []);
    assert.deepEqual(await resultsOf(instance), { [BERT]: "AppliedSuccessfully", [ALEX]: "New" });
    const { audits } = emulator.control.audits();
    assert.deepEqual(
      audits.slice(-2).map((row) => [row.activityDisplayName, row.principalId]),
      [
        ["Remove eligible member from role in PIM completed (permanent)", BERT],
        ["Remove member from role in PIM completed (permanent)", BERT],
      ],
    );
    assert.equal((await get(instance)).status, "Applied");
  });

  it("decides by recommendation and applies by itself at the end", async () => {
    const definition = await make(role(EXCHANGE), {
      defaultDecisionEnabled: true,
      defaultDecision: "Recommendation",
      autoApplyDecisionsEnabled: true,
    });
    emulator.control.clock({ advance: "P3D" });
    assert.equal((await get(definition)).status, "Applied");
    assert.deepEqual(await holders(EXCHANGE), [ALEX]);
  });

  it("begins the next occurrence with what the one before left, also where the clock leaps", async () => {
    const definition = await make(role(EXCHANGE), {
      defaultDecisionEnabled: true,
      defaultDecision: "Recommendation",
      autoApplyDecisionsEnabled: true,
      recommendationLookBackDuration: "P5D",
      recurrence: {
        pattern: { type: "weekly", interval: 1 },
        range: { type: "numbered", numberOfOccurrences: 3, startDate: "2026-03-31" },
      },
    });
    emulator.control.clock({ advance: "P15D" });
    const { value } = await get(`${definition}/instances`);
    const reviewed = await Promise.all(
      value.map(({ id }: { id: string }) => reviewedIn(`${definition}/instances/${id}`)),
    );
    assert.deepEqual(reviewed, [[ALEX, BERT], [ALEX], []]);
  });

  it("never takes the last Global Administrator away", async () => {
    const instance = await instanceOf(await make(role(GLOBAL)));
    const [only] = await reviewedIn(instance);
    assert.ok(only);
    await decide(instance, only, { decision: "Deny" });
    await admin("POST", `${instance}/stop`);
    await admin("POST", `${instance}/applyDecisions`);
    assert.deepEqual(await resultsOf(instance), { [only]: "AppliedWithUnknownFailure" });
    assert.deepEqual(await holders(GLOBAL), [only]);
  });

  it("looks at what the query names", async () => {
    await makeEligible(CARA);
    const rows = "/roleManagement/directory/role";
    const ofUsers = `?$expand=principal&$filter=(isof(principal,'microsoft.graph.user') and roleDefinitionId eq '${EXCHANGE}')`;
    const membershipsOf = (principals: string[], resource: string) => ({
      "@odata.type": "#microsoft.graph.principalResourceMembershipsScope",
      principalScopes: principals.map(query),
      resourceScopes: [query(resource)],
    });
    const found = async (scope: Body) =>
      (await reviewedIn(await instanceOf(await make(scope)))).sort();
    assert.deepEqual(await found(query(`${rows}EligibilityScheduleInstances${ofUsers}`)), [CARA]);
    assert.deepEqual(await found(query(`${rows}AssignmentScheduleInstances${ofUsers}`)), [
      ALEX,
      BERT,
    ]);
    assert.deepEqual(await found(members), [ALEX, BERT, NESTED]);
    const people = `/groups/${GROUP}/transitiveMembers/microsoft.graph.user`;
    assert.deepEqual(await found(query(people)), [ALEX, BERT, DORA]);
    assert.deepEqual(await found(query(`${people}/?$filter=(userType eq 'Guest')`)), [DORA]);
    assert.deepEqual(await found(query(`/groups/${GROUP}/owners`)), [ALEX, CARA]);
    assert.deepEqual(await found(membershipsOf(["/groups"], `/groups/${GROUP}`)), [NESTED]);
    const inactive = "#microsoft.graph.accessReviewInactiveUsersQueryScope";
    const idle = { ...query(people), "@odata.type": inactive, inactiveDuration: "P60D" };
    assert.deepEqual(await found(idle), [BERT]);
    assert.deepEqual(
      await found(query("/servicePrincipals/0e000000-0000-4000-8000-000000000001")),
      [],
    );
  });

  it("takes a denied member out of the group", async () => {
    const instance = await instanceOf(await make(members));
    await decide(instance, BERT, { decision: "Deny" });
    await admin("POST", `${instance}/stop`);
    await admin("POST", `${instance}/applyDecisions`);
    const { value } = await get(`/v1.0/groups/${GROUP}/members`);
    assert.deepEqual(value.map((row: Body) => row["id"]).sort(), [ALEX, NESTED]);
  });

  it("goes through its stages, with what the one before lets pass", async () => {
    const stage = (stageId: string, reviewer: string, more: Body = {}) => ({
      stageId,
      durationInDays: 2,
      reviewers: [person(reviewer)],
      ...more,
    });
    const stageSettings = [
      stage("1", CARA, { decisionsThatWillMoveToNextStage: ["Approve"] }),
      stage("2", DORA, { dependsOn: ["1"] }),
    ];
    const instance = await instanceOf(await make(role(EXCHANGE), {}, { stageSettings }));
    const stages = async () => (await get(`${instance}/stages`)).value;
    assert.equal((await stages()).length, 1);
    await decide(instance, ALEX, { decision: "Approve" });
    await decide(instance, BERT, { decision: "Deny" });
    const dora = await as(DORA);
    assert.equal((await decide(instance, ALEX, { decision: "Deny" }, dora)).status, 403);
    const [first] = await stages();
    assert.equal((await admin("POST", `${instance}/stages/${first.id}/stop`)).status, 204);
    const [before, second] = await stages();
    assert.deepEqual([before.status, second.status], ["Completed", "InProgress"]);
    assert.deepEqual(await reviewedIn(`${instance}/stages/${second.id}`), [ALEX]);
    assert.equal((await decide(instance, BERT, { decision: "Approve" })).status, 400);
    const mine = `${instance}/stages/filterByCurrentUser(on='reviewer')`;
    assert.deepEqual(
      (await get(mine, dora)).value.map((row: Body) => row["id"]),
      [second.id],
    );
    assert.equal((await decide(instance, ALEX, { decision: "Deny" }, dora)).status, 204);
    emulator.control.clock({ advance: "P2D" });
    assert.equal((await get(instance)).status, "Completed");
    assert.deepEqual(
      (await get(`${instance}/decisions`)).value.map((row: Body) => row["decision"]),
      ["Deny", "Deny"],
    );
  });

  it("changes only what a change may change, for occurrences to come", async () => {
    const definition = await make(role(EXCHANGE));
    const changed = {
      ...body(members, { justificationRequiredOnApproval: true }),
      displayName: "Renamed",
      fallbackReviewers: [person(DORA)],
    };
    const running = await instanceOf(definition);
    const before = await get(running);
    assert.equal((await admin("PUT", definition, changed)).status, 204);
    assert.deepEqual(await get(running), before);
    assert.equal((await decide(running, ALEX, { decision: "Approve" })).status, 204, "as it began");
    const now = await get(definition);
    assert.equal(now.displayName, "Renamed");
    assert.equal(now.scope.query, role(EXCHANGE).query);
    assert.equal(now.settings.justificationRequiredOnApproval, true);
    assert.equal((await get(`${definition}/instances`)).value.length, 1);
    const beta = await get(definition.replace("v1.0", "beta"));
    assert.deepEqual(beta.backupReviewers, beta.fallbackReviewers);
    assert.equal("backupReviewers" in now, false);
  });

  it("keeps the fallback reviewers that an occurrence has", async () => {
    const fallbackReviewers = [person(DORA)];
    const definition = await make(role(EXCHANGE), {}, { fallbackReviewers });
    const instance = await instanceOf(definition);
    const scope = role(EXCHANGE);
    const send = (asked: Body) => admin("PUT", instance, asked);
    assert.equal((await send({ scope, fallbackReviewers: [person(ALEX)] })).status, 409);
    assert.equal((await send({ fallbackReviewers })).status, 400, "without scope");
    const reviewers = [{ query: "./manager", queryType: "MicrosoftGraph", queryRoot: "decisions" }];
    assert.equal((await send({ scope, reviewers, fallbackReviewers })).status, 200);
    const contacted = await get(`${instance}/contactedReviewers`);
    assert.deepEqual(
      contacted.value.map((row: Body) => row["id"]),
      [DORA],
    );
  });

  it("lets an application and a person do what their rights allow", async () => {
    const definition = await make(role(EXCHANGE));
    const instance = await instanceOf(definition);
    const app = (roles: string[]) =>
      clientOf(emulator, { clientId: emulator.info.clientId, roles });
    const reader = await app(["AccessReview.Read.All"]);
    assert.equal((await reader("GET", definition)).status, 200);
    assert.equal((await reader("DELETE", definition)).status, 403);
    assert.equal((await (await app(["User.Read.All"]))("GET", definition)).status, 403);
    assert.equal((await decide(instance, ALEX, { decision: "Deny" }, admin)).status, 403);
    assert.equal((await admin("POST", `${instance}/acceptRecommendations`)).status, 403);
    const alex = await as(ALEX);
    assert.equal((await alex("GET", definition)).status, 403, "neither role nor reviewer");
    assert.equal((await cara("GET", definition)).status, 200, "a reviewer");
    assert.equal((await cara("POST", `${instance}/stop`)).status, 403, "not an administrator");
    assert.equal((await decide(instance, ALEX, { decision: "Deny" }, alex)).status, 403);
  });

  it("asks for a justification where it has to be given", async () => {
    const definition = await make(role(EXCHANGE), { justificationRequiredOnApproval: true });
    const instance = await instanceOf(definition);
    const answer = await decide(instance, ALEX, { decision: "Approve" });
    assert.deepEqual([answer.status, codeOf(answer)], [400, "JustificationRequired"]);
    assert.equal((await decide(instance, ALEX, { decision: "Deny" })).status, 204);
  });

  it("records for many at once, resets, and accepts what is recommended", async () => {
    const instance = await instanceOf(await make(role(EXCHANGE)));
    const said = async () =>
      Object.fromEntries(
        (await get(`${instance}/decisions`)).value.map(
          (row: { principal: Body; decision: string }) => [row.principal["id"], row.decision],
        ),
      );
    const batch = { decision: "DontKnow", justification: "new here", principalId: ALEX };
    assert.equal((await admin("POST", `${instance}/batchRecordDecisions`, batch)).status, 204);
    assert.deepEqual(await said(), { [ALEX]: "DontKnow", [BERT]: "NotReviewed" });
    await admin("POST", `${instance}/resetDecisions`);
    assert.equal((await cara("POST", `${instance}/acceptRecommendations`)).status, 204);
    assert.deepEqual(await said(), { [ALEX]: "Approve", [BERT]: "Deny" });
    const { value: items } = await get(`${instance}/decisions`);
    const insights = await get(`${instance}/decisions/${items[0].id}/insights`);
    assert.equal(insights.value[0].lastSignInDateTime, "2026-03-30T08:00:00Z");
    const all =
      "/beta/identityGovernance/accessReviews/decisions/filterByCurrentUser(on='reviewer')";
    assert.equal((await get(all, cara)).value.length, 2);
    await cara("POST", `${all}/recordAllDecisions`, { decision: "Deny", resourceId: EXCHANGE });
    assert.deepEqual(await said(), { [ALEX]: "Deny", [BERT]: "Deny" });
  });

  it("pages by $top and $skip, and filters by the query of the scope", async () => {
    for (const scope of [role(EXCHANGE), members, role(GLOBAL)]) await make(scope);
    const one = await get(`${DEFINITIONS}?$top=1&$skip=1`);
    assert.equal(one.value[0].scope.query, members.query);
    assert.equal(one["@odata.count"], 3);
    const next = await get(one["@odata.nextLink"].replace(emulator.info.graph, ""));
    assert.equal(next.value[0].scope.query, role(GLOBAL).query);
    const filter = "contains(scope/microsoft.graph.accessReviewQueryScope/query, '/groups')";
    const found = await get(`${DEFINITIONS}?$filter=${filter}`);
    assert.equal(found.value.length, 1);
    assert.equal((await admin("GET", "/v1.0/users?$skip=1")).status, 400);
  });

  it("rejects what is not a review", async () => {
    const status = async (asked: Body) => (await admin("POST", DEFINITIONS, asked)).status;
    const { scope: _, ...unscoped } = body(members);
    assert.equal(await status(unscoped), 400);
    assert.equal(await status(body(members, { defaultDecision: "Maybe" })), 400);
    const daily = {
      pattern: { type: "daily", interval: 1 },
      range: { type: "noEnd", startDate: "2026-04-01" },
    };
    assert.equal(await status(body(members, { recurrence: daily })), 400);
    assert.equal(await status(body(members, {}, { stageSettings: [{}, {}, {}, {}] })), 400);
    assert.equal(await status(body(members, {}, { stageSettings: [null] })), 400);
    for (const asked of [[], "users", { query: 1 }])
      assert.equal(await status(body(asked as unknown as Body)), 400);
    emulator.control.settings({ licensed: false });
    assert.equal(await status(body(members)), 400);
  });

  it("answers about what is beyond the calendar", async () => {
    const interval = 2_147_483_647;
    const range = { type: "noEnd", startDate: "2026-03-31" };
    const recurrence = { pattern: { type: "absoluteMonthly", interval }, range };
    const definition = await make(members, { recurrence, instanceDurationInDays: interval });
    assert.equal((await get(definition)).status, "InProgress");
    assert.equal((await get(`${definition}/instances`)).value.length, 1);
    const filter = "contains(scope/microsoft.graph.accessReviewQueryScope/query, '/groups')";
    assert.equal((await get(`${definition}/instances?$filter=${filter}`)).value.length, 1);
  });

  it("reports for thirty days, and links for one", async () => {
    const path = `${BASE}/historyDefinitions`;
    const asked = {
      displayName: "Quarter",
      decisions: [],
      reviewHistoryPeriodStartDateTime: "2026-01-01T00:00:00Z",
      reviewHistoryPeriodEndDateTime: "2026-03-31T00:00:00Z",
      scopes: [query("/identityGovernance/accessReviews/definitions")],
    };
    const made = await admin("POST", path, asked);
    assert.deepEqual(
      [made.status, made.body.status, made.body.decisions.length],
      [201, "requested", 5],
    );
    const { value } = await get(`${path}/${made.body.id}/instances`);
    const link = `${path}/${made.body.id}/instances/${value[0].id}`;
    assert.match((await admin("POST", `${link}/generateDownloadUri`)).body.downloadUri, /\.csv\?/);
    emulator.control.clock({ advance: "P1D" });
    assert.equal((await get(link)).downloadUri, null);
    const { scopes: __, ...bare } = asked;
    assert.equal((await admin("POST", path, bare)).status, 400);
    emulator.control.clock({ advance: "P30D" });
    assert.equal((await admin("GET", `${path}/${made.body.id}`)).status, 404);
    assert.deepEqual((await get(path)).value, []);
  });
});
