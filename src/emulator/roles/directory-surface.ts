import { refuse } from "../errors";
import { approversOf, peopleAmong } from "../pim/approvers";
import type { BookEvents } from "../pim/book";
import type { PimRequest, Tuple } from "../pim/grant";
import { usableEligibilities } from "../pim/own";
import type { PolicyRules } from "../pim/policy-rules";
import { clockReporting, reporting, type Voice } from "../pim/reporting";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import {
  activePrincipals,
  isLastGlobalAdministrator,
  isLastRoleAdministrator,
} from "./directory-book";

/** What happens around the schedules of directory roles as the clock runs. */
export function directoryEvents(tenant: Tenant): BookEvents {
  const { expired, timedOut } = clockReporting(tenant, directoryVoice(tenant));
  return {
    started: () => {},
    ended: (row, isExpired) => {
      if (isExpired) expired(row);
    },
    mayExpire: (row) => {
      if (!isLastGlobalAdministrator(tenant, row)) return true;
      expired(row, "CannotDeleteLastAdminAssignment");
      return false;
    },
    timedOut,
  };
}

/** PIM of directory roles: what differs from the other surfaces. */
export function directorySurface(tenant: Tenant): PimSurface {
  return {
    book: tenant.directoryPim,
    now: () => tenant.clock.now(),
    newId: tenant.newId,
    rules: (request) => rulesOf(tenant, request.roleId),
    scheduleId: (request) => scheduleId(tenant, request),
    eligibilities: (request) => usableEligibilities(tenant, tenant.directoryPim, request),
    checkEnd: (schedule, caller) => {
      const global = tenant.roles.named("Global Administrator");
      const isOwn = caller.id === schedule.principalId && schedule.roleId === global?.id;
      if (isOwn && schedule.kind === "active" && schedule.assignmentType === "Assigned")
        throw refuse.ownGlobalAdministrator();
      if (isLastGlobalAdministrator(tenant, schedule) || isLastRoleAdministrator(tenant, schedule))
        throw refuse.lastAdmin();
    },
    ...reporting(tenant, directoryVoice(tenant)),
  };
}

/** How audit rows and mails speak of directory roles. */
export function directoryVoice(tenant: Tenant): Voice {
  const nameOf = (tuple: Tuple) => tenant.roles.definitions.get(tuple.roleId)?.displayName;
  return {
    category: "RoleManagement",
    roleId: (tuple) => tuple.roleId,
    roleName: (tuple) => nameOf(tuple) ?? null,
    title: (tuple) => nameOf(tuple) ?? tuple.roleId,
    rules: (tuple) => rulesOf(tenant, tuple.roleId),
    approvers: (request) => approversOfRole(tenant, request),
  };
}

/** Whether a person may decide about a request: a named approver, or a default one; never its own sender. */
export function mayDecide(tenant: Tenant, request: PimRequest, userId: string): boolean {
  if (userId === request.principalId || userId === request.createdBy.id) return false;
  return approversOfRole(tenant, request).includes(userId);
}

// Extensions and renewals are decided by administrators, whoever approves activations.
function approversOfRole(tenant: Tenant, request: PimRequest): string[] {
  const defaults = activePrincipals(tenant, [
    "Global Administrator",
    "Privileged Role Administrator",
  ]);
  return request.action === "selfActivate"
    ? approversOf(tenant, rulesOf(tenant, request.roleId), defaults)
    : peopleAmong(tenant, defaults);
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
