import type { RoleKey } from "../../model/identity";
import type { PersonRequest, SelfOutcome, SelfRequest, Standing } from "../people";
import { forDuration, writeRequestParts } from "../pim-wire/request-parts";
import { oneOf, readInstant, readWindow } from "../pim-wire/schedule-window";
import {
  EXPIRATION_TYPES,
  readPrincipal,
  readRequest,
  type WirePrincipal,
  type WireRequest,
} from "./schedule-codec";

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
  const { action, principalId, duration } = request;
  return {
    action: ACTIONS[action],
    principalId,
    ...writeRequestParts({ ...request, expiration: forDuration(duration) }, EXPIRATION_TYPES),
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
