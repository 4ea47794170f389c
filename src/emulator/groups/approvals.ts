import { type Call, noContent, type Operation, ok, param, type Reply } from "../api";
import { refuse } from "../errors";
import { decide, readDecision, stageToWire, type Waiting, waitingIn } from "../pim/approval";
import type { PimRequest } from "../pim/grant";
import { unknownOn } from "../pim/own";
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
      run: decidePart,
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
  if (chosen === undefined) throw unknownOn(call);
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
  const request = waitingIn(groupSurface(call.tenant), param(call, "id"));
  if (request === undefined) throw refuse.approvalNotFound();
  return request;
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
  return stageToWire(call, request, mayDecideGroup(call.tenant, request, call.caller.id));
}

function decidePart(call: Call): Reply {
  const request = approvalOf(call);
  checkPart(call, request);
  const decision = readDecision(call);
  if (!mayDecideGroup(call.tenant, request, call.caller.id)) throw refuse.notApprover();
  decide(groupSurface(call.tenant), request, call.caller, decision);
  return noContent();
}
