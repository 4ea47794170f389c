import { checkedRole, known } from "../model/access-role";
import type { PrincipalKind } from "../model/constants";
import { type RoleKey, roleText } from "../model/identity";
import type { AssignmentInputs } from "../model/kinds";
import { principalKind } from "../model/principal";
import { kindOfType } from "./plan-kinds";
import type { Plan, PlanStep } from "./read-plan";

/** What a tenant can say that a plan does not. */
export interface PlanQuestions {
  principals: readonly { id: string; kind: PrincipalKind }[];
  /** Roles whose settings are created over values of which the plan knows a part at most. */
  settings: readonly RoleKey[];
  /** Every directory role that the plan is about. */
  roles: readonly RoleKey[];
}

/** Reads out of a plan what is worth asking a tenant: what is said of another one it does not know. */
export function planQuestions(plan: Plan, tenantId: string): PlanQuestions {
  const asked: Asked = { principals: new Map(), settings: new Map(), roles: new Map() };
  for (const step of plan.steps) {
    const own = known((step.after ?? step.before)?.inputs["tenantId"]) ?? tenantId;
    if (own.toLowerCase() === tenantId.toLowerCase()) ask(step, asked);
  }
  return {
    principals: [...asked.principals.values()],
    settings: [...asked.settings.values()],
    roles: [...asked.roles.values()],
  };
}

interface Asked {
  principals: Map<string, { id: string; kind: PrincipalKind }>;
  settings: Map<string, RoleKey>;
  roles: Map<string, RoleKey>;
}

function ask({ type, before, after, op }: PlanStep, { principals, settings, roles }: Asked): void {
  const kind = kindOfType(type);
  const inputs = (after ?? before)?.inputs;
  if (kind === undefined || inputs === undefined) return;
  const role = checkedRole(inputs as object);
  if (role?.surface === "directoryRoles") roles.set(roleText(role), role);
  if (kind !== "RoleSettings") {
    addPrincipal(principals, inputs as unknown as AssignmentInputs);
    return;
  }
  // What the plan found covers the leaves that it declares and knows; the tenant knows the others too.
  if (op === "create" && role !== undefined) settings.set(roleText(role), role);
}

function addPrincipal(
  principals: Map<string, { id: string; kind: PrincipalKind }>,
  { principalId, principalKind: resolved, principal }: AssignmentInputs,
): void {
  const id = known(principalId)?.toLowerCase();
  if (id === undefined) return;
  principals.set(id, { id, kind: resolved ?? principalKind(principal ?? {}) ?? "user" });
}
