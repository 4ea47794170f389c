import { type Call, objectBody } from "../api";
import { refuse } from "../errors";
import type { Json } from "../schema";
import { grantApproved } from "./activation";
import { isPending, type PimRequest } from "./grant";
import type { PimSurface } from "./surface";

/** A request with the approval that it waits for or got. */
export type Waiting = PimRequest & { approval: NonNullable<PimRequest["approval"]> };

/** What an approver says. */
export interface Decision {
  result: "Approve" | "Deny";
  justification: string | null;
}

/** A request with its approval, by id, on either side of a book. */
export function waitingIn(surface: Pick<PimSurface, "book">, id: string): Waiting | undefined {
  const { active, eligible } = surface.book.requests;
  const request = active.get(id) ?? eligible.get(id);
  return request === undefined || request.approval === null
    ? undefined
    : { ...request, approval: request.approval };
}

/** The result that a name means, whatever its case. */
export function resultNamed(name: unknown): Decision["result"] | undefined {
  return (["Approve", "Deny"] as const).find(
    (known) => known.toLowerCase() === String(name).toLowerCase(),
  );
}

/** The decision in a body of Graph. */
export function readDecision(call: Call): Decision {
  const { reviewResult, justification } = objectBody(call);
  const result = resultNamed(reviewResult);
  if (result === undefined) throw refuse.wrongType("reviewResult", "Edm.String");
  return { result, justification: typeof justification === "string" ? justification : null };
}

/** Decides about a request that waits, and makes it so. */
export function decide(
  surface: PimSurface,
  request: Waiting,
  caller: Call["caller"],
  { result, justification }: Decision,
): Waiting {
  if (!isPending(request)) throw refuse.alreadyDecided();
  const reviewedAt = surface.now();
  const decided: Waiting = {
    ...request,
    approval: { status: "Completed", result, justification, reviewedBy: caller.id, reviewedAt },
  };
  if (result === "Approve") grantApproved(surface, decided);
  else surface.book.updateRequest({ ...decided, status: "Denied", completedAt: reviewedAt });
  surface.decided(decided, caller);
  return decided;
}

/** The only stage (or step, on beta) of an approval, as Graph sends it. */
export function stageToWire(call: Call, request: Waiting, assignedToMe: boolean): Json {
  const { approval } = request;
  const reviewer = call.tenant.directory.users.get(approval.reviewedBy ?? "");
  // Beta names the derived type of the reviewer; v1.0 has the plain one.
  const derived = {
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
    assignedToMe,
    justification: approval.justification ?? "",
    reviewedBy:
      reviewer === undefined
        ? null
        : {
            id: reviewer.id,
            displayName: reviewer["displayName"],
            ...(call.version === "beta" && derived),
          },
  };
}
