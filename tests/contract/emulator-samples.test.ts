import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, type Send } from "./emulator-client";

interface Sample {
  name: string;
  surface: string;
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    body?: Record<string, unknown>;
  };
  response: { status: number; body: Record<string, unknown> | null };
}

const FOLDER = join(__dirname, "../fixtures/samples/graph-docs");
const SURFACES = ["pim-policies", "pim-directory", "pim-roles", "directory-roles"];
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";

describe("emulator: Microsoft's samples", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator();
    send = await clientOf(emulator);
  });

  afterEach(() => emulator.close());

  for (const sample of samples()) {
    it(`answers ${sample.name} in the published shape`, async () => {
      const path = await ourPath(sample.request.path);
      const answer = await send(sample.request.method, path, sample.request.body);
      assert.equal(answer.status, sample.response.status);
      if (sample.response.body === null) assert.equal(answer.body, undefined);
      else assertShape(sample.response.body, answer.body, "");
    });
  }

  // Ids in samples are made up: a policy stands for ours, a group is entered under its id.
  async function ourPath(path: string): Promise<string> {
    for (const id of path.match(/(?<=scopeId eq ')[0-9a-f-]{36}/g) ?? []) {
      emulator.control.seed({ groups: [{ id, displayName: `Group ${id}` }] });
    }
    const found = await send(
      "GET",
      `/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '${EXCHANGE}'`,
    );
    return path.replace(/DirectoryRole_[0-9a-f-]{36}_[0-9a-f-]{36}/, found.body.value[0].policyId);
  }
});

function samples(): Sample[] {
  assert.ok(existsSync(FOLDER));
  return readdirSync(FOLDER)
    .map((file): Sample => JSON.parse(readFileSync(join(FOLDER, file), "utf8")))
    .filter((sample) => SURFACES.includes(sample.surface));
}

// Every member that Microsoft shows is there, of the same JSON type; lists compare by their first item.
function assertShape(published: unknown, ours: unknown, at: string): void {
  if (published === null || ours === null) return;
  if (Array.isArray(published)) {
    assert.ok(Array.isArray(ours), `${at} is a list`);
    if (published.length > 0) {
      assert.ok(ours.length > 0, `${at} is not empty`);
      assertShape(published[0], ours[0], `${at}[0]`);
    }
    return;
  }
  assert.equal(typeof ours, typeof published, `${at} has the published type`);
  if (typeof published !== "object") {
    if (at.endsWith("@odata.context")) assert.equal(contextOf(ours), contextOf(published));
    return;
  }
  for (const [member, value] of Object.entries(published)) {
    assert.ok(member in (ours as object), `${at}.${member} is sent`);
    assertShape(value, (ours as Record<string, unknown>)[member], `${at}.${member}`);
  }
}

function contextOf(value: unknown): string {
  return String(value)
    .replace(/^.*\$metadata#/, "")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…");
}
