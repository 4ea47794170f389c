import type { Caller } from "../api";
import { type AuditEntry, type AuditRow, activityNames, writeAudit } from "../audit";
import { ServiceError } from "../errors";
import { type Notice, sendMails } from "../mails";
import type { Tenant } from "../tenant";
import type { BookEvents } from "./book";
import type { PimRequest, Schedule, Tuple } from "./grant";
import type { PolicyRules } from "./policy-rules";
import type { PimSurface } from "./surface";

/** How one surface speaks of its roles in audit rows and mails. */
export interface Voice {
  category: AuditRow["category"];
  /** Role of an audit row. */
  roleId(tuple: Tuple): string;
  /** Name of the role in audit rows, where they have one. */
  roleName(tuple: Tuple): string | null;
  /** What mails call it. */
  title(tuple: Tuple): string;
  rules(tuple: Tuple): PolicyRules;
  /** Object ids of the people who decide about a request. */
  approvers(request: PimRequest): readonly string[];
}

/** Tells of accepted and refused requests: audit rows, and the mails of the role's notification rules. */
export function reporting(
  tenant: Tenant,
  voice: Voice,
): Pick<PimSurface, "accepted" | "refused" | "decided"> {
  return {
    accepted: (request, caller) => {
      const names = activityNames(request);
      const entry = { ...entryOf(voice, request, caller), correlationId: tenant.newId() };
      writeAudit(tenant, { ...entry, activityDisplayName: names.requested });
      if (names.completed !== undefined)
        writeAudit(tenant, { ...entry, activityDisplayName: names.completed });
      mailAbout(tenant, voice, request);
    },
    refused: (request, caller, error) =>
      writeAudit(tenant, {
        ...entryOf(voice, request, caller),
        activityDisplayName: activityNames(request).requested,
        result: "failure",
        resultReason: error instanceof ServiceError ? `${error.code}: ${error.message}` : null,
      }),
    decided: (request, caller) => {
      const { result, justification } = request.approval ?? {};
      writeAudit(tenant, {
        ...aboutRow(voice, request),
        requestId: request.id,
        activityDisplayName: `Add member to role request ${result === "Approve" ? "approved" : "denied"} (PIM activation)`,
        initiatedBy: { kind: caller.kind, id: caller.id },
        resultReason: justification ?? null,
        ticket: request.ticket,
      });
      if (result !== "Approve") return;
      writeAudit(tenant, {
        ...aboutRow(voice, request),
        requestId: request.id,
        activityDisplayName: "Add member to role completed (PIM activation)",
        initiatedBy: "PIM",
      });
    },
  };
}

/** Tells of what ends or lapses as the clock runs. */
export function clockReporting(
  tenant: Tenant,
  voice: Voice,
): Pick<BookEvents, "timedOut"> & { expired(row: Schedule, failure?: string): void } {
  return {
    timedOut: (request) =>
      writeAudit(tenant, {
        ...aboutRow(voice, request),
        activityDisplayName: "PIM activation request expired",
        initiatedBy: "PIM",
        requestId: request.id,
      }),
    expired: (row, failure) =>
      writeAudit(tenant, {
        ...aboutRow(voice, row),
        activityDisplayName: expiryName(row),
        initiatedBy: "PIM",
        ...(failure === undefined
          ? { requestId: row.createdUsing, endAt: row.window?.endAt ?? null }
          : { result: "failure" as const, resultReason: failure }),
      }),
  };
}

function expiryName(row: Schedule): string {
  if (row.assignmentType === "Activated") return "Remove member from role (PIM activation expired)";
  const member = row.kind === "eligible" ? "eligible member" : "member";
  return `Remove ${member} from role in PIM completed (timebound)`;
}

function aboutRow(voice: Voice, tuple: Tuple) {
  return {
    category: voice.category,
    roleId: voice.roleId(tuple),
    principalId: tuple.principalId,
  };
}

function entryOf(
  voice: Voice,
  request: PimRequest,
  caller: Pick<Caller, "kind" | "id">,
): Omit<AuditEntry, "activityDisplayName"> {
  return {
    ...aboutRow(voice, request),
    initiatedBy: { kind: caller.kind, id: caller.id },
    resultReason: request.justification,
    roleName: voice.roleName(request),
    requestId: request.id,
    startAt: request.window?.startAt ?? null,
    endAt: request.window?.endAt ?? null,
    ticket: request.ticket,
  };
}

function mailAbout(tenant: Tenant, voice: Voice, request: PimRequest): void {
  const event = eventOf(request);
  if (event === undefined) return;
  sendMails(tenant, {
    event,
    kind: request.kind,
    rules: voice.rules(request),
    role: voice.title(request),
    principalId: request.principalId,
    requestId: request.id,
    approvers: voice.approvers(request),
  });
}

function eventOf(request: PimRequest): Notice["event"] | undefined {
  if (request.action === "selfActivate")
    return request.approval === null ? "activated" : "approvalRequested";
  if (request.approval !== null) return "extensionRequested";
  if (!["adminAssign", "adminUpdate", "adminExtend", "adminRenew"].includes(request.action))
    return undefined;
  return request.kind === "eligible" ? "eligibleAssigned" : "activeAssigned";
}
