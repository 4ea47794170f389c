import type { RoleKey } from "../model/identity";
import { builtInRoleName } from "../model/role-names";
import type { PersonRequest } from "../surfaces/people";

/** A role as people say it. */
export function describeRole(
  role: RoleKey,
  name: string | null,
  scopeName: string | null = null,
): string {
  if (role.surface === "groups") return `${role.access} of ${name ?? `group ${role.groupId}`}`;
  const title =
    name ?? builtInRoleName(role.surface, role.roleDefinitionId) ?? role.roleDefinitionId;
  return role.scope === "/" ? title : `${title} at ${scopeName ?? role.scope}`;
}

/** A request in one phrase: who wants what. */
export function describeRequest(request: PersonRequest): string {
  const who = request.principalName ?? request.principalId;
  const what = isActivation(request) ? "" : `${describeAction(request)} `;
  return `${who}: ${what}${describeRole(request.role, request.roleName, request.scopeName)}`;
}

/** What a request asks for: an activation, which ends within hours, or an assignment, eligible or active. */
export function describeAction(request: Pick<PersonRequest, "action" | "kind">): string {
  const verb = request.action.replace(/^self/, "").replace(/^admin/, "admin ");
  return /activate$/.test(verb) ? verb : `${verb} ${request.kind}`;
}

/** Whether somebody asks to activate a role. */
export function isActivation({ action }: Pick<PersonRequest, "action">): boolean {
  return action === "selfactivate";
}

/** A status in words. The service's list is open: what is not known is shown as it is. */
export function describeStatus(status: string): string {
  return STATUSES[status.toLowerCase()] ?? status;
}

const STATUSES: Readonly<Record<string, string>> = {
  pendingapproval: "waits for approval",
  pendingapprovalprovisioning: "waits for approval",
  pendingadmindecision: "waits for an administrator",
  pendingprovisioning: "being set up",
  pendingschedulecreation: "being set up",
  pendingevaluation: "being looked at",
  accepted: "being looked at",
  provisioningstarted: "being set up",
  pendingrevocation: "being ended",
  granted: "granted, begins later",
  schedulecreated: "granted, begins later",
  provisioned: "done",
  revoked: "ended",
  denied: "denied",
  admindenied: "denied",
  canceled: "cancelled",
  failed: "failed",
  timedout: "nobody decided in time",
};

/** Whether somebody has to decide. */
export function awaitsDecision(status: string): boolean {
  return /^pending(approval|admindecision)/i.test(status);
}
