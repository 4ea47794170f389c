import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";
import { walkAnswers } from "./schema-walk";

interface Sample {
  name: string;
  by?: string;
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: Record<string, unknown>;
  };
  response: { status: number; body: Record<string, unknown> | null };
}

const FILE = join(__dirname, "../fixtures/samples/graph-docs-directory.json");
const ADELE = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
const GROUP = "02bd9fd6-8f93-4758-87c3-1fb73740a315";
const CLIENT = "59e617e5-e447-4adc-8b88-00af644d7c92";
const API = "1804a6f8-e623-4520-8f40-ba1b0c11c42d";
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
const UNIT = "4d7ea995-bc0f-45c0-8c3e-132e93bf95f8";

describe("emulator: Microsoft's samples of the directory", () => {
  let emulator: Emulator;
  let send: Send;

  before(async () => {
    emulator = await startEmulator({ keepAnswers: true });
  });
  beforeEach(async () => {
    emulator.control.reset();
    send = await clientOf(emulator);
  });
  afterEach(() => assert.deepEqual(walkAnswers(emulator.control.answers().answers), []));
  after(() => emulator.close());

  for (const sample of samples()) {
    it(`answers ${sample.name} in the published shape`, async () => {
      await enterWhatIsNamed(sample);
      const { method, path, headers, body } = await filled(sample);
      const caller =
        sample.by === undefined
          ? send
          : await clientOf(emulator, {
              user: sample.by,
              scopes: ["User.Read", "Directory.Read.All"],
            });
      const answer = await caller(method, path, body, headers);
      const published = sample.response;
      assert.equal(answer.status, published.status, JSON.stringify(answer.body));
      if (published.body === null) assert.equal(answer.body, undefined);
      else {
        assertPublishedShape(published.body, answer.body);
        const context = published.body["@odata.context"];
        if (context !== undefined)
          assert.equal(suffixOf(answer.body["@odata.context"]), suffixOf(context));
      }
    });
  }

  // Ids in samples are made up: a thing of the right kind is entered under each.
  async function enterWhatIsNamed(sample: Sample): Promise<void> {
    const caller = await send("GET", "/v1.0/users/ann@contoso.com");
    const groups = (sample.request.body?.["groupIds"] as string[] | undefined) ?? [];
    const known = [ADELE, GROUP, CLIENT, API, UNIT, ...groups];
    const named = JSON.stringify(sample.request).match(
      /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
    );
    const people = [...new Set(named)].filter((id) => !known.includes(id));
    emulator.control.seed({
      users: [
        {
          id: ADELE,
          displayName: "Adele Vance",
          givenName: "Adele",
          userPrincipalName: "AdeleV@contoso.com",
        },
        ...people.map((id) => ({ id, displayName: `Person ${id}` })),
      ],
      groups: [
        {
          id: GROUP,
          displayName: "HR Taskforce",
          groupTypes: ["Unified"],
          mailEnabled: true,
          securityEnabled: false,
          members: [ADELE],
          owners: [ADELE],
        },
      ],
      servicePrincipals: [
        { id: CLIENT, displayName: "Client" },
        { id: API, displayName: "API" },
      ],
      administrativeUnits: [{ id: UNIT, displayName: "Seattle", members: [ADELE] }],
      roleAssignments: [
        {
          principalId: caller.body.id,
          roleDefinitionId: GLOBAL_ADMINISTRATOR,
          directoryScopeId: "/",
        },
      ],
      authenticationContexts: [{ id: "c1", displayName: "Trusted", isAvailable: true }],
    });
  }

  async function filled(sample: Sample): Promise<Sample["request"]> {
    const roles = await send(
      "GET",
      "/v1.0/directoryRoles?$filter=displayName eq 'User Administrator'",
    );
    const text = JSON.stringify(sample.request)
      .replaceAll("{role}", roles.body.value[0].id)
      .replaceAll("{tenant}", emulator.info.tenantId);
    return JSON.parse(text);
  }
});

function samples(): Sample[] {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

// Members selected are told as the metadata spells them or as they were asked for.
function suffixOf(context: unknown): string {
  return String(context)
    .replace(/^.*\$metadata#/, "")
    .toLowerCase();
}
