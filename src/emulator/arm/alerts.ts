import { noContent, type Operation, ok, param, type Reply } from "../api";
import type { Json } from "../schema";
import { ACTIONS, authorize } from "./access";
import { type AzureAlert, type AzureIncident, alertTypeOf } from "./alert-book";
import { type AlertScan, scanStarted, scanToWire } from "./alert-scans";
import { type ArmCall, atScope, listReply, propertiesOf, type ResourceType } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { idOf, offsetInstant } from "./wire";

const TYPE: ResourceType = {
  name: "roleManagementAlerts",
  versions: ["2022-08-01-preview", "2022-04-01-preview"],
};

/** What one revision of the interface calls the collections. */
interface Names {
  alerts: string;
  definitions: string;
  configurations: string;
  operations: string;
}

// The older one first: its names begin with what the other calls the alerts.
const REVISIONS: readonly Names[] = [
  {
    alerts: "roleManagementAlerts/alerts",
    definitions: "roleManagementAlerts/alertDefinitions",
    configurations: "roleManagementAlerts/alertConfigurations",
    operations: "roleManagementAlerts/alertOperations",
  },
  {
    alerts: "roleManagementAlerts",
    definitions: "roleManagementAlertDefinitions",
    configurations: "roleManagementAlertConfigurations",
    operations: "roleManagementAlertOperations",
  },
];

/** Alerts of Azure roles, at every scope. */
export const azureAlertOperations: readonly Operation[] = REVISIONS.flatMap(operations);

function operations(names: Names): Operation[] {
  const { alerts, definitions, configurations } = names;
  return [
    ...collection(definitions, (arm, alert) => definitionToWire(arm, alert, names)),
    ...collection(configurations, (arm, alert) => configurationToWire(arm, alert, names)),
    ...atScope("PATCH", `${configurations}/{alert}`, TYPE, (arm) => configure(arm, names)),
    ...atScope("GET", names.operations, TYPE, listScans),
    ...atScope("GET", `${names.operations}/{operation}`, TYPE, (arm) =>
      ok(scanToWire(arm, scanOf(arm), "Succeeded")),
    ),
    ...collection(alerts, (arm, alert) => alertToWire(arm, alert, names)),
    ...atScope("PATCH", `${alerts}/{alert}`, TYPE, (arm) => dismiss(arm, names)),
    ...atScope("POST", `${alerts}/refresh`, TYPE, (arm) => refreshAll(arm, names)),
    ...atScope("POST", `${alerts}/{alert}/refresh`, TYPE, (arm) => refresh(arm, names)),
    ...incidents(names),
  ];
}

function incidents(names: Names): Operation[] {
  const path = `${names.alerts}/{alert}/alertIncidents`;
  return [
    ...atScope("GET", path, TYPE, (arm) => {
      const alert = alertOf(arm, ACTIONS.readPolicies);
      return pageOf(
        arm,
        alert.incidents.map((incident) => incidentToWire(arm, alert, incident, names)),
      );
    }),
    ...atScope("GET", `${path}/{incident}`, TYPE, (arm) => {
      const alert = alertOf(arm, ACTIONS.readPolicies);
      return ok(incidentToWire(arm, alert, incidentOf(arm, alert), names));
    }),
    ...atScope("POST", `${path}/{incident}/remediate`, TYPE, remediate),
  ];
}

type ToWire = (arm: ArmCall, alert: AzureAlert) => Json;

function collection(path: string, toWire: ToWire): Operation[] {
  return [
    ...atScope("GET", path, TYPE, (arm) => {
      authorize(arm.call.tenant, arm.call.caller, ACTIONS.readPolicies, arm.scope.id);
      const alerts = arm.call.tenant.arm.alerts.at(arm.scope.id);
      return pageOf(
        arm,
        alerts.map((alert) => toWire(arm, alert)),
      );
    }),
    ...atScope("GET", `${path}/{alert}`, TYPE, (arm) =>
      ok(toWire(arm, alertOf(arm, ACTIONS.readPolicies))),
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

function scansAt(arm: ArmCall): AlertScan[] {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.readPolicies, arm.scope.id);
  return tenant.arm.alerts.scans.filter((scan) => scan.scopeId === arm.scope.id);
}

function scanOf(arm: ArmCall): AlertScan {
  const id = param(arm.call, "operation").toLowerCase();
  const found = scansAt(arm).find((scan) => scan.id === id);
  if (found === undefined) throw refuseArm.resourceNotFound(id);
  return found;
}

function listScans(arm: ArmCall): Reply {
  return pageOf(
    arm,
    scansAt(arm).map((scan) => scanToWire(arm, scan, "Succeeded")),
  );
}

function dismiss(arm: ArmCall, names: Names): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  if (propertiesOf(arm.call).get("isactive") !== false)
    throw refuseArm.invalidContent("An alert can be dismissed only: isActive must be false.");
  alert.isDismissed = true;
  return updated(arm, alertToWire(arm, alert, names));
}

// One revision of the interface answers with what was changed, the next with nothing.
function updated(arm: ArmCall, body: Json): Reply {
  return arm.call.tenant.settings.armAlertUpdatesAreEmpty ? noContent() : ok(body);
}

function refresh(arm: ArmCall, names: Names): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  return scanStarted(arm, [alert], names.operations, alert.facts.id);
}

function refreshAll(arm: ArmCall, names: Names): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.writePolicies, arm.scope.id);
  return scanStarted(arm, tenant.arm.alerts.at(arm.scope.id), names.operations, null);
}

function configure(arm: ArmCall, names: Names): Reply {
  const alert = alertOf(arm, ACTIONS.writePolicies);
  const properties = propertiesOf(arm.call);
  const type = `${alertTypeOf(alert.facts)}Configuration`;
  if (properties.get("alertconfigurationtype") !== type)
    throw refuseArm.invalidContent(`alertConfigurationType must be ${type}.`);
  const thresholds = readThresholds(alert, properties);
  const isEnabled = properties.get("isenabled") ?? alert.isEnabled;
  if (typeof isEnabled !== "boolean")
    throw refuseArm.invalidContent("The value of 'isEnabled' must be a boolean.");
  Object.assign(alert, { thresholds, isEnabled, modifiedAt: arm.call.tenant.clock.now() });
  return updated(arm, configurationToWire(arm, alert, names));
}

function readThresholds(
  alert: AzureAlert,
  properties: ReadonlyMap<string, unknown>,
): Record<string, number> {
  const read = Object.entries(alert.thresholds).map(([member, before]) => {
    const value = properties.get(member.toLowerCase()) ?? before;
    if (!Number.isInteger(value))
      throw refuseArm.invalidContent(`The value of '${member}' must be a whole number.`);
    return [member, Number(value)] as const;
  });
  return Object.fromEntries(read);
}

// Remediating really ends the assignment.
function remediate(arm: ArmCall): Reply {
  const alert = alertOf(arm, ACTIONS.writeAssignments);
  const incident = incidentOf(arm, alert);
  for (const row of incident.rows) arm.call.tenant.arm.pim.end(row);
  alert.incidents = alert.incidents.filter((other) => other !== incident);
  return noContent();
}

function alertToWire(arm: ArmCall, alert: AzureAlert, names: Names): Json {
  return wireOf(arm, names.alerts, alert.facts.id, {
    scope: shortScope(alert),
    isActive: alert.incidents.length > 0 && !alert.isDismissed,
    incidentCount: alert.incidents.length,
    lastModifiedDateTime: offsetInstant(alert.modifiedAt),
    lastScannedDateTime: offsetInstant(alert.scannedAt),
    alertDefinition: definitionToWire(arm, alert, names),
    alertIncidents: alert.incidents.map((incident) => incidentToWire(arm, alert, incident, names)),
    alertConfiguration: configurationToWire(arm, alert, names),
  });
}

function definitionToWire(arm: ArmCall, alert: AzureAlert, names: Names): Json {
  const { id, thresholds, ...texts } = alert.facts;
  const isConfigurable = Object.keys(thresholds).length > 0;
  return wireOf(arm, names.definitions, id, {
    ...texts,
    scope: shortScope(alert),
    isConfigurable,
  });
}

function configurationToWire(arm: ArmCall, alert: AzureAlert, names: Names): Json {
  return wireOf(arm, names.configurations, alert.facts.id, {
    alertConfigurationType: `${alertTypeOf(alert.facts)}Configuration`,
    alertDefinitionId: alert.facts.id,
    scope: shortScope(alert),
    isEnabled: alert.isEnabled,
    ...alert.thresholds,
  });
}

// Both revisions call the type the same.
function incidentToWire(
  arm: ArmCall,
  alert: AzureAlert,
  incident: AzureIncident,
  names: Names,
): Json {
  return {
    properties: incident.properties,
    name: incident.name,
    type: "Microsoft.Authorization/roleManagementAlerts/alertIncidents",
    id: `${idOf(arm.scope.id, names.alerts, alert.facts.id)}/alertIncidents/${incident.name}`,
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
