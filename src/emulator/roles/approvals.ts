import { type Call, noContent, type Operation, ok, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { decide, readDecision, stageToWire, type Waiting, waitingIn } from "../pim/approval";
import type { PimRequest } from "../pim/grant";
import { ownApprovals } from "../pim/own";
import type { Json } from "../schema";
import { directorySurface, mayDecide } from "./directory-surface";

const PATH = "/roleManagement/directory/roleAssignmentApprovals";

/** Approvals of directory role activations: beta only, by the old permission pair. */
export const approvalOperations: readonly Operation[] = [
  {
    method: "GET",
    path: `${PATH}/filterByCurrentUser(on='{on}')`,
    versions: ["beta"],
    permission: PERMISSIONS.approvalsRead,
    run: listMine,
  },
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
  // The reference writes PATCH; among its samples are decisions that are posted.
  ...(["PATCH", "POST"] as const).map(
    (method): Operation => ({
      method,
      path: `${PATH}/{id}/steps/{step}`,
      versions: ["beta"],
      permission: PERMISSIONS.approvalsWrite,
      run: decideStep,
    }),
  ),
];

function listMine(call: Call) {
  const isMine = ownApprovals(call, mayDecide);
  const value = [...call.tenant.directoryPim.requests.active.scan()]
    .map((row) => row.value)
    .filter(isMine)
    .map((row) => ({
      "@odata.type": "#microsoft.graph.approval",
      id: row.id,
      steps: [stepToWire(call, row)],
    }));
  return ok({ "@odata.context": `${call.origin}/beta/$metadata#Collection(approval)`, value });
}

function approvalRequest(call: Call): Waiting {
  const request = waitingIn(directorySurface(call.tenant), param(call, "id"));
  if (request === undefined) throw refuse.approvalNotFound();
  return request;
}

function getApproval(call: Call) {
  const request = approvalRequest(call);
  for (const { name } of call.query.expand) {
    if (name !== "steps" && name !== "*") throw refuse.unknownExpand(name, "approval");
  }
  // The reference shows the steps of an approval that nobody expanded, too.
  return ok({
    "@odata.context": `${call.origin}/beta/$metadata#roleManagement/directory/roleAssignmentApprovals/$entity`,
    id: request.id,
    steps: [stepToWire(call, request)],
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
