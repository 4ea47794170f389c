import type { AssignmentKind } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import { azureRoleGuid } from "../../model/role-target";
import { type ExpirationTypes, writeRequestParts } from "../pim-wire/request-parts";
import { oneOf, readInstant, readWindow, type WireScheduleInfo } from "../pim-wire/schedule-window";
import type {
  AssignmentRequest,
  AssignmentRow,
  PrincipalFound,
  RequestOutcome,
  RequestRow,
} from "../surface";
import { lastSegment, readScope, roleDefinitionIdAt } from "./scope";

/** A resource as ARM sends it. */
export interface WireResource<Properties> {
  id: string;
  name: string;
  properties: Properties;
}

/** A schedule as ARM sends it. */
export interface WireSchedule {
  scope: string;
  roleDefinitionId: string;
  principalId: string;
  principalType?: string | null;
  status?: string | null;
  startDateTime?: string | null;
  endDateTime?: string | null;
  memberType?: string | null;
  assignmentType?: string | null;
  condition?: string | null;
  roleEligibilityScheduleRequestId?: string | null;
  roleAssignmentScheduleRequestId?: string | null;
  expandedProperties?: { principal?: WirePrincipal | null } | null;
}

interface WirePrincipal {
  id?: string | null;
  displayName?: string | null;
  email?: string | null;
  type?: string | null;
}

/** A request as ARM sends it. */
export interface WireRequest {
  scope: string;
  roleDefinitionId: string;
  principalId: string;
  requestType: string;
  status: string;
  createdOn?: string | null;
  requestorId?: string | null;
  justification?: string | null;
  ticketInfo?: { ticketNumber?: string | null; ticketSystem?: string | null } | null;
  scheduleInfo?: WireScheduleInfo | null;
  targetRoleEligibilityScheduleId?: string | null;
  targetRoleAssignmentScheduleId?: string | null;
}

type AzureKey = Extract<RoleKey, { surface: "azureRoles" }>;

const ACTIONS = { assign: "AdminAssign", update: "AdminUpdate", remove: "AdminRemove" } as const;

/** ARM's words for the kinds of an end. */
export const EXPIRATION_TYPES: ExpirationTypes = {
  permanent: "NoExpiration",
  until: "AfterDateTime",
  for: "AfterDuration",
};

/** The version of the language that conditions are written in. */
const CONDITION_VERSION = "2.0";

/** A schedule in our words. */
export function readSchedule(
  kind: AssignmentKind,
  { name, properties }: WireResource<WireSchedule>,
): AssignmentRow {
  const principal = readPrincipal(properties);
  const request =
    properties.roleEligibilityScheduleRequestId ?? properties.roleAssignmentScheduleRequestId;
  return {
    kind,
    role: readRole(properties),
    principalId: properties.principalId.toLowerCase(),
    scheduleId: name,
    requestId: lastSegment(request),
    startsAt: readInstant(properties.startDateTime),
    endsAt: readInstant(properties.endDateTime),
    memberType: oneOf(properties.memberType, ["direct", "group", "inherited"], "direct"),
    assignmentType: oneOf(properties.assignmentType, ["assigned", "activated"], "assigned"),
    status: properties.status ?? "",
    ...(properties.condition ? { condition: properties.condition } : {}),
    ...(principal === undefined ? {} : { principal }),
  };
}

/** A request in our words. */
export function readRequest({ name, properties }: WireResource<WireRequest>): RequestRow {
  const { requestorId, ticketInfo, scheduleInfo } = properties;
  const id = requestorId?.toLowerCase();
  return {
    id: name,
    action: properties.requestType.toLowerCase(),
    status: properties.status,
    createdAt: properties.createdOn ?? "",
    createdBy: id === undefined ? null : { id, name: id },
    justification: properties.justification ?? null,
    ticketNumber: ticketInfo?.ticketNumber ?? null,
    ticketSystem: ticketInfo?.ticketSystem ?? null,
    window: scheduleInfo ? readWindow(scheduleInfo) : null,
  };
}

/** The answer to a request. */
export function readOutcome({ name, properties }: WireResource<WireRequest>): RequestOutcome {
  const target =
    properties.targetRoleEligibilityScheduleId ?? properties.targetRoleAssignmentScheduleId;
  return {
    requestId: name,
    status: properties.status,
    scheduleId: lastSegment(target),
    ...readWindow(properties.scheduleInfo),
  };
}

/** The body of a request. A condition goes with each grant and each change: one without it would be a wider grant. */
export function writeRequest(role: AzureKey, request: AssignmentRequest): { properties: object } {
  const { key, action, condition, scheduleId } = request;
  const target =
    key.kind === "eligible" ? "targetRoleEligibilityScheduleId" : "targetRoleAssignmentScheduleId";
  return {
    properties: {
      principalId: key.principalId,
      roleDefinitionId: roleDefinitionIdAt(role.scope, role.roleDefinitionId),
      requestType: ACTIONS[action],
      ...writeRequestParts(request, EXPIRATION_TYPES),
      ...(action === "update" && scheduleId !== undefined ? { [target]: scheduleId } : {}),
      ...(condition === undefined || action === "remove"
        ? {}
        : { condition, conditionVersion: CONDITION_VERSION }),
    },
  };
}

function readRole({ scope, roleDefinitionId }: WireSchedule): AzureKey {
  return {
    surface: "azureRoles",
    roleDefinitionId: azureRoleGuid(roleDefinitionId) ?? roleDefinitionId.toLowerCase(),
    scope: readScope(scope),
  };
}

function readPrincipal({
  principalId,
  principalType,
  expandedProperties,
}: WireSchedule): PrincipalFound | undefined {
  const principal = expandedProperties?.principal;
  const type = (principal?.type ?? principalType ?? "").toLowerCase();
  if (principal == null || type === "") return undefined;
  const kind = type.includes("group")
    ? "group"
    : type.startsWith("serviceprincipal")
      ? "servicePrincipal"
      : "user";
  const name = kind === "user" ? principal.email : undefined;
  return {
    id: principalId.toLowerCase(),
    kind,
    name: name ?? principal.displayName ?? principalId,
    ...(principal.displayName == null ? {} : { displayName: principal.displayName }),
  };
}
