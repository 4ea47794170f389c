import { NO_NAMES } from "../model/access-names";
import { conditionsOf } from "../model/access-reading";
import { checkedRole, known } from "../model/access-role";
import type { PrincipalKind } from "../model/constants";
import { type RoleKey, roleText } from "../model/identity";
import type { AssignmentInputs, RoleSettingsInputs } from "../model/kinds";
import { principalKind } from "../model/principal";
import { kindOfType } from "./plan-access";
import type { Plan } from "./read-plan";

/** What a tenant can say that a plan does not. */
export interface PlanQuestions {
  principals: readonly { id: string; kind: PrincipalKind }[];
  /** Roles whose settings are created over values that the plan does not know. */
  settings: readonly RoleKey[];
  /** Every directory role that the plan is about. */
  roles: readonly RoleKey[];
}

/** Reads out of a plan what is worth asking the tenant. */
export function planQuestions(plan: Plan): PlanQuestions {
  const principals = new Map<string, { id: string; kind: PrincipalKind }>();
  const settings = new Map<string, RoleKey>();
  const roles = new Map<string, RoleKey>();
  for (const { type, before, after, op, urn } of plan.steps) {
    const kind = kindOfType(type);
    const inputs = (after ?? before)?.inputs;
    if (kind === undefined || inputs === undefined) continue;
    const role = checkedRole(inputs as object);
    if (role !== undefined && role.surface === "directoryRoles") roles.set(roleText(role), role);
    if (kind === "RoleSettings") {
      const { found } = conditionsOf(
        urn,
        inputs as unknown as RoleSettingsInputs,
        undefined,
        NOTHING,
      );
      if (op === "create" && found === undefined && role !== undefined)
        settings.set(roleText(role), role);
    } else addPrincipal(principals, inputs as unknown as AssignmentInputs);
  }
  return {
    principals: [...principals.values()],
    settings: [...settings.values()],
    roles: [...roles.values()],
  };
}

const NOTHING = { names: NO_NAMES, tiers: {} };

function addPrincipal(
  principals: Map<string, { id: string; kind: PrincipalKind }>,
  { principalId, principalKind: resolved, principal }: AssignmentInputs,
): void {
  const id = known(principalId)?.toLowerCase();
  if (id === undefined) return;
  principals.set(id, { id, kind: resolved ?? principalKind(principal ?? {}) ?? "user" });
}
