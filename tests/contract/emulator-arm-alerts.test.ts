import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator";
import { assertExactShape, resourceShape } from "./arm-shapes";
import { clientOf, type Send } from "./emulator-client";
import { assertPublishedShape } from "./published-shape";

const FIXTURES = join(__dirname, "../fixtures/samples");
const SCOPE = "/subscriptions/afa2a084-766f-4003-8ae1-c4aeb893a99f";
const BASE = `${SCOPE}/providers/Microsoft.Authorization`;
const VERSION = "api-version=2022-08-01-preview";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const PERMANENT = "TooManyPermanentOwnersAssignedToResource";
const OUTSIDE = "AzureRolesAssignedOutsidePimAlert";

const DEFINITION = resourceShape({
  displayName: "",
  scope: "",
  description: "",
  severityLevel: "Medium",
  securityImpact: "",
  mitigationSteps: "",
  howToPrevent: "",
  isRemediatable: true,
  isConfigurable: true,
});
const CONFIGURATION = resourceShape({
  alertConfigurationType: "",
  alertDefinitionId: "",
  scope: "",
  isEnabled: true,
  thresholdNumberOfPermanentOwners: 10,
  thresholdPercentageOfPermanentOwnersOutOfAllOwners: 10,
});
const INCIDENT = resourceShape({
  alertIncidentType: "",
  assigneeName: "",
  assigneeType: "User",
});
const ALERT = resourceShape({
  scope: "",
  incidentCount: 1,
  lastModifiedDateTime: "",
  lastScannedDateTime: "",
  isActive: true,
  alertDefinition: DEFINITION,
  alertIncidents: [INCIDENT],
  alertConfiguration: CONFIGURATION,
});
const OPERATION = {
  id: "",
  status: "Running",
  statusDetail: "",
  lastActionDateTime: "",
  createdDateTime: "",
  resourceLocation: "",
};

describe("emulator: alerts of Azure roles, and what is around roles in Azure", () => {
  let emulator: Emulator;
  let send: Send;

  beforeEach(async () => {
    emulator = await startEmulator({ users: 12 });
    emulator.control.seed({ scopes: [{ id: SCOPE, displayName: "Sampled" }] });
    send = await clientOf(emulator, { audience: "arm" });
  });
  afterEach(() => emulator.close());

  const read = (file: string) => JSON.parse(readFileSync(join(FIXTURES, file), "utf8"));

  it("answers GetAlertConfigurations in the published shape", async () => {
    const sample = read(
      "graph-docs-around/arm--roleManagementAlerts-alertConfigurations--list.json",
    );
    const { status, body } = await send("GET", sample.request.path);
    assert.equal(status, 200);
    for (const published of sample.response.body.value) {
      const ours = body.value.find((row: { name: string }) => row.name === published.name);
      assertPublishedShape(published, ours);
      assert.deepEqual([ours.id, ours.type], [published.id, published.type]);
    }
  });

  it("answers UpdateAlert in the published shape", async () => {
    await enterOwners();
    const sample = read("arm-examples/2022-08-01-preview/UpdateAlert.json");
    await send("POST", `${BASE}/roleManagementAlerts/${PERMANENT}/refresh?${VERSION}`);
    const path = `${BASE}/roleManagementAlerts/${PERMANENT}?${VERSION}`;
    const { status, body } = await send("PATCH", path, sample.parameters.parameters);
    assert.equal(status, 200, JSON.stringify(body));
    assertPublishedShape(sample.responses["200"].body, body);
    assert.equal(body.id, sample.responses["200"].body.id);
    assert.equal(body.properties.scope, sample.responses["200"].body.properties.scope);
    assert.equal(body.properties.isActive, false);
  });

  for (const [revision, alerts, definitions, configurations] of [
    [
      "first",
      "roleManagementAlerts/alerts",
      "roleManagementAlerts/alertDefinitions",
      "roleManagementAlerts/alertConfigurations",
    ],
    [
      "current",
      "roleManagementAlerts",
      "roleManagementAlertDefinitions",
      "roleManagementAlertConfigurations",
    ],
  ] as const) {
    it(`answers the examples of the ${revision} revision in its paths`, async () => {
      await enterOwners();
      await send("POST", `${BASE}/${alerts}/refresh?${VERSION}`);
      for (const [path, shape] of [
        [alerts, ALERT],
        [definitions, DEFINITION],
        [configurations, CONFIGURATION],
      ] as const) {
        const { body } = await send("GET", `${BASE}/${path}/${PERMANENT}?${VERSION}`);
        assertExactShape(shape, body);
        assert.equal(body.id, `${BASE}/${path}/${PERMANENT}`);
        assert.equal(body.type, `Microsoft.Authorization/${path}`);
        const list = (await send("GET", `${BASE}/${path}?${VERSION}`)).body.value;
        assert.deepEqual(
          list.find(({ name }: { name: string }) => name === PERMANENT),
          body,
        );
      }
      const incidents = `${BASE}/${alerts}/${PERMANENT}/alertIncidents`;
      const [incident] = (await send("GET", `${incidents}?${VERSION}`)).body.value;
      assertExactShape(INCIDENT, incident);
      assert.equal(incident.id, `${incidents}/${incident.name}`);
      assert.equal(incident.type, "Microsoft.Authorization/roleManagementAlerts/alertIncidents");
      const one = await send("GET", `${incidents}/${incident.name}?${VERSION}`);
      assert.deepEqual(one.body, incident);
    });
  }

  it("answers RefreshAlert and RefreshAllAlerts, and tells how the scan went", async () => {
    for (const [path, of] of [
      [`roleManagementAlerts/${OUTSIDE}/refresh`, `/${OUTSIDE}`],
      ["roleManagementAlerts/refresh", ""],
    ]) {
      const { status, body, headers } = await send("POST", `${BASE}/${path}?${VERSION}`);
      assert.equal(status, 202);
      assertExactShape(OPERATION, body);
      assert.ok(Number(headers.get("retry-after")) > 0);
      const { arm } = emulator.info;
      assert.equal(
        headers.get("location"),
        `${arm}${BASE}/roleManagementAlertOperations/${body.id}?${VERSION}`,
      );
      assert.equal(
        body.resourceLocation,
        `${arm}/providers/Microsoft.Subscription${BASE}/roleManagementAlerts${of}?${VERSION}`,
      );
      assert.match(body.createdDateTime, /\+00:00$/);
      assert.equal(
        JSON.parse(body.statusDetail).result[0].name,
        of ? OUTSIDE : "DuplicateRoleCreated",
      );
    }
    const list = `${BASE}/roleManagementAlertOperations`;
    const { value } = (await send("GET", `${list}?${VERSION}`)).body;
    assert.deepEqual(
      value.map((row: { status: string }) => row.status),
      ["Succeeded", "Succeeded"],
    );
    assertExactShape(OPERATION, (await send("GET", `${list}/${value[0].id}?${VERSION}`)).body);
    assert.equal((await send("GET", `${list}/${OUTSIDE}?${VERSION}`)).status, 404);
  });

  it("tells when a configuration was changed", async () => {
    const path = `${BASE}/roleManagementAlerts/${PERMANENT}?${VERSION}`;
    const at = async () => (await send("GET", path)).body.properties.lastModifiedDateTime;
    const before = await at();
    emulator.control.clock({ advance: "PT5M" });
    assert.equal(await at(), before);
    const configuration = path.replace("Alerts/", "AlertConfigurations/");
    const alertConfigurationType = `${PERMANENT}AlertConfiguration`;
    await send("PATCH", configuration, { properties: { alertConfigurationType } });
    assert.ok(Date.parse(await at()) >= Date.parse(before) + 300_000);
  });

  it("answers updates with what was changed, or with nothing where that is switched on", async () => {
    const path = `${BASE}/roleManagementAlertConfigurations/${PERMANENT}?${VERSION}`;
    const change = {
      properties: {
        alertConfigurationType: `${PERMANENT}AlertConfiguration`,
        thresholdNumberOfPermanentOwners: 2,
      },
    };
    const { status, body } = await send("PATCH", path, change);
    assert.equal(status, 200);
    assertExactShape(CONFIGURATION, body);
    for (const wrong of [{ thresholdNumberOfPermanentOwners: "2" }, { isEnabled: "no" }]) {
      const properties = { ...change.properties, ...wrong };
      assert.equal((await send("PATCH", path, { properties })).status, 400);
    }
    emulator.control.settings({ armAlertUpdatesAreEmpty: true });
    const dismissal = { properties: { isActive: false } };
    const alert = `${BASE}/roleManagementAlerts/${PERMANENT}?${VERSION}`;
    for (const answer of [await send("PATCH", path, change), await send("PATCH", alert, dismissal)])
      assert.deepEqual([answer.status, answer.body], [204, undefined]);
  });

  it("scans, configures and remediates", async () => {
    await enterOwners();
    const refreshed = await send("POST", `${BASE}/roleManagementAlerts/refresh?${VERSION}`);
    assert.deepEqual([refreshed.status, refreshed.body.status], [202, "Running"]);
    const location = refreshed.headers.get("location")?.replace(emulator.info.arm, "") ?? "";
    assert.equal((await send("GET", location)).body.status, "Succeeded");
    const path = `${BASE}/roleManagementAlerts/AzureRolesAssignedOutsidePimAlert`;
    const { body } = await send("GET", `${path}/alertIncidents?${VERSION}`);
    assert.equal(body.value.length, 11);
    const [incident] = body.value;
    const one = await send("GET", `${path}/alertIncidents/${incident.name}?${VERSION}`);
    assert.equal(one.body.properties.roleDisplayName, "Owner");
    const done = await send("POST", `${path}/alertIncidents/${incident.name}/remediate?${VERSION}`);
    assert.equal(done.status, 204);
    const left = await send("GET", `${BASE}/roleAssignments?api-version=2022-04-01`);
    assert.equal(left.body.value.length, 10);
    const configuration = `${BASE}/roleManagementAlertConfigurations/${PERMANENT}?${VERSION}`;
    const change = { thresholdNumberOfPermanentOwners: 50 };
    assert.equal((await send("PATCH", configuration, { properties: change })).status, 400);
    const alertConfigurationType = `${PERMANENT}AlertConfiguration`;
    await send("PATCH", configuration, { properties: { alertConfigurationType, ...change } });
    await send("POST", `${BASE}/roleManagementAlerts/${PERMANENT}/refresh?${VERSION}`);
    const after = await send("GET", `${BASE}/roleManagementAlerts/${PERMANENT}?${VERSION}`);
    assert.equal(after.body.properties.isActive, false);
    assert.equal(
      after.body.properties.alertConfiguration.properties.thresholdNumberOfPermanentOwners,
      50,
    );
  });

  it("says what a role assignment would be refused for", async () => {
    const validate = async (role: string) => {
      const path = `${BASE}/roleAssignments/05c5a614-a7d6-4502-b150-c2fb455033ff/validate`;
      const [principalId] = await people();
      const roleDefinitionId = `${BASE}/roleDefinitions/${role}`;
      return (
        await send("POST", `${path}?api-version=2020-10-01`, {
          properties: { roleDefinitionId, principalId },
        })
      ).body;
    };
    assert.deepEqual(await validate(OWNER), { isValid: true });
    const refused = await validate("0b5fe924-9a61-425c-96af-cfe6e287ca2d");
    assert.equal(refused.isValid, false);
    assert.match(refused.errorInfo.message, /0b5fe924/);
    const rows = await send("GET", `${BASE}/roleAssignments?api-version=2022-04-01`);
    assert.deepEqual(rows.body.value, []);
  });

  it("tells locations, and the tree as entities", async () => {
    const places = await send("GET", `${SCOPE}/locations?api-version=2022-12-01`);
    assert.equal(places.body.value[0].name, "westeurope");
    const path = "/providers/Microsoft.Management/getEntities?api-version=2020-05-01";
    const { body } = await send("POST", path);
    const mine = body.value.find((entity: { id: string }) => entity.id === SCOPE);
    assert.deepEqual(mine.properties.parentDisplayNameChain, ["Tenant Root Group"]);
  });

  async function people(): Promise<string[]> {
    const graph = await clientOf(emulator);
    const { body } = await graph("GET", "/v1.0/users?$select=id");
    return body.value.map((user: { id: string }) => user.id);
  }

  async function enterOwners(): Promise<void> {
    const ids = (await people()).slice(0, 11);
    emulator.control.seed({
      azureRoleAssignments: ids.map((principalId) => ({
        principalId,
        roleDefinitionId: "Owner",
        scope: SCOPE,
      })),
    });
  }
});
