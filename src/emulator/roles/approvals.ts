import { type Call, noContent, type Operation, objectBody, ok, param } from "../api";
import { writeAudit } from "../audit";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { grantApproved } from "../pim/activation";
import { approversOf } from "../pim/approvers";
import { isPending, type PimRequest } from "../pim/grant";
import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { activePrincipals } from "./directory-book";
import { directorySurface, rulesOf } from "./directory-surface";

const PATH = "/roleManagement/directory/roleAssignmentApprovals";

/** Approvals of directory role activations: beta only, by the old permission pair. */
export const approvalOperations: readonly Operation[] = [
  {
    method: "GET",
    path: `${PATH}/{id}`,
    versions: ["beta"],
    permission: PERMISSIONS.approvalsRead,
    run: getApproval,
  },
  {
    method: "GET",
    path: `${PATH}/{id}/steps`,
    versions: ["beta"],
    permission: PERMISSIONS.approvalsRead,
    run: getSteps,
  },
  {
    method: "GET",
    path: `${PATH}/{id}/steps/{step}`,
    versions: ["beta"],
    permission: PERMISSIONS.approvalsRead,
    run: getStep,
  },
  {
    method: "PATCH",
    path: `${PATH}/{id}/steps/{step}`,
    versions: ["beta"],
    permission: PERMISSIONS.approvalsWrite,
    run: decide,
  },
];

/** Whether a person may decide about a request: a named approver, or a default one; never its own sender. */
export function mayDecide(tenant: Tenant, request: PimRequest, userId: string): boolean {
  if (userId === request.principalId || userId === request.createdBy.id) return false;
  const defaults = activePrincipals(tenant, [
    "Global Administrator",
    "Privileged Role Administrator",
  ]);
  // Extensions and renewals are decided by administrators, whoever approves activations.
  if (request.action !== "selfActivate")
    return defaults.some((id) => tenant.peopleOf(id).some((person) => person.id === userId));
  return approversOf(tenant, rulesOf(tenant, request.roleId), defaults).includes(userId);
}

function approvalRequest(
  call: Call,
): PimRequest & { approval: NonNullable<PimRequest["approval"]> } {
  const { requests } = call.tenant.directoryPim;
  const request =
    requests.active.get(param(call, "id")) ?? requests.eligible.get(param(call, "id"));
  if (request === undefined || request.approval === null) throw refuse.approvalNotFound();
  return { ...request, approval: request.approval };
}

function getApproval(call: Call) {
  const request = approvalRequest(call);
  const isExpanded = call.query.expand.some(({ name }) => name === "steps" || name === "*");
  const steps = isExpanded ? { steps: [stepToWire(call, request)] } : {};
  return ok({
    "@odata.context": `${call.origin}/beta/$metadata#roleManagement/directory/roleAssignmentApprovals/$entity`,
    id: request.id,
    ...steps,
  });
}

function getSteps(call: Call) {
  const request = approvalRequest(call);
  return ok({
    "@odata.context": `${stepContext(call, request)}`,
    value: [stepToWire(call, request)],
  });
}

function getStep(call: Call) {
  const request = approvalRequest(call);
  if (param(call, "step") !== request.id) throw refuse.approvalNotFound();
  return ok({
    "@odata.context": `${stepContext(call, request)}/$entity`,
    ...stepToWire(call, request),
  });
}

function stepContext(call: Call, request: PimRequest): string {
  return `${call.origin}/beta/$metadata#roleManagement/directory/roleAssignmentApprovals('${request.id}')/steps`;
}

function stepToWire(call: Call, request: ReturnType<typeof approvalRequest>): Json {
  const { approval } = request;
  const reviewer = call.tenant.directory.users.get(approval.reviewedBy ?? "");
  return {
    id: request.id,
    displayName: null,
    reviewedDateTime:
      approval.reviewedAt === null ? null : new Date(approval.reviewedAt).toISOString(),
    reviewResult: approval.result,
    status: approval.status,
    assignedToMe: mayDecide(call.tenant, request, call.caller.id),
    justification: approval.justification ?? "",
    reviewedBy:
      reviewer === undefined
        ? null
        : {
            "@odata.type": "#microsoft.graph.userIdentity",
            id: reviewer.id,
            displayName: reviewer["displayName"],
            userPrincipalName: reviewer["userPrincipalName"],
          },
  };
}

function decide(call: Call) {
  const request = approvalRequest(call);
  if (param(call, "step") !== request.id) throw refuse.approvalNotFound();
  const { reviewResult, justification } = objectBody(call);
  const result = ["Approve", "Deny"].find(
    (name) => name.toLowerCase() === String(reviewResult).toLowerCase(),
  );
  if (result === undefined) throw refuse.wrongType("reviewResult", "Edm.String");
  if (!mayDecide(call.tenant, request, call.caller.id)) throw refuse.notApprover();
  if (!isPending(request)) throw refuse.alreadyDecided();
  applyDecision(
    call,
    request,
    result as "Approve" | "Deny",
    typeof justification === "string" ? justification : null,
  );
  return noContent();
}

function applyDecision(
  call: Call,
  request: PimRequest,
  result: "Approve" | "Deny",
  justification: string | null,
): void {
  const { tenant } = call;
  const at = tenant.clock.now();
  const approval = {
    status: "Completed" as const,
    result,
    justification,
    reviewedBy: call.caller.id,
    reviewedAt: at,
  };
  const decided: PimRequest = { ...request, approval };
  writeAudit(tenant, {
    activityDisplayName: `Add member to role request ${result === "Approve" ? "approved" : "denied"} (PIM activation)`,
    initiatedBy: { kind: call.caller.kind, id: call.caller.id },
    resultReason: justification,
    roleId: request.roleId,
    principalId: request.principalId,
    requestId: request.id,
    ticket: request.ticket,
  });
  if (result === "Deny") {
    tenant.directoryPim.updateRequest({ ...decided, status: "Denied", completedAt: at });
    return;
  }
  grantApproved(directorySurface(tenant), decided);
  writeAudit(tenant, {
    activityDisplayName: "Add member to role completed (PIM activation)",
    initiatedBy: "PIM",
    roleId: request.roleId,
    principalId: request.principalId,
    requestId: request.id,
  });
}
