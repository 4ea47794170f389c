import { readTime } from "../clock";
import { guidOf } from "../ids";
import type { PimRequest, Schedule, Tuple, Window } from "../pim/grant";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { roleIdAt } from "./azure-roles";
import { idPrefix } from "./scopes";

const NAMESPACE = "Microsoft.Authorization";

/** A schedule: an assignment in force or to come. */
export function scheduleToWire(tenant: Tenant, row: Schedule): Json {
  const isActive = row.kind === "active";
  const type = isActive ? "RoleAssignmentSchedules" : "RoleEligibilitySchedules";
  const requestId = row.createdUsing === null ? null : requestIdOf(row, row.createdUsing);
  return resource(row.scopeId, type, row.id, {
    ...(isActive
      ? { roleAssignmentScheduleRequestId: requestId, ...activeFacts(row) }
      : { roleEligibilityScheduleRequestId: requestId }),
    ...commonFacts(tenant, row),
    status: row.status,
    updatedOn: instant(row.modifiedAt ?? row.createdAt),
  });
}

/** A schedule in force, as an instance. */
export function instanceToWire(tenant: Tenant, row: Schedule): Json {
  const isActive = row.kind === "active";
  const name = instanceName(row);
  const type = isActive ? "RoleAssignmentScheduleInstances" : "RoleEligibilityScheduleInstances";
  const used = row.activatedUsing;
  return resource(row.scopeId, type, name, {
    ...(isActive
      ? {
          roleAssignmentScheduleId: idOf(row.scopeId, "RoleAssignmentSchedules", row.id),
          originRoleAssignmentId: idOf(row.scopeId, "roleAssignments", name),
          ...activeFacts(row),
          linkedRoleEligibilityScheduleInstanceId:
            used === null ? null : guidOf(`instance ${used}`),
        }
      : { roleEligibilityScheduleId: idOf(row.scopeId, "RoleEligibilitySchedules", row.id) }),
    ...commonFacts(tenant, row),
    // As sampled: an active instance is Accepted, an eligible one Provisioned.
    status: isActive ? "Accepted" : "Provisioned",
  });
}

/** A request. */
export function requestToWire(tenant: Tenant, request: PimRequest): Json {
  const isActive = request.kind === "active";
  const kind = isActive ? "Assignment" : "Eligibility";
  return resource(request.scopeId, `Role${kind}ScheduleRequests`, request.id, {
    [`targetRole${kind}ScheduleId`]: request.targetScheduleId,
    [`targetRole${kind}ScheduleInstanceId`]: null,
    ...(isActive &&
      request.activatedUsing !== null && {
        linkedRoleEligibilityScheduleId: request.activatedUsing,
      }),
    ...tupleFacts(tenant, request),
    requestType: request.action.charAt(0).toUpperCase() + request.action.slice(1),
    status: request.status,
    approvalId: request.approval === null ? null : approvalIdOf(request),
    scheduleInfo: request.window === null ? null : scheduleInfo(request.window),
    ticketInfo: { ticketNumber: request.ticket.number, ticketSystem: request.ticket.system },
    justification: request.justification,
    requestorId: request.createdBy.id,
    createdOn: readTime(request.createdAt),
    ...conditionFacts(request),
    expandedProperties: expanded(tenant, request),
  });
}

/** Name of the instance of a schedule, and of the role assignment it makes. */
export function instanceName(row: Schedule): string {
  return row.createdUsing === null ? row.id : guidOf(`instance ${row.id}`);
}

/** Full id of the approval of a request. */
export function approvalIdOf(request: PimRequest): string {
  return idOf(request.scopeId, "RoleAssignmentApprovals", request.id);
}

/** A resource: properties, name, id, type. */
export function resource(scopeId: string, type: string, name: string, properties: Json): Json {
  return { properties, name, id: idOf(scopeId, type, name), type: `${NAMESPACE}/${type}` };
}

/** Full id of something of Microsoft.Authorization at a scope. */
export function idOf(scopeId: string, type: string, name: string): string {
  return `${idPrefix(scopeId)}/providers/${NAMESPACE}/${type}/${name}`;
}

/** Scope, role and principal with their names. */
export function expanded(tenant: Tenant, tuple: Tuple): Json {
  const principal = tenant.directory.read(tuple.principalId)?.value;
  return {
    scope: expandedScope(tenant, tuple.scopeId),
    roleDefinition: expandedRole(tenant, tuple.roleId, tuple.scopeId),
    principal: {
      id: tuple.principalId,
      displayName: principal?.["displayName"] ?? null,
      email: principal?.["mail"] ?? principal?.["userPrincipalName"] ?? null,
      type: principalType(tenant, tuple.principalId),
    },
  };
}

/** A scope with its name. */
export function expandedScope(tenant: Tenant, scopeId: string): Json {
  const scope = tenant.arm.tree.scopes.get(scopeId);
  return { id: scopeId, displayName: scope?.displayName ?? null, type: scope?.kind ?? "resource" };
}

/** A role with its name. */
export function expandedRole(tenant: Tenant, roleGuid: string, scopeId: string): Json {
  const role = tenant.arm.catalog.roles.get(roleGuid);
  return {
    id: roleIdAt(roleGuid, scopeId),
    displayName: role?.roleName ?? null,
    type: role?.isBuiltIn === false ? "CustomRole" : "BuiltInRole",
  };
}

/** What kind of principal an id is; those that are gone are users. */
export function principalType(tenant: Tenant, id: string): string {
  const kind = tenant.directory.kindOf(id);
  if (kind === "group") return "Group";
  return kind === "servicePrincipal" ? "ServicePrincipal" : "User";
}

/** An instant as reads show it. */
export function instant(ms: number | null): string | null {
  return ms === null ? null : readTime(ms);
}

/** An instant as policies and alerts show it. */
export function offsetInstant(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+00:00");
}

function requestIdOf(row: Schedule, name: string): string {
  const kind = row.kind === "active" ? "Assignment" : "Eligibility";
  return idOf(row.scopeId, `Role${kind}ScheduleRequests`, name);
}

function activeFacts(row: Schedule): Json {
  return {
    assignmentType: row.assignmentType,
    linkedRoleEligibilityScheduleId: row.activatedUsing,
  };
}

function commonFacts(tenant: Tenant, row: Schedule): Json {
  return {
    ...tupleFacts(tenant, row),
    startDateTime: instant(row.window?.startAt ?? row.createdAt),
    endDateTime: instant(row.window?.endAt ?? null),
    memberType: row.memberType,
    createdOn: instant(row.createdAt),
    ...conditionFacts(row),
    expandedProperties: expanded(tenant, row),
  };
}

function tupleFacts(tenant: Tenant, tuple: Tuple): Json {
  return {
    scope: tuple.scopeId,
    roleDefinitionId: roleIdAt(tuple.roleId, tuple.scopeId),
    principalId: tuple.principalId,
    principalType: principalType(tenant, tuple.principalId),
  };
}

function conditionFacts(row: Schedule | PimRequest): Json {
  return {
    condition: row.condition?.text ?? null,
    conditionVersion: row.condition?.version ?? null,
  };
}

const WIRE_TYPES = {
  noExpiration: "NoExpiration",
  afterDateTime: "AfterDateTime",
  afterDuration: "AfterDuration",
} as const;

function scheduleInfo(window: Window): Json {
  return {
    startDateTime: readTime(window.startAt),
    expiration: {
      type: WIRE_TYPES[window.type],
      endDateTime: window.type === "afterDateTime" ? instant(window.endAt) : null,
      duration: window.duration,
    },
  };
}
