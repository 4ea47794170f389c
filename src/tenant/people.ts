import { CredentialError } from "../http/credential-error";
import {
  isAuthenticationContextNeeded,
  isDoesNotExist,
  isPolicyViolation,
  isTooShort,
  isUnknownFate,
  ServiceError,
} from "../http/errors";
import type { Surface } from "../model/constants";
import { roleText } from "../model/identity";
import type { PersonRequest, RequestPlace, SelfOutcome, SelfRequest } from "../surfaces/people";
import { type Bound, CLOCK_SKEW_MS, tryUntil } from "./clock";
import { explainRequest, PersonRequestError } from "./people-errors";
import { progressOf } from "./request-status";
import type { Tenant } from "./tenant";

/**
 * Sends a request of a person about themselves: when the role asks for a stronger sign-in, the token is asked for again
 * with what it needs; when the answer was lost, the request is looked for before it is sent once more.
 */
export async function sendSelf(
  tenant: Tenant,
  request: SelfRequest,
  what: string,
): Promise<SelfOutcome> {
  const people = tenant.people(request.role.surface);
  const began = tenant.clock.now();
  const send = async (claims?: string): Promise<SelfOutcome> => {
    try {
      return await people.send(request, claims);
    } catch (error) {
      if (!isUnknownFate(error)) throw error;
      const arrived = await findOwn(tenant, request, began);
      return arrived ?? people.send(request, claims);
    }
  };
  try {
    return await send();
  } catch (error) {
    const claims = challengeIn(error);
    if (claims === undefined) throw explainRequest(what, error, request.action);
    return stronger(what, error, claims, () => send(claims));
  }
}

/** What a token must satisfy that a refusal asks for; undefined when it asks for nothing of the kind. */
function challengeIn(error: unknown): string | undefined {
  if (!(error instanceof ServiceError)) return undefined;
  if (error.claims !== undefined) return error.claims;
  const isMfa = isPolicyViolation(error) && error.rule?.length === 1 && error.rule[0] === "MfaRule";
  // The service names no claims for plain MFA.
  return isMfa ? '{"access_token":{"amr":{"essential":true,"values":["mfa"]}}}' : undefined;
}

/** The second attempt, with a token that was asked for with the claims. */
async function stronger(
  what: string,
  first: unknown,
  claims: string,
  again: () => Promise<SelfOutcome>,
): Promise<SelfOutcome> {
  const needed = isAuthenticationContextNeeded(first)
    ? `the authentication context ${contextIn(claims)}`
    : "multifactor authentication";
  try {
    return await again();
  } catch (error) {
    if (error instanceof CredentialError || error instanceof TypeError) {
      throw new PersonRequestError(
        `${what}: the role asks for ${needed}, and this sign-in cannot be made stronger: ${error.message}; sign in as a person with a browser or a device code where you can meet it`,
        "refused",
        { cause: error },
      );
    }
    if (challengeIn(error) !== undefined) {
      throw new PersonRequestError(
        `${what}: the role asks for ${needed}; the new sign-in does not carry it either: check that a conditional access policy targets you with it, and that you met it`,
        "refused",
        { cause: error },
      );
    }
    throw explainRequest(what, error);
  }
}

function contextIn(claims: string): string {
  try {
    const { access_token: token } = JSON.parse(claims) as {
      access_token?: { acrs?: { value?: string; values?: string[] } };
    };
    return token?.acrs?.value ?? token?.acrs?.values?.join(" or ") ?? claims;
  } catch {
    return claims;
  }
}

/** A request of ours that a lost answer was about. */
async function findOwn(
  tenant: Tenant,
  request: SelfRequest,
  began: number,
): Promise<SelfOutcome | undefined> {
  const rows = await tenant.people(request.role.surface).ownRequests();
  const found = rows.find(
    (row) => isAbout(request, row) && Date.parse(row.createdAt) >= began - CLOCK_SKEW_MS,
  );
  return found === undefined ? undefined : outcomeOf(found);
}

function isAbout(request: SelfRequest, row: PersonRequest): boolean {
  return (
    row.action === `self${request.action}` &&
    roleText(row.role) === roleText(request.role) &&
    (row.justification ?? "") === (request.justification ?? "") &&
    progressOf(row.status) !== "failed"
  );
}

/** What is known of a request that somebody reads again. */
export function outcomeOf(row: PersonRequest): SelfOutcome {
  const { id, status, approvalId, window } = row;
  return {
    requestId: id,
    status,
    approvalId,
    startsAt: window?.startsAt ?? null,
    endsAt: window?.endsAt ?? null,
  };
}

/** Ends an activation; the first five minutes are waited out until the bound. Answers whether there was any. */
export async function endActivation(
  tenant: Tenant,
  request: SelfRequest,
  what: string,
  bound: Bound,
): Promise<boolean> {
  let refusal: unknown;
  const wasThere = await tryUntil(tenant.clock, bound, async () => {
    try {
      await tenant.people(request.role.surface).send(request);
      return true;
    } catch (error) {
      if (isDoesNotExist(error)) return false;
      if (!isTooShort(error) && !isUnknownFate(error)) throw explainRequest(what, error);
      refusal = error;
      return undefined;
    }
  });
  if (wasThere === undefined) throw explainRequest(what, refusal);
  return wasThere;
}

/**
 * Waits until each request is decided, and in force or planned: one question for all of a surface, with growing
 * pauses. What is still open at the bound, or when the wait is broken off, is answered as it was seen last.
 */
export async function awaitRequests(
  tenant: Tenant,
  surface: Surface,
  places: readonly RequestPlace[],
  bound: Bound,
): Promise<Map<string, PersonRequest>> {
  const seen = new Map<string, PersonRequest>();
  let open = [...places];
  await tryUntil(tenant.clock, bound, async () => {
    if (open.length === 0) return true;
    const rows = await tenant.people(surface).follow(open);
    for (const row of rows) if (row !== undefined) seen.set(row.id, row);
    open = open.filter(({ id }) => {
      const row = seen.get(id);
      return row === undefined || progressOf(row.status) === "waiting";
    });
    return open.length === 0 || undefined;
  });
  return seen;
}
