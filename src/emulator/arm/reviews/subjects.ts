import { parseDuration } from "../../clock";
import { isInactive } from "../../directory/last-sign-in";
import type { Requestor, Schedule } from "../../pim/grant";
import { endAccess } from "../../reviews/end-access";
import type {
  ApplyResult,
  DecisionItem,
  Review,
  ReviewInstance,
  Subject,
} from "../../reviews/review";
import type { ReviewSurface } from "../../reviews/review-book";
import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import { guidOfRoleId } from "../azure-roles";
import { normalScope } from "../scopes";
import type { AzureReviewScope } from "./review-scope";
import { reviewersOf } from "./reviewers";

/** Reviews of Azure roles: whose assignments they are about, and how one is taken away. */
export function azureReviewSurface(tenant: Tenant): ReviewSurface {
  return {
    subjects: (review) => subjectsOf(tenant, review),
    reviewers: (instance, _stage, subject) => reviewersOf(tenant, instance, subject),
    remove: (instance, item, by) => remove(tenant, instance, item, by),
  };
}

function subjectsOf(tenant: Tenant, review: Review): Subject[] {
  const scope = scopeOf(review);
  const subjects = new Map<string, Subject>();
  for (const row of rowsOf(tenant, scope)) {
    for (const subject of behind(tenant, scope, row)) {
      const key = `${subject.principalId} ${subject.resourceId}`;
      const known = subjects.get(key);
      if (known === undefined || subject.membership === "direct") subjects.set(key, subject);
    }
  }
  return [...subjects.values()].filter((subject) => isWanted(tenant, scope, subject));
}

// What is in force or eligible and was assigned: activations are somebody's use of an eligibility.
function rowsOf(tenant: Tenant, scope: AzureReviewScope): Schedule[] {
  const { eligible, active } = tenant.arm.pim.schedules;
  const rows = [
    ...(scope.assignmentState === "active" ? [] : eligible.all()),
    ...(scope.assignmentState === "eligible" ? [] : active.all()),
  ];
  const role = guidOfRoleId(scope.roleDefinitionId);
  const excludedRole = guidOfRoleId(scope.excludeRoleDefinitionId);
  return rows.filter(
    (row) =>
      row.assignmentType === "Assigned" &&
      row.status === "Provisioned" &&
      (role === undefined || row.roleId === role) &&
      row.roleId !== excludedRole &&
      isWithin(tenant, scope, row.scopeId),
  );
}

function isWithin(tenant: Tenant, scope: AzureReviewScope, scopeId: string): boolean {
  const { tree } = tenant.arm;
  if (scope.excludeResourceId !== null) {
    const away = tree.relation(normalScope(scope.excludeResourceId), scopeId);
    if (away === "at" || away === "below") return false;
  }
  const relation = tree.relation(scope.resourceId, scopeId);
  if (relation === "above") return scope.includeInheritedAccess;
  return relation === "at" || (relation === "below" && scope.includeAccessBelowResource);
}

// The principal of a row, and where nested memberships are asked for the people in a group.
function behind(tenant: Tenant, scope: AzureReviewScope, row: Schedule): Subject[] {
  const kind = kindOf(tenant, row.principalId);
  const resourceId = row.roleId;
  const own: Subject = { principalId: row.principalId, kind, resourceId, membership: "direct" };
  if (kind !== "group" || !scope.expandNestedMemberships) return [own];
  return tenant.peopleOf(row.principalId).map(({ id }) => ({
    principalId: id,
    kind: "user" as const,
    resourceId,
    membership: "indirect" as const,
  }));
}

function kindOf(tenant: Tenant, id: string): Subject["kind"] {
  const kind = tenant.directory.kindOf(id);
  return kind === "group" || kind === "servicePrincipal" ? kind : "user";
}

// Without a type users are meant: the examples send null and get "user".
function isWanted(
  tenant: Tenant,
  scope: AzureReviewScope,
  { kind, principalId }: Subject,
): boolean {
  const { principalType, inactiveDuration } = scope;
  if (!kindsOf(principalType).includes(kind)) return false;
  const user = tenant.directory.users.get(principalId);
  if (principalType === "guestUser" && user?.["userType"] !== "Guest") return false;
  if (principalType === "redeemedGuestUser" && user?.["externalUserState"] !== "Accepted")
    return false;
  const inactiveMs = parseDuration(inactiveDuration);
  return inactiveMs === undefined || isInactive(tenant, principalId, inactiveMs);
}

function kindsOf(type: AzureReviewScope["principalType"]): readonly Subject["kind"][] {
  if (type === "servicePrincipal") return ["servicePrincipal"];
  return type === "user,group" ? ["user", "group"] : ["user"];
}

// Access through a group is the group's: it is not taken away here.
function remove(
  tenant: Tenant,
  instance: ReviewInstance,
  item: DecisionItem,
  by: Requestor | null,
): ApplyResult {
  if (item.membership === "indirect") return "ApplyNotSupported";
  const rows = rowsOf(tenant, scopeOf(instance)).filter(
    (row) => row.principalId === item.principalId && row.roleId === item.resourceId,
  );
  const roleName = tenant.arm.catalog.roles.get(item.resourceId)?.roleName ?? null;
  const named = { category: "ResourceManagement", roleId: item.resourceId, roleName } as const;
  for (const row of rows) endAccess(tenant, tenant.arm.pim, row, by, named);
  return rows.length === 0 ? "AppliedSuccessfullyButObjectNotFound" : "AppliedSuccessfully";
}

function scopeOf({ facts }: { facts: Json }): AzureReviewScope {
  return facts["scope"] as AzureReviewScope;
}
