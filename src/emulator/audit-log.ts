import { type Call, type Operation, param } from "./api";
import type { AuditRow } from "./audit";
import { readTime } from "./clock";
import { refuse } from "./errors";
import { PERMISSIONS } from "./permissions";
import { type EntitySet, entity, list, sourceOf } from "./respond";
import type { Json } from "./schema";

const PATH = "/auditLogs/directoryAudits";
const RETENTION_MS = 30 * 86_400_000;

/** The audit log of the directory: what PIM wrote in the last 30 days. */
export const auditOperations: readonly Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: PERMISSIONS.auditsRead,
    run: (call) => list(call, AUDIT_SET, sourceOf(rowsOf(call))),
  },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.auditsRead,
    run: (call) => {
      const row = rowsOf(call).find(({ id }) => id === param(call, "id"));
      if (row === undefined) throw refuse.resourceNotFound(param(call, "id"));
      return entity(call, AUDIT_SET, row);
    },
  },
];

const AUDIT_SET: EntitySet<AuditRow> = {
  context: "auditLogs/directoryAudits",
  type: "directoryAudit",
  service: "directory",
  toWire: auditToWire,
  filter: {
    id: "eq",
    activityDateTime: "eq ge le gt lt",
    activityDisplayName: "eq startswith",
    category: "eq",
    correlationId: "eq",
    loggedByService: "eq",
    result: "eq",
    "initiatedBy/user/id": "eq",
    "initiatedBy/user/displayName": "eq",
    "initiatedBy/user/userPrincipalName": "eq startswith",
    "initiatedBy/app/appId": "eq",
    "initiatedBy/app/displayName": "eq",
    targetResources: "any",
  },
};

// Newest first, as the service lists them.
function rowsOf(call: Call): AuditRow[] {
  const since = call.tenant.clock.now() - RETENTION_MS;
  return call.tenant.audits.filter((row) => row.at >= since).reverse();
}

function auditToWire(row: AuditRow, call: Call): Json {
  return {
    id: row.id,
    category: row.category,
    correlationId: row.correlationId,
    result: row.result,
    resultReason: row.resultReason ?? "",
    activityDisplayName: row.activityDisplayName,
    activityDateTime: readTime(row.at),
    loggedByService: "PIM",
    operationType: "",
    initiatedBy: initiator(row, call),
    targetResources: targets(row, call),
    additionalDetails: details(row),
  };
}

function initiator({ initiatedBy }: AuditRow, call: Call): Json {
  if (initiatedBy === "PIM") return { app: null, user: user(null, "Azure AD PIM", null) };
  const value = call.tenant.directory.read(initiatedBy.id)?.value ?? {};
  const { displayName = null, userPrincipalName = null, appId = null } = value as Json;
  if (initiatedBy.kind === "user")
    return { app: null, user: user(initiatedBy.id, displayName, userPrincipalName) };
  const app = {
    appId,
    displayName,
    servicePrincipalId: initiatedBy.id,
    servicePrincipalName: null,
  };
  return { app, user: null };
}

function user(id: string | null, displayName: unknown, userPrincipalName: unknown): Json {
  return { id, displayName, userPrincipalName, ipAddress: null };
}

// In the order seen: the role, the request, whom it is about.
function targets(row: AuditRow, call: Call): Json[] {
  const about = call.tenant.directory.read(row.principalId ?? "");
  const kind = about?.kind ?? "user";
  return [
    ...(row.roleId === null ? [] : [target("Role", row.roleId, row.roleName)]),
    ...(row.requestId === null ? [] : [target("Request", row.requestId, null)]),
    ...(row.principalId === null
      ? []
      : [
          {
            ...target(
              `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
              row.principalId,
              about?.value["displayName"] ?? null,
            ),
            userPrincipalName: about?.value["userPrincipalName"] ?? null,
          },
        ]),
  ];
}

function target(type: string, id: string, displayName: unknown): Json {
  return {
    id,
    displayName,
    type,
    userPrincipalName: null,
    groupType: null,
    modifiedProperties: [],
  };
}

function details(row: AuditRow): Json[] {
  const instant = (ms: number | null) => (ms === null ? null : readTime(ms));
  const values = {
    RoleDefinitionOriginId: row.roleId,
    StartTime: instant(row.startAt),
    ExpirationTime: instant(row.endAt),
    TicketNumber: row.ticket?.number ?? null,
    TicketSystem: row.ticket?.system ?? null,
    RequestId: row.requestId,
  };
  return Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}
