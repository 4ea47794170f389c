import { activityNames, writeAudit } from "../audit";
import { ServiceError } from "../errors";
import { guidOf } from "../ids";
import { type Notice, sendMails } from "../mails";
import { approversOf } from "../pim/approvers";
import type { BookEvents } from "../pim/book";
import type { PimRequest, Schedule, Tuple } from "../pim/grant";
import type { PolicyRules } from "../pim/policy-rules";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import { ACTIONS, holdsAction, principalsOf } from "./access";

/** What happens around the assignments of Azure roles as the clock runs. */
export function azureEvents(tenant: Tenant): BookEvents {
  return {
    started: () => {},
    ended: (row, expired) => {
      if (expired) auditExpiry(tenant, row);
    },
    mayExpire: () => true,
    timedOut: (request) =>
      writeAudit(tenant, {
        activityDisplayName: "PIM activation request expired",
        category: "ResourceManagement",
        initiatedBy: "PIM",
        roleId: request.roleId,
        principalId: request.principalId,
        requestId: request.id,
      }),
  };
}

/** PIM of Azure roles: what differs from the other surfaces. `name` is the guid that the client gave its request. */
export function azureSurface(
  tenant: Tenant,
  name: string,
  linkedId: string | null = null,
): PimSurface {
  return {
    book: tenant.arm.pim,
    now: () => tenant.clock.now(),
    newId: () => name,
    rules: (request) => azureRules(tenant, request),
    scheduleId: (request) => guidOf(`schedule ${request.id}`),
    eligibilities: (request) =>
      eligibilities(tenant, request).filter((row) => linkedId === null || row.id === linkedId),
    checkEnd: () => {},
    accepted: (request, caller) => {
      const names = activityNames(request);
      const entry = { ...auditEntry(tenant, request, caller), correlationId: tenant.newId() };
      writeAudit(tenant, { ...entry, activityDisplayName: names.requested });
      if (names.completed !== undefined)
        writeAudit(tenant, { ...entry, activityDisplayName: names.completed });
      mailAbout(tenant, request);
    },
    refused: (request, caller, error) =>
      writeAudit(tenant, {
        ...auditEntry(tenant, request, caller),
        activityDisplayName: activityNames(request).requested,
        result: "failure",
        resultReason: error instanceof ServiceError ? `${error.code}: ${error.message}` : null,
      }),
  };
}

/** Rules that apply to a role at a scope: its own there, never those of a scope above. */
export function azureRules(tenant: Tenant, tuple: Tuple): PolicyRules {
  return tenant.arm.policies.current(tuple.scopeId, tuple.roleId).rules;
}

/** Whether a person may decide about a request: one whom the policy names, or an administrator of the scope about a longer end. */
export function mayDecideAzure(tenant: Tenant, request: PimRequest, userId: string): boolean {
  if (userId === request.principalId || userId === request.createdBy.id) return false;
  if (request.action !== "selfActivate")
    return holdsAction(tenant, userId, ACTIONS.writeAssignments, request.scopeId);
  return approversOf(tenant, azureRules(tenant, request), []).includes(userId);
}

// An eligibility of one's own or of a group, at the scope or above it.
function eligibilities(tenant: Tenant, request: PimRequest): Schedule[] {
  const lineage = tenant.arm.tree.lineage(request.scopeId);
  const { eligible } = tenant.arm.pim.schedules;
  return principalsOf(tenant, request.principalId)
    .flatMap((id) => [...eligible.by("principalId", id)])
    .filter((row) => row.roleId === request.roleId && lineage.includes(row.scopeId.toLowerCase()))
    .filter((row) => (row.window?.startAt ?? 0) <= (request.window?.startAt ?? tenant.clock.now()));
}

function auditEntry(
  tenant: Tenant,
  request: PimRequest,
  caller: { kind: "app" | "user"; id: string },
) {
  return {
    category: "ResourceManagement" as const,
    initiatedBy: { kind: caller.kind, id: caller.id },
    resultReason: request.justification,
    roleId: request.roleId,
    roleName: tenant.arm.catalog.roles.get(request.roleId)?.roleName ?? null,
    principalId: request.principalId,
    requestId: request.id,
    startAt: request.window?.startAt ?? null,
    endAt: request.window?.endAt ?? null,
    ticket: request.ticket,
  };
}

function auditExpiry(tenant: Tenant, row: Schedule): void {
  const member = row.kind === "eligible" ? "eligible member" : "member";
  writeAudit(tenant, {
    activityDisplayName:
      row.assignmentType === "Activated"
        ? "Remove member from role (PIM activation expired)"
        : `Remove ${member} from role in PIM completed (timebound)`,
    category: "ResourceManagement",
    initiatedBy: "PIM",
    roleId: row.roleId,
    principalId: row.principalId,
    requestId: row.createdUsing,
    endAt: row.window?.endAt ?? null,
  });
}

function mailAbout(tenant: Tenant, request: PimRequest): void {
  const event = eventOf(request);
  if (event === undefined) return;
  const rules = azureRules(tenant, request);
  sendMails(tenant, {
    event,
    rules,
    role: tenant.arm.catalog.roles.get(request.roleId)?.roleName ?? request.roleId,
    principalId: request.principalId,
    requestId: request.id,
    approvers: approversOf(tenant, rules, []),
  });
}

function eventOf(request: PimRequest): Notice["event"] | undefined {
  if (request.approval !== null) return "approvalRequested";
  if (request.action === "selfActivate") return "activated";
  if (!["adminAssign", "adminUpdate", "adminExtend", "adminRenew"].includes(request.action))
    return undefined;
  return request.kind === "eligible" ? "eligibleAssigned" : "activeAssigned";
}
