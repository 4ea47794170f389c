import { type Call, noContent, type Operation, ok, param, type Reply } from "../api";
import { refuse } from "../errors";
import { decide, readDecision, stageToWire, type Waiting, waitingIn } from "../pim/approval";
import type { PimRequest } from "../pim/grant";
import { ownApprovals } from "../pim/own";
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
  ...decisionOperations("stages"),
  ...decisionOperations("steps"),
];

type Part = "stages" | "steps";

function partOf(call: Call): Part {
  return call.version === "beta" ? "steps" : "stages";
}

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
  ];
}

// The reference writes `/steps/` for v1.0 where the metadata says stages, and some of its samples post what they
// decide: a decision is taken in every form that it shows.
function decisionOperations(part: Part): Operation[] {
  return (["PATCH", "POST"] as const).map((method) => ({
    method,
    path: `${PATH}/{id}/${part}/{part}`,
    ...(part === "stages" && { versions: ["v1.0"] as const }),
    permission: GROUP_PERMISSIONS.approvalsWrite,
    run: decidePart,
  }));
}

function listMine(call: Call): Reply {
  const isMine = ownApprovals(call, mayDecideGroup);
  const value = [...call.tenant.groupPim.requests.active.scan()]
    .map((row) => row.value)
    .filter(isMine)
    .map((row) => ({
      "@odata.type": "#microsoft.graph.approval",
      id: row.id,
      [partOf(call)]: [partToWire(call, row)],
    }));
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
  const part = partOf(call);
  for (const { name } of call.query.expand) {
    if (name !== part && name !== "*") throw refuse.unknownExpand(name, "approval");
  }
  // The reference shows the parts of an approval that nobody expanded, too.
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${GROUP_PATH}/assignmentApprovals/$entity`,
    id: request.id,
    [part]: [partToWire(call, request)],
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
