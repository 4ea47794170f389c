import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";

interface Sample {
  name: string;
  surface: string;
  request: { method: string; path: string; body?: Record<string, unknown> };
  response: { status: number; body: Record<string, unknown> };
}

const FOLDER = join(__dirname, "../fixtures/samples/graph-docs");
const GROUP = "2b5ed229-4072-478d-9504-a047ebd4b07d";
const PERSON = "3cce9d87-3986-4f19-8335-7ed075408ca2";
const BASE = "/v1.0/identityGovernance/privilegedAccess/group";

describe("emulator: Microsoft's samples of PIM for Groups", () => {
  let emulator: Emulator;
  let send: Send;
  let person: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ now: "2023-02-06T00:00:00Z" });
    emulator.control.seed({
      users: [{ id: PERSON, displayName: "Person", userPrincipalName: "person@contoso.com" }],
      groups: [{ id: GROUP, displayName: "Group" }],
    });
    send = await clientOf(emulator);
    person = await clientOf(emulator, {
      user: PERSON,
      scopes: [
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
      ],
    });
  });
  afterEach(() => emulator.close());

  for (const sample of samples()) {
    it(`answers ${sample.name} in the published shape`, async () => {
      const { method, path, body } = sample.request;
      if (method === "GET") await enterRows();
      const isMine = path.includes("filterByCurrentUser");
      const answer = await (isMine ? person : send)(method, path, body);
      assert.equal(answer.status, sample.response.status, JSON.stringify(answer.body));
      assertPublishedShape(sample.response.body, answer.body);
    });
  }

  async function enterRows(): Promise<void> {
    for (const kind of ["eligibility", "assignment"]) {
      const made = await send("POST", `${BASE}/${kind}ScheduleRequests`, {
        accessId: "member",
        groupId: GROUP,
        principalId: PERSON,
        action: "adminAssign",
        justification: "sample",
        scheduleInfo: { expiration: { type: "afterDuration", duration: "P30D" } },
      });
      assert.equal(made.status, 201);
    }
  }
});

function samples(): Sample[] {
  return (
    readdirSync(FOLDER)
      .map((file): Sample => JSON.parse(readFileSync(join(FOLDER, file), "utf8")))
      .filter(({ surface }) => surface === "pim-groups")
      // An older revision let people list without naming a group; today the filter is a must.
      .filter(
        ({ request }) =>
          /\$filter=|filterByCurrentUser/.test(request.path) || request.method !== "GET",
      )
  );
}
