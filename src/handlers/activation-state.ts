import type { ActivationInputs, ActivationOutputs } from "../model/activation";
import { OnExpired } from "../model/constants";
import type { RoleKey } from "../model/identity";
import { hasBegun, hasEnded } from "../model/window";
import { callerIn } from "../tenant/caller";
import { describeRole } from "../tenant/people-words";
import { type Person, personProblem, type Task } from "../tenant/person";
import type { Tenant } from "../tenant/tenant";
import { RefusedError } from "./handler";
import { describeOwner } from "./ownership";
import { roleKeyOf } from "./resolution";

/** An activation with its names resolved, and what acts on it. */
export interface Acting {
  tenant: Tenant;
  role: RoleKey;
  inputs: ActivationInputs;
  principalId: string;
  until: number;
  what: string;
}

/** The role that a state is about. */
export function roleOf(state: ActivationInputs | ActivationOutputs): RoleKey {
  const role = roleKeyOf(state);
  if (role === undefined || state.principalId === undefined)
    throw new RefusedError(
      "the state names no role or no person: it was not written by pulumi-entra-pim",
    );
  return role;
}

/** The activation in one phrase: whose, of what. */
export function describeActivation(state: ActivationInputs | ActivationOutputs): string {
  const role = roleOf(state);
  const name = (role.surface === "groups" ? state.groupName : state.roleName) ?? null;
  const who = state.principalName ?? state.principalId;
  return `${describeOwner(state.owner)}: ${who} in ${describeRole(role, name)}`;
}

/**
 * The person whose activation it is, when it is they who run this; else why nothing is done. Anybody else, an
 * application above all, leaves it as it is.
 */
export async function ownerOfIt(
  tenant: Tenant,
  state: ActivationInputs | ActivationOutputs,
  task: Task,
): Promise<{ person: Person } | { reason: string }> {
  const { surface } = roleOf(state);
  const claims = await tenant.claims(surface);
  const { ids, name, appOnly } = callerIn(claims);
  const owner = state.principalName ?? state.principalId;
  if (appOnly || !ids.includes((state.principalId ?? "").toLowerCase()))
    return { reason: `it belongs to ${owner}, not to ${name}` };
  const problem = personProblem(surface, task, claims);
  return problem === undefined ? { person: { id: ids[0] ?? "", name } } : { reason: problem };
}

/** The status that the clock tells: an end needs nobody to look. */
export function statusAt({ status, endsAt, startsAt }: ActivationOutputs, now: number): string {
  if (status !== "active" && status !== "scheduled") return status;
  if (hasEnded(endsAt, now)) return "expired";
  return hasBegun(startsAt, now) ? "active" : "scheduled";
}

/** Whether a new activation is wanted after the old one reached its end. */
export function isDue(olds: ActivationOutputs, news: ActivationInputs, now: number): boolean {
  const status = statusAt(olds, now);
  if (status === "pending") return news.waitForApproval !== false;
  return status === "expired" && news.onExpired === OnExpired.Renew;
}

/** Whether another activation is declared than the one that was asked for. */
export function isEdited({ asked }: ActivationOutputs, news: ActivationInputs): boolean {
  return asked.duration !== news.duration || asked.startsAt !== news.startsAt;
}

/** The inputs that outputs mirror. */
export function inputsOf(outputs: ActivationOutputs): ActivationInputs {
  const {
    requestId: _id,
    status: _status,
    startsAt: _start,
    endsAt: _end,
    asked,
    ...inputs
  } = outputs;
  return asked.startsAt === undefined ? inputs : { ...inputs, startsAt: asked.startsAt };
}

/** What a request leaves in the state. */
export function outputsOf(
  inputs: ActivationInputs,
  held: Pick<ActivationOutputs, "requestId" | "status" | "startsAt" | "endsAt">,
): ActivationOutputs {
  const { startsAt, duration } = inputs;
  return {
    ...inputs,
    ...held,
    asked: { duration, ...(startsAt === undefined ? {} : { startsAt }) },
  };
}
