import type { Call } from "../api";
import { readTime } from "../clock";
import type { EntitySet } from "../respond";
import type { Json } from "../schema";
import type { Alert } from "./alert-book";
import type { Incident } from "./incidents";

/** Base path of alerts. */
export const ALERTS_PATH = "identityGovernance/roleManagementAlerts";

const SCOPE = { scopeId: "/", scopeType: "DirectoryRole" };
const FILTERS = { id: "eq", scopeId: "eq", scopeType: "eq" };
// What never happened says so with the least instant of .NET, shifted by eight hours (reference samples).
const NEVER = "0001-01-01T08:00:00Z";

/** Alerts. */
export const ALERT_SET: EntitySet<Alert> = {
  context: `${ALERTS_PATH}/alerts`,
  type: "unifiedRoleManagementAlert",
  service: "pim",
  toWire: (alert, call) => ({
    id: idOf(alert, call),
    alertDefinitionId: idOf(alert, call),
    ...SCOPE,
    incidentCount: alert.incidents.length,
    isActive: isActive(alert),
    lastModifiedDateTime: alert.modifiedAt === null ? NEVER : readTime(alert.modifiedAt),
    lastScannedDateTime: readTime(alert.scannedAt),
    // Not sent: for the filter on it only.
    alertConfiguration: { isEnabled: alert.isEnabled },
  }),
  filter: { ...FILTERS, isActive: "eq", "alertConfiguration/isEnabled": "eq" },
  expand: {
    alertConfiguration: (alert, call) => configurationToWire(alert, call),
    alertDefinition: (alert, call) => definitionToWire(alert, call),
    alertIncidents: (alert) => alert.incidents.map((incident) => incidentToWire(alert, incident)),
  },
  contained: ["alertIncidents"],
};

/** What alerts are. */
export const DEFINITION_SET: EntitySet<Alert> = {
  context: `${ALERTS_PATH}/alertDefinitions`,
  type: "unifiedRoleManagementAlertDefinition",
  service: "pim",
  toWire: definitionToWire,
  filter: FILTERS,
};

/** Whether and from when alerts are raised. */
export const CONFIGURATION_SET: EntitySet<Alert> = {
  context: `${ALERTS_PATH}/alertConfigurations`,
  type: "unifiedRoleManagementAlertConfiguration",
  service: "pim",
  toWire: configurationToWire,
  filter: { ...FILTERS, isEnabled: "eq" },
  expand: { alertDefinition: (alert, call) => definitionToWire(alert, call) },
};

/** What an alert found. */
export function incidentSet(alert: Alert, call: Call): EntitySet<Incident> {
  return {
    context: `${ALERTS_PATH}/alerts('${idOf(alert, call)}')/alertIncidents`,
    type: "unifiedRoleManagementAlertIncident",
    service: "pim",
    toWire: (incident) => incidentToWire(alert, incident),
    filter: { id: "eq" },
  };
}

function isActive(alert: Alert): boolean {
  return alert.incidents.length > 0 && !alert.isDismissed;
}

function idOf(alert: Alert, call: Call): string {
  return call.tenant.alerts.idOf(alert.facts.kind);
}

function definitionToWire(alert: Alert, call: Call): Json {
  const { kind: _, type: __, thresholds, isRemediatable, ...texts } = alert.facts;
  const isConfigurable = Object.keys(thresholds).length > 0;
  return { id: idOf(alert, call), ...SCOPE, ...texts, isRemediatable, isConfigurable };
}

function configurationToWire(alert: Alert, call: Call): Json {
  return {
    "@odata.type": `#microsoft.graph.${alert.facts.type}Configuration`,
    id: idOf(alert, call),
    alertDefinitionId: idOf(alert, call),
    ...SCOPE,
    isEnabled: alert.isEnabled,
    ...alert.thresholds,
  };
}

function incidentToWire(alert: Alert, { wire }: Incident): Json {
  return { "@odata.type": `#microsoft.graph.${alert.facts.type}Incident`, ...wire };
}
