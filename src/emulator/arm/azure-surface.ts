import { guidOf } from "../ids";
import { approversOf } from "../pim/approvers";
import type { BookEvents } from "../pim/book";
import type { PimRequest, Schedule, Tuple } from "../pim/grant";
import type { PolicyRules } from "../pim/policy-rules";
import { clockReporting, reporting, type Voice } from "../pim/reporting";
import type { PimSurface } from "../pim/surface";
import type { Tenant } from "../tenant";
import { ACTIONS, holdsAction, principalsOf } from "./access";

/** What happens around the assignments of Azure roles as the clock runs. */
export function azureEvents(tenant: Tenant): BookEvents {
  const { expired, timedOut } = clockReporting(tenant, azureVoice(tenant));
  return {
    started: () => {},
    ended: (row, isExpired) => {
      if (isExpired) expired(row);
    },
    mayExpire: () => true,
    timedOut,
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
    ...reporting(tenant, azureVoice(tenant)),
  };
}

function azureVoice(tenant: Tenant): Voice {
  const nameOf = (tuple: Tuple) => tenant.arm.catalog.roles.get(tuple.roleId)?.roleName;
  return {
    category: "ResourceManagement",
    roleId: (tuple) => tuple.roleId,
    roleName: (tuple) => nameOf(tuple) ?? null,
    title: (tuple) => nameOf(tuple) ?? tuple.roleId,
    rules: (tuple) => azureRules(tenant, tuple),
    // Nobody approves by default here; who decides about a longer end is not told by mail.
    approvers: (request) =>
      request.action === "selfActivate" ? approversOf(tenant, azureRules(tenant, request), []) : [],
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
