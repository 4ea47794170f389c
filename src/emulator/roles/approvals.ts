import { type Call, noContent, type Operation, ok, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { decide, readDecision, stageToWire, type Waiting, waitingIn } from "../pim/approval";
import type { PimRequest } from "../pim/grant";
import type { Json } from "../schema";
import { directorySurface, mayDecide } from "./directory-surface";

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
    run: decideStep,
  },
];

function approvalRequest(call: Call): Waiting {
  const request = waitingIn(directorySurface(call.tenant), param(call, "id"));
  if (request === undefined) throw refuse.approvalNotFound();
  return request;
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

function stepToWire(call: Call, request: Waiting): Json {
  return stageToWire(call, request, mayDecide(call.tenant, request, call.caller.id));
}

function decideStep(call: Call) {
  const request = approvalRequest(call);
  if (param(call, "step") !== request.id) throw refuse.approvalNotFound();
  const decision = readDecision(call);
  if (!mayDecide(call.tenant, request, call.caller.id)) throw refuse.notApprover();
  decide(directorySurface(call.tenant), request, call.caller, decision);
  return noContent();
}
