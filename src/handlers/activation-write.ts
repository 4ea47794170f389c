import { type ActivationOutputs, activationId } from "../model/activation";
import { hasBegun } from "../model/window";
import { askActivation, describeFailure, runningActivation } from "../tenant/activations";
import { awaitRequests } from "../tenant/people";
import { awaitsDecision, describeStatus } from "../tenant/people-words";
import { progressOf } from "../tenant/request-status";
import { whileSaying } from "../tenant/voice";
import { type Acting, isDue, isEdited, outputsOf, statusAt } from "./activation-state";
import { RefusedError, UnfinishedError } from "./handler";

/** Asks for the activation and waits until it is in force; without `waitForApproval` a waiting request is enough. */
export async function createActivation(acting: Acting): Promise<ActivationOutputs> {
  const { tenant, role, inputs, principalId, what } = acting;
  const { justification, ticket, startsAt, duration } = inputs;
  const request = {
    kind: "active",
    action: "activate",
    role,
    principalId,
    duration,
    ...(startsAt === undefined || hasBegun(startsAt, tenant.clock.now()) ? {} : { startsAt }),
    ...(justification === undefined ? {} : { justification }),
    ...(ticket === undefined ? {} : { ticket }),
  } as const;
  const { outcome, found } = await askActivation(tenant, request, what);
  if (found === "active")
    tenant.voice(`${what}: is active already until ${outcome.endsAt}; it keeps that end`);
  if (found === "pending")
    tenant.voice(`${what}: request ${outcome.requestId} waits already; it is gone on with`);
  return follow(acting, outcome);
}

/** Goes on with what was asked for, or asks anew when the old activation is over and a new one is declared. */
export async function updateActivation(
  acting: Acting,
  olds: ActivationOutputs,
): Promise<ActivationOutputs> {
  const { tenant, inputs, what } = acting;
  const now = tenant.clock.now();
  const status = statusAt(olds, now);
  const { requestId, startsAt, endsAt } = olds;
  const kept = outputsOf(inputs, { requestId, status, startsAt, endsAt });
  if (status === "pending")
    return follow(acting, { requestId, status: "Pending", startsAt, endsAt });
  if (status === "active" || status === "scheduled") {
    if (isEdited(olds, inputs))
      tenant.voice(
        `${what}: ends at ${endsAt} as it was asked for; what is declared now counts for the next activation (deactivate it to end it sooner)`,
      );
    return kept;
  }
  return isDue(olds, inputs, now) || isEdited(olds, inputs) ? createActivation(acting) : kept;
}

interface Open {
  requestId: string;
  status: string;
  startsAt: string | null;
  endsAt: string | null;
}

async function follow(acting: Acting, open: Open): Promise<ActivationOutputs> {
  const { tenant, role, inputs, principalId, what, until } = acting;
  const { requestId, startsAt, endsAt } = open;
  if (progressOf(open.status) === "done") return inForce(acting, open);
  const pending = outputsOf(inputs, { requestId, status: "pending", startsAt, endsAt: null });
  if (inputs.waitForApproval === false && awaitsDecision(open.status)) {
    tenant.voice(`${what}: request ${requestId} ${describeStatus(open.status)}`);
    return pending;
  }
  const place = { id: requestId, kind: "active", role } as const;
  const saying = `${what}: request ${requestId} ${describeStatus(open.status)}`;
  const seen = await whileSaying(
    tenant.voice,
    saying,
    awaitRequests(tenant, role.surface, [place], { until }),
  );
  const row = seen.get(requestId);
  const progress = row === undefined ? "waiting" : progressOf(row.status);
  if (row !== undefined && progress === "failed")
    throw new RefusedError(
      `${what}: request ${requestId} was ${await describeFailure(tenant, row)}`,
    );
  if (row === undefined || progress === "waiting") {
    const id = activationId(tenant.tenantId, role, principalId);
    const status = describeStatus(row?.status ?? open.status);
    throw new UnfinishedError(
      id,
      pending,
      `${what}: request ${requestId} ${status} still; run again to go on with it, or set waitForApproval to false`,
    );
  }
  const running = await runningActivation(tenant, role);
  return inForce(acting, {
    requestId,
    status: row.status,
    startsAt: running?.startsAt ?? row.window?.startsAt ?? startsAt,
    endsAt: running?.endsAt ?? row.window?.endsAt ?? endsAt,
  });
}

function inForce({ tenant, inputs }: Acting, held: Open): ActivationOutputs {
  const outputs = outputsOf(inputs, { ...held, status: "active" });
  return { ...outputs, status: statusAt(outputs, tenant.clock.now()) };
}
