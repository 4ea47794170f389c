import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";
import { countWalked, walkAnswers } from "./schema-walk";

type Body = Record<string, unknown>;
interface Sample {
  name: string;
  apiVersion: string;
  request: { method: string; path: string; body?: Body };
  response: { status: number; body: Body | null };
}

const FOLDER = join(__dirname, "../fixtures/samples/graph-docs-reviews");
const BASE = "/v1.0/identityGovernance/accessReviews";
const GROUP = "02f3bafb-448c-487c-88c2-5fd65ce49a41";
const REVIEWER = "1ed8ac56-4827-4733-8f80-86adc2e67db5";
const SECOND = "4562bcc8-c436-4f95-b7c0-4f8ce89dca5e";
const MEMBER = "1800bb2c-955d-4205-8471-3a6c3116435d";
const ADELE = "ad20a697-7be8-410a-bb08-207a21e6400d";
const HELPDESK = "df434df5-5b8e-4044-9fa3-ac9d6ea45156";
const USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1";

/**
 * Members that pages show and Microsoft's metadata of that version does not have, so that no answer has them: slips
 * of the pages (`type` of a query, dates of history, an untyped `odata.type`), parts of beta on pages of v1.0, and
 * what the tutorial says of people.
 */
const UNTYPED: Readonly<Record<string, readonly string[]>> = {
  "v1.0": ["target", "backupReviewers", "expiration", "lastUserSignInDateTime"],
  beta: ["odata.type", "startDate", "endDate"],
};
const UNTYPED_AT: readonly [RegExp, readonly string[]][] = [
  [/\.(reviewedBy|appliedBy|principal|createdBy|reviewers\[0\])$/, ["type"]],
  [/accessreviewhistoryinstance/, ["reviewHistoryPeriodStartDate", "reviewHistoryPeriodEndDate"]],
];

describe("emulator: Microsoft's samples of access reviews", () => {
  let emulator: Emulator;
  let admin: Send;
  let reviewer: Send;
  let count = 0;

  beforeEach(async () => {
    emulator = await startEmulator({ keepAnswers: true });
    const user = (id: string, name: string) => ({
      id,
      displayName: name,
      userPrincipalName: `${name}@samples.example`,
      signInActivity: { lastSignInDateTime: "2022-02-11T20:00:34Z" },
    });
    emulator.control.seed({
      users: [
        user(REVIEWER, "reviewer"),
        user(SECOND, "second"),
        user(MEMBER, "member"),
        user(ADELE, "adele"),
      ],
      groups: [
        { id: GROUP, displayName: "Reviewed", members: [MEMBER] },
        { id: HELPDESK, displayName: "User Administrators", isAssignableToRole: true },
      ],
      roleAssignments: [
        { principalId: ADELE, roleDefinitionId: USER_ADMINISTRATOR, directoryScopeId: "/" },
        { principalId: HELPDESK, roleDefinitionId: USER_ADMINISTRATOR, directoryScopeId: "/" },
      ],
    });
    admin = await clientOf(emulator, {
      clientId: emulator.info.clientId,
      roles: ["AccessReview.ReadWrite.All", "Policy.Read.All", "Policy.ReadWrite.AccessReview"],
    });
    const scopes = ["AccessReview.ReadWrite.All"];
    reviewer = await clientOf(emulator, { user: REVIEWER, scopes });
  });
  afterEach(async () => {
    const { answers } = emulator.control.answers();
    const walked = answers.map((answer) => ({ ...answer, path: decodeURIComponent(answer.path) }));
    await emulator.close();
    assert.deepEqual(walkAnswers(walked), []);
    count += countWalked(walked);
  });
  after(() => assert.ok(count > 100));

  for (const sample of samples()) {
    it(`answers ${sample.name} as published`, async () => {
      const path = await ourPath(sample);
      const { method, body } = sample.request;
      const answer = await clientFor(sample)(method, path, body);
      assert.equal(answer.status, sample.response.status, JSON.stringify(answer.body));
      const published = unwrapped(sample.response.body);
      if (published === null) assert.equal(answer.body, undefined);
      else
        assertPublishedShape(typedOnly(published, sample.apiVersion, nameOf(sample)), answer.body);
    });
  }

  const clientFor = ({ request: { method, path } }: Sample): Send => {
    const isDecision = /\/decisions\/[0-9a-f-]{36}$/.test(path) && method !== "GET";
    return isDecision || /filterByCurrentUser|acceptRecommendations/.test(path) ? reviewer : admin;
  };

  // Ids in samples are made up: ours stand for them, in the order of the path.
  async function ourPath({ request: { method, path } }: Sample): Promise<string> {
    if (path.includes("historyDefinitions/")) return historyPath(path);
    if (method === "POST" && path.endsWith("efinitions")) return path;
    if (path.endsWith("historyDefinitions")) await history();
    if (path.includes("$expand=instance(")) return azureReview(path);
    if (!/accessReviews\/(definitions|decisions)/.test(path)) return path;
    const ids = await review(path);
    if (path.endsWith("/applyDecisions"))
      await admin("POST", `${BASE}/definitions/${ids[0]}/instances/${ids[1]}/stop`);
    let index = 0;
    return path.replace(/(?<=\/)([0-9a-f-]{36}|\{\w+\})/g, () => {
      const id = ids[index++];
      assert.ok(id);
      return id;
    });
  }

  // The sampled decision is one about an Azure role.
  async function azureReview(path: string): Promise<string> {
    const scope = "/subscriptions/b649368b-d667-40c6-acc9-b45b822a3037";
    const roleDefinitionId = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    emulator.control.seed({
      scopes: [{ id: scope, displayName: "Hello world" }],
      azureRoleAssignments: [{ principalId: ADELE, roleDefinitionId, scope }],
    });
    const azure = await clientOf(emulator, { audience: "arm" });
    const definitions = `${scope}/providers/Microsoft.Authorization/accessReviewScheduleDefinitions`;
    const made = await azure("PUT", `${definitions}/${GROUP}?api-version=2021-12-01-preview`, {
      displayName: "Hello world",
      descriptionForAdmins: "Hello world",
      reviewers: [{ principalId: REVIEWER }],
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return path;
  }

  // Definition, instance, stage where the path has one, decision.
  async function review(path: string): Promise<string[]> {
    const { body } = await admin("POST", `${BASE}/definitions`, definition(path));
    const at = `${BASE}/definitions/${body.id}/instances`;
    const instances = await admin("GET", at);
    const instance = instances.body.value[0].id;
    const stages = await admin("GET", `${at}/${instance}/stages`);
    const decisions = await admin("GET", `${at}/${instance}/decisions`);
    const item = decisions.body.value.find(
      (row: { principal: Body }) => !path.includes("888007fa") || row.principal["id"] === HELPDESK,
    );
    const stage = stages.body.value.map(({ id }: { id: string }) => id).slice(0, 1);
    return [body.id, instance, ...stage, item.id];
  }

  function definition(path: string): Body {
    const query = (text: string) => ({ query: text, queryType: "MicrosoftGraph" });
    const typed = { "@odata.type": "#microsoft.graph.accessReviewQueryScope" };
    const isRole = /02800b79|instances\/720b8ee0[0-9a-f-]+$/.test(path);
    const reviewers = [query(`/users/${REVIEWER}`)];
    const asked = {
      mailNotificationsEnabled: true,
      instanceDurationInDays: 3,
      recommendationsEnabled: !isRole,
      recurrence: {
        pattern: { type: "weekly", interval: 1 },
        range: { type: "noEnd", startDate: "2020-09-08" },
      },
    };
    const settings = path.includes("applyDecisions")
      ? asked
      : { ...asked, autoApplyDecisionsEnabled: true };
    const resource = `/roleManagement/directory/roleDefinitions/${USER_ADMINISTRATOR}`;
    const scope = isRole
      ? {
          "@odata.type": "#microsoft.graph.principalResourceMembershipsScope",
          principalScopes: ["/users", "/groups"].map((text) => ({ ...typed, ...query(text) })),
          resourceScopes: [{ ...typed, ...query(resource) }],
        }
      : {
          ...typed,
          ...query(path.includes("./members") ? "./members" : `/groups/${GROUP}/members`),
        };
    const stage = (stageId: string) => ({ stageId, durationInDays: 2, reviewers });
    return {
      displayName: "Sampled",
      descriptionForAdmins: "Sampled",
      descriptionForReviewers: "Sampled",
      scope,
      ...(path.includes("./members") && {
        instanceEnumerationScope: { ...typed, ...query(`/groups/${GROUP}`) },
      }),
      reviewers,
      settings,
      ...(path.includes("/stages") && {
        stageSettings: [stage("1"), { ...stage("2"), dependsOn: ["1"] }],
      }),
    };
  }

  async function history(): Promise<string> {
    const sample = samples().find(
      ({ name }) => name === "create_accessreviewhistorydefinition_from_",
    );
    const { body } = await admin("POST", `${BASE}/historyDefinitions`, sample?.request.body);
    return body.id;
  }

  async function historyPath(path: string): Promise<string> {
    const id = await history();
    const ours = path.replace(/(?<=\/)[0-9a-f-]{36}/g, id);
    if (path.endsWith("/instances")) await admin("POST", `${ours}/${id}/generateDownloadUri`);
    return ours;
  }
});

function samples(): Sample[] {
  return readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));
}

function nameOf({ apiVersion, name }: Sample): string {
  return `${apiVersion} ${name}`;
}

// Some pages show an entity in a `value` of its own.
function unwrapped(body: Body | null): Body | null {
  const value = body?.["value"];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Body)
    : body;
}

function typedOnly(value: unknown, version: string, at: string): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => typedOnly(item, version, `${at}[${index}]`));
  if (typeof value !== "object" || value === null) return value;
  const untyped = [
    ...(UNTYPED[version] ?? []),
    ...UNTYPED_AT.flatMap(([pattern, members]) => (pattern.test(at) ? members : [])),
  ];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => !untyped.includes(member))
      .map(([member, inner]) => [member, typedOnly(inner, version, `${at}.${member}`)]),
  );
}
