import { type GroupAccess, isGuid, type Surface } from "./constants";
import type { Problem } from "./problem";
import { SURFACE_FEATURES } from "./surface-features";
import { isUnknown } from "./unknown";

/** The role as the user names it: exactly one of the three. */
export interface RoleInput {
  directoryRole?: { role: string; scope?: string };
  group?: { group: string; access: string };
  azureRole?: { role: string; scope: string };
}

/** What an assignment or settings are about, with names still as written. */
export type RoleTarget =
  | { surface: "directoryRoles"; role: string; scope: string }
  | { surface: "groups"; group: string; access: GroupAccess }
  | { surface: "azureRoles"; role: string; scope: string };

const DIRECTORY_SCOPE =
  /^\/(?:administrativeUnits\/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ARM_SCOPE =
  /^(?:\/providers\/Microsoft\.Management\/managementGroups\/[^/]+|\/subscriptions\/[0-9a-f-]{36}(?:\/resourceGroups\/[^/]+(?:\/providers\/.+)?|\/providers\/.+)?)$/i;

/** The surface that the arguments speak of; undefined when not exactly one is given. */
export function surfaceOf(input: RoleInput): Surface | undefined {
  const surfaces = (Object.keys(SURFACE_FEATURES) as Surface[]).filter(
    (surface) => input[SURFACE_FEATURES[surface].property] !== undefined,
  );
  return surfaces.length === 1 ? surfaces[0] : undefined;
}

/** The target in a role's arguments; undefined while a part of it is unknown or wrong. */
export function roleTarget(input: RoleInput): RoleTarget | undefined {
  if (roleProblems(input, "assignment").length > 0) return undefined;
  const { directoryRole, group, azureRole } = input;
  if ([directoryRole, group, azureRole].some((part) => part !== undefined && partIsUnknown(part))) {
    return undefined;
  }
  if (directoryRole !== undefined) {
    const scope = normalScope(directoryRole.scope ?? "/");
    return { surface: "directoryRoles", role: directoryRole.role.trim(), scope };
  }
  if (group !== undefined) {
    return { surface: "groups", group: group.group.trim(), access: group.access as GroupAccess };
  }
  if (azureRole === undefined) return undefined;
  return {
    surface: "azureRoles",
    role: azureRole.role.trim(),
    scope: normalScope(azureRole.scope),
  };
}

/** What is wrong with a role's arguments by themselves; settings hold for the whole tenant, assignments may have a scope. */
export function roleProblems(input: RoleInput, purpose: "settings" | "assignment"): Problem[] {
  const surface = surfaceOf(input);
  if (surface === undefined) {
    return [{ path: "", expected: "exactly one of directoryRole, group, azureRole" }];
  }
  const { directoryRole, group, azureRole } = input;
  if (directoryRole !== undefined) return directoryProblems(directoryRole, purpose);
  if (group !== undefined) return groupProblems(group);
  return azureRole === undefined ? [] : azureProblems(azureRole);
}

/** A scope without a trailing slash; ARM's reserved segments in their usual case. */
export function normalScope(scope: string): string {
  const trimmed = scope.trim();
  if (trimmed === "/" || trimmed === "") return "/";
  return trimmed
    .replace(/\/+$/, "")
    .replace(/^\/?(?:providers\/microsoft\.subscription\/)?subscriptions\//i, "/subscriptions/")
    .replace(/\/resourcegroups\//i, "/resourceGroups/")
    .replace(/^\/administrativeunits\//i, "/administrativeUnits/")
    .replace(
      /^\/?providers\/microsoft\.management\/managementgroups\//i,
      "/providers/Microsoft.Management/managementGroups/",
    );
}

/** Whether two scopes are the same place: letter case does not count, neither in Graph nor in ARM. */
export function sameScope(a: string, b: string): boolean {
  return normalScope(a).toLowerCase() === normalScope(b).toLowerCase();
}

function directoryProblems(
  input: { role: string; scope?: string },
  purpose: "settings" | "assignment",
): Problem[] {
  if (isUnknown(input)) return [];
  const problems = textProblems(
    "directoryRole.role",
    input.role,
    "a role definition id or a display name",
  );
  const { scope } = input;
  if (scope === undefined || isUnknown(scope)) return problems;
  if (purpose === "settings" && normalScope(scope) !== "/") {
    problems.push({
      path: "directoryRole.scope",
      got: scope,
      expected: "no scope",
      fix: "settings hold for the whole tenant; leave scope out",
    });
  } else if (normalScope(scope) !== "/" && !DIRECTORY_SCOPE.test(normalScope(scope))) {
    problems.push({
      path: "directoryRole.scope",
      got: scope,
      expected: '"/", "/administrativeUnits/{id}" or "/{object id}"',
    });
  }
  return problems;
}

function groupProblems(input: { group: string; access: string }): Problem[] {
  if (isUnknown(input)) return [];
  const problems = textProblems(
    "group.group",
    input.group,
    "an object id or a unique display name",
  );
  if (!isUnknown(input.access) && input.access !== "member" && input.access !== "owner") {
    problems.push({ path: "group.access", got: input.access, expected: '"member" or "owner"' });
  }
  return problems;
}

function azureProblems(input: { role: string; scope: string }): Problem[] {
  if (isUnknown(input)) return [];
  const problems = textProblems("azureRole.role", input.role, "a role GUID, full id or name");
  if (!isUnknown(input.scope) && !ARM_SCOPE.test(normalScope(input.scope ?? ""))) {
    problems.push({
      path: "azureRole.scope",
      got: input.scope,
      expected: "the ARM id of a management group, subscription, resource group or resource",
    });
  }
  return problems;
}

function textProblems(path: string, text: unknown, expected: string): Problem[] {
  if (isUnknown(text) || (typeof text === "string" && text.trim() !== "")) return [];
  return [{ path, got: text, expected }];
}

function partIsUnknown(part: object): boolean {
  return isUnknown(part) || Object.values(part).some(isUnknown);
}

/** The GUID of an Azure role in any of its spellings; undefined for a name. */
export function azureRoleGuid(text: string): string | undefined {
  const last = text.split("/").pop() ?? "";
  return isGuid(last) ? last.toLowerCase() : undefined;
}
