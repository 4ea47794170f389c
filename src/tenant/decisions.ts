import { ServiceError } from "../http/errors";
import { Decision, type Surface } from "../model/constants";
import type { ApprovalPlace, PersonRequest, Review, Verdict } from "../surfaces/people";
import { explainDecision, type FailureKind, kindOf, PersonRequestError } from "./people-errors";
import { describeRequest } from "./people-words";
import type { Tenant } from "./tenant";

/** What came of a decision. */
export interface Decided {
  request: PersonRequest;
  /** `already`: somebody had decided the same. */
  result: "done" | "already" | FailureKind;
  text: string;
}

/** Decisions that are under way at the same time. */
const AT_ONCE = 8;

/** Decides about many requests, a few at a time; one that fails leaves the others. */
export async function decideAll(
  tenant: Tenant,
  requests: readonly PersonRequest[],
  verdict: Verdict,
  onEach: (decided: Decided) => void = () => undefined,
): Promise<Decided[]> {
  const outcomes = new Array<Decided | undefined>(requests.length);
  const queue = requests.entries();
  const worker = async () => {
    for (const [index, request] of queue) {
      const decided = await decideOne(tenant, request, verdict);
      outcomes[index] = decided;
      onEach(decided);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes.filter((decided) => decided !== undefined);
}

async function decideOne(
  tenant: Tenant,
  request: PersonRequest,
  verdict: Verdict,
): Promise<Decided> {
  const what = describeRequest(request);
  try {
    const review = await decide(tenant, request.role.surface, request, verdict, what);
    const done = verdict.decision === Decision.Approve ? "approved" : "denied";
    if (review === undefined) return { request, result: "done", text: done };
    return { request, result: "already", text: `${done} already by ${review.by ?? "somebody"}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const text = message.replace(`${what}: `, "");
    return { request, result: kindOf(error), text };
  }
}

/**
 * Decides about one request. Answers the decision that was there already, when it is the same; throws when it is
 * another, naming who decided what.
 */
export async function decide(
  tenant: Tenant,
  surface: Surface,
  place: ApprovalPlace,
  verdict: Verdict,
  what: string,
): Promise<Review | undefined> {
  const people = tenant.people(surface);
  try {
    await people.decide(place, verdict);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError) || ![400, 404, 409].includes(error.status))
      throw explainDecision(what, error);
    const review = await people.review(place).catch(() => undefined);
    if (review === undefined || review.decision === null) throw explainDecision(what, error);
    assertSame(review, verdict, what);
    return review;
  }
}

/** Throws when somebody decided otherwise. */
export function assertSame(review: Review, { decision }: Verdict, what: string): void {
  if (review.decision === decision || review.decision === null) return;
  const said = review.decision === Decision.Approve ? "approved" : "denied";
  const why =
    review.justification === null ? "" : `, saying ${JSON.stringify(review.justification)}`;
  const when = review.at === null ? "" : ` at ${review.at}`;
  throw new PersonRequestError(
    `${what}: ${review.by ?? "somebody"} ${said} it already${when}${why}; a decision cannot be changed, the requester asks again`,
    "refused",
  );
}

/** What was decided about a request, on whichever surface it is; undefined where none knows it. */
export async function reviewAnywhere(
  tenant: Tenant,
  surfaces: readonly Surface[],
  id: string,
): Promise<Review | undefined> {
  const reviews = await Promise.all(
    surfaces.map((surface) =>
      tenant
        .people(surface)
        .review({ id })
        .catch(() => undefined),
    ),
  );
  return reviews.find((review) => review !== undefined);
}
