import type { ActivationOutputs } from "../model/activation";
import { roleText } from "../model/identity";
import { runningActivation } from "../tenant/activations";
import { progressOf } from "../tenant/request-status";
import type { Tenant } from "../tenant/tenant";
import { inputsOf, ownerOfIt, roleOf, statusAt } from "./activation-state";
import type { ReadState } from "./handler";

/** The activation as it is. Only its person can see it; everybody can see by the clock that it is over. */
export async function readActivation(
  tenant: Tenant,
  outputs: ActivationOutputs,
): Promise<ReadState> {
  const live = await look(tenant, outputs);
  return { inputs: inputsOf(outputs), outputs: { ...outputs, ...live } };
}

async function look(
  tenant: Tenant,
  outputs: ActivationOutputs,
): Promise<Partial<ActivationOutputs>> {
  const status = statusAt(outputs, tenant.clock.now());
  if (status !== "active" && status !== "pending") return { status };
  const whose = await ownerOfIt(tenant, outputs, "activate");
  if ("reason" in whose) return { status };
  const role = roleOf(outputs);
  const running = await runningActivation(tenant, role);
  if (running !== undefined) {
    const { startsAt, endsAt } = running;
    return { status: "active", startsAt: startsAt ?? outputs.startsAt, endsAt };
  }
  return status === "active" ? { status: "ended" } : lookAtRequest(tenant, outputs);
}

/** What became of the request that waited when it was looked at last. */
async function lookAtRequest(
  tenant: Tenant,
  outputs: ActivationOutputs,
): Promise<Partial<ActivationOutputs>> {
  const role = roleOf(outputs);
  const rows = await tenant.people(role.surface).ownRequests();
  const request = rows.find(({ id }) => id === outputs.requestId);
  if (request === undefined || roleText(request.role) !== roleText(role))
    return { status: "ended" };
  const progress = progressOf(request.status);
  if (progress === "waiting") return { status: "pending" };
  if (progress === "failed")
    return { status: /cancel/i.test(request.status) ? "cancelled" : "denied" };
  const { startsAt, endsAt } = request.window ?? outputs;
  const now = statusAt({ ...outputs, status: "active", startsAt, endsAt }, tenant.clock.now());
  // Granted, not running and not to come: it ran and was given back meanwhile.
  return { startsAt, endsAt, status: now === "active" ? "ended" : now };
}
