import { type GroupAccess, isGuid, type Surface } from "./constants";
import type { Problem } from "./problem";
import { SURFACE_FEATURES } from "./surface-features";
import { textProblems } from "./text-rules";
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

const SURFACES = Object.keys(SURFACE_FEATURES) as Surface[];

/** The surface that the arguments speak of; undefined when not exactly one is given. */
export function surfaceOf(input: RoleInput): Surface | undefined {
  const surfaces = SURFACES.filter(
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
  if (surface === undefined) return isUnknown(input) ? [] : [countProblem(input)];
  const { directoryRole, group, azureRole } = input;
  if (directoryRole !== undefined) return directoryProblems(directoryRole, purpose);
  if (group !== undefined) return groupProblems(group);
  return azureRole === undefined ? [] : azureProblems(azureRole);
}

function countProblem(input: RoleInput): Problem {
  const given = SURFACES.map((surface) => SURFACE_FEATURES[surface].property).filter(
    (property) => input[property] !== undefined,
  );
  const not = given.length === 0 ? "" : `, not ${given.join(" and ")}`;
  return { path: "", expected: `exactly one of directoryRole, group, azureRole${not}` };
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
  return [...problems, ...directoryScopeProblems(input.scope, purpose)];
}

function directoryScopeProblems(scope: unknown, purpose: "settings" | "assignment"): Problem[] {
  if (scope === undefined || isUnknown(scope)) return [];
  const path = "directoryRole.scope";
  // An empty text is an id that went missing: read as "/" it would give the role in the whole tenant.
  const isText = typeof scope === "string" && scope.trim() !== "";
  const isTenant = isText && normalScope(scope) === "/";
  if (purpose === "settings" && !isTenant) {
    const fix = "settings hold for the whole tenant; leave scope out";
    return [{ path, got: scope, expected: "no scope", fix }];
  }
  if (isTenant || (isText && DIRECTORY_SCOPE.test(normalScope(scope)))) return [];
  const expected = '"/", "/administrativeUnits/{id}" or "/{object id}"';
  return [{ path, got: scope, expected }];
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
  return [
    ...textProblems("azureRole.role", input.role, "a role GUID, full id or name"),
    ...armScopeProblems("azureRole.scope", input.scope),
  ];
}

/** What is wrong with the ARM id of a scope; accepted spellings are put right, others are named. */
export function armScopeProblems(path: string, scope: unknown): Problem[] {
  if (isUnknown(scope)) return [];
  if (typeof scope === "string" && ARM_SCOPE.test(normalScope(scope))) return [];
  const meant = typeof scope === "string" ? nearArmScope(scope) : undefined;
  return [
    {
      path,
      got: scope,
      expected: "the ARM id of a management group, subscription, resource group or resource",
      ...(meant === undefined ? {} : { fix: `did you mean "${meant}"?` }),
    },
  ];
}

const GUID_TEXT = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const NEAR_SCOPES: readonly [RegExp, string][] = [
  [new RegExp(`^/?\\{?(${GUID_TEXT})\\}?/?$`, "i"), "/subscriptions/$1"],
  [
    new RegExp(`^(?:https?://[^/]*)?/*subscriptions/\\{?(${GUID_TEXT})\\}?(.*)$`, "i"),
    "/subscriptions/$1$2",
  ],
  [/^\/*managementGroups\/([^/]+)\/?$/i, "/providers/Microsoft.Management/managementGroups/$1"],
];

/** The scope that a text was probably meant to be. */
function nearArmScope(text: string): string | undefined {
  for (const [pattern, replacement] of NEAR_SCOPES) {
    const scope = normalScope(text.trim().replace(pattern, replacement));
    if (pattern.test(text.trim()) && ARM_SCOPE.test(scope)) return scope;
  }
  return undefined;
}

function partIsUnknown(part: object): boolean {
  return isUnknown(part) || Object.values(part).some(isUnknown);
}

/** The GUID of an Azure role in any of its spellings; undefined for a name. */
export function azureRoleGuid(text: string): string | undefined {
  const last = text.split("/").pop() ?? "";
  return isGuid(last) ? last.toLowerCase() : undefined;
}
