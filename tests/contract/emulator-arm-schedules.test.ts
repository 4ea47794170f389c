import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../src/emulator";
import {
  assertExactShape,
  instanceShape,
  type Kind,
  requestShape,
  scheduleShape,
} from "./arm-shapes";
import { type Answer, clientOf, type Send } from "./emulator-client";

const PERSON = "a3bb8764-cb92-4276-9d2a-ca1e895e55ea";
const ROLE = "c8d4ff99-41c3-41a8-9f60-21dfdad59608";
const SUBSCRIPTION = "/subscriptions/dfa2a084-766f-4003-8ae1-c4aeb893a99f";
const AUTHORIZATION = `${SUBSCRIPTION}/providers/Microsoft.Authorization`;
const CONDITION = {
  condition:
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:ContainerName] StringEqualsIgnoreCase 'foo_storage_container'",
  conditionVersion: "1.0",
};
const NAMES = {
  Eligibility: "64caffb6-55c0-4deb-a585-68e948ea1ad6",
  Assignment: "fea7a502-9a96-4806-a26f-eee560e52045",
};

const VERSIONS = [
  "2020-10-01",
  "2020-10-01-preview",
  "2022-04-01",
  "2022-04-01-preview",
  "2024-02-01-preview",
  "2024-09-01-preview",
];

describe("emulator: Microsoft's examples of requests, schedules and instances", () => {
  let emulator: Emulator;
  let send: Send;
  let person: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2020-09-09T21:36:00Z" });
    const of = { displayName: "User Account", userPrincipalName: "user@my-tenant.com" };
    emulator.control.seed({
      users: [{ id: PERSON, ...of, mail: of.userPrincipalName }],
      scopes: [
        { id: SUBSCRIPTION, displayName: "Pay-As-You-Go" },
        { id: `${SUBSCRIPTION}/resourceGroups/RG-1` },
        { id: `${SUBSCRIPTION}/resourceGroups/RG-2` },
      ],
      azureRoles: [{ id: ROLE, roleName: "Sampled" }],
    });
    send = await clientOf(emulator, { audience: "arm" });
    person = await clientOf(emulator, { user: PERSON, audience: "arm" });
  });
  afterEach(() => emulator.close());

  // As most examples spell the subscription.
  const at = (rest: string, filter?: string, version = "2020-10-01") =>
    `/providers/Microsoft.Subscription${AUTHORIZATION}/${rest}?api-version=${version}${filter === undefined ? "" : `&$filter=${filter}`}`;
  const requestOf = (more: object, startDateTime: string, duration: string) => ({
    properties: {
      principalId: PERSON,
      roleDefinitionId: `${AUTHORIZATION}/roleDefinitions/${ROLE}`,
      scheduleInfo: {
        startDateTime,
        expiration: { type: "AfterDuration", endDateTime: null, duration },
      },
      ...CONDITION,
      ...more,
    },
  });
  const assignment = (startDateTime = "2020-09-09T21:31:27.91Z") =>
    requestOf({ requestType: "AdminAssign" }, startDateTime, "P365D");
  const activation = (linkedRoleEligibilityScheduleId: string) =>
    requestOf(
      { requestType: "SelfActivate", linkedRoleEligibilityScheduleId, justification: "sampled" },
      "2020-09-09T21:35:27.91Z",
      "PT8H",
    );
  const makeEligible = async (version?: string) => {
    const path = at(`roleEligibilityScheduleRequests/${NAMES.Eligibility}`, undefined, version);
    const made = await send("PUT", path, assignment());
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  const makeBoth = async (version?: string) => {
    const eligible = await makeEligible(version);
    const path = at(`roleAssignmentScheduleRequests/${NAMES.Assignment}`, undefined, version);
    const linked = eligible.properties.targetRoleEligibilityScheduleId;
    const active = await person("PUT", path, activation(linked));
    assert.equal(active.status, 201, JSON.stringify(active.body));
    return { Eligibility: eligible, Assignment: active.body };
  };
  // A member of the published interface that its examples leave out.
  const linked = ["linkedRoleEligibilityScheduleId"];
  const assertNamed = (answer: Answer["body"], type: string, name: string) => {
    assert.equal(answer.id, `${AUTHORIZATION}/${type}/${name}`);
    assert.equal(answer.type, `Microsoft.Authorization/${type}`);
    assert.equal(answer.properties.scope, SUBSCRIPTION);
  };

  for (const version of VERSIONS) {
    it(`puts, gets and lists them in version ${version}`, async () => {
      const made = await makeBoth(version);
      for (const kind of ["Eligibility", "Assignment"] as const) {
        const requests = `role${kind}ScheduleRequests`;
        const got = await send("GET", at(`${requests}/${NAMES[kind]}`, undefined, version));
        const filter = `assignedTo('${PERSON.toUpperCase()}')`;
        const listed = await send("GET", at(requests, filter, version));
        for (const answer of [made[kind], got.body, listed.body.value[0]]) {
          assertExactShape(requestShape(kind), answer, linked);
          assertNamed(answer, `Role${kind}ScheduleRequests`, NAMES[kind]);
          assert.equal(answer.properties.status, "Provisioned");
        }
        for (const [part, shape] of [
          ["Schedules", scheduleShape(kind)],
          ["ScheduleInstances", instanceShape(kind)],
        ] as const) {
          const { body } = await send("GET", at(`role${kind}${part}`, filter, version));
          assert.equal(body.value.length, 1);
          const { name } = body.value[0];
          const one = await send("GET", at(`role${kind}${part}/${name}`, undefined, version));
          for (const answer of [body.value[0], one.body]) {
            assertExactShape(shape, answer);
            assertNamed(answer, `Role${kind}${part}`, name);
          }
        }
      }
    });
  }

  it("validates and cancels", async () => {
    const path = at(`roleEligibilityScheduleRequests/${NAMES.Eligibility}`);
    const validated = await send("POST", path.replace("?", "/validate?"), assignment());
    assert.equal(validated.status, 200);
    assertExactShape(requestShape("Eligibility"), validated.body);
    await send("PUT", path, assignment("2020-10-09T21:31:27.91Z"));
    const canceled = await send("POST", path.replace("?", "/cancel?"));
    assert.deepEqual([canceled.status, canceled.body], [200, undefined]);
    assert.equal(canceled.headers.get("content-type"), null);
  });

  it("takes an administrator's decision about a longer end", async () => {
    await makeEligible();
    const name = "64caffb6-55c0-4deb-a585-68e948ea1ad7";
    const path = at(`roleEligibilityScheduleRequests/${name}`, undefined, "2022-04-01-preview");
    const scheduleInfo = { expiration: { type: "AfterDuration", duration: "P400D" } };
    const asked = await person(
      "PUT",
      path,
      requestOf({ requestType: "SelfExtend", scheduleInfo, justification: "longer" }, "", ""),
    );
    assert.equal(asked.body.properties?.status, "PendingAdminDecision", JSON.stringify(asked.body));
    const decide = (requestType: string, by = send) =>
      by("PATCH", path.replace("?", "/adminDecision?"), {
        properties: {
          requestType,
          scheduleInfo: { expiration: { type: "AfterDuration", duration: "P100D" } },
          Justification: "Verified user",
        },
      });
    assert.equal((await decide("AdminApproved", person)).status, 403);
    assert.equal((await decide("AdminAssign")).status, 400);
    const decided = await decide("AdminApproved");
    assert.equal(decided.status, 200, JSON.stringify(decided.body));
    assertExactShape(requestShape("Eligibility"), decided.body);
    assert.equal(decided.body.properties.status, "Provisioned");
    assert.equal(decided.body.properties.scheduleInfo.expiration.duration, "P100D");
    assert.equal((await decide("AdminDenied")).status, 409);
  });

  it("lists requests by who made them", async () => {
    const { properties } = await makeEligible();
    const list = async (id: string) => {
      const filter = `requestorId eq '${id}'`;
      return (await send("GET", at("roleEligibilityScheduleRequests", filter))).body.value.length;
    };
    assert.deepEqual([await list(properties.requestorId), await list(PERSON)], [1, 0]);
  });

  it("lists instances of one schedule", async () => {
    const { Eligibility, Assignment } = await makeBoth();
    const list = async (kind: Kind, id: string) => {
      const filter = `role${kind}ScheduleId eq '${id}'`;
      return (await send("GET", at(`role${kind}ScheduleInstances`, filter))).body.value.length;
    };
    const eligibleId = Eligibility.properties.targetRoleEligibilityScheduleId;
    const activeId = Assignment.properties.targetRoleAssignmentScheduleId;
    assert.equal(await list("Eligibility", eligibleId), 1);
    assert.equal(
      await list("Eligibility", `${AUTHORIZATION}/RoleEligibilitySchedules/${eligibleId}`),
      1,
    );
    assert.equal(await list("Assignment", activeId), 1);
    assert.equal(await list("Assignment", eligibleId), 0);
  });

  it("lists eligible child resources", async () => {
    await makeEligible();
    for (const version of ["2020-10-01", "2020-10-01-preview", "2024-02-01-preview"]) {
      const path = at("eligibleChildResources", "resourceType+eq+'resourcegroup'", version);
      const prefix = `/providers/Microsoft.Subscription${SUBSCRIPTION}/resourceGroups`;
      assert.deepEqual((await person("GET", path)).body, {
        value: ["RG-1", "RG-2"].map((name) => ({
          name,
          id: `${prefix}/${name}`,
          type: "resourcegroup",
        })),
      });
    }
  });
});
