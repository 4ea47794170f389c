import { azureRoleGuid, normalScope, sameScope } from "../../model/role-target";

/** A scope as the service answers it, in the spelling that we compare: ARM has two names for a subscription. */
export function readScope(text: string): string {
  return normalScope(text.startsWith("/") ? text : `/${text}`);
}

/** The path of a scope's authorization resources. Its slashes stay, everything else is escaped. */
export function authorizationPath(scope: string, resource: string): string {
  return `${encodeURI(normalScope(scope))}/providers/Microsoft.Authorization/${resource}`;
}

/**
 * The full id of a role definition as PIM wants it at a scope: below a subscription with its prefix, at a management
 * group without any. With another form the service answers in a form of its own, so ids are compared by GUID only.
 */
export function roleDefinitionIdAt(scope: string, guid: string): string {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(normalScope(scope))?.[0] ?? "";
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

/** Whether a row is of this scope and role: a listing also shows what a parent scope hands down. */
export function isOf(
  row: { scope?: string | null; roleDefinitionId?: string | null },
  scope: string,
  guid: string,
): boolean {
  return (
    sameScope(readScope(row.scope ?? ""), scope) &&
    azureRoleGuid(row.roleDefinitionId ?? "") === guid.toLowerCase()
  );
}

/** The last part of an id: references are full ids in one place and bare GUIDs in another. */
export function lastSegment(id: string | null | undefined): string | null {
  const last = (id ?? "").split("/").pop() ?? "";
  return last === "" ? null : last;
}
