import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { clientOf, codeOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";
import { walkAnswers } from "./schema-walk";

interface Sample {
  name: string;
  request: { method: string; path: string; body?: Record<string, unknown> };
  response: {
    status: number;
    body: Record<string, unknown> | null;
    headers?: Record<string, string>;
  };
}

const FOLDER = join(__dirname, "../fixtures/samples/graph-docs-around");
const BASE = "/beta/identityGovernance/roleManagementAlerts";
const SCOPE = "$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const GLOBAL = "62e90394-69f5-4237-9190-012177145e10";
const TOO_MANY = "TooManyGlobalAdminsAssignedToTenantAlert";

describe("emulator: alerts of directory roles", () => {
  let emulator: Emulator;
  let send: Send;
  let idOf: (kind: string) => string;

  const start = async (tenantId?: string) => {
    emulator = await startEmulator({
      keepAnswers: true,
      ...(tenantId !== undefined && { tenantId }),
    });
    send = await clientOf(emulator);
    idOf = (kind) => `DirectoryRole_${emulator.info.tenantId}_${kind}`;
  };
  afterEach(async () => {
    const { answers } = emulator.control.answers();
    await emulator.close();
    assert.deepEqual(walkAnswers(answers), []);
  });

  for (const sample of samples()) {
    it(`answers ${sample.name} in the published shape`, async () => {
      const { method, path, body } = sample.request;
      await start(/DirectoryRole_([0-9a-f-]{36})_/.exec(path)?.[1]);
      await enterGlobalAdministrators();
      const incidents = await send("GET", `${BASE}/alerts/${idOf(TOO_MANY)}/alertIncidents`);
      const ours = path.replace(
        /(?<=alertIncidents\/)[0-9a-f-]{36}/,
        incidents.body.value[0]?.id ?? "",
      );
      const answer = await send(method, ours, body);
      assert.equal(answer.status, sample.response.status, JSON.stringify(answer.body));
      const location = sample.response.headers?.["Location"]?.replace(/^https:\/\/[^/]+/, "");
      if (location !== undefined)
        assert.equal(answer.headers.get("location"), emulator.info.graph + location);
      if (sample.response.body === null) assert.equal(answer.body, undefined);
      else assertPublishedShape(listed(sample.response.body, ours), listed(answer.body, ours));
    });
  }

  it("asks for the scope and its type, and is not there on v1.0", async () => {
    await start();
    for (const filter of ["", "?$filter=scopeId eq '/'"]) {
      const answer = await send("GET", `${BASE}/alerts${filter}`);
      assert.deepEqual([answer.status, codeOf(answer)], [400, "MissingProvider"]);
    }
    const old = await send("GET", `${BASE.replace("beta", "v1.0")}/alerts?${SCOPE}`);
    assert.deepEqual([old.status, codeOf(old)], [400, "BadRequest"]);
    const all = await send("GET", `${BASE}/alerts?${SCOPE}`);
    assert.equal(all.body.value.length, 7);
    const reader = await clientOf(emulator, { roles: ["RoleManagement.Read.Directory"] });
    assert.equal(
      codeOf(await reader("GET", `${BASE}/alerts?${SCOPE}`)),
      "PermissionScopeNotGranted",
    );
  });

  it("finds what was assigned outside PIM, and ends it when remediated", async () => {
    await start();
    const bob = await personCalled("Bob");
    await send("POST", "/v1.0/roleManagement/directory/roleAssignments", {
      principalId: bob,
      roleDefinitionId: EXCHANGE,
      directoryScopeId: "/",
    });
    const alert = `${BASE}/alerts/${idOf("RolesAssignedOutsidePimAlert")}`;
    const refreshed = await send("POST", `${alert}/refresh`);
    const operation = refreshed.headers.get("location")?.replace(emulator.info.graph, "") ?? "";
    assert.equal((await send("GET", operation)).body.status, "succeeded");
    const { body } = await send("GET", `${alert}/alertIncidents`);
    const mine = body.value.find((row: { assigneeId: string }) => row.assigneeId === bob);
    assert.equal(mine.roleDefinitionId, EXCHANGE);
    // The reference's sample writes the segment as "incident".
    const done = await send("POST", `${alert}/incident/${mine.id}/remediate`);
    assert.equal(done.status, 200);
    const left = await send(
      "GET",
      `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${bob}'`,
    );
    assert.deepEqual(left.body.value, []);
    const again = await send("POST", `${alert}/alertIncidents/${mine.id}/remediate`);
    assert.equal(again.status, 404);
    const last = body.value.find((row: { assigneeId: string }) => row.assigneeId !== bob);
    const refused = await send("POST", `${alert}/alertIncidents/${last.id}/remediate`);
    assert.equal(codeOf(refused), "CannotDeleteLastAdminAssignment");
  });

  it("is dismissed until the next scan, and configured by its concrete type", async () => {
    await start();
    await enterGlobalAdministrators();
    const alert = `${BASE}/alerts/${idOf(TOO_MANY)}`;
    const isActive = async () => (await send("GET", alert)).body.isActive;
    assert.equal(await isActive(), true);
    assert.equal((await send("PATCH", alert, { isActive: false })).status, 204);
    assert.equal(await isActive(), false);
    const scope = { scopeId: "/", scopeType: "DirectoryRole" };
    assert.equal((await send("POST", `${BASE}/alerts/refresh`, scope)).status, 202);
    assert.equal(await isActive(), true);
    const configuration = `${BASE}/alertConfigurations/${idOf(TOO_MANY)}`;
    const change = { globalAdminCountThreshold: 50 };
    assert.equal((await send("PATCH", configuration, change)).status, 400);
    const type = "#microsoft.graph.tooManyGlobalAdminsAssignedToTenantAlertConfiguration";
    await send("PATCH", configuration, { "@odata.type": type, ...change });
    assert.equal((await send("GET", configuration)).body.globalAdminCountThreshold, 50);
    const listed = await send("GET", `${BASE}/alertConfigurations?${SCOPE}`);
    assert.equal(listed.body.value[0]["@odata.type"], type);
    const definition = await send("GET", `${configuration}/alertDefinition`);
    assert.equal(definition.body.id, idOf(TOO_MANY));
    const again = await send("GET", `${alert}/alertConfiguration/alertDefinition`);
    assert.deepEqual(again.body, definition.body);
    // As in Microsoft's own sample: the flag as a text.
    const asText = { "@odata.type": type, isEnabled: "false" };
    assert.equal((await send("PATCH", configuration, asText)).status, 204);
    assert.equal((await send("GET", configuration)).body.isEnabled, false);
    await send("PATCH", configuration, { "@odata.type": type, isEnabled: true });
    await send("POST", `${alert}/refresh`);
    assert.equal(await isActive(), false);
    const disabled = await send(
      "GET",
      `${BASE}/alerts?${SCOPE} and alertConfiguration/isEnabled eq false`,
    );
    assert.deepEqual(disabled.body.value, []);
  });

  it("is written into the audit log, with everything else that PIM does", async () => {
    await start();
    await send("PATCH", `${BASE}/alerts/${idOf(TOO_MANY)}`, { isActive: false });
    const bob = await personCalled("Bob");
    await send("POST", "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests", {
      action: "adminAssign",
      principalId: bob,
      roleDefinitionId: EXCHANGE,
      directoryScopeId: "/",
      justification: "CHG-1",
      scheduleInfo: { expiration: { type: "noExpiration" } },
    });
    const audits = async (filter: string) => {
      const path = `/v1.0/auditLogs/directoryAudits?$filter=${filter}&$orderby=activityDateTime desc`;
      return (await send("GET", path)).body.value;
    };
    const rows = await audits(
      "loggedByService eq 'PIM' and activityDateTime ge 2020-01-01T00:00:00Z",
    );
    assert.deepEqual(
      rows.map((row: { activityDisplayName: string }) => row.activityDisplayName).sort(),
      [
        "Add eligible member to role in PIM completed (permanent)",
        "Add eligible member to role in PIM requested (permanent)",
        "Resolve PIM alert",
      ],
    );
    const about = await audits(`targetResources/any(t: t/id eq '${bob}')`);
    assert.equal(about.length, 2);
    assert.equal(about[0].resultReason, "CHG-1");
    assert.equal(about[0].initiatedBy.app.displayName, "Pipeline");
    const one = await send("GET", `/v1.0/auditLogs/directoryAudits/${about[0].id}`);
    assert.equal(one.body.correlationId, about[0].correlationId);
  });

  async function personCalled(name: string): Promise<string> {
    return (await send("GET", `/v1.0/users?$filter=displayName eq '${name}'`)).body.value[0].id;
  }

  async function enterGlobalAdministrators(): Promise<void> {
    for (const name of ["Ann", "Bob"]) {
      await send("POST", "/v1.0/roleManagement/directory/roleAssignments", {
        principalId: await personCalled(name),
        roleDefinitionId: GLOBAL,
        directoryScopeId: "/",
      });
    }
  }
});

function samples(): Sample[] {
  return readdirSync(FOLDER)
    .filter((file) => file.startsWith("beta--"))
    .map((file): Sample => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));
}

// Lists compare by the same alert; the tips of one capture are an annotation of the moment.
function listed(body: Record<string, unknown>, path: string): unknown {
  const { "@microsoft.graph.tips": _, ...rest } = body;
  const { value } = rest;
  if (!Array.isArray(value) || !/\/alerts\?/.test(path)) return rest;
  return { ...rest, value: value.filter((row: { id: string }) => row.id.endsWith(TOO_MANY)) };
}
