import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ServiceError } from "../../src/http/errors";
import { readOutcome, readRequest } from "../../src/surfaces/graph-wire/schedule-codec";
import { GROUP_SELECT, obstaclesOf } from "../../src/surfaces/groups/group-facts";
import { groups } from "../../src/surfaces/groups/groups";
import { UnfitGroupError } from "../../src/surfaces/groups/people";
import { RULE_IDS, RULE_KEYS } from "../../src/surfaces/pim-wire/rule-ids";
import { type Answer, FakeGraph } from "./fake-graph";

const FOLDER = join(__dirname, "../fixtures/samples/graph-docs");
const GROUP = "2b5ed229-4072-478d-9504-a047ebd4b07d";
const MEMBER = { surface: "groups", groupId: GROUP, access: "member" } as const;
const OWNER = { ...MEMBER, access: "owner" } as const;

describe("groups", () => {
  const key = {
    role: MEMBER,
    kind: "eligible",
    principalId: "3cce9d87-3986-4f19-8335-7ed075408ca2",
  } as const;

  it("reads Microsoft's schedules", async () => {
    const { response } = sample(
      "v1.0__privilegedaccessgroupeligibilityschedule-filterbycurrentuser__01.json",
    );
    const surface = groups(new FakeGraph(() => response.body));
    const partition = "14b9e371-5c2c-4ee5-a4a5-2980060d4f4e";
    const [page] = await surface.queryAssignments("eligible", [{ partition }]);
    assert.ok(page !== undefined && !(page instanceof Error));
    assert.deepEqual(page.rows, [
      {
        kind: "eligible",
        role: { surface: "groups", groupId: partition, access: "member" },
        principalId: "3cce9d87-3986-4f19-8335-7ed075408ca2",
        scheduleId: `${partition}_member_f9003cf6-8905-4c69-a9f8-fd6d04caec69`,
        requestId: "f9003cf6-8905-4c69-a9f8-fd6d04caec69",
        startsAt: "2022-04-11T19:31:50.561Z",
        endsAt: null,
        memberType: "direct",
        assignmentType: "assigned",
        status: "Provisioned",
      },
    ]);
  });

  it("writes Microsoft's request", async () => {
    const { request, response } = sample(
      "v1.0__privilegedaccessgroup-post-eligibilityschedulerequests__01.json",
    );
    let sent: Record<string, unknown> = {};
    const graph = new FakeGraph(({ method, body }) => {
      if (method === "POST") sent = body as Record<string, unknown>;
      return response.body;
    });
    const outcome = await groups(graph).requestAssignment({
      key,
      action: "assign",
      expiration: { type: "until", endsAt: "2023-02-07T19:56:00.000Z" },
      startsAt: "2023-02-06T19:25:00.000Z",
      justification: "Assign eligible request.",
    });
    const lower = (value: unknown) => JSON.parse(JSON.stringify(value).toLowerCase());
    assert.deepEqual(lower(sent), lower(request.body));
    assert.deepEqual(outcome, readOutcome(response.body));
  });

  it("tells the requests of members from those of owners, newest first", async () => {
    const { response } = sample(
      "v1.0__privilegedaccessgroup-list-assignmentschedulerequests__01.json",
    );
    const [made] = response.body.value;
    const value = [
      { ...made, accessId: "owner" },
      { ...made, id: "older", createdDateTime: "2022-01-01T00:00:00Z" },
      made,
    ];
    const graph = new FakeGraph(() => ({ value }));
    const [rows] = await groups(graph).listRequests([{ ...key, kind: "active" }]);
    assert.deepEqual(rows, [readRequest(made), readRequest(value[1])]);
    assert.match(graph.sent[0] ?? "", /\$filter=groupId eq '2b5e.*' and principalId eq '3cce/);
  });

  describe("settings", () => {
    let policyIds = { member: "Group_x_1", owner: "Group_x_2" };
    const rules = RULE_KEYS.map((rule) => ({ id: RULE_IDS[rule] }));
    const answer: Answer = ({ method, path }) => {
      if (method === "PATCH") {
        const [access] = Object.entries(policyIds).find(([, id]) => path.endsWith(id)) ?? [];
        if (access === undefined) throw refused(404, "NotFound");
        policyIds = { member: `${policyIds.member}+`, owner: `${policyIds.owner}+` };
        return { id: policyIds[access as "member"] };
      }
      const value = Object.entries(policyIds).map(([roleDefinitionId, policyId]) => ({
        policyId,
        roleDefinitionId,
        policy: { id: policyId, rules },
      }));
      return { value };
    };

    it("of both sides come with one request, and are read anew after a write", async () => {
      const graph = new FakeGraph(answer);
      const surface = groups(graph);
      const [member] = await surface.readPolicies([MEMBER]);
      const [owner] = await surface.readPolicies([OWNER]);
      assert.equal(graph.counters.http, 1);
      assert.ok(member !== undefined && !(member instanceof Error));
      assert.ok(owner !== undefined && !(owner instanceof Error));
      const changed = {
        ...member.rules,
        "activation.expiration": { kind: "expiration", required: true, maximumDuration: "PT1H" },
      } as const;
      const written = await surface.writePolicy(member, changed);
      assert.equal(written.policyId, "Group_x_1+", "the answer tells the new id");
      await assert.rejects(
        surface.writePolicy(owner, {
          ...owner.rules,
          "activation.expiration": changed["activation.expiration"],
        }),
        /404/,
      );
      const [again] = await surface.readPolicies([OWNER]);
      assert.ok(again !== undefined && !(again instanceof Error));
      assert.equal(again.policyId, "Group_x_2+");
    });

    it("of a group that has none yet are undefined", async () => {
      assert.deepEqual(await groups(new FakeGraph(() => ({ value: [] }))).readPolicies([MEMBER]), [
        undefined,
      ]);
      const missing = new FakeGraph(() => {
        throw refused(404, "ResourceNotFound");
      });
      assert.deepEqual(await groups(missing).readPolicies([MEMBER]), [undefined]);
    });
  });

  describe("that PIM cannot manage", () => {
    const fit = { id: GROUP, securityEnabled: true, groupTypes: [] as string[] };

    it("are told by their properties", () => {
      assert.deepEqual(obstaclesOf(fit), []);
      assert.deepEqual(
        obstaclesOf({ ...fit, securityEnabled: false, groupTypes: ["Unified"] }),
        [],
      );
      const reasons = (more: object) =>
        obstaclesOf({ ...fit, ...more }).map(({ reason }) => reason);
      assert.deepEqual(reasons({ groupTypes: ["DynamicMembership"] }), ["dynamic membership"]);
      assert.deepEqual(reasons({ onPremisesSyncEnabled: true }), ["synchronized from on-premises"]);
      assert.deepEqual(reasons({ securityEnabled: false }), ["mail only"]);
      assert.deepEqual(reasons({ isManagementRestricted: true }), [
        "in a restricted management administrative unit",
      ]);
      for (const property of [
        "groupTypes",
        "onPremisesSyncEnabled",
        "securityEnabled",
        "isManagementRestricted",
      ]) {
        assert.ok(GROUP_SELECT.split(",").includes(property));
      }
    });

    it("are named when the service refuses them without a reason", async () => {
      const graph = new FakeGraph(({ method }) => {
        if (method === "POST") throw refused(400, "ResourceTypeNotSupported");
        return { value: [{ ...fit, displayName: "Sales", groupTypes: ["DynamicMembership"] }] };
      });
      await assert.rejects(
        groups(graph).requestAssignment({
          key,
          action: "assign",
          expiration: { type: "permanent" },
        }),
        (error: Error) => {
          assert.ok(error instanceof UnfitGroupError);
          assert.match(
            error.message,
            /group\.group: got "Sales", expected a group with assigned members/,
          );
          return true;
        },
      );
    });

    it("leave refusals alone that are about the request", async () => {
      const graph = new FakeGraph(({ method }) => {
        if (method === "POST") throw refused(400, "RoleAssignmentDoesNotExist");
        return { value: [{ ...fit, groupTypes: ["DynamicMembership"] }] };
      });
      const removal = groups(graph).requestAssignment({ key, action: "remove" });
      await assert.rejects(removal, (error) => error instanceof ServiceError);
    });
  });
});

function refused(status: number, code: string): Error {
  const facts = { method: "GET", path: "/x", purpose: undefined };
  return new ServiceError(facts, { status, headers: {}, text: "" }, { code, message: "" });
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape, read by tests only
function sample(name: string): any {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
}
