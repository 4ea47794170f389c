import { type Call, noContent, type Operation, objectBody, ok, param, type Reply } from "../api";
import { writeAudit } from "../audit";
import { refuse } from "../errors";
import { grantApproved } from "../pim/activation";
import { isPending, type PimRequest } from "../pim/grant";
import type { Json, Version } from "../schema";
import { groupSurface, mayDecideGroup } from "./group-surface";
import { GROUP_PATH } from "./group-wire";
import { GROUP_PERMISSIONS } from "./permissions";

const PATH = `/${GROUP_PATH}/assignmentApprovals`;

/** Approvals of memberships and ownerships: `stages` on v1.0, `steps` on beta; people only. */
export const groupApprovalOperations: readonly Operation[] = [
  {
    method: "GET",
    path: `${PATH}/filterByCurrentUser(on='{on}')`,
    permission: GROUP_PERMISSIONS.approvalsRead,
    run: listMine,
  },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: GROUP_PERMISSIONS.approvalsRead,
    run: getApproval,
  },
  ...partOperations("stages", "v1.0"),
  ...partOperations("steps", "beta"),
];

type Part = "stages" | "steps";
type Waiting = PimRequest & { approval: NonNullable<PimRequest["approval"]> };

function partOperations(part: Part, version: Version): Operation[] {
  const versions = [version];
  const read = GROUP_PERMISSIONS.approvalsRead;
  return [
    {
      method: "GET",
      path: `${PATH}/{id}/${part}`,
      versions,
      permission: read,
      run: (call) => listParts(call, part),
    },
    {
      method: "GET",
      path: `${PATH}/{id}/${part}/{part}`,
      versions,
      permission: read,
      run: (call) => getPart(call, part),
    },
    {
      method: "PATCH",
      path: `${PATH}/{id}/${part}/{part}`,
      versions,
      permission: GROUP_PERMISSIONS.approvalsWrite,
      run: decide,
    },
  ];
}

function listMine(call: Call): Reply {
  const { caller, tenant } = call;
  const keep: Record<string, (row: PimRequest) => boolean> = {
    target: (row) => row.principalId === caller.id,
    createdby: (row) => row.createdBy.id === caller.id,
    approver: (row) => mayDecideGroup(tenant, row, caller.id),
  };
  const chosen = keep[param(call, "on").toLowerCase()];
  if (chosen === undefined)
    throw refuse.badRequest(
      `The value '${param(call, "on")}' is not valid for the parameter 'on'.`,
    );
  const value = [...tenant.groupPim.requests.active.scan()]
    .map((row) => row.value)
    .filter((row): row is Waiting => row.approval !== null && chosen(row))
    .map((row) => ({ "@odata.type": "#microsoft.graph.approval", id: row.id }));
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#Collection(approval)`,
    value,
  });
}

function approvalOf(call: Call): Waiting {
  const { requests } = call.tenant.groupPim;
  const id = param(call, "id");
  const request = requests.active.get(id) ?? requests.eligible.get(id);
  if (request === undefined || request.approval === null) throw refuse.approvalNotFound();
  return { ...request, approval: request.approval };
}

function getApproval(call: Call): Reply {
  const request = approvalOf(call);
  const part: Part = call.version === "beta" ? "steps" : "stages";
  for (const { name } of call.query.expand) {
    if (name !== part && name !== "*") throw refuse.unknownExpand(name, "approval");
  }
  const isExpanded = call.query.expand.length > 0;
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${GROUP_PATH}/assignmentApprovals/$entity`,
    id: request.id,
    ...(isExpanded && { [part]: [partToWire(call, request)] }),
  });
}

function listParts(call: Call, part: Part): Reply {
  const request = approvalOf(call);
  return ok({
    "@odata.context": contextOf(call, request, part),
    value: [partToWire(call, request)],
  });
}

function getPart(call: Call, part: Part): Reply {
  const request = approvalOf(call);
  checkPart(call, request);
  return ok({
    "@odata.context": `${contextOf(call, request, part)}/$entity`,
    ...partToWire(call, request),
  });
}

function contextOf(call: Call, request: PimRequest, part: Part): string {
  return `${call.origin}/${call.version}/$metadata#${GROUP_PATH}/assignmentApprovals('${request.id}')/${part}`;
}

// Approval, its only stage and the request have one id.
function checkPart(call: Call, request: PimRequest): void {
  if (param(call, "part").toLowerCase() !== request.id) throw refuse.approvalNotFound();
}

function partToWire(call: Call, request: Waiting): Json {
  const { approval } = request;
  const reviewer = call.tenant.directory.users.get(approval.reviewedBy ?? "");
  const beta = {
    "@odata.type": "#microsoft.graph.userIdentity",
    userPrincipalName: reviewer?.["userPrincipalName"],
  };
  return {
    id: request.id,
    displayName: null,
    reviewedDateTime:
      approval.reviewedAt === null ? null : new Date(approval.reviewedAt).toISOString(),
    reviewResult: approval.result,
    status: approval.status,
    assignedToMe: mayDecideGroup(call.tenant, request, call.caller.id),
    justification: approval.justification ?? "",
    reviewedBy:
      reviewer === undefined
        ? null
        : {
            id: reviewer.id,
            displayName: reviewer["displayName"],
            ...(call.version === "beta" && beta),
          },
  };
}

function decide(call: Call): Reply {
  const request = approvalOf(call);
  checkPart(call, request);
  const { reviewResult, justification } = objectBody(call);
  const result = (["Approve", "Deny"] as const).find(
    (name) => name.toLowerCase() === String(reviewResult).toLowerCase(),
  );
  if (result === undefined) throw refuse.wrongType("reviewResult", "Edm.String");
  if (!mayDecideGroup(call.tenant, request, call.caller.id)) throw refuse.notApprover();
  if (!isPending(request)) throw refuse.alreadyDecided();
  applyDecision(call, request, result, typeof justification === "string" ? justification : null);
  return noContent();
}

function applyDecision(
  call: Call,
  request: PimRequest,
  result: "Approve" | "Deny",
  justification: string | null,
): void {
  const { tenant, caller } = call;
  const reviewedAt = tenant.clock.now();
  const decided: PimRequest = {
    ...request,
    approval: { status: "Completed", result, justification, reviewedBy: caller.id, reviewedAt },
  };
  const entry = {
    category: "GroupManagement" as const,
    principalId: request.principalId,
    requestId: request.id,
    roleId: `${request.scopeId}_${request.roleId}`,
  };
  writeAudit(tenant, {
    ...entry,
    activityDisplayName: `Add member to role request ${result === "Approve" ? "approved" : "denied"} (PIM activation)`,
    initiatedBy: { kind: caller.kind, id: caller.id },
    resultReason: justification,
    ticket: request.ticket,
  });
  if (result === "Deny") {
    tenant.groupPim.updateRequest({ ...decided, status: "Denied", completedAt: reviewedAt });
    return;
  }
  grantApproved(groupSurface(tenant), decided);
  writeAudit(tenant, {
    ...entry,
    activityDisplayName: "Add member to role completed (PIM activation)",
    initiatedBy: "PIM",
  });
}
