import { isDeepStrictEqual } from "node:util";
import { type DecisionInputs, type DecisionOutputs, decisionId } from "../model/activation";
import { Decision, Surface } from "../model/constants";
import { type RoleKey, roleText } from "../model/identity";
import { surfaceOf } from "../model/role-target";
import { assertSame, decide } from "../tenant/decisions";
import { describeAction, describeRequest, isActivation } from "../tenant/people-words";
import { personOf, personProblem } from "../tenant/person";
import type { Tenant } from "../tenant/tenant";
import { checkDecision } from "./approval-check";
import { type Difference, type Handler, RefusedError } from "./handler";
import { assertOurs, describeOwner } from "./ownership";
import { roleKeyOf } from "./resolution";

/** The life of a decision: made once, never taken back. */
export const approvalDecisionHandler: Handler = {
  check: (tenant, olds, news) =>
    checkDecision(
      tenant,
      olds as unknown as DecisionInputs | undefined,
      news as unknown as DecisionInputs,
    ),
  async diff(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    return diffDecision(olds as unknown as DecisionOutputs, news as unknown as DecisionInputs);
  },
  async create(tenant, bag) {
    const outputs = await createDecision(tenant, bag as unknown as DecisionInputs);
    return { id: decisionId(tenant.tenantId, outputs.requestId), outputs };
  },
  async read(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const { status: _status, decidedBy: _by, ...inputs } = bag;
    // A request that was found by requester and role stays out of the inputs.
    if (bag["role"] !== undefined) delete inputs["requestId"];
    return { inputs, outputs: bag };
  },
  async update(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    const { requestId, status, decidedBy } = olds;
    return { ...news, requestId, status, decidedBy };
  },
  async delete(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    const { owner, status, requestId } = bag as unknown as DecisionOutputs;
    tenant.voice(
      `${describeOwner(owner)}: request ${requestId} stays ${status}: a decision cannot be taken back; what it granted ends by itself, or when its holder deactivates it`,
    );
  },
};

const IDENTITY = ["requestId", "requesterId", "role", "decision"] as const;

/** Another request, or another decision, is another resource; its reason is history. */
function diffDecision(olds: DecisionOutputs, news: DecisionInputs): Difference {
  const replaces = IDENTITY.filter((name) => {
    if (name === "requestId" && news.requestId === undefined) return olds.role === undefined;
    return !isDeepStrictEqual(olds[name], news[name]);
  });
  if (replaces.length > 0) return { type: "inputs", replaces: [...replaces] };
  return { type: "same" };
}

async function createDecision(tenant: Tenant, inputs: DecisionInputs): Promise<DecisionOutputs> {
  const { decision, justification = "" } = inputs;
  const verdict = { decision: decision as Decision, justification };
  const owner = describeOwner(inputs.owner);
  const { surface, place, what, by } = await findRequest(tenant, inputs, verdict);
  const status = verdict.decision === Decision.Approve ? "approved" : "denied";
  if (by !== undefined) {
    tenant.voice(`${owner}: request ${place.id} was ${status} already by ${by}`);
    return { ...inputs, requestId: place.id, status, decidedBy: by };
  }
  const person = await personOf(tenant, surface, "decide");
  const before = await decide(tenant, surface, place, verdict, `${owner}: ${what}`);
  if (before !== undefined)
    tenant.voice(
      `${owner}: request ${place.id} was ${status} already by ${before.by ?? "somebody"}`,
    );
  return { ...inputs, requestId: place.id, status, decidedBy: before?.by ?? person.name };
}

interface Found {
  surface: Surface;
  place: { id: string; approvalId?: string | null };
  what: string;
  /** Who decided the same before. */
  by?: string;
}

type Verdict = { decision: Decision; justification: string };

async function findRequest(
  tenant: Tenant,
  inputs: DecisionInputs,
  verdict: Verdict,
): Promise<Found> {
  return inputs.requestId === undefined
    ? findByRole(tenant, inputs)
    : findById(tenant, inputs, inputs.requestId, verdict);
}

async function findByRole(tenant: Tenant, inputs: DecisionInputs): Promise<Found> {
  const role = roleKeyOf({ ...inputs.role, ...inputs.resolved });
  if (role === undefined) throw new RefusedError("role: not resolved; run again");
  await personOf(tenant, role.surface, "decide");
  const rows = await tenant.people(role.surface).pendingApprovals();
  const asked = rows.filter((row) => isAsked(row, role, inputs.requesterId));
  // An extension lasts for months: whoever means that says so by its id.
  const [found, ...others] = asked.filter(isActivation);
  const owner = describeOwner(inputs.owner);
  const who = inputs.requesterName ?? inputs.requesterId;
  const [longer] = asked;
  if (found === undefined && longer !== undefined)
    throw new RefusedError(
      `${owner}: no activation by ${who} of this role waits, but a request to ${describeAction(longer)} does: name it by requestId ${longer.id} to decide about that`,
    );
  if (found === undefined)
    throw new RefusedError(
      `${owner}: no request of ${who} for this role waits for your decision: it was not made yet, was decided, cancelled or ran out, or you are no approver of it`,
    );
  if (others.length > 0)
    throw new RefusedError(
      `${owner}: ${others.length + 1} requests of ${who} for this role wait: name one by requestId: ${[found, ...others].map(({ id }) => id).join(", ")}`,
    );
  return { surface: role.surface, place: found, what: describeRequest(found) };
}

function isAsked(
  row: { principalId: string; role: RoleKey },
  role: RoleKey,
  requesterId: string | undefined,
): boolean {
  return row.principalId === requesterId && roleText(row.role) === roleText(role);
}

/** Looked for wherever this sign-in can decide, the place named by the role first. */
async function findById(
  tenant: Tenant,
  inputs: DecisionInputs,
  id: string,
  verdict: Verdict,
): Promise<Found> {
  const named = inputs.role === undefined ? undefined : surfaceOf(inputs.role);
  const surfaces = named === undefined ? Object.values(Surface) : [named];
  const reasons: string[] = [];
  for (const surface of surfaces) {
    const problem = await problemOf(tenant, surface);
    if (problem !== undefined) {
      reasons.push(problem);
      continue;
    }
    const review = await tenant.people(surface).review({ id });
    if (review === undefined) continue;
    const what = `request ${id}`;
    assertSame(review, verdict, `${describeOwner(inputs.owner)}: ${what}`);
    const by = review.decision === null ? {} : { by: review.by ?? "somebody" };
    return { surface, place: { id }, what, ...by };
  }
  const where = reasons.length === 0 ? "" : ` (not looked at: ${reasons.join("; ")})`;
  throw new RefusedError(
    `${describeOwner(inputs.owner)}: request ${id} is unknown: it was cancelled, ran out, is gone after 30 to 45 days, or never was${where}`,
  );
}

/** Why this sign-in cannot decide on a surface. */
async function problemOf(tenant: Tenant, surface: Surface): Promise<string | undefined> {
  try {
    return personProblem(surface, "decide", await tenant.claims(surface));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
