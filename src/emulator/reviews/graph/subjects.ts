import { isInactive } from "../../directory/last-sign-in";
import { ServiceError } from "../../errors";
import { groupSurface } from "../../groups/group-surface";
import type { Requestor, Schedule } from "../../pim/grant";
import type { PimSurface } from "../../pim/surface";
import { directorySurface } from "../../roles/directory-surface";
import type { Json } from "../../schema";
import type { Tenant } from "../../tenant";
import { endAccess } from "../end-access";
import type { ApplyResult, DecisionItem, Review, ReviewInstance, Subject } from "../review";
import type { ReviewSurface } from "../review-book";
import { type ReviewTarget, targetOf } from "./query-scope";
import { graphReviewersOf } from "./reviewers";

/** Reviews of directory roles and groups: whose access they are about, and how it is taken away. */
export function graphReviewSurface(tenant: Tenant): ReviewSurface {
  return {
    subjects: (review) => subjectsOf(tenant, review),
    reviewers: (instance, stage, subject) => graphReviewersOf(tenant, instance, stage, subject),
    remove: (instance, item, by) => remove(tenant, instance, item, by),
  };
}

/** What a review is of, where that is emulated. */
export function targetOfReview({ facts }: { facts: Json }): ReviewTarget | undefined {
  return targetOf(facts["scope"] as Json, facts["instanceEnumerationScope"] as Json | null);
}

function subjectsOf(tenant: Tenant, review: Review): Subject[] {
  const target = targetOfReview(review);
  if (target === undefined) return [];
  const subjects = new Map<string, Subject>();
  for (const row of rowsOf(tenant, target)) {
    for (const subject of behind(tenant, target, row.principalId)) {
      const known = subjects.get(subject.principalId);
      if (known === undefined || subject.membership === "direct")
        subjects.set(subject.principalId, subject);
    }
  }
  return [...subjects.values()].filter((subject) => isWanted(tenant, target, subject));
}

// What was assigned, in force or eligible: activations are somebody's use of an eligibility.
function rowsOf(tenant: Tenant, target: ReviewTarget): Schedule[] {
  const { schedules } = surfaceOf(tenant, target).book;
  const [key, value] =
    target.resource.kind === "role"
      ? (["roleId", roleIdOf(tenant, target)] as const)
      : groupKey(target);
  const rows = [
    ...(target.state === "active" ? [] : schedules.eligible.by(key, value)),
    ...(target.state === "eligible" ? [] : schedules.active.by(key, value)),
  ];
  return rows.filter(
    (row) =>
      row.assignmentType === "Assigned" &&
      row.memberType === "Direct" &&
      row.status === "Provisioned" &&
      (target.resource.kind === "role" || row.roleId === target.side),
  );
}

function groupKey(target: ReviewTarget) {
  return ["scopeId", target.resource.id] as const;
}

// A role may be named by its template.
function roleIdOf(tenant: Tenant, target: ReviewTarget): string {
  return tenant.roles.byTemplate(target.resource.id)?.id ?? target.resource.id;
}

function surfaceOf(tenant: Tenant, target: ReviewTarget): PimSurface {
  return target.resource.kind === "role" ? directorySurface(tenant) : groupSurface(tenant);
}

function behind(tenant: Tenant, target: ReviewTarget, principalId: string): Subject[] {
  const found = tenant.directory.kindOf(principalId);
  const kind = found === "group" || found === "servicePrincipal" ? found : "user";
  const resourceId =
    target.resource.kind === "role" ? roleIdOf(tenant, target) : target.resource.id;
  if (kind !== "group" || !target.isTransitive)
    return [{ principalId, kind, resourceId, membership: "direct" }];
  return tenant.peopleOf(principalId).map(({ id }) => ({
    principalId: id,
    kind: "user" as const,
    resourceId,
    membership: "indirect" as const,
  }));
}

function isWanted(tenant: Tenant, target: ReviewTarget, { kind, principalId }: Subject): boolean {
  if (!target.kinds.includes(kind)) return false;
  const user = tenant.directory.users.get(principalId);
  if (target.guestsOnly && user?.["userType"] !== "Guest") return false;
  return target.inactiveMs === 0 || isInactive(tenant, principalId, target.inactiveMs);
}

// Access through a nested group is that group's; the last administrator and owner stay.
function remove(
  tenant: Tenant,
  instance: ReviewInstance,
  item: DecisionItem,
  by: Requestor | null,
): ApplyResult {
  const target = targetOfReview(instance);
  if (target === undefined || item.membership === "indirect") return "ApplyNotSupported";
  const surface = surfaceOf(tenant, target);
  const rows = rowsOf(tenant, target).filter((row) => row.principalId === item.principalId);
  if (rows.some((row) => !mayEnd(surface, row, by))) return "AppliedWithUnknownFailure";
  for (const row of rows) endAccess(tenant, surface.book, row, by, namedOf(tenant, target));
  return rows.length === 0 ? "AppliedSuccessfullyButObjectNotFound" : "AppliedSuccessfully";
}

function mayEnd(surface: PimSurface, row: Schedule, by: Requestor | null): boolean {
  const caller = { kind: "app" as const, id: "", ...by };
  try {
    surface.checkEnd(row, { ...caller, appId: "", permissions: new Set(), mfa: false, acrs: [] });
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

function namedOf(tenant: Tenant, target: ReviewTarget) {
  if (target.resource.kind === "group") {
    const roleId = `${target.resource.id}_${target.side}`;
    return { category: "GroupManagement" as const, roleId, roleName: null };
  }
  const roleId = roleIdOf(tenant, target);
  const roleName = tenant.roles.definitions.get(roleId)?.displayName ?? null;
  return { category: "RoleManagement" as const, roleId, roleName };
}
