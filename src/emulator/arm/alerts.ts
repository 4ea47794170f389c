import { noContent, type Operation, ok, param, type Reply } from "../api";
import { guidOf } from "../ids";
import type { Json } from "../schema";
import { ACTIONS, authorize } from "./access";
import { type AzureAlert, type AzureIncident, alertTypeOf } from "./alert-book";
import { type ArmCall, atScope, listReply, propertiesOf, type ResourceType } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { idOf } from "./wire";

const NAME = "roleManagementAlerts";
const TYPE: ResourceType = { name: NAME, versions: ["2022-08-01-preview", "2022-04-01-preview"] };

/** Collections beside the alerts, as one revision of the interface calls them and as the other does. */
const DEFINITIONS = ["roleManagementAlertDefinitions", `${NAME}/alertDefinitions`] as const;
const CONFIGURATIONS = [
  "roleManagementAlertConfigurations",
  `${NAME}/alertConfigurations`,
] as const;
const OPERATIONS = ["roleManagementAlertOperations", `${NAME}/alertOperations`] as const;

/** Alerts of Azure roles, at every scope. */
export const azureAlertOperations: readonly Operation[] = [
  ...DEFINITIONS.flatMap((path) => collection(path, definitionToWire)),
  ...CONFIGURATIONS.flatMap((path) => [
    ...collection(path, configurationToWire),
    ...atScope("PATCH", `${path}/{alert}`, TYPE, (arm) => configure(arm, path)),
  ]),
  ...OPERATIONS.flatMap((path) =>
    atScope("GET", `${path}/{operation}`, TYPE, (arm) => {
      authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
      return ok(operationToWire(arm, param(arm.call, "operation"), "Succeeded"));
    }),
  ),
  ...collection(NAME, alertToWire),
  ...atScope("PATCH", `${NAME}/{alert}`, TYPE, dismiss),
  ...atScope("POST", `${NAME}/refresh`, TYPE, refreshAll),
  ...atScope("POST", `${NAME}/{alert}/refresh`, TYPE, refresh),
  ...atScope("GET", `${NAME}/{alert}/alertIncidents`, TYPE, (arm) => {
    const alert = alertOf(arm, ACTIONS.readPolicies);
    return pageOf(
      arm,
      alert.incidents.map((incident) => incidentToWire(arm, alert, incident)),
    );
  }),
  ...atScope("GET", `${NAME}/{alert}/alertIncidents/{incident}`, TYPE, (arm) => {
    const alert = alertOf(arm, ACTIONS.readPolicies);
    return ok(incidentToWire(arm, alert, incidentOf(arm, alert)));
  }),
  ...atScope("POST", `${NAME}/{alert}/alertIncidents/{incident}/remediate`, TYPE, remediate),
];

type ToWire = (arm: ArmCall, alert: AzureAlert, path: string) => Json;

function collection(path: string, toWire: ToWire): Operation[] {
  return [
    ...atScope("GET", path, TYPE, (arm) => {
      authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
      const alerts = arm.call.tenant.arm.alerts.at(arm.scope.id);
      return pageOf(
        arm,
        alerts.map((alert) => toWire(arm, alert, path)),
      );
    }),
    ...atScope("GET", `${path}/{alert}`, TYPE, (arm) =>
      ok(toWire(arm, alertOf(arm, ACTIONS.readPolicies), path)),
    ),
  ];
}

function pageOf(arm: ArmCall, wires: readonly Json[]): Reply {
  return listReply(
    arm.call,
    wires.map((wire, index) => ({ seq: index + 1, wire: () => wire })),
  );
}

function alertOf(arm: ArmCall, action: string): AzureAlert {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, action, arm.scope.id);
  const alert = tenant.arm.alerts.find(arm.scope.id, param(arm.call, "alert"));
  if (alert === undefined) throw refuseArm.resourceNotFound(param(arm.call, "alert"));
  return alert;
}

function incidentOf(arm: ArmCall, alert: AzureAlert): AzureIncident {
  const name = param(arm.call, "incident").toLowerCase();
  const found = alert.incidents.find((incident) => incident.name === name);
  if (found === undefined) throw refuseArm.resourceNotFound(name);
  return found;
}

function dismiss(arm: ArmCall): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  if (propertiesOf(arm.call).get("isactive") !== false)
    throw refuseArm.invalidContent("An alert can be dismissed only: isActive must be false.");
  alert.isDismissed = true;
  return ok(alertToWire(arm, alert));
}

function refresh(arm: ArmCall): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  arm.call.tenant.arm.alerts.scan(alert);
  return started(arm, guidOf(`refresh ${arm.scope.id} ${alert.facts.id}`));
}

function refreshAll(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.writePolicies, arm.scope.id);
  for (const alert of tenant.arm.alerts.at(arm.scope.id)) tenant.arm.alerts.scan(alert);
  return started(arm, guidOf(`refresh ${arm.scope.id}`));
}

function started(arm: ArmCall, id: string): Reply {
  const location = `${arm.call.origin}${idOf(arm.scope.id, OPERATIONS[0], id)}?api-version=${arm.apiVersion}`;
  return { status: 202, headers: { location }, body: operationToWire(arm, id, "Running") };
}

// A scan is done before its request is answered.
function operationToWire(arm: ArmCall, id: string, status: string): Json {
  const at = new Date(arm.call.tenant.clock.now()).toISOString();
  return {
    id,
    status,
    statusDetail: null,
    createdDateTime: at,
    lastActionDateTime: at,
    resourceLocation: `${arm.call.origin}${idOf(arm.scope.id, NAME, "").replace(/\/$/, "")}`,
  };
}

function configure(arm: ArmCall, path: string): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  const properties = propertiesOf(arm.call);
  const type = `${alertTypeOf(alert.facts)}Configuration`;
  if (properties.get("alertconfigurationtype") !== type)
    throw refuseArm.invalidContent(`alertConfigurationType must be ${type}.`);
  for (const member of Object.keys(alert.thresholds)) {
    const value = properties.get(member.toLowerCase());
    if (typeof value === "number") alert.thresholds[member] = value;
  }
  const isEnabled = properties.get("isenabled");
  if (typeof isEnabled === "boolean") alert.isEnabled = isEnabled;
  return ok(configurationToWire(arm, alert, path));
}

// Remediating really ends the assignment.
function remediate(arm: ArmCall): Reply {
  const alert = alertOf(arm, ACTIONS.writeAssignments);
  const incident = incidentOf(arm, alert);
  for (const row of incident.rows) arm.call.tenant.arm.pim.end(row);
  alert.incidents = alert.incidents.filter((other) => other !== incident);
  return noContent();
}

function alertToWire(arm: ArmCall, alert: AzureAlert): Json {
  return wireOf(arm, NAME, alert.facts.id, {
    scope: shortScope(alert),
    isActive: alert.incidents.length > 0 && !alert.isDismissed,
    incidentCount: alert.incidents.length,
    lastModifiedDateTime: new Date(alert.modifiedAt).toISOString(),
    lastScannedDateTime: new Date(alert.scannedAt).toISOString(),
    alertDefinition: definitionToWire(arm, alert, DEFINITIONS[0]),
    alertIncidents: alert.incidents.map((incident) => incidentToWire(arm, alert, incident)),
    alertConfiguration: configurationToWire(arm, alert, CONFIGURATIONS[0]),
  });
}

function definitionToWire(arm: ArmCall, alert: AzureAlert, path: string): Json {
  const { id, thresholds, ...texts } = alert.facts;
  const isConfigurable = Object.keys(thresholds).length > 0;
  return wireOf(arm, path, id, { ...texts, scope: shortScope(alert), isConfigurable });
}

function configurationToWire(arm: ArmCall, alert: AzureAlert, path: string): Json {
  return wireOf(arm, path, alert.facts.id, {
    alertConfigurationType: `${alertTypeOf(alert.facts)}Configuration`,
    alertDefinitionId: alert.facts.id,
    scope: shortScope(alert),
    isEnabled: alert.isEnabled,
    ...alert.thresholds,
  });
}

function incidentToWire(arm: ArmCall, alert: AzureAlert, incident: AzureIncident): Json {
  return {
    properties: incident.properties,
    name: incident.name,
    type: `Microsoft.Authorization/${NAME}/alertIncidents`,
    id: `${idOf(arm.scope.id, NAME, alert.facts.id)}/alertIncidents/${incident.name}`,
  };
}

function wireOf(arm: ArmCall, path: string, name: string, properties: Json): Json {
  return {
    properties,
    name,
    id: idOf(arm.scope.id, path, name),
    type: `Microsoft.Authorization/${path}`,
  };
}

// Alerts tell their scope without the slash before it.
function shortScope(alert: AzureAlert): string {
  return alert.scopeId.replace(/^\//, "");
}
