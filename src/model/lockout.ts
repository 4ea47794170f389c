import type { Problem } from "./problem";

/** Role definition ids whose loss locks a tenant. */
export const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
export const PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814";

/** One direct, assigned row at `/` of one of the two roles, with what the directory says of its principal. */
export interface Holder {
  principalId: string;
  roleDefinitionId: string;
  name: string;
  /** null: no end */
  endsAt: string | null;
  /** Whether the row has begun. */
  active: boolean;
  isUser: boolean;
  enabled: boolean;
  cloudOnly: boolean;
  isMember: boolean;
}

/** What is about to happen. */
export type Change =
  | {
      type: "end";
      principalId: string;
      roleDefinitionId: string;
      /** Whether it is the account that signed in for this run, which works by the role. */
      isDeployer?: boolean;
    }
  | {
      type: "requireApproval";
      roleDefinitionId: string;
      approverIds: string[];
      activeApproverIds: string[];
    }
  | { type: "requireContext"; roleDefinitionId: string; context: string; known: string[] };

/** A holder who can repair the tenant on any day: enabled, cloud-only, a member, unending Global Administrator. */
export function isSafeHolder(holder: Holder): boolean {
  return (
    holder.roleDefinitionId === GLOBAL_ADMINISTRATOR &&
    holder.isUser &&
    holder.enabled &&
    holder.cloudOnly &&
    holder.isMember &&
    holder.active &&
    holder.endsAt === null
  );
}

/** Why a change would lock the tenant; empty when it would not. `holders` are without what this run already removed. */
export function lockoutProblems(change: Change, holders: readonly Holder[]): Problem[] {
  if (change.type === "end") return endProblems(change, holders);
  if (change.type === "requireApproval") return approvalProblems(change, holders);
  if (change.known.includes(change.context.toLowerCase())) return [];
  return [
    {
      path: "activation.authenticationContext",
      got: change.context,
      expected:
        change.known.length === 0
          ? "an authentication context of the tenant, which has none"
          : `one of the tenant's authentication contexts: ${change.known.join(", ")}`,
      fix: "make it in Conditional Access first: with a missing context nobody can activate the role",
    },
  ];
}

function endProblems(
  change: Extract<Change, { type: "end" }>,
  holders: readonly Holder[],
): Problem[] {
  const isTheEnded = (holder: Holder) =>
    holder.principalId === change.principalId &&
    holder.roleDefinitionId === change.roleDefinitionId;
  const ended = holders.find(isTheEnded);
  const left = holders.filter((holder) => !isTheEnded(holder));
  if (ended !== undefined && change.isDeployer === true) {
    const problems = deployerProblems(ended, left);
    if (problems.length > 0) return problems;
  }
  if (ended === undefined || left.some(isSafeHolder)) return [];
  if (isSafeHolder(ended)) {
    return [
      {
        path: "principal",
        got: ended.name,
        expected:
          "another enabled, cloud-only member with a direct, unending, active Global Administrator assignment",
        fix: "this is the last account that can repair the tenant: declare a BreakGlass first",
      },
    ];
  }
  const administers = (holder: Holder) =>
    holder.roleDefinitionId === PRIVILEGED_ROLE_ADMINISTRATOR && holder.active && holder.enabled;
  if (!administers(ended) || left.some(administers)) return [];
  return [
    {
      path: "principal",
      got: ended.name,
      expected: "another active Privileged Role Administrator, or a safe Global Administrator",
      fix: "after this nobody could manage roles: add another holder first",
    },
  ];
}

/** Whoever deploys would be without the role in the middle of the run, and at the next one. */
function deployerProblems(ended: Holder, left: readonly Holder[]): Problem[] {
  if (left.some(({ principalId, active }) => principalId === ended.principalId && active))
    return [];
  return [
    {
      path: "principal",
      got: ended.name,
      expected: "another account than the one that deploys",
      fix: "it works by this assignment: let somebody else deploy, or an application",
    },
  ];
}

function approvalProblems(
  change: { roleDefinitionId: string; approverIds: string[]; activeApproverIds: string[] },
  holders: readonly Holder[],
): Problem[] {
  if (![GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR].includes(change.roleDefinitionId))
    return [];
  if (holders.some(isSafeHolder)) return [];
  const decides =
    change.approverIds.length === 0
      ? holders.some((holder) => holder.active && holder.enabled)
      : change.activeApproverIds.length > 0;
  if (decides) return [];
  return [
    {
      path: "activation.requireApproval",
      got: true,
      expected: "an approver who can decide without activating this role first",
      fix: "name an enabled user or a group with an active member as approver, or keep one unending active Global Administrator",
    },
  ];
}
