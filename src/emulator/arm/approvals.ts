import { type Operation, ok, param, type Reply } from "../api";
import { decide, resultNamed, type Waiting, waitingIn } from "../pim/approval";
import { isPending, type PimRequest } from "../pim/grant";
import type { Json } from "../schema";
import { ACTIONS, authorize, isAllowed } from "./access";
import { type ArmCall, atScope, filterOf, listReply, propertiesOf, TYPES, textOf } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { azureSurface, mayDecideAzure } from "./azure-surface";
import { shownAt } from "./listing";
import { idOf } from "./wire";

const NAME = "roleAssignmentApprovals";

/** Approvals of Azure roles: `stages`, or `steps` in the other revision of the interface. */
export const azureApprovalOperations: readonly Operation[] = [
  ...atScope("GET", NAME, TYPES.approvals, list),
  ...atScope("GET", `${NAME}/{name}`, TYPES.approvals, (arm) => ok(toWire(arm, approvalOf(arm)))),
  ...(["stages", "steps"] as const).flatMap((part) => [
    ...atScope("GET", `${NAME}/{name}/${part}`, TYPES.approvals, (arm) => listParts(arm, part)),
    ...atScope("GET", `${NAME}/{name}/${part}/{part}`, TYPES.approvals, (arm) =>
      getPart(arm, part),
    ),
    ...atScope("PATCH", `${NAME}/{name}/${part}/{part}`, TYPES.approvals, (arm) =>
      decidePart(arm, part),
    ),
    ...atScope("PUT", `${NAME}/{name}/${part}/{part}`, TYPES.approvals, (arm) =>
      decidePart(arm, part),
    ),
  ]),
];

type Part = "stages" | "steps";

function list(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const { functions } = filterOf(arm.call, ["asApprover()", "asCreatedBy()", "asTarget()"]);
  const rows = [
    ...tenant.arm.pim.requests.active.scan(),
    ...tenant.arm.pim.requests.eligible.scan(),
  ];
  const mine = rows.filter(({ value }) => {
    if (value.approval === null || !isBelow(arm, value)) return false;
    if (functions.has("ascreatedby")) return value.createdBy.id === caller.id;
    if (functions.has("astarget")) return value.principalId === caller.id;
    if (functions.has("asapprover")) return mayDecideAzure(tenant, value, caller.id);
    return maySee(arm, value);
  });
  return listReply(
    arm.call,
    mine.map(({ value }, index) => ({ seq: index + 1, wire: () => toWire(arm, value as Waiting) })),
  );
}

function isBelow(arm: ArmCall, request: PimRequest): boolean {
  return arm.call.tenant.arm.tree.relation(arm.scope.id, request.scopeId) !== "none";
}

// Found at its own scope, below it, and at the tenant.
function approvalOf(arm: ArmCall): Waiting {
  const { tenant, caller } = arm.call;
  const name = param(arm.call, "name");
  const request = waitingIn({ book: tenant.arm.pim }, name);
  const isSeen = arm.scope.kind === "tenant" || shownAt(arm, request) !== undefined;
  if (request === undefined || !isSeen) throw refuseArm.approvalNotFound(name);
  if (!maySee(arm, request)) authorize(tenant, caller, ACTIONS.readAssignments, request.scopeId);
  return request;
}

function maySee(arm: ArmCall, request: PimRequest): boolean {
  const { tenant, caller } = arm.call;
  const isParty = [request.principalId, request.createdBy.id].includes(caller.id);
  if (isParty || mayDecideAzure(tenant, request, caller.id)) return true;
  return isAllowed(tenant, caller, ACTIONS.readAssignments, request.scopeId);
}

function listParts(arm: ArmCall, part: Part): Reply {
  return ok({ value: [partToWire(arm, approvalOf(arm), part)] });
}

function getPart(arm: ArmCall, part: Part): Reply {
  return ok(partToWire(arm, partOf(arm), part));
}

// Approval, its only stage and the request have one guid.
function partOf(arm: ArmCall): Waiting {
  const approval = approvalOf(arm);
  const part = param(arm.call, "part");
  if (part.toLowerCase() !== approval.id) throw refuseArm.approvalNotFound(part);
  return approval;
}

function decidePart(arm: ArmCall, part: Part): Reply {
  const { tenant, caller } = arm.call;
  const request = partOf(arm);
  // Published bare, sent wrapped by the examples and by clients: both are taken.
  const properties = propertiesOf(arm.call, true);
  const result = resultNamed(textOf(properties, "reviewResult") ?? "");
  if (result === undefined) throw refuseArm.invalidContent("reviewResult must be Approve or Deny.");
  if (!mayDecideAzure(tenant, request, caller.id)) throw refuseArm.notApprover();
  if (!isPending(request)) throw refuseArm.alreadyDecided();
  const decision = { result, justification: textOf(properties, "justification") };
  const decided = decide(azureSurface(tenant, request.id), request, caller, decision);
  return ok(partToWire(arm, decided, part));
}

// As published: an approval is of the type of its stages.
function toWire(arm: ArmCall, request: Waiting): Json {
  return {
    id: idOf(prefixScope(arm, request), NAME, request.id),
    type: `Microsoft.Authorization/${NAME}/stages`,
    name: request.id,
    properties: { stages: [partToWire(arm, request, "stages")] },
  };
}

function partToWire(arm: ArmCall, request: Waiting, part: Part): Json {
  const { approval } = request;
  const { tenant, caller } = arm.call;
  const reviewer = tenant.directory.read(approval.reviewedBy ?? "");
  return {
    id: `${idOf(prefixScope(arm, request), NAME, request.id)}/${part}/${request.id}`,
    type: `Microsoft.Authorization/${NAME}/${part}`,
    name: request.id,
    properties: {
      // A text that is never null as published; nobody names the stages of Azure roles.
      displayName: "",
      status: approval.status,
      assignedToMe: mayDecideAzure(tenant, request, caller.id),
      reviewedBy:
        reviewer === undefined
          ? null
          : {
              principalId: reviewer.value.id,
              principalType: reviewer.kind === "servicePrincipal" ? "servicePrincipal" : "user",
              principalName: reviewer.value["displayName"] ?? null,
              userPrincipalName: reviewer.value["userPrincipalName"] ?? null,
            },
      reviewedDateTime:
        approval.reviewedAt === null ? null : new Date(approval.reviewedAt).toISOString(),
      reviewResult: approval.result,
      justification: approval.justification ?? "",
    },
  };
}

// As asked: under the scope in the path, or under none.
function prefixScope(arm: ArmCall, request: PimRequest): string {
  return arm.scope.kind === "tenant" ? "/" : request.scopeId;
}
