import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { isGuid } from "../ids";
import { PERMISSIONS, type PermissionRule } from "../permissions";
import type { GrantKind, PimRequest } from "../pim/grant";
import { needingLicence } from "../pim/licence";
import { ownRequests } from "../pim/own";
import { createdRequest, readAction, submitBody } from "../pim/submission";
import { cancel } from "../pim/submit";
import { entity, functionResult, list } from "../respond";
import { type Json, readAs } from "../schema";
import { checkRoleScope } from "./assignable";
import { directorySurface, mayDecide } from "./directory-surface";
import { REQUEST_SETS, requestAtPost } from "./pim-wire";

/** Requests for eligible and active assignments of directory roles. */
export const scheduleRequestOperations: readonly Operation[] = needingLicence([
  ...operations("eligible", "/roleManagement/directory/roleEligibilityScheduleRequests"),
  ...operations("active", "/roleManagement/directory/roleAssignmentScheduleRequests"),
]);

function operations(kind: GrantKind, path: string): Operation[] {
  const set = REQUEST_SETS[kind];
  const read =
    kind === "eligible" ? PERMISSIONS.eligibleRequestsRead : PERMISSIONS.activeRequestsRead;
  const write =
    kind === "eligible" ? PERMISSIONS.eligibleRequestsWrite : PERMISSIONS.activeRequestsWrite;
  const self = kind === "eligible" ? PERMISSIONS.eligibleSelf : PERMISSIONS.activeSelf;
  return [
    {
      method: "GET",
      path,
      permission: read,
      run: (call) => list(call, set, call.tenant.directoryPim.requests[kind]),
    },
    {
      method: "POST",
      path,
      permission: (call) => postPermission(call, kind),
      run: (call) => post(call, kind),
    },
    {
      method: "GET",
      path: `${path}/filterByCurrentUser(on='{on}')`,
      permission: self,
      run: (call) => listMine(call, kind),
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      permission: read,
      run: (call) => entity(call, set, requestOf(call, kind)),
    },
    {
      method: "POST",
      path: `${path}/{id}/cancel`,
      // A requester may take back a request of their own.
      permission: (call) =>
        call.tenant.directoryPim.requests[kind].get(param(call, "id"))?.createdBy.id ===
        call.caller.id
          ? self
          : write,
      run: (call) => {
        cancel(directorySurface(call.tenant), requestOf(call, kind, true));
        return noContent();
      },
    },
  ];
}

function postPermission(call: Call, kind: GrantKind): PermissionRule {
  const action = String((call.body as Json | null | undefined)?.["action"] ?? "").toLowerCase();
  if (action.startsWith("self"))
    return kind === "eligible" ? PERMISSIONS.eligibleSelf : PERMISSIONS.activeSelf;
  if (action === "adminremove")
    return kind === "eligible"
      ? PERMISSIONS.eligibleRequestsRemove
      : PERMISSIONS.activeRequestsRemove;
  return kind === "eligible" ? PERMISSIONS.eligibleRequestsWrite : PERMISSIONS.activeRequestsWrite;
}

function requestOf(call: Call, kind: GrantKind, asItIs = false): PimRequest {
  const requests = call.tenant.directoryPim.requests[kind];
  const found = asItIs ? requests.get(param(call, "id")) : requests.read(param(call, "id"));
  if (found === undefined) throw refuse.requestNotFound();
  return found;
}

// The reference shows the two functions differently: eligibilities as values of the return type, each with
// its own, assignments as rows of their collection.
function listMine(call: Call, kind: GrantKind) {
  const { [kind]: set } = REQUEST_SETS;
  const { [kind]: requests } = call.tenant.directoryPim.requests;
  const mine = { ...set, filter: { ...set.filter, status: "eq ne" } };
  const shown = kind === "eligible" ? functionResult(mine) : mine;
  return list(call, shown, requests, ownRequests(call, mayDecide));
}

// Order of checks: subject and role, existing and pending, policy rules.
function post(call: Call, kind: GrantKind) {
  const { tenant } = call;
  const body = readAs("v1.0", REQUEST_SETS[kind].type, objectBody(call));
  const action = readAction(call, body);
  const tuple = readTuple(body);
  checkRoleScope(tenant, kind, tuple, action);
  const request = submitBody(call, directorySurface(tenant), kind, action, tuple, body);
  return createdRequest(call, REQUEST_SETS[kind], requestAtPost(request));
}

function readTuple(body: Json) {
  const { principalId, roleDefinitionId, directoryScopeId, appScopeId } = body;
  if (!isGuid(principalId) || typeof roleDefinitionId !== "string") throw refuse.invalidRequest();
  const hasDirectoryScope = typeof directoryScopeId === "string";
  const hasAppScope = typeof appScopeId === "string";
  if (!hasDirectoryScope && !hasAppScope) throw refuse.invalidRequest();
  return {
    principalId: principalId.toLowerCase(),
    roleId: roleDefinitionId.toLowerCase(),
    scopeId: hasDirectoryScope ? directoryScopeId : String(appScopeId),
    isAppScope: !hasDirectoryScope,
  };
}
