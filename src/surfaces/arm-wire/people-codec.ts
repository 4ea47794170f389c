import type { RoleKey } from "../../model/identity";
import { azureRoleGuid } from "../../model/role-target";
import type { PersonRequest, SelfOutcome, SelfRequest, Standing } from "../people";
import { forDuration, writeRequestParts } from "../pim-wire/request-parts";
import { oneOf, readInstant, readWindow } from "../pim-wire/schedule-window";
import {
  EXPIRATION_TYPES,
  readRequest,
  type WireRequest,
  type WireResource,
} from "./schedule-codec";
import { lastSegment, readScope, roleDefinitionIdAt } from "./scope";

interface WireExpanded {
  scope?: { displayName?: string | null } | null;
  roleDefinition?: { displayName?: string | null } | null;
  principal?: { displayName?: string | null; email?: string | null } | null;
}

/** What is in force, as ARM sends it. */
export interface WireInstance {
  scope: string;
  roleDefinitionId: string;
  principalId: string;
  startDateTime?: string | null;
  endDateTime?: string | null;
  memberType?: string | null;
  assignmentType?: string | null;
  roleEligibilityScheduleId?: string | null;
  roleAssignmentScheduleId?: string | null;
  expandedProperties?: WireExpanded | null;
}

/** A request of a person, as ARM sends it. */
export interface WirePersonRequest extends WireRequest {
  approvalId?: string | null;
  expandedProperties?: WireExpanded | null;
}

type AzureKey = Extract<RoleKey, { surface: "azureRoles" }>;

const ACTIONS = {
  activate: "SelfActivate",
  deactivate: "SelfDeactivate",
  extend: "SelfExtend",
  renew: "SelfRenew",
} as const;

/** What a person stands in, in our words. */
export function readStanding({ name, properties }: WireResource<WireInstance>): Standing {
  const { expandedProperties: expanded } = properties;
  const schedule = properties.roleEligibilityScheduleId ?? properties.roleAssignmentScheduleId;
  return {
    role: roleIn(properties),
    roleName: expanded?.roleDefinition?.displayName ?? null,
    scopeName: expanded?.scope?.displayName ?? null,
    principalId: properties.principalId.toLowerCase(),
    startsAt: readInstant(properties.startDateTime),
    endsAt: readInstant(properties.endDateTime),
    memberType: oneOf(properties.memberType, ["direct", "group", "inherited"], "direct"),
    assignmentType: oneOf(properties.assignmentType, ["assigned", "activated"], "assigned"),
    scheduleId: lastSegment(schedule) ?? name,
  };
}

/** A person's request in our words. */
export function readPersonRequest(
  kind: PersonRequest["kind"],
  resource: WireResource<WirePersonRequest>,
): PersonRequest {
  const { properties } = resource;
  const { expandedProperties: expanded } = properties;
  return {
    ...readRequest(resource),
    kind,
    role: roleIn(properties),
    roleName: expanded?.roleDefinition?.displayName ?? null,
    scopeName: expanded?.scope?.displayName ?? null,
    principalId: properties.principalId.toLowerCase(),
    principalName: expanded?.principal?.email ?? expanded?.principal?.displayName ?? null,
    approvalId: properties.approvalId ?? null,
    duration: properties.scheduleInfo?.expiration?.duration ?? null,
  };
}

/** The body of a person's request. */
export function writeSelfRequest(role: AzureKey, request: SelfRequest): { properties: object } {
  const { action, principalId, duration, eligibilityId } = request;
  return {
    properties: {
      principalId,
      roleDefinitionId: roleDefinitionIdAt(role.scope, role.roleDefinitionId),
      requestType: ACTIONS[action],
      ...writeRequestParts({ ...request, expiration: forDuration(duration) }, EXPIRATION_TYPES),
      ...(eligibilityId === undefined || action !== "activate"
        ? {}
        : { linkedRoleEligibilityScheduleId: eligibilityId }),
    },
  };
}

/** The answer to a person's request. */
export function readSelfOutcome({
  name,
  properties,
}: WireResource<WirePersonRequest>): SelfOutcome {
  return {
    requestId: name,
    status: properties.status,
    approvalId: properties.approvalId ?? null,
    ...readWindow(properties.scheduleInfo),
  };
}

function roleIn({
  scope,
  roleDefinitionId,
}: {
  scope: string;
  roleDefinitionId: string;
}): AzureKey {
  return {
    surface: "azureRoles",
    roleDefinitionId: azureRoleGuid(roleDefinitionId) ?? roleDefinitionId.toLowerCase(),
    scope: readScope(scope),
  };
}
