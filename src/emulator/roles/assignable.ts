import { parseDuration } from "../clock";
import type { ObjectKind } from "../directory/directory";
import { refuse } from "../errors";
import type { GrantKind, PimAction, Tuple } from "../pim/grant";
import type { Tenant } from "../tenant";
import type { RoleDefinition } from "./catalog";

/** Refuses what can never be assigned: unknown parts, wrong kinds of principal, roles a scope does not take. */
export function checkRoleScope(
  tenant: Tenant,
  kind: GrantKind,
  tuple: Tuple,
  action: PimAction,
): void {
  const role = tenant.roles.definitions.get(tuple.roleId);
  const principal = tenant.directory.kindOf(tuple.principalId);
  if (principal === undefined || principal === "application" || principal === "administrativeUnit")
    throw refuse.subjectNotFound();
  if (role === undefined) throw refuse.roleNotFound();
  checkReplicated(tenant, principal, role, tuple.principalId);
  checkScope(tenant, role, tuple);
  if (action === "adminRemove" || action === "selfDeactivate") return;
  if (role.isSystemAssigned || !role.isEnabled) throw refuse.invalidRequest();
  if (
    principal === "group" &&
    tenant.directory.groups.get(tuple.principalId)?.["isAssignableToRole"] !== true
  )
    throw refuse.invalidRequest();
  // An application cannot activate: it may hold a role, never be eligible for one.
  if (principal === "servicePrincipal" && kind === "eligible") throw refuse.invalidRequest();
}

// PIM learns of new principals and roles some seconds after the directory has them.
function checkReplicated(
  tenant: Tenant,
  kind: ObjectKind,
  role: RoleDefinition,
  principalId: string,
): void {
  const knownSince = tenant.clock.now() - (parseDuration(tenant.settings.replicationDelay) ?? 0);
  const madeAt = tenant.directory.of(kind).madeAt(principalId) ?? 0;
  if (madeAt > knownSince) throw refuse.subjectNotFound();
  if ((tenant.roles.definitions.madeAt(role.id) ?? 0) > knownSince) throw refuse.roleNotFound();
}

/** Built-in roles that may be assigned on one application or service principal. */
const OBJECT_SCOPED = [
  "Application Administrator",
  "Cloud Application Administrator",
  "Application Developer",
];
const NEVER_ON_UNITS = ["Global Administrator", "Privileged Role Administrator"];

/** Refuses a scope that does not exist or that the role cannot have. */
export function checkScope(tenant: Tenant, role: RoleDefinition, tuple: Tuple): void {
  if (tuple.isAppScope || tuple.scopeId === "/") return;
  const unit = /^\/administrativeUnits\/([^/]+)$/i.exec(tuple.scopeId)?.[1];
  if (unit !== undefined) {
    if (tenant.directory.units.get(unit) === undefined) throw refuse.scopeNotFound();
    if (NEVER_ON_UNITS.includes(role.displayName)) throw refuse.scopeUnsupported(role.displayName);
    return;
  }
  const object = /^\/([^/]+)$/.exec(tuple.scopeId)?.[1];
  if (object === undefined || tenant.directory.kindOf(object) === undefined)
    throw refuse.scopeNotFound();
  if (role.isBuiltIn && !OBJECT_SCOPED.includes(role.displayName))
    throw refuse.scopeUnsupported(role.displayName);
}
