import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { checkUnrestricted } from "../directory/objects";
import { refuse } from "../errors";
import { isGuid } from "../ids";
import type { GrantKind, PimAction, PimRequest, Tuple } from "../pim/grant";
import { createdRequest, readAction, submitBody } from "../pim/submission";
import { cancel } from "../pim/submit";
import { entity } from "../respond";
import { type Json, readAs } from "../schema";
import { groupSurface } from "./group-surface";
import { GROUP_PATH, GROUP_REQUESTS, groupRequestAtPost } from "./group-wire";
import { manageableGroup, onboardGroup } from "./onboarding";
import { checkGroupRights, GROUP_PERMISSIONS, postRule } from "./permissions";
import { listMyRequests, listRequests } from "./reading";
import { knownPrincipal } from "./replication";

/** Requests for eligible and active members and owners of groups. */
export const groupRequestOperations: readonly Operation[] = [
  ...operations("eligible", `/${GROUP_PATH}/eligibilityScheduleRequests`),
  ...operations("active", `/${GROUP_PATH}/assignmentScheduleRequests`),
];

function operations(kind: GrantKind, path: string): Operation[] {
  const read = GROUP_PERMISSIONS.read[kind];
  return [
    { method: "GET", path, permission: read, run: (call) => listRequests(call, kind) },
    {
      method: "POST",
      path,
      permission: (call) => postRule(call, kind),
      run: (call) => post(call, kind),
    },
    {
      method: "GET",
      path: `${path}/filterByCurrentUser(on='{on}')`,
      permission: read,
      run: (call) => listMyRequests(call, kind),
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      permission: read,
      run: (call) => entity(call, GROUP_REQUESTS[kind], visibleRequest(call, kind)),
    },
    {
      method: "POST",
      path: `${path}/{id}/cancel`,
      permission: GROUP_PERMISSIONS.write[kind],
      run: (call) => cancelRequest(call, kind),
    },
  ];
}

function visibleRequest(call: Call, kind: GrantKind): PimRequest {
  const request = call.tenant.groupPim.requests[kind].read(param(call, "id"));
  if (request === undefined) throw refuse.requestNotFound();
  const isOwn = [request.principalId, request.createdBy.id].includes(call.caller.id);
  if (!isOwn) checkGroupRights(call, request.scopeId, "read");
  return request;
}

function cancelRequest(call: Call, kind: GrantKind) {
  const request = call.tenant.groupPim.requests[kind].get(param(call, "id"));
  if (request === undefined) throw refuse.requestNotFound();
  if (request.createdBy.id !== call.caller.id) checkGroupRights(call, request.scopeId, "write");
  cancel(groupSurface(call.tenant), request);
  return noContent();
}

// Order of checks: licence, subject and group, rights, existing and pending, policy rules.
function post(call: Call, kind: GrantKind) {
  const { tenant, caller } = call;
  const body = readAs("v1.0", GROUP_REQUESTS[kind].type, objectBody(call));
  if (!tenant.settings.licensed) throw refuse.licence();
  const action = readAction(call, body);
  const tuple = readTuple(body);
  checkTuple(call, kind, tuple, action);
  if (!action.startsWith("self")) checkGroupRights(call, tuple.scopeId, "write");
  const request = submitBody(call, groupSurface(tenant), kind, action, tuple, body);
  if (!request.isValidationOnly) onboardGroup(tenant, tuple.scopeId, caller);
  return createdRequest(call, GROUP_REQUESTS[kind], groupRequestAtPost(request));
}

function readTuple(body: Json): Tuple {
  const { principalId, groupId, accessId } = body;
  if (!isGuid(principalId) || !isGuid(groupId)) throw refuse.invalidRequest();
  if (accessId !== "member" && accessId !== "owner") throw refuse.invalidRequest();
  return {
    principalId: principalId.toLowerCase(),
    roleId: accessId,
    scopeId: groupId.toLowerCase(),
    isAppScope: false,
  };
}

// What has gone wrong with a principal must not keep its rows from being removed.
function checkTuple(call: Call, kind: GrantKind, tuple: Tuple, action: PimAction): void {
  const principal = knownPrincipal(call.tenant, tuple.principalId);
  if (principal === undefined) throw refuse.subjectNotFound();
  const group = manageableGroup(call.tenant, tuple.scopeId);
  checkUnrestricted(call, group.id);
  if (action === "adminRemove" || action === "selfDeactivate") return;
  // An application cannot activate, so it is never eligible.
  if (principal === "servicePrincipal" && kind === "eligible") throw refuse.invalidRequest();
  if (principal !== "group") return;
  if (tuple.principalId === tuple.scopeId) throw refuse.invalidRequest();
  const isNestable = tuple.roleId === "member" && group["isAssignableToRole"] !== true;
  // A group may be eligible anywhere, but active only as a member of a group that holds no roles.
  if (kind === "active" && !isNestable) throw refuse.invalidRequest();
}
