import { type Call, param } from "../api";
import { refuse } from "../errors";
import type { Tenant } from "../tenant";
import type { Waiting } from "./approval";
import type { PimBook } from "./book";
import type { PimRequest, Schedule } from "./grant";

/** Which requests are one's own: about oneself, sent by oneself, or waiting for oneself, as `on` says. */
export function ownRequests(
  call: Call,
  mayDecide: (tenant: Tenant, request: PimRequest, userId: string) => boolean,
): (request: PimRequest) => boolean {
  const { caller, tenant } = call;
  const keep: Record<string, (request: PimRequest) => boolean> = {
    principal: (request) => request.principalId === caller.id,
    createdby: (request) => request.createdBy.id === caller.id,
    approver: (request) => request.approval !== null && mayDecide(tenant, request, caller.id),
  };
  const chosen = keep[param(call, "on").toLowerCase()];
  if (chosen === undefined) throw unknownOn(call);
  return chosen;
}

/** Which approvals are one's own: of oneself, of what one sent, or to be given by oneself, as `on` says. */
export function ownApprovals(
  call: Call,
  mayDecide: (tenant: Tenant, request: PimRequest, userId: string) => boolean,
): (request: PimRequest) => request is Waiting {
  const { caller, tenant } = call;
  const keep: Record<string, (request: PimRequest) => boolean> = {
    target: (request) => request.principalId === caller.id,
    createdby: (request) => request.createdBy.id === caller.id,
    approver: (request) => mayDecide(tenant, request, caller.id),
  };
  const chosen = keep[param(call, "on").toLowerCase()];
  if (chosen === undefined) throw unknownOn(call);
  return (request): request is Waiting => request.approval !== null && chosen(request);
}

/** The refusal of a value of `on` that a function does not have. */
export function unknownOn(call: Call): Error {
  return refuse.badRequest(`The value '${param(call, "on")}' is not valid for the parameter 'on'.`);
}

/** Eligibilities that let a person activate: their own, and those of a group that they are in. */
export function usableEligibilities(
  tenant: Tenant,
  book: PimBook,
  request: PimRequest,
): Schedule[] {
  const groups = tenant.directory.linking(request.principalId, "members");
  const startAt = request.window?.startAt ?? 0;
  return [request.principalId, ...groups].flatMap((principalId) =>
    book
      .of("eligible", { ...request, principalId })
      .filter((row) => row.status === "Provisioned" || (row.window?.startAt ?? 0) <= startAt),
  );
}
