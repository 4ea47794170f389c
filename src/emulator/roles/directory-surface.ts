import { activityNames, writeAudit } from "../audit";
import { refuse, ServiceError } from "../errors";
import { sendMails } from "../mails";
import { approversOf } from "../pim/approvers";
import type { PimRequest, Schedule } from "../pim/grant";
import type { PolicyRules } from "../pim/policy-rules";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import {
  activePrincipals,
  isLastGlobalAdministrator,
  isLastRoleAdministrator,
} from "./directory-book";

/** PIM of directory roles: what differs from the other surfaces. */
export function directorySurface(tenant: Tenant): PimSurface {
  return {
    book: tenant.directoryPim,
    now: () => tenant.clock.now(),
    newId: tenant.newId,
    rules: (request) => rulesOf(tenant, request.roleId),
    scheduleId: (request) => scheduleId(tenant, request),
    eligibilities: (request) => eligibilities(tenant, request),
    checkEnd: (schedule, caller) => {
      const global = tenant.roles.named("Global Administrator");
      const isOwn = caller.id === schedule.principalId && schedule.roleId === global?.id;
      if (isOwn && schedule.kind === "active" && schedule.assignmentType === "Assigned")
        throw refuse.ownGlobalAdministrator();
      if (isLastGlobalAdministrator(tenant, schedule) || isLastRoleAdministrator(tenant, schedule))
        throw refuse.lastAdmin();
    },
    accepted: (request, caller) => {
      const names = activityNames(request);
      const correlationId = tenant.newId();
      const entry = auditEntry(tenant, request, caller);
      writeAudit(tenant, { ...entry, correlationId, activityDisplayName: names.requested });
      if (names.completed !== undefined)
        writeAudit(tenant, { ...entry, correlationId, activityDisplayName: names.completed });
      mailAbout(tenant, request);
    },
    refused: (request, caller, error) => {
      writeAudit(tenant, {
        ...auditEntry(tenant, request, caller),
        activityDisplayName: activityNames(request).requested,
        result: "failure",
        resultReason: error instanceof ServiceError ? `${error.code}: ${error.message}` : null,
      });
    },
  };
}

/** Rules that apply to a role, by its definition id. */
export function rulesOf(tenant: Tenant, roleId: string): PolicyRules {
  const templateId = tenant.roles.definitions.get(roleId)?.templateId ?? roleId;
  return tenant.policies.current("DirectoryRole", "/", templateId).rules;
}

function scheduleId(tenant: Tenant, request: PimRequest): string {
  const old = tenant.directoryPim.assigned(request.kind, request);
  const keeps = tenant.settings.updateKeepsScheduleId && request.action !== "selfActivate";
  return keeps && old !== undefined ? old.id : request.id;
}

// A person may activate what they or a group of theirs is eligible for.
function eligibilities(tenant: Tenant, request: PimRequest): Schedule[] {
  const groups = tenant.directory.linking(request.principalId, "members");
  return [request.principalId, ...groups].flatMap((principalId) =>
    tenant.directoryPim
      .of("eligible", { ...request, principalId })
      .filter(
        (row) =>
          row.status === "Provisioned" ||
          (row.window?.startAt ?? 0) <= (request.window?.startAt ?? 0),
      ),
  );
}

function auditEntry(
  tenant: Tenant,
  request: PimRequest,
  caller: { kind: "app" | "user"; id: string },
) {
  return {
    initiatedBy: { kind: caller.kind, id: caller.id },
    resultReason: request.justification,
    roleId: request.roleId,
    roleName: tenant.roles.definitions.get(request.roleId)?.displayName ?? null,
    principalId: request.principalId,
    requestId: request.id,
    startAt: request.window?.startAt ?? null,
    endAt: request.window?.endAt ?? null,
    ticket: request.ticket,
  };
}

const EVENTS = {
  adminAssign: { eligible: "eligibleAssigned", active: "activeAssigned" },
  adminUpdate: { eligible: "eligibleAssigned", active: "activeAssigned" },
  adminExtend: { eligible: "eligibleAssigned", active: "activeAssigned" },
  adminRenew: { eligible: "eligibleAssigned", active: "activeAssigned" },
  selfActivate: { eligible: "activated", active: "activated" },
} as const;

function mailAbout(tenant: Tenant, request: PimRequest): void {
  const events = EVENTS[request.action as keyof typeof EVENTS];
  if (events === undefined) return;
  const rules = rulesOf(tenant, request.roleId);
  sendMails(tenant, {
    event: request.approval === null ? events[request.kind] : "approvalRequested",
    rules,
    role: tenant.roles.definitions.get(request.roleId)?.displayName ?? request.roleId,
    principalId: request.principalId,
    requestId: request.id,
    approvers: approversOf(
      tenant,
      rules,
      activePrincipals(tenant, ["Global Administrator", "Privileged Role Administrator"]),
    ),
  });
}
