import { created, type Operation, ok, param, type Reply } from "../api";
import { refuse } from "../errors";
import { knownPrincipal } from "../groups/replication";
import { isGuid } from "../ids";
import { type Decision, decide } from "../pim/approval";
import type { GrantKind, PimAction, PimRequest, Tuple } from "../pim/grant";
import { cancel, submit } from "../pim/submit";
import type { NewRequest } from "../pim/surface";
import { ACTIONS, authorize } from "./access";
import { type ArmCall, atScope, folded, listReply, propertiesOf, TYPES, textOf } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { guidOfRoleId, isAssignableAt } from "./azure-roles";
import { azureSurface } from "./azure-surface";
import { requestsAt, shownAt } from "./listing";
import { subscriptionPrefix } from "./scopes";
import { readArmWindow } from "./window";
import { requestToWire } from "./wire";

/** Requests for eligible and active assignments of Azure roles: made by PUT at a guid of the client. */
export const azureRequestOperations: readonly Operation[] = [
  ...operations("eligible", "roleEligibilityScheduleRequests"),
  ...operations("active", "roleAssignmentScheduleRequests"),
];

function operations(kind: GrantKind, name: string): Operation[] {
  const type = { ...TYPES.schedules, name };
  return [
    ...atScope("GET", name, type, (arm) => list(arm, kind)),
    ...atScope("GET", `${name}/{name}`, type, (arm) => get(arm, kind)),
    ...atScope("PUT", `${name}/{name}`, type, (arm) => put(arm, kind)),
    ...atScope("POST", `${name}/{name}/cancel`, type, (arm) => cancelRequest(arm, kind)),
    ...atScope("POST", `${name}/{name}/validate`, type, (arm) => validate(arm, kind)),
    ...atScope("PATCH", `${name}/{name}/adminDecision`, type, (arm) => decideAsAdmin(arm, kind)),
  ];
}

function list(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  return listReply(
    arm.call,
    requestsAt(arm, kind).map(({ seq, value }) => ({
      seq,
      wire: () => requestToWire(tenant, value),
    })),
  );
}

function get(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant, caller } = arm.call;
  const request = shownAt(arm, tenant.arm.pim.requests[kind].read(param(arm.call, "name")));
  if (request === undefined) throw notFound(arm, kind);
  if (![request.principalId, request.createdBy.id].includes(caller.id))
    authorize(tenant, caller, ACTIONS.readAssignments, arm.scope.id);
  return ok(requestToWire(tenant, request));
}

function put(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const name = param(arm.call, "name").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("ScheduleRequest", name);
  const { asked, linkedId } = readRequest(arm, kind);
  // An answer that got lost is found by GET; the same guid does not make a second request.
  const isTaken = tenant.arm.pim.requests[kind].get(name) !== undefined;
  const surface = azureSurface(tenant, name, linkedId);
  const request = submit(
    surface,
    { ...asked, isValidationOnly: asked.isValidationOnly || isTaken },
    arm.call.caller,
  );
  if (isTaken) throw refuseArm.requestExists(name);
  return created(requestToWire(tenant, request));
}

// What would be granted at once is told as Granted, what would wait as PendingEvaluation (az-pim-cli).
function validate(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant } = arm.call;
  const { asked, linkedId } = readRequest(arm, kind);
  const surface = azureSurface(tenant, param(arm.call, "name").toLowerCase(), linkedId);
  const request = submit(surface, { ...asked, isValidationOnly: true }, arm.call.caller);
  const status = request.approval === null ? "Granted" : "PendingEvaluation";
  return ok(requestToWire(tenant, { ...request, status, approval: null }));
}

function cancelRequest(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant, caller } = arm.call;
  const name = param(arm.call, "name");
  const request = shownAt(arm, tenant.arm.pim.requests[kind].get(name));
  if (request === undefined) throw notFound(arm, kind);
  if (request.createdBy.id !== caller.id)
    authorize(tenant, caller, ACTIONS.writeAssignments, arm.scope.id);
  cancel(azureSurface(tenant, name), request);
  const canceled = tenant.arm.pim.requests[kind].get(name);
  if (canceled !== undefined) tenant.arm.pim.updateRequest({ ...canceled, status: "Canceled" });
  return { status: 200 };
}

const DECISIONS: Readonly<Record<string, Decision["result"]>> = {
  adminapproved: "Approve",
  admindenied: "Deny",
};

// Published for one preview: an administrator's answer to whoever asked for a longer end.
function decideAsAdmin(arm: ArmCall, kind: GrantKind): Reply {
  const { tenant, caller } = arm.call;
  const { pim } = tenant.arm;
  const found = shownAt(arm, pim.requests[kind].get(param(arm.call, "name")));
  if (found === undefined) throw notFound(arm, kind);
  authorize(tenant, caller, ACTIONS.writeAssignments, arm.scope.id);
  const properties = propertiesOf(arm.call);
  const result = DECISIONS[textOf(properties, "requestType")?.toLowerCase() ?? ""];
  if (result === undefined) throw refuse.invalidRequest();
  if (found.approval === null || found.status !== "PendingAdminDecision")
    throw refuseArm.alreadyDecided();
  const info = properties.get("scheduleinfo") ?? null;
  const window = info === null ? found.window : readArmWindow(info, kind, tenant.clock.now());
  const request = { ...found, approval: found.approval, window };
  const decision = { result, justification: textOf(properties, "justification") };
  decide(azureSurface(tenant, found.id), request, caller, decision);
  return ok(requestToWire(tenant, pim.requests[kind].get(found.id) ?? request));
}

function notFound(arm: ArmCall, kind: GrantKind): Error {
  const what = kind === "active" ? "Assignment" : "Eligibility";
  return refuseArm.scheduleNotFound(`Role${what}ScheduleRequest`, param(arm.call, "name"));
}

const ACTION_NAMES: readonly PimAction[] = [
  "adminAssign",
  "adminUpdate",
  "adminRemove",
  "adminExtend",
  "adminRenew",
  "selfActivate",
  "selfDeactivate",
  "selfExtend",
  "selfRenew",
];

// Order of checks: body, licence, rights, subject, role, then what is there and the rules.
function readRequest(
  arm: ArmCall,
  kind: GrantKind,
): { asked: NewRequest; linkedId: string | null } {
  const { tenant, caller } = arm.call;
  const properties = propertiesOf(arm.call);
  const action = readAction(textOf(properties, "requestType"));
  const roleDefinitionId = textOf(properties, "roleDefinitionId");
  const principalId = textOf(properties, "principalId");
  if (roleDefinitionId === null || !isGuid(principalId)) throw refuse.invalidRequest();
  if (!tenant.settings.licensed) throw refuse.licence();
  if (!action.startsWith("self")) authorize(tenant, caller, ACTIONS.writeAssignments, arm.scope.id);
  const tuple: Tuple = {
    principalId: principalId.toLowerCase(),
    roleId: readRole(arm, roleDefinitionId),
    scopeId: arm.scope.id,
    isAppScope: false,
  };
  checkPrincipal(arm, kind, tuple, action);
  const ticket = folded(properties.get("ticketinfo"));
  const linked = textOf(properties, "linkedRoleEligibilityScheduleId");
  const linkedId = linked?.split("/").at(-1)?.toLowerCase() ?? null;
  return {
    asked: {
      ...tuple,
      kind,
      action,
      window:
        action === "adminRemove" || action === "selfDeactivate"
          ? null
          : readArmWindow(properties.get("scheduleinfo"), kind, tenant.clock.now()),
      justification: textOf(properties, "justification"),
      ticket: { number: textOf(ticket, "ticketNumber"), system: textOf(ticket, "ticketSystem") },
      customData: null,
      // A member of the portal that clients send too.
      isValidationOnly: properties.get("isvalidationonly") === true,
      ...readCondition(properties),
    },
    linkedId,
  };
}

function readAction(text: string | null): PimAction {
  const action = ACTION_NAMES.find((name) => name.toLowerCase() === text?.toLowerCase());
  if (action === undefined) throw refuse.invalidRequest();
  return action;
}

function readRole(arm: ArmCall, roleDefinitionId: string): string {
  const { tree, catalog } = arm.call.tenant.arm;
  const guid = guidOfRoleId(roleDefinitionId);
  const role = guid === undefined ? undefined : catalog.roles.get(guid);
  if (role === undefined) throw refuseArm.roleNotFound();
  const named = subscriptionPrefix(roleDefinitionId).toLowerCase();
  const own = subscriptionPrefix(arm.scope.id).toLowerCase();
  if ((named !== "" && named !== own) || !isAssignableAt(role, tree, arm.scope.id))
    throw refuseArm.scopeMismatch(roleDefinitionId, arm.scope.id);
  return role.id;
}

function checkPrincipal(arm: ArmCall, kind: GrantKind, tuple: Tuple, action: PimAction): void {
  const principal = knownPrincipal(arm.call.tenant, tuple.principalId);
  if (principal === undefined) throw refuseArm.subjectNotFound();
  // An application cannot activate, so it is never eligible.
  if (principal === "servicePrincipal" && kind === "eligible" && action !== "adminRemove")
    throw refuse.invalidRequest();
}

function readCondition(properties: ReadonlyMap<string, unknown>): Pick<PimRequest, "condition"> {
  const text = textOf(properties, "condition");
  const version = textOf(properties, "conditionVersion");
  if (text === null && version === null) return {};
  if (text === null || version === null) throw refuse.invalidRequest();
  return { condition: { text, version } };
}
