import { refuse } from "../errors";
import { approversOf } from "../pim/approvers";
import type { BookEvents } from "../pim/book";
import type { PimRequest, Tuple } from "../pim/grant";
import { usableEligibilities } from "../pim/own";
import type { PolicyRules } from "../pim/policy-rules";
import { clockReporting, reporting, type Voice } from "../pim/reporting";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import { groupScheduleId, isInForce, isOnlyOwner, linkKindOf } from "./membership";

/** What happens around the assignments of groups: the membership itself comes and goes. */
export function groupEvents(tenant: Tenant): BookEvents {
  const { expired, timedOut } = clockReporting(tenant, groupVoice(tenant));
  const { directory } = tenant;
  return {
    started: (row) => {
      if (row.kind === "active" && row.memberType === "Direct")
        directory.link(row.scopeId, linkKindOf(row), row.principalId);
    },
    ended: (row, isExpired) => {
      if (row.kind === "active" && !isInForce(tenant, row))
        directory.unlink(row.scopeId, linkKindOf(row), row.principalId);
      if (isExpired) expired(row);
    },
    mayExpire: (row) => !isOnlyOwner(tenant, row),
    timedOut,
  };
}

/** PIM for Groups: what differs from the other surfaces. */
export function groupSurface(tenant: Tenant): PimSurface {
  return {
    book: tenant.groupPim,
    now: () => tenant.clock.now(),
    newId: tenant.newId,
    rules: (request) => groupRules(tenant, request),
    // Unlike on directory roles, an update always gives the schedule a new id (seen by terraform).
    scheduleId: (request) => groupScheduleId(request, request.id),
    eligibilities: (request) => usableEligibilities(tenant, tenant.groupPim, request),
    checkEnd: (schedule) => {
      if (isOnlyOwner(tenant, schedule)) throw refuse.lastAdmin();
    },
    ...reporting(tenant, groupVoice(tenant)),
  };
}

/** How audit rows and mails speak of the sides of groups. */
export function groupVoice(tenant: Tenant): Voice {
  return {
    category: "GroupManagement",
    roleId: (tuple) => `${tuple.scopeId}_${tuple.roleId}`,
    roleName: () => null,
    title: ({ scopeId, roleId }) => {
      const group = tenant.directory.groups.get(scopeId);
      return `${String(group?.["displayName"] ?? scopeId)} (${roleId})`;
    },
    rules: (tuple) => groupRules(tenant, tuple),
    approvers: (request) => approversOfGroup(tenant, request),
  };
}

/** Rules that apply to one side of a group. */
export function groupRules(tenant: Tenant, tuple: Tuple): PolicyRules {
  return tenant.policies.current("Group", tuple.scopeId, tuple.roleId).rules;
}

/** Whether a person may decide about a request: a named approver, or an administrator where none is named. */
export function mayDecideGroup(tenant: Tenant, request: PimRequest, userId: string): boolean {
  if (userId === request.principalId || userId === request.createdBy.id) return false;
  return approversOfGroup(tenant, request).includes(userId);
}

function approversOfGroup(tenant: Tenant, request: PimRequest): string[] {
  const defaults = tenant.administrators();
  return request.action === "selfActivate"
    ? approversOf(tenant, groupRules(tenant, request), defaults)
    : defaults;
}
