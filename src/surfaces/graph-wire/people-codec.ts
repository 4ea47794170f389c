import { Decision } from "../../model/constants";
import type { RoleKey } from "../../model/identity";
import type { PersonRequest, Review, SelfOutcome, SelfRequest, Standing } from "../people";
import { oneOf, readInstant, readWindow } from "../pim-wire/schedule-window";
import { readPrincipal, readRequest, type WirePrincipal, type WireRequest } from "./schedule-codec";

/** What is in force, as Graph sends it, for directory roles and groups alike. */
export interface WireInstance {
  id: string;
  principalId: string;
  startDateTime?: string | null;
  endDateTime?: string | null;
  memberType?: string | null;
  assignmentType?: string | null;
  roleEligibilityScheduleId?: string | null;
  roleAssignmentScheduleId?: string | null;
  eligibilityScheduleId?: string | null;
  assignmentScheduleId?: string | null;
}

/** A request of a person, as Graph sends it. */
export interface WirePersonRequest extends WireRequest {
  approvalId?: string | null;
  principal?: WirePrincipal | null;
}

/** A part of an approval: a step on beta, a stage on v1.0. */
export interface WirePart {
  id: string;
  status?: string | null;
  reviewResult?: string | null;
  assignedToMe?: boolean | null;
  justification?: string | null;
  reviewedBy?: { displayName?: string | null; userPrincipalName?: string | null } | null;
  reviewedDateTime?: string | null;
}

/** How a surface names its roles. */
export interface RoleFacts {
  role: RoleKey;
  roleName: string | null;
  templateId?: string | undefined;
}

const ACTIONS = {
  activate: "selfActivate",
  deactivate: "selfDeactivate",
  extend: "selfExtend",
  renew: "selfRenew",
} as const;

/** What a person stands in, in our words. */
export function readStanding(facts: RoleFacts, wire: WireInstance): Standing {
  const { roleEligibilityScheduleId, roleAssignmentScheduleId } = wire;
  return {
    ...facts,
    scopeName: null,
    principalId: wire.principalId.toLowerCase(),
    startsAt: readInstant(wire.startDateTime),
    endsAt: readInstant(wire.endDateTime),
    memberType: oneOf(wire.memberType, ["direct", "group", "inherited"], "direct"),
    assignmentType: oneOf(wire.assignmentType, ["assigned", "activated"], "assigned"),
    scheduleId:
      roleEligibilityScheduleId ??
      roleAssignmentScheduleId ??
      wire.eligibilityScheduleId ??
      wire.assignmentScheduleId ??
      wire.id,
  };
}

/** A person's request in our words. */
export function readPersonRequest(
  kind: PersonRequest["kind"],
  { role, roleName }: RoleFacts,
  wire: WirePersonRequest,
): PersonRequest {
  return {
    ...readRequest(wire),
    kind,
    role,
    roleName,
    scopeName: null,
    principalId: wire.principalId.toLowerCase(),
    principalName: readPrincipal(wire.principal)?.name ?? null,
    approvalId: wire.approvalId ?? null,
    duration: wire.scheduleInfo?.expiration?.duration ?? null,
  };
}

/** The members of a person's request that do not depend on the surface. */
export function writeSelfRequest(request: SelfRequest): Record<string, unknown> {
  const { action, principalId, duration, startsAt, justification, ticket } = request;
  return {
    action: ACTIONS[action],
    principalId,
    ...(justification === undefined ? {} : { justification }),
    ...(ticket === undefined
      ? {}
      : { ticketInfo: { ticketNumber: ticket.number, ticketSystem: ticket.system ?? null } }),
    ...(duration === undefined
      ? {}
      : {
          scheduleInfo: {
            ...(startsAt === undefined ? {} : { startDateTime: startsAt }),
            expiration: { type: "afterDuration", duration },
          },
        }),
    ...(request.isValidationOnly === true ? { isValidationOnly: true } : {}),
  };
}

/** The answer to a person's request. */
export function readSelfOutcome(wire: WirePersonRequest): SelfOutcome {
  return {
    requestId: wire.id,
    status: wire.status,
    approvalId: wire.approvalId ?? null,
    ...readWindow(wire.scheduleInfo),
  };
}

/** What the parts of an approval say together: the one that was decided, else the one that waits for the person. */
export function readReview(parts: readonly WirePart[]): Review {
  const decided = parts.find((part) => decisionIn(part) !== null);
  const open = parts.find(({ assignedToMe }) => assignedToMe === true) ?? parts[0];
  const part = decided ?? open;
  return {
    decision: part === undefined ? null : decisionIn(part),
    by: part?.reviewedBy?.userPrincipalName ?? part?.reviewedBy?.displayName ?? null,
    at: readInstant(part?.reviewedDateTime),
    justification: part?.justification || null,
    partId: open?.id ?? null,
  };
}

/** Pages say Approved and Denied, captures Approve and Deny. */
function decisionIn({ reviewResult }: WirePart): Decision | null {
  const text = (reviewResult ?? "").toLowerCase();
  if (text.startsWith("approve")) return Decision.Approve;
  return text.startsWith("den") ? Decision.Deny : null;
}
