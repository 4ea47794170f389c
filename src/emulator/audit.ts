import type { Caller } from "./api";
import type { PimRequest } from "./pim/grant";
import type { Tenant } from "./tenant";

/** A row of the directory audit log, in the words of Microsoft's activity list. */
export interface AuditRow {
  id: string;
  at: number;
  activityDisplayName: string;
  category: "RoleManagement" | "GroupManagement" | "ResourceManagement";
  result: "success" | "failure";
  resultReason: string | null;
  correlationId: string;
  initiatedBy: Pick<Caller, "kind" | "id"> | "PIM";
  roleId: string | null;
  roleName: string | null;
  principalId: string | null;
  requestId: string | null;
  startAt: number | null;
  endAt: number | null;
  ticket: PimRequest["ticket"] | null;
}

/** The parts of an audit row that its writer decides. */
export type AuditEntry = Partial<AuditRow> & Pick<AuditRow, "activityDisplayName" | "initiatedBy">;

/** Adds a row to the tenant's audit log. */
export function writeAudit(tenant: Tenant, entry: AuditEntry): void {
  tenant.audits.push({
    category: "RoleManagement",
    result: "success",
    resultReason: null,
    roleId: null,
    roleName: null,
    principalId: null,
    requestId: null,
    startAt: null,
    endAt: null,
    ticket: null,
    ...entry,
    id: `PIM_${tenant.newId()}_${tenant.audits.length}`,
    at: entry.at ?? tenant.clock.now(),
    correlationId: entry.correlationId ?? tenant.newId(),
  });
}

/** Names of the pair "requested" and "completed" for a request; completed is absent while it waits. */
export function activityNames(request: PimRequest): { requested: string; completed?: string } {
  const length = request.window?.endAt === null ? "permanent" : "timebound";
  const member = request.kind === "eligible" ? "eligible member" : "member";
  switch (request.action) {
    case "adminAssign":
    case "adminUpdate":
      return pair(
        `Add ${member} to role in PIM requested (${length})`,
        `Add ${member} to role in PIM completed (${length})`,
      );
    case "adminRenew":
      return pair(
        `Add ${member} to role in PIM requested (renew)`,
        `Add ${member} to role in PIM completed (${length})`,
      );
    case "adminExtend":
      return pair(
        `Update ${member === "member" ? "member" : member} in PIM requested (extend)`,
        `Add ${member} to role in PIM completed (${length})`,
      );
    case "adminRemove":
      return pair(
        `Remove ${member} from role in PIM requested (permanent)`,
        `Remove ${member} from role in PIM completed (permanent)`,
      );
    case "selfActivate":
      return request.approval === null
        ? pair(
            "Add member to role requested (PIM activation)",
            "Add member to role completed (PIM activation)",
          )
        : { requested: "Add member to role approval requested (PIM activation)" };
    case "selfDeactivate":
      return pair(
        "Remove member from role requested (PIM deactivate)",
        "Remove member from role completed (PIM deactivate)",
      );
    default:
      return { requested: `Update ${member} in PIM requested (extend)` };
  }
}

function pair(requested: string, completed: string): { requested: string; completed: string } {
  return { requested, completed };
}
