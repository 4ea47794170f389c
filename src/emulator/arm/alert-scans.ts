import type { Reply } from "../api";
import type { Json } from "../schema";
import type { AzureAlert } from "./alert-book";
import type { ArmCall } from "./arm-api";
import { longSpelling } from "./scopes";
import { idOf, offsetInstant } from "./wire";

/** A scan that was asked for: of one alert, or of all at a scope. */
export interface AlertScan {
  readonly id: string;
  readonly scopeId: string;
  readonly alertIds: readonly string[];
  /** The one alert; null for all. */
  readonly of: string | null;
  readonly startedAt: number;
}

/** Scans alerts, and answers where to ask how it went; a scan is done before its request is answered. */
export function scanStarted(
  arm: ArmCall,
  alerts: readonly AzureAlert[],
  operations: string,
  of: string | null,
): Reply {
  const { tenant, origin } = arm.call;
  for (const alert of alerts) tenant.arm.alerts.scan(alert);
  const scan: AlertScan = {
    id: tenant.newId(),
    scopeId: arm.scope.id,
    alertIds: alerts.map(({ facts }) => facts.id),
    of,
    startedAt: tenant.clock.now(),
  };
  tenant.arm.alerts.scans.push(scan);
  const location = `${origin}${idOf(arm.scope.id, operations, scan.id)}?api-version=${arm.apiVersion}`;
  return {
    status: 202,
    headers: { location, "retry-after": "1" },
    body: scanToWire(arm, scan, "Running"),
  };
}

/** A scan as an operation. */
export function scanToWire(arm: ArmCall, scan: AlertScan, status: "Running" | "Succeeded"): Json {
  const statusDetail = `Alert scan ${status === "Running" ? "is running" : "has succeeded"}.`;
  const alerts = `${longSpelling(scan.scopeId)}/providers/Microsoft.Authorization/roleManagementAlerts`;
  const at = offsetInstant(scan.startedAt);
  return {
    id: scan.id,
    status,
    // A JSON text inside the JSON, as published.
    statusDetail: JSON.stringify({ result: scan.alertIds.map((name) => ({ name, statusDetail })) }),
    createdDateTime: at,
    lastActionDateTime: at,
    resourceLocation: `${arm.call.origin}${alerts}${scan.of === null ? "" : `/${scan.of}`}?api-version=${arm.apiVersion}`,
  };
}
