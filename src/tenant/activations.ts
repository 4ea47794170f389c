import { isAlreadyExists, isPending } from "../http/errors";
import type { RoleKey } from "../model/identity";
import { roleText } from "../model/identity";
import type { PersonRequest, Review, SelfOutcome, SelfRequest, Standing } from "../surfaces/people";
import { outcomeOf, sendSelf } from "./people";
import { PersonRequestError } from "./people-errors";
import { describeStatus } from "./people-words";
import { progressOf } from "./request-status";
import type { Tenant } from "./tenant";

/** What came of asking for an activation. */
export interface Asked {
  outcome: SelfOutcome;
  /** `active` or `pending`: it was so before we asked. */
  found?: "active" | "pending";
}

/** Asks for an activation; one that runs already, or waits already, is gone on with. */
export async function askActivation(
  tenant: Tenant,
  request: SelfRequest,
  what: string,
): Promise<Asked> {
  try {
    return { outcome: await sendSelf(tenant, request, what) };
  } catch (error) {
    const found = await standingInTheWay(tenant, request, error);
    if (found === undefined) throw error;
    return found;
  }
}

/** What of our own the service refused the request for. */
async function standingInTheWay(
  tenant: Tenant,
  { role, principalId }: SelfRequest,
  error: unknown,
): Promise<Asked | undefined> {
  const cause = error instanceof PersonRequestError ? error.cause : undefined;
  if (isPending(cause)) {
    const open = await openRequest(tenant, role, principalId);
    return open && { outcome: outcomeOf(open), found: "pending" };
  }
  if (!isAlreadyExists(cause)) return undefined;
  const held = await runningActivation(tenant, role);
  return held && { outcome: running(held), found: "active" };
}

/** The activation of a role that runs now. */
export async function runningActivation(
  tenant: Tenant,
  role: RoleKey,
): Promise<Standing | undefined> {
  const rows = await tenant.people(role.surface).active();
  const own = rows.filter((row) => roleText(row.role) === roleText(role));
  return own.find(({ assignmentType }) => assignmentType === "activated");
}

/** The request for an activation that waits for somebody. */
export async function openRequest(
  tenant: Tenant,
  role: RoleKey,
  principalId: string,
): Promise<PersonRequest | undefined> {
  const rows = await tenant.people(role.surface).ownRequests();
  return rows.find(
    (row) =>
      row.action === "selfactivate" &&
      row.principalId === principalId &&
      roleText(row.role) === roleText(role) &&
      progressOf(row.status) === "waiting",
  );
}

/** Why a request came to nothing, as far as the requester may know. */
export async function describeFailure(tenant: Tenant, request: PersonRequest): Promise<string> {
  const review = await tenant
    .people(request.role.surface)
    .review(request)
    .catch((): Review | undefined => undefined);
  const by = review?.by ? ` by ${review.by}` : "";
  const why = review?.justification ? `: ${JSON.stringify(review.justification)}` : "";
  return `${describeStatus(request.status)}${by}${why}`;
}

function running({ scheduleId, startsAt, endsAt }: Standing): SelfOutcome {
  return { requestId: scheduleId, status: "Provisioned", approvalId: null, startsAt, endsAt };
}
