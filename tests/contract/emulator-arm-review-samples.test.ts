import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";

type Body = Record<string, unknown>;
interface Example {
  parameters: Body & { body: Body };
  responses: Record<string, { body?: Body }>;
}

const FOLDER = join(__dirname, "../fixtures/samples/arm-examples/2021-12-01-preview");
const NAMESPACE = "/providers/Microsoft.Authorization";
const SUBSCRIPTION = "/subscriptions/fa73e90b-5bf1-45fd-a182-35ce5fc0674d";
const REPORTED = "/subscriptions/129a304b-4aea-4b86-a9f7-ba7e2b23737a";
const REVIEWER = "fa73e90b-5bf1-45fd-a182-35ce5fc0674d";
const PERSON = "a6c7aecb-cbfd-4763-87ef-e91b4bd509d9";
const GROUP = "89ff94f6-029c-429c-9037-6cf4fe2f4a13";
const ROLE = "b225c7ff-4338-4cdc-a790-6b34d987f7cd";
const DEFINITION = "fa73e90b-5bf1-45fd-a182-35ce5fc0674d";
const AT_SCOPE = `${SUBSCRIPTION}${NAMESPACE}/accessReviewScheduleDefinitions`;
const OWN = `${NAMESPACE}/accessReviewScheduleDefinitions`;
const HISTORY = `${REPORTED}${NAMESPACE}/accessReviewHistoryDefinitions`;

describe("emulator: Microsoft's examples of access reviews of Azure roles", () => {
  let emulator: Emulator;
  let admin: Send;
  let reviewer: Send;
  const replayed = new Set<string>();

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2018-08-03T21:02:30.667Z" });
    emulator.control.seed({
      users: [
        { id: REVIEWER, displayName: "Bob", userPrincipalName: "bob@my-tenant.com" },
        { id: PERSON, displayName: "Shubham Gupta", userPrincipalName: "shugup@microsoft.com" },
      ],
      groups: [{ id: GROUP, displayName: "Reviewers", members: [REVIEWER] }],
      scopes: [{ id: SUBSCRIPTION }, { id: REPORTED }],
      azureRoles: [{ id: ROLE, roleName: "Sampled" }],
      azureRoleAssignments: [{ principalId: PERSON, roleDefinitionId: ROLE, scope: SUBSCRIPTION }],
    });
    admin = await clientOf(emulator, { audience: "arm" });
    reviewer = await clientOf(emulator, { user: REVIEWER, audience: "arm" });
  });
  afterEach(() => emulator.close());

  const example = (name: string): Example => {
    replayed.add(`${name}.json`);
    return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
  };
  const version = "api-version=2021-12-01-preview";
  const mine = `$filter=${encodeURIComponent("assignedToMeToReview()")}`;

  // Sends the example, expects its first status, and compares the answer with the published one.
  const replay = async (
    name: string,
    send: Send,
    method: string,
    path: string,
    query = version,
  ) => {
    const { parameters, responses } = example(name);
    const [[status = "", published] = []] = Object.entries(responses);
    const answer = await send(method, `${path}?${query}`, parameters.body);
    assert.equal(answer.status, Number(status), JSON.stringify(answer.body));
    if (published?.body !== undefined) assertPublishedShape(published.body, answer.body);
    assertSameKind(published?.body, answer.body);
    return answer.body;
  };
  // Types of resources are as published, ids have the published form: other guids, the same names around them.
  const assertSameKind = (published: Body | undefined, ours: Body) => {
    const [theirs, mineToo] = [published, ours].map(
      (body) => ((body?.["value"] as Body[] | undefined)?.[0] ?? body) as Body | undefined,
    );
    if (theirs === undefined) return;
    const guidless = (id: unknown) => String(id).replace(/[0-9a-f-]{36}/g, "{guid}");
    assert.equal(mineToo?.["type"], theirs["type"]);
    assert.equal(guidless(mineToo?.["id"]), guidless(theirs["id"]));
  };
  const put = () =>
    replay("PutAccessReviewScheduleDefinition", admin, "PUT", `${AT_SCOPE}/${DEFINITION}`);
  const instance = async (): Promise<string> => {
    const { body } = await admin("GET", `${AT_SCOPE}/${DEFINITION}/instances?${version}`);
    return body.value[0].name;
  };
  const decision = async (id: string): Promise<string> => {
    const { body } = await admin(
      "GET",
      `${AT_SCOPE}/${DEFINITION}/instances/${id}/decisions?${version}`,
    );
    return body.value[0].name;
  };

  it("definitions", async () => {
    const made = await put();
    assert.equal(made.properties.status, "InProgress");
    await replay("GetAccessReviewScheduleDefinition", admin, "GET", `${AT_SCOPE}/${DEFINITION}`);
    await replay("GetAccessReviewScheduleDefinitions", admin, "GET", AT_SCOPE);
    const assigned = "GetAccessReviewScheduleDefinitionsAssignedForMyApproval";
    await replay(assigned, reviewer, "GET", OWN, `${version}&${mine}`);
    await replay(
      "StopAccessReviewScheduleDefinition",
      admin,
      "POST",
      `${AT_SCOPE}/${DEFINITION}/stop`,
    );
    await replay(
      "DeleteAccessReviewScheduleDefinition",
      admin,
      "DELETE",
      `${AT_SCOPE}/${DEFINITION}`,
    );
    const again = await admin("DELETE", `${AT_SCOPE}/${DEFINITION}?${version}`);
    assert.equal(again.status, 204);
  });

  it("instances", async () => {
    await put();
    const id = await instance();
    const path = `${AT_SCOPE}/${DEFINITION}/instances`;
    const own = `${OWN}/${DEFINITION}/instances`;
    await replay("GetAccessReviewInstances", admin, "GET", path);
    await replay("GetAccessReviewInstance", admin, "GET", `${path}/${id}`);
    const filtered = `${version}&${mine}`;
    await replay("GetAccessReviewInstancesAssignedForMyApproval", reviewer, "GET", own, filtered);
    const one = "GetAccessReviewInstanceAssignedForMyApproval";
    await replay(one, reviewer, "GET", `${own}/${id}`, filtered);
    const reviewers = "GetAccessReviewInstanceContactedReviewers";
    await replay(reviewers, admin, "GET", `${path}/${id}/contactedReviewers`);
    await replay(`TenantLevel${reviewers}`, reviewer, "GET", `${own}/${id}/contactedReviewers`);
    const changed = await replay("PutAccessReviewInstance", admin, "PUT", `${path}/${id}`);
    assert.deepEqual(
      changed.properties.reviewers,
      (example("PutAccessReviewInstance").parameters.body["properties"] as Body)["reviewers"],
    );
  });

  it("decisions", async () => {
    await put();
    const id = await instance();
    const name = await decision(id);
    const path = `${AT_SCOPE}/${DEFINITION}/instances/${id}`;
    const own = `${OWN}/${DEFINITION}/instances/${id}`;
    const patch = "PatchAccessReviewInstanceMyDecisionById";
    const patched = await replay(patch, reviewer, "PATCH", `${own}/decisions/${name}`);
    assert.equal(patched.properties.decision, "Approve");
    await replay(
      "GetAccessReviewInstanceMyDecisionById",
      reviewer,
      "GET",
      `${own}/decisions/${name}`,
    );
    await replay("GetAccessReviewInstanceMyDecisions", reviewer, "GET", `${own}/decisions`);
    await replay("GetAccessReviewInstanceDecisions", admin, "GET", `${path}/decisions`);
    await replay("AccessReviewInstanceResetDecisions", admin, "POST", `${path}/resetDecisions`);
    const accept = "AccessReviewInstanceAcceptRecommendations";
    await replay(accept, reviewer, "POST", `${own}/acceptRecommendations`);
    await replay(
      "AccessReviewInstanceRecordAllDecisions",
      admin,
      "POST",
      `${path}/recordAllDecisions`,
    );
    await replay("StopAccessReviewInstance", admin, "POST", `${path}/stop`);
    await replay("AccessReviewInstanceApplyDecisions", admin, "POST", `${path}/applyDecisions`);
  });

  it("settings", async () => {
    const path = `${SUBSCRIPTION}${NAMESPACE}/accessReviewScheduleSettings/default`;
    await replay("PutAccessReviewDefaultSettings", admin, "PUT", path);
    await replay("GetAccessReviewDefaultSettings", admin, "GET", path);
  });

  it("history", async () => {
    const path = `${HISTORY}/44724910-d7a5-4c29-b28f-db73e717165a`;
    await replay("PutAccessReviewHistoryDefinition", admin, "PUT", path);
    await replay("GetAccessReviewHistoryDefinition", admin, "GET", path);
    const listed = await replay(
      "GetAccessReviewHistoryDefinitionInstances",
      admin,
      "GET",
      `${path}/instances`,
    );
    const report = `${path}/instances/${listed.value[0].name}/generateDownloadUri`;
    await replay("PostAccessReviewHistoryDefinitionInstance", admin, "POST", report);
    await replay("DeleteAccessReviewHistoryDefinition", admin, "DELETE", path);
  });

  it("are all replayed", () => {
    assert.deepEqual([...replayed].sort(), readdirSync(FOLDER).sort());
  });
});
