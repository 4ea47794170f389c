import type { AssignmentKind } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import { type ExpirationTypes, writeRequestParts } from "../pim-wire/request-parts";
import { oneOf, readWindow, type WireScheduleInfo } from "../pim-wire/schedule-window";
import type {
  AssignmentRequest,
  AssignmentRow,
  PrincipalFound,
  RequestOutcome,
  RequestRow,
} from "../surface";

/** A schedule as Graph sends it, for directory roles and groups alike. */
export interface WireSchedule {
  id: string;
  principalId: string;
  createdUsing?: string | null;
  status?: string | null;
  memberType?: string | null;
  assignmentType?: string | null;
  scheduleInfo?: WireScheduleInfo | null;
  principal?: WirePrincipal | null;
}

/** A request as Graph sends it. */
export interface WireRequest {
  id: string;
  status: string;
  action: string;
  principalId: string;
  createdDateTime?: string | null;
  completedDateTime?: string | null;
  createdBy?: { user?: WireIdentity | null; application?: WireIdentity | null } | null;
  justification?: string | null;
  ticketInfo?: { ticketNumber?: string | null; ticketSystem?: string | null } | null;
  scheduleInfo?: WireScheduleInfo | null;
  targetScheduleId?: string | null;
}

interface WireIdentity {
  id?: string | null;
  displayName?: string | null;
}

/** The part of a directory object that Graph puts into an expanded principal. */
export interface WirePrincipal {
  "@odata.type"?: string;
  id?: string;
  displayName?: string | null;
  userPrincipalName?: string | null;
  accountEnabled?: boolean | null;
  userType?: string | null;
  onPremisesSyncEnabled?: boolean | null;
  isManagementRestricted?: boolean | null;
  isAssignableToRole?: boolean | null;
  groupTypes?: string[] | null;
}

/** Graph's action for ours; every one of them is an administrator's. */
const ACTIONS = { assign: "adminAssign", update: "adminUpdate", remove: "adminRemove" } as const;

/** Graph's words for the kinds of an end. */
export const EXPIRATION_TYPES: ExpirationTypes = {
  permanent: "noExpiration",
  until: "afterDateTime",
  for: "afterDuration",
};

/** The members of a request body that do not depend on the surface. */
export function writeRequest(request: AssignmentRequest): Record<string, unknown> {
  const { action, key } = request;
  return {
    action: ACTIONS[action],
    principalId: key.principalId,
    ...writeRequestParts(request, EXPIRATION_TYPES),
  };
}

/** A schedule in our words, under the role that the caller read out of it. */
export function readSchedule(
  kind: AssignmentKind,
  role: RoleKey,
  wire: WireSchedule,
): AssignmentRow {
  const principal = readPrincipal(wire.principal);
  return {
    kind,
    role,
    principalId: wire.principalId.toLowerCase(),
    scheduleId: wire.id,
    requestId: wire.createdUsing ?? null,
    ...readWindow(wire.scheduleInfo),
    memberType: oneOf(wire.memberType, ["direct", "group", "inherited"], "direct"),
    assignmentType: oneOf(wire.assignmentType, ["assigned", "activated"], "assigned"),
    status: wire.status ?? "",
    ...(principal === undefined ? {} : { principal }),
  };
}

/** A request in our words. */
export function readRequest(wire: WireRequest): RequestRow {
  return {
    id: wire.id,
    action: wire.action.toLowerCase(),
    status: wire.status,
    createdAt: wire.createdDateTime ?? "",
    createdBy: readIdentity(wire.createdBy),
    justification: wire.justification ?? null,
    ticketNumber: wire.ticketInfo?.ticketNumber ?? null,
    ticketSystem: wire.ticketInfo?.ticketSystem ?? null,
    window: wire.scheduleInfo ? readWindow(wire.scheduleInfo) : null,
  };
}

/** The answer to a request. */
export function readOutcome(wire: WireRequest): RequestOutcome {
  return {
    requestId: wire.id,
    status: wire.status,
    scheduleId: wire.targetScheduleId ?? null,
    ...readWindow(wire.scheduleInfo),
  };
}

/** A principal in our words; undefined when the listing did not carry it. */
export function readPrincipal(wire: WirePrincipal | null | undefined): PrincipalFound | undefined {
  if (wire?.id == null) return undefined;
  const kind = kindOf(wire["@odata.type"] ?? "");
  return {
    id: wire.id.toLowerCase(),
    kind,
    name: wire.userPrincipalName ?? wire.displayName ?? wire.id,
    ...(wire.displayName == null ? {} : { displayName: wire.displayName }),
    ...(wire.accountEnabled == null ? {} : { enabled: wire.accountEnabled }),
    ...(kind === "user" ? accountFacts(wire) : {}),
    ...(kind === "group" ? groupFacts(wire) : {}),
  };
}

function kindOf(type: string): PrincipalFound["kind"] {
  const lower = type.toLowerCase();
  if (lower.endsWith("group")) return "group";
  return lower.endsWith("serviceprincipal") ? "servicePrincipal" : "user";
}

function kindOfUser(type: string): Partial<PrincipalFound> {
  return { isMember: type === "member", ...(type === "guest" ? { isGuest: true } : {}) };
}

function accountFacts(wire: WirePrincipal): Partial<PrincipalFound> {
  const { userType } = wire;
  return {
    ...(userType == null ? {} : kindOfUser(userType.toLowerCase())),
    // Null says that it never was synced; only an answer that leaves it out says nothing.
    ...("onPremisesSyncEnabled" in wire ? { cloudOnly: wire.onPremisesSyncEnabled !== true } : {}),
    ...(wire.isManagementRestricted === true ? { isManagementRestricted: true } : {}),
  };
}

function groupFacts({ isAssignableToRole, groupTypes }: WirePrincipal): Partial<PrincipalFound> {
  return {
    ...(isAssignableToRole === undefined
      ? {}
      : { isAssignableToRole: isAssignableToRole === true }),
    ...(groupTypes == null ? {} : { isDynamic: groupTypes.includes("DynamicMembership") }),
  };
}

/** An application has no user part; which of the two is filled tells who asked. */
function readIdentity(by: WireRequest["createdBy"]): { id: string; name: string } | null {
  const identity = by?.user?.id ? by.user : by?.application;
  if (!identity?.id) return null;
  return { id: identity.id.toLowerCase(), name: identity.displayName ?? identity.id };
}
