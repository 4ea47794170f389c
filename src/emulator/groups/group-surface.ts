import { activityNames, writeAudit } from "../audit";
import { refuse, ServiceError } from "../errors";
import { type Notice, sendMails } from "../mails";
import { approversOf } from "../pim/approvers";
import type { PimRequest, Schedule, Tuple } from "../pim/grant";
import type { PolicyRules } from "../pim/policy-rules";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import { groupScheduleId, isOnlyOwner } from "./membership";

/** PIM for Groups: what differs from the other surfaces. */
export function groupSurface(tenant: Tenant): PimSurface {
  return {
    book: tenant.groupPim,
    now: () => tenant.clock.now(),
    newId: tenant.newId,
    rules: (request) => groupRules(tenant, request),
    // Unlike on directory roles, an update always gives the schedule a new id (seen by terraform).
    scheduleId: (request) => groupScheduleId(request, request.id),
    eligibilities: (request) => eligibilities(tenant, request),
    checkEnd: (schedule) => {
      if (isOnlyOwner(tenant, schedule)) throw refuse.lastAdmin();
    },
    accepted: (request, caller) => {
      const names = activityNames(request);
      const correlationId = tenant.newId();
      const entry = { ...auditEntry(request, caller), correlationId };
      writeAudit(tenant, { ...entry, activityDisplayName: names.requested });
      if (names.completed !== undefined)
        writeAudit(tenant, { ...entry, activityDisplayName: names.completed });
      mailAbout(tenant, request);
    },
    refused: (request, caller, error) => {
      writeAudit(tenant, {
        ...auditEntry(request, caller),
        activityDisplayName: activityNames(request).requested,
        result: "failure",
        resultReason: error instanceof ServiceError ? `${error.code}: ${error.message}` : null,
      });
    },
  };
}

/** Rules that apply to one side of a group. */
export function groupRules(tenant: Tenant, tuple: Tuple): PolicyRules {
  return tenant.policies.current("Group", tuple.scopeId, tuple.roleId).rules;
}

/** Whether a person may decide about a request: a named approver, or an administrator where none is named. */
export function mayDecideGroup(tenant: Tenant, request: PimRequest, userId: string): boolean {
  if (userId === request.principalId || userId === request.createdBy.id) return false;
  const defaults = tenant.administrators();
  if (request.action !== "selfActivate") return defaults.includes(userId);
  return approversOf(tenant, groupRules(tenant, request), defaults).includes(userId);
}

// A person may activate what they, or a group they are in, is eligible for.
function eligibilities(tenant: Tenant, request: PimRequest): Schedule[] {
  const groups = tenant.directory.linking(request.principalId, "members");
  const startAt = request.window?.startAt ?? 0;
  return [request.principalId, ...groups].flatMap((principalId) =>
    tenant.groupPim
      .of("eligible", { ...request, principalId })
      .filter((row) => row.status === "Provisioned" || (row.window?.startAt ?? 0) <= startAt),
  );
}

function auditEntry(request: PimRequest, caller: { kind: "app" | "user"; id: string }) {
  return {
    category: "GroupManagement" as const,
    initiatedBy: { kind: caller.kind, id: caller.id },
    resultReason: request.justification,
    roleId: `${request.scopeId}_${request.roleId}`,
    principalId: request.principalId,
    requestId: request.id,
    startAt: request.window?.startAt ?? null,
    endAt: request.window?.endAt ?? null,
    ticket: request.ticket,
  };
}

function mailAbout(tenant: Tenant, request: PimRequest): void {
  const event = eventOf(request);
  if (event === undefined) return;
  const rules = groupRules(tenant, request);
  const group = tenant.directory.groups.get(request.scopeId);
  sendMails(tenant, {
    event,
    rules,
    role: `${String(group?.["displayName"] ?? request.scopeId)} (${request.roleId})`,
    principalId: request.principalId,
    requestId: request.id,
    approvers: approversOf(tenant, rules, tenant.administrators()),
  });
}

function eventOf(request: PimRequest): Notice["event"] | undefined {
  if (request.approval !== null) return "approvalRequested";
  if (request.action === "selfActivate") return "activated";
  if (!["adminAssign", "adminUpdate", "adminExtend", "adminRenew"].includes(request.action))
    return undefined;
  return request.kind === "eligible" ? "eligibleAssigned" : "activeAssigned";
}
