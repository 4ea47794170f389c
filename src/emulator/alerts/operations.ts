import { type Call, noContent, type Operation, objectBody, ok, param, type Reply } from "../api";
import { writeAudit } from "../audit";
import { readTime } from "../clock";
import { refuse } from "../errors";
import { fixedValues } from "../odata-filter";
import { PERMISSIONS } from "../permissions";
import { changedPolicy } from "../pim/policy-change";
import { ruleOf } from "../pim/policy-rules";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import { directorySurface } from "../roles/directory-surface";
import { readAs } from "../schema";
import type { Alert } from "./alert-book";
import {
  ALERT_SET,
  ALERTS_PATH,
  CONFIGURATION_SET,
  DEFINITION_SET,
  incidentSet,
} from "./alert-wire";
import type { Incident } from "./incidents";

const PATH = `/${ALERTS_PATH}`;

/** Alerts of directory roles: beta only. They are neither made nor deleted. */
export const alertOperations: readonly Operation[] = (
  [
    get("alerts", (call) => listOf(call, ALERT_SET)),
    get("alerts/{id}", (call) => entity(call, ALERT_SET, alertOf(call))),
    change("PATCH", "alerts/{id}", dismiss),
    change("POST", "alerts/refresh", refreshAll),
    change("POST", "alerts/{id}/refresh", refresh),
    get("alerts/{id}/alertDefinition", (call) => entity(call, DEFINITION_SET, alertOf(call))),
    get("alerts/{id}/alertConfiguration", (call) => entity(call, CONFIGURATION_SET, alertOf(call))),
    get("alerts/{id}/alertConfiguration/alertDefinition", (call) =>
      entity(call, DEFINITION_SET, alertOf(call)),
    ),
    get("alerts/{id}/alertIncidents", listIncidents),
    get("alerts/{id}/alertIncidents/{incident}", getIncident),
    change("POST", "alerts/{id}/alertIncidents/{incident}/remediate", remediate),
    // The reference's own sample calls it so.
    change("POST", "alerts/{id}/incident/{incident}/remediate", remediate),
    get("alertDefinitions", (call) => listOf(call, DEFINITION_SET)),
    get("alertDefinitions/{id}", (call) => entity(call, DEFINITION_SET, alertOf(call))),
    get("alertConfigurations", (call) => listOf(call, CONFIGURATION_SET)),
    get("alertConfigurations/{id}", (call) => entity(call, CONFIGURATION_SET, alertOf(call))),
    get("alertConfigurations/{id}/alertDefinition", (call) =>
      entity(call, DEFINITION_SET, alertOf(call)),
    ),
    change("PATCH", "alertConfigurations/{id}", configure),
    get("operations/{id}", getOperation),
  ] as const
).map((operation) => ({ ...operation, versions: ["beta"] }));

function get(path: string, run: Operation["run"]): Operation {
  return { method: "GET", path: `${PATH}/${path}`, permission: PERMISSIONS.alertsRead, run };
}

function change(method: "PATCH" | "POST", path: string, run: Operation["run"]): Operation {
  return { method, path: `${PATH}/${path}`, permission: PERMISSIONS.alertsWrite, run };
}

// Lists want the scope and its type, both.
function listOf(call: Call, set: EntitySet<Alert>): Reply {
  const fixed = fixedValues(call.query.filter);
  checkScope(fixed.get("scopeId"), fixed.get("scopeType"));
  return list(call, set, sourceOf(orderedFor(set, call.tenant.alerts.all())));
}

// Definitions by name; else what somebody should look at comes first, and as the samples have it, Global Administrators.
function orderedFor(set: EntitySet<Alert>, alerts: readonly Alert[]): readonly Alert[] {
  if (set === DEFINITION_SET) return alerts;
  const reversed = [...alerts].reverse();
  if (set === CONFIGURATION_SET) return reversed;
  return [...reversed.filter(isRaised), ...alerts.filter((alert) => !isRaised(alert))];
}

function isRaised(alert: Alert): boolean {
  return alert.incidents.length > 0;
}

function checkScope(scopeId: unknown, scopeType: unknown): void {
  if (scopeId !== "/" || scopeType !== "DirectoryRole") throw refuse.missingProvider();
}

function alertOf(call: Call): Alert {
  const alert = call.tenant.alerts.byId(param(call, "id"));
  if (alert === undefined) throw refuse.scheduleNotFound();
  return alert;
}

function dismiss(call: Call): Reply {
  const alert = alertOf(call);
  const body = readAs(call.version, "unifiedRoleManagementAlert", objectBody(call));
  if (body["isActive"] !== false) throw refuse.badRequest("An alert can be dismissed only.");
  alert.isDismissed = true;
  audit(call, "Resolve PIM alert");
  return noContent();
}

function refresh(call: Call): Reply {
  const alert = alertOf(call);
  call.tenant.alerts.scan(alert);
  audit(call, "Refresh PIM alert");
  return started(call, call.tenant.alerts.idOf(alert.facts.kind));
}

function refreshAll(call: Call): Reply {
  const { scopeId, scopeType } = objectBody(call);
  checkScope(scopeId, scopeType);
  for (const alert of call.tenant.alerts.all()) call.tenant.alerts.scan(alert);
  audit(call, "Refresh PIM alert");
  return started(call, `DirectoryRole_${call.tenant.id}`);
}

function started(call: Call, id: string): Reply {
  const location = `${call.origin}/${call.version}${PATH}/operations/refresh:${id}`;
  return { status: 202, headers: { location } };
}

// A scan is done before its request is answered.
function getOperation(call: Call): Reply {
  const id = param(call, "id");
  const { alerts } = call.tenant;
  const named = id.replace(/^refresh:/, "");
  const alert = alerts.byId(named);
  const isAll = named === `DirectoryRole_${call.tenant.id}`;
  if (!id.startsWith("refresh:") || (alert === undefined && !isAll))
    throw refuse.scheduleNotFound();
  const at = readTime(alert?.scannedAt ?? Math.max(...alerts.all().map((one) => one.scannedAt)));
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${ALERTS_PATH}/operations/$entity`,
    id,
    createdDateTime: at,
    lastActionDateTime: at,
    resourceLocation: `${call.origin}/${call.version}${PATH}/alerts${isAll ? "" : `/${named}`}`,
    status: "succeeded",
    statusDetail: null,
  });
}

function listIncidents(call: Call): Reply {
  const alert = alertOf(call);
  return list(call, incidentSet(alert, call), sourceOf(alert.incidents));
}

function incidentOf(call: Call, alert: Alert): Incident {
  const found = alert.incidents.find(({ wire }) => wire.id === param(call, "incident"));
  if (found === undefined) throw refuse.scheduleNotFound();
  return found;
}

function getIncident(call: Call): Reply {
  const alert = alertOf(call);
  return entity(call, incidentSet(alert, call), incidentOf(call, alert));
}

// Remediating really ends the assignment, or requires MFA.
function remediate(call: Call): Reply {
  const { tenant, caller } = call;
  const alert = alertOf(call);
  const incident = incidentOf(call, alert);
  if (!alert.facts.isRemediatable) throw refuse.badRequest("The incident cannot be remediated.");
  const { book, checkEnd } = directorySurface(tenant);
  for (const row of incident.rows) checkEnd(row, caller);
  for (const row of incident.rows) book.end(row);
  if (incident.roleId !== undefined) requireMfa(call, incident.roleId);
  alert.incidents = alert.incidents.filter((other) => other !== incident);
  audit(call, "Resolve PIM alert");
  return { status: 200 };
}

function requireMfa(call: Call, roleId: string): void {
  const { tenant } = call;
  const templateId = tenant.roles.definitions.get(roleId)?.templateId ?? roleId;
  const policy = tenant.policies.current("DirectoryRole", "/", templateId);
  const { enabledRules } = ruleOf(policy.rules, "Enablement", "Enablement_EndUser_Assignment");
  const rule = {
    "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",
    id: "Enablement_EndUser_Assignment",
    enabledRules: ["MultiFactorAuthentication", ...enabledRules],
  };
  tenant.policies.replace(changedPolicy(tenant, policy, [rule], "MS-PIM"));
}

// The body has to name the concrete type, whose own members may change.
function configure(call: Call): Reply {
  const alert = alertOf(call);
  const type = `${alert.facts.type}Configuration`;
  const body = objectBody(call);
  const named = String(body["@odata.type"] ?? "").replace(/^#/, "");
  if (named !== `microsoft.graph.${type}`) throw refuse.wrongType("@odata.type", type);
  const read = readAs(call.version, type, { ...body, isEnabled: flagOf(body["isEnabled"]) });
  for (const member of Object.keys(alert.thresholds)) {
    if (read[member] !== undefined) alert.thresholds[member] = read[member];
  }
  if (typeof read["isEnabled"] === "boolean") alert.isEnabled = read["isEnabled"];
  audit(call, "Update PIM alert setting");
  return noContent();
}

// Microsoft's sample sends the flag as a text.
function flagOf(value: unknown): unknown {
  return value === "true" || value === "false" ? value === "true" : (value ?? null);
}

function audit(call: Call, activityDisplayName: string): void {
  const { kind, id } = call.caller;
  writeAudit(call.tenant, { activityDisplayName, initiatedBy: { kind, id } });
}
