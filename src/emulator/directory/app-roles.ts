import { type Call, created, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { joinedGuids } from "../ids";
import { PERMISSIONS } from "../permissions";
import { list, sourceOf } from "../respond";
import type { Json } from "../schema";
import type { AppRoleAssignment, DirectoryObject } from "./directory";

type Find = (call: Call) => DirectoryObject;

const OWN_SIDE = { appRoleAssignments: "principalId" } as const;

/** Both sides of a service principal: what it was granted, and what was granted on it. */
export const BOTH_SIDES = { ...OWN_SIDE, appRoleAssignedTo: "resourceId" } as const;

/** Application roles that a person, group or service principal has, and those granted on a service principal. */
export function appRoleOperations(
  path: string,
  find: Find,
  sides: Readonly<Record<string, "principalId" | "resourceId">> = OWN_SIDE,
): Operation[] {
  return Object.entries(sides).flatMap(([name, key]): Operation[] => [
    {
      method: "GET",
      path: `${path}/${name}`,
      permission: PERMISSIONS.applicationsRead,
      run: (call) => listAssignments(call, find(call).id, key),
    },
    {
      method: "POST",
      path: `${path}/${name}`,
      permission: PERMISSIONS.appRoleAssignmentsWrite,
      run: (call) => assignAppRole(call, contextOf(path, find(call).id, name)),
    },
    {
      method: "DELETE",
      path: `${path}/${name}/{assignment}`,
      permission: PERMISSIONS.appRoleAssignmentsWrite,
      run: unassignAppRole,
    },
  ]);
}

// What was made is named by the collection that it was made in.
function contextOf(path: string, id: string, name: string): string {
  return `${/^\/(\w+)/.exec(path)?.[1]}('${id}')/${name}`;
}

function listAssignments(call: Call, id: string, key: "principalId" | "resourceId") {
  const rows = [...call.tenant.directory.appRoleAssignments.scan({ key, value: id })].map(
    (row) => row.value,
  );
  return list(
    call,
    {
      ...ASSIGNMENT_SET,
      toWire: (row) => assignmentWire(call, row),
    },
    sourceOf(rows),
  );
}

const ASSIGNMENT_SET = {
  context: "appRoleAssignments",
  type: "appRoleAssignment",
  service: "directory",
  filter: {
    resourceId: "eq",
    principalId: "eq",
    appRoleId: "eq",
    principalDisplayName: "eq startswith",
  },
} as const;

function assignmentWire(call: Call, row: AppRoleAssignment): Json {
  const principal = call.tenant.directory.read(row.principalId);
  const resource = call.tenant.directory.servicePrincipals.read(row.resourceId);
  return {
    id: row.id,
    deletedDateTime: null,
    appRoleId: row.appRoleId,
    createdDateTime: new Date(row.createdAt).toISOString(),
    principalDisplayName: principal?.value["displayName"] ?? null,
    principalId: row.principalId,
    principalType:
      principal?.kind === "user"
        ? "User"
        : principal?.kind === "group"
          ? "Group"
          : "ServicePrincipal",
    resourceDisplayName: resource?.["displayName"] ?? null,
    resourceId: row.resourceId,
  };
}

function assignAppRole(call: Call, context: string) {
  const { principalId, resourceId, appRoleId } = objectBody(call);
  const { tenant } = call;
  if (
    typeof principalId !== "string" ||
    typeof resourceId !== "string" ||
    typeof appRoleId !== "string"
  )
    throw refuse.missingProperty("appRoleId");
  if (tenant.directory.kindOf(principalId) === undefined)
    throw refuse.resourceNotFound(principalId);
  const resource = tenant.directory.servicePrincipals.get(resourceId);
  if (resource === undefined) throw refuse.resourceNotFound(resourceId);
  const isDefault = appRoleId === "00000000-0000-0000-0000-000000000000";
  const roles = resource["appRoles"] as Json[];
  if (!isDefault && !roles.some((role) => role["id"] === appRoleId))
    throw refuse.directoryBadRequest("Permission being assigned was not found on application");
  for (const other of tenant.directory.appRoleAssignments.by("principalId", principalId)) {
    if (other.resourceId === resourceId && other.appRoleId === appRoleId) {
      throw refuse.directoryBadRequest("Permission being assigned already exists on the object");
    }
  }
  const row: AppRoleAssignment = {
    id: joinedGuids([principalId, tenant.newId()]),
    principalId,
    resourceId,
    appRoleId,
    createdAt: tenant.clock.now(),
  };
  tenant.directory.appRoleAssignments.put(row);
  return created({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${context}/$entity`,
    ...assignmentWire(call, row),
  });
}

function unassignAppRole(call: Call) {
  const id = param(call, "assignment");
  const { appRoleAssignments } = call.tenant.directory;
  if (appRoleAssignments.get(id) === undefined) throw refuse.resourceNotFound(id);
  appRoleAssignments.remove(id);
  return noContent();
}
