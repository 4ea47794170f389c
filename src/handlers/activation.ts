import { type ActivationInputs, type ActivationOutputs, activationId } from "../model/activation";
import { roleText } from "../model/identity";
import type { Tenant } from "../tenant/tenant";
import { checkActivation } from "./activation-check";
import { deleteActivation } from "./activation-delete";
import { readActivation } from "./activation-read";
import {
  type Acting,
  describeActivation,
  isDue,
  isEdited,
  ownerOfIt,
  roleOf,
} from "./activation-state";
import { createActivation, updateActivation } from "./activation-write";
import { boundOf } from "./bound";
import { differing, ROLE_INPUTS } from "./differences";
import { type Difference, type Handler, isReplacement } from "./handler";
import { assertOurs } from "./ownership";
import { roleKeyOf } from "./resolution";

/** The life of an activation: pinned to its person, and nothing to anybody else. */
export const activationHandler: Handler = {
  check: (tenant, olds, news) =>
    checkActivation(
      tenant,
      olds as unknown as ActivationInputs | undefined,
      news as unknown as ActivationInputs,
    ),
  async diff(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    const difference = await diffActivation(
      tenant,
      olds as unknown as ActivationOutputs,
      news as unknown as ActivationInputs,
    );
    if (!isReplacement(difference)) tenant.ledger.hold(id);
    return difference;
  },
  async create(tenant, bag) {
    const acting = actingOn(tenant, bag as unknown as ActivationInputs, "create");
    const outputs = await createActivation(acting);
    const id = activationId(tenant.tenantId, acting.role, acting.principalId);
    tenant.ledger.hold(id);
    return { id, outputs };
  },
  async read(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    return readActivation(tenant, bag as unknown as ActivationOutputs);
  },
  async update(tenant, id, olds, news) {
    assertOurs(tenant, id, olds);
    const before = olds as unknown as ActivationOutputs;
    const whose = await ownerOfIt(tenant, before, "activate");
    if ("reason" in whose) {
      tenant.voice(`${describeActivation(before)}: is left as it is: ${whose.reason}`);
      return before;
    }
    const acting = actingOn(tenant, news as unknown as ActivationInputs, "update");
    return updateActivation(acting, before);
  },
  async delete(tenant, id, bag) {
    assertOurs(tenant, id, bag);
    await deleteActivation(tenant, bag as unknown as ActivationOutputs);
  },
};

function actingOn(
  tenant: Tenant,
  inputs: ActivationInputs,
  operation: "create" | "update",
): Acting {
  return {
    tenant,
    role: roleOf(inputs),
    inputs,
    principalId: inputs.principalId ?? "",
    until: boundOf(tenant, inputs.timeouts, operation),
    what: describeActivation(inputs),
  };
}

/** Anybody but its person sees no difference: it is not theirs to change. */
async function diffActivation(
  tenant: Tenant,
  olds: ActivationOutputs,
  news: ActivationInputs,
): Promise<Difference> {
  const whose = await ownerOfIt(tenant, olds, "activate");
  if ("reason" in whose) return { type: "same" };
  const role = roleKeyOf(news);
  if (role === undefined || roleText(role) !== roleText(roleOf(olds)))
    return { type: "inputs", replaces: differing(ROLE_INPUTS, olds, news) };
  if (isEdited(olds, news) || differing(LIFECYCLE, olds, news).length > 0)
    return { type: "inputs", replaces: [] };
  return isDue(olds, news, tenant.clock.now()) ? { type: "due" } : { type: "same" };
}

const LIFECYCLE = ["onExpired", "waitForApproval", "timeouts"];
