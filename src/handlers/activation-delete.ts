import { type ActivationOutputs, activationId } from "../model/activation";
import { openRequest } from "../tenant/activations";
import { endActivation } from "../tenant/people";
import { PersonRequestError } from "../tenant/people-errors";
import type { Tenant } from "../tenant/tenant";
import { whileSaying } from "../tenant/voice";
import { describeActivation, ownerOfIt, roleOf, statusAt } from "./activation-state";
import { boundOf } from "./bound";
import { describeOwner, heirOf } from "./ownership";

/** Gives the activation back: ends it when it runs, takes the request back when it waits. Its person alone can. */
export async function deleteActivation(tenant: Tenant, outputs: ActivationOutputs): Promise<void> {
  const role = roleOf(outputs);
  const what = describeActivation(outputs);
  const principalId = outputs.principalId ?? "";
  const status = statusAt(outputs, tenant.clock.now());
  if (status !== "active" && status !== "scheduled" && status !== "pending") return;
  const identity = activationId(tenant.tenantId, role, principalId);
  const heir = await heirOf(tenant, identity, outputs.owner, what);
  if (heir !== undefined) {
    tenant.voice(`${what}: goes on, now declared by ${describeOwner(heir)}`);
    return;
  }
  const whose = await ownerOfIt(tenant, outputs, "activate");
  if ("reason" in whose) {
    const end = outputs.endsAt === null ? "" : `; it ends by itself at ${outputs.endsAt}`;
    tenant.voice(`${what}: is left as it is: ${whose.reason}${end}`);
    return;
  }
  if (status !== "active" && (await cancelled(tenant, outputs))) return;
  const until = boundOf(tenant, outputs.timeouts, "delete");
  const request = { kind: "active", action: "deactivate", role, principalId } as const;
  await whileSaying(
    tenant.voice,
    `${what}: waiting until it can be ended`,
    endActivation(tenant, request, what, { until }),
  );
}

/** What waits or has yet to begin is taken back; whatever runs by now is ended instead. */
async function cancelled(tenant: Tenant, outputs: ActivationOutputs): Promise<boolean> {
  const role = roleOf(outputs);
  const place = { id: outputs.requestId, kind: "active", role } as const;
  try {
    await tenant.people(role.surface).cancel(place);
    return true;
  } catch (error) {
    const open = await openRequest(tenant, role, outputs.principalId ?? "");
    if (open?.id === outputs.requestId)
      throw new PersonRequestError(
        `${describeActivation(outputs)}: request ${outputs.requestId} could not be cancelled: ${error instanceof Error ? error.message : String(error)}`,
        "failed",
        { cause: error },
      );
    return false;
  }
}
