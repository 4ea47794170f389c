import { type Call, created, noContent, objectBody, type Operation, ok, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import type { AppRoleAssignment, DirectoryObject } from "./directory";
import { addReference, found, listLinked, listLinking, removeReference } from "./objects";
import { SETS } from "./sets";

/** Application registrations and service principals, with the permissions granted to them. */
export const applicationOperations: readonly Operation[] = [
  { method: "GET", path: "/applications", permission: PERMISSIONS.applicationsRead, run: (call) => list(call, SETS.application, call.tenant.directory.applications) },
  { method: "POST", path: "/applications", permission: PERMISSIONS.applicationsWrite, run: createApplication },
  { method: "GET", path: "/applications/{id}", permission: PERMISSIONS.applicationsRead, run: (call) => entity(call, SETS.application, applicationOf(call)) },
  { method: "PATCH", path: "/applications/{id}", permission: PERMISSIONS.applicationsWrite, run: updateApplication },
  { method: "DELETE", path: "/applications/{id}", permission: PERMISSIONS.applicationsWrite, run: removeApplication },
  { method: "POST", path: "/applications/{id}/addPassword", permission: PERMISSIONS.applicationsWrite, run: addPassword },
  { method: "GET", path: "/applications/{id}/owners", permission: PERMISSIONS.applicationsRead, run: (call) => listLinked(call, applicationOf(call).id, "owners") },
  { method: "POST", path: "/applications/{id}/owners/$ref", permission: PERMISSIONS.applicationsWrite, run: (call) => addReference(call, applicationOf(call).id, "owners", ["user", "servicePrincipal"]) },
  { method: "DELETE", path: "/applications/{id}/owners/{owner}/$ref", permission: PERMISSIONS.applicationsWrite, run: (call) => removeReference(call, applicationOf(call).id, "owners", param(call, "owner")) },
  { method: "GET", path: "/servicePrincipals", permission: PERMISSIONS.applicationsRead, run: (call) => list(call, SETS.servicePrincipal, call.tenant.directory.servicePrincipals) },
  { method: "POST", path: "/servicePrincipals", permission: PERMISSIONS.applicationsWrite, run: createServicePrincipal },
  ...servicePrincipalOperations("/servicePrincipals(appId='{appId}')"),
  ...servicePrincipalOperations("/servicePrincipals/{id}"),
];

/** A whole application from the members that somebody gave. */
export function applicationFrom(given: Json, id: string, appId: string, createdAt: string): DirectoryObject {
  return {
    api: { oauth2PermissionScopes: [], preAuthorizedApplications: [], knownClientApplications: [], requestedAccessTokenVersion: null, acceptMappedClaims: null },
    appRoles: [],
    createdDateTime: createdAt,
    displayName: `application-${appId.slice(0, 8)}`,
    groupMembershipClaims: null,
    identifierUris: [],
    info: { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
    isFallbackPublicClient: null,
    keyCredentials: [],
    passwordCredentials: [],
    publicClient: { redirectUris: [] },
    publisherDomain: "contoso.com",
    requiredResourceAccess: [],
    signInAudience: "AzureADMyOrg",
    spa: { redirectUris: [] },
    tags: [],
    web: { redirectUris: [], homePageUrl: null, logoutUrl: null, implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false } },
    ...given,
    appId,
    id,
  };
}

/** A whole service principal from the members that somebody gave. */
export function servicePrincipalFrom(given: Json, id: string, appId: string): DirectoryObject {
  return {
    accountEnabled: true,
    alternativeNames: [],
    appDisplayName: given["displayName"] ?? null,
    appOwnerOrganizationId: null,
    appRoleAssignmentRequired: false,
    appRoles: [],
    displayName: `application-${appId.slice(0, 8)}`,
    homepage: null,
    keyCredentials: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    replyUrls: [],
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    tags: [],
    ...given,
    appId,
    id,
  };
}

function servicePrincipalOperations(path: string): Operation[] {
  return [
    { method: "GET", path, permission: PERMISSIONS.applicationsRead, run: (call) => entity(call, SETS.servicePrincipal, servicePrincipalOf(call)) },
    { method: "PATCH", path, permission: PERMISSIONS.applicationsWrite, run: updateServicePrincipal },
    { method: "DELETE", path, permission: PERMISSIONS.applicationsWrite, run: removeServicePrincipal },
    { method: "GET", path: `${path}/owners`, permission: PERMISSIONS.applicationsRead, run: (call) => listLinked(call, servicePrincipalOf(call).id, "owners") },
    { method: "GET", path: `${path}/memberOf`, permission: PERMISSIONS.applicationsRead, run: (call) => listLinking(call, servicePrincipalOf(call).id, "members") },
    { method: "GET", path: `${path}/appRoleAssignments`, permission: PERMISSIONS.applicationsRead, run: (call) => listAssignments(call, "principalId") },
    { method: "GET", path: `${path}/appRoleAssignedTo`, permission: PERMISSIONS.applicationsRead, run: (call) => listAssignments(call, "resourceId") },
    { method: "POST", path: `${path}/appRoleAssignments`, permission: PERMISSIONS.appRoleAssignmentsWrite, run: assignAppRole },
    { method: "POST", path: `${path}/appRoleAssignedTo`, permission: PERMISSIONS.appRoleAssignmentsWrite, run: assignAppRole },
    { method: "DELETE", path: `${path}/appRoleAssignments/{assignment}`, permission: PERMISSIONS.appRoleAssignmentsWrite, run: unassignAppRole },
    { method: "DELETE", path: `${path}/appRoleAssignedTo/{assignment}`, permission: PERMISSIONS.appRoleAssignmentsWrite, run: unassignAppRole },
  ];
}

function applicationOf(call: Call): DirectoryObject {
  return found(call, "application", param(call, "id"));
}

function servicePrincipalOf(call: Call): DirectoryObject {
  const appId = call.params["appId"];
  if (appId === undefined) return found(call, "servicePrincipal", param(call, "id"));
  for (const { value } of call.tenant.directory.servicePrincipals.scan({ key: "appId", value: appId })) return value;
  throw refuse.resourceNotFound(appId);
}

function createApplication(call: Call) {
  const body = objectBody(call);
  if (typeof body["displayName"] !== "string") throw refuse.missingProperty("displayName");
  const { tenant } = call;
  const application = applicationFrom(unbound(body), tenant.newId(), tenant.newId(), new Date(tenant.clock.now()).toISOString());
  return entity(call, SETS.application, tenant.directory.applications.put(application), 201);
}

function updateApplication(call: Call) {
  const application = applicationOf(call);
  call.tenant.directory.applications.put({ ...application, ...unbound(objectBody(call)), id: application.id });
  return noContent();
}

function removeApplication(call: Call) {
  call.tenant.directory.delete("application", applicationOf(call).id);
  return noContent();
}

function addPassword(call: Call) {
  const application = applicationOf(call);
  const { tenant } = call;
  const asked = (objectBody(call)["passwordCredential"] ?? {}) as Json;
  const now = tenant.clock.now();
  const credential = {
    customKeyIdentifier: null,
    displayName: asked["displayName"] ?? null,
    startDateTime: asked["startDateTime"] ?? new Date(now).toISOString(),
    endDateTime: asked["endDateTime"] ?? new Date(now + 2 * 365 * 86_400_000).toISOString(),
    keyId: tenant.newId(),
    hint: "emu",
    secretText: `emu~${tenant.newId()}`,
  };
  const credentials = [...(application["passwordCredentials"] as Json[]), credential];
  tenant.directory.applications.put({ ...application, passwordCredentials: credentials });
  return ok({ "@odata.context": `${call.origin}/${call.version}/$metadata#microsoft.graph.passwordCredential`, ...credential });
}

function createServicePrincipal(call: Call) {
  const body = objectBody(call);
  const appId = body["appId"];
  if (typeof appId !== "string") throw refuse.missingProperty("appId");
  const { directory } = call.tenant;
  const [application] = [...directory.applications.by("appId", appId)];
  if (application === undefined) throw refuse.directoryBadRequest(`When using this permission, the backing application of the service principal being created must in the local tenant`);
  if (![...directory.servicePrincipals.by("appId", appId)].every(() => false)) throw refuse.conflictingObject("servicePrincipalNames");
  const given = { displayName: application["displayName"], appOwnerOrganizationId: call.tenant.id, ...unbound(body) };
  const principal = servicePrincipalFrom(given, call.tenant.newId(), appId);
  return entity(call, SETS.servicePrincipal, directory.servicePrincipals.put(principal), 201);
}

function updateServicePrincipal(call: Call) {
  const principal = servicePrincipalOf(call);
  call.tenant.directory.servicePrincipals.put({ ...principal, ...unbound(objectBody(call)), id: principal.id });
  return noContent();
}

function removeServicePrincipal(call: Call) {
  call.tenant.directory.delete("servicePrincipal", servicePrincipalOf(call).id);
  return noContent();
}

function listAssignments(call: Call, key: "principalId" | "resourceId") {
  const { id } = servicePrincipalOf(call);
  const rows = [...call.tenant.directory.appRoleAssignments.scan({ key, value: id })].map((row) => row.value);
  return list(call, { ...ASSIGNMENT_SET, toWire: (row) => assignmentWire(call, row) }, sourceOf(rows));
}

const ASSIGNMENT_SET = {
  context: "appRoleAssignments",
  type: "appRoleAssignment",
  service: "directory",
  filter: { resourceId: "eq", principalId: "eq", appRoleId: "eq", principalDisplayName: "eq startswith" },
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
    principalType: principal?.kind === "user" ? "User" : principal?.kind === "group" ? "Group" : "ServicePrincipal",
    resourceDisplayName: resource?.["displayName"] ?? null,
    resourceId: row.resourceId,
  };
}

function assignAppRole(call: Call) {
  const { principalId, resourceId, appRoleId } = objectBody(call);
  const { tenant } = call;
  if (typeof principalId !== "string" || typeof resourceId !== "string" || typeof appRoleId !== "string") throw refuse.missingProperty("appRoleId");
  if (tenant.directory.kindOf(principalId) === undefined) throw refuse.resourceNotFound(principalId);
  const resource = tenant.directory.servicePrincipals.get(resourceId);
  if (resource === undefined) throw refuse.resourceNotFound(resourceId);
  const isDefault = appRoleId === "00000000-0000-0000-0000-000000000000";
  const roles = resource["appRoles"] as Json[];
  if (!isDefault && !roles.some((role) => role["id"] === appRoleId)) throw refuse.directoryBadRequest("Permission being assigned was not found on application");
  for (const other of tenant.directory.appRoleAssignments.by("principalId", principalId)) {
    if (other.resourceId === resourceId && other.appRoleId === appRoleId) {
      throw refuse.directoryBadRequest("Permission being assigned already exists on the object");
    }
  }
  const row: AppRoleAssignment = { id: tenant.newId(), principalId, resourceId, appRoleId, createdAt: tenant.clock.now() };
  tenant.directory.appRoleAssignments.put(row);
  return created({ "@odata.context": `${call.origin}/${call.version}/$metadata#appRoleAssignments/$entity`, ...assignmentWire(call, row) });
}

function unassignAppRole(call: Call) {
  const id = param(call, "assignment");
  const { appRoleAssignments } = call.tenant.directory;
  if (appRoleAssignments.get(id) === undefined) throw refuse.resourceNotFound(id);
  appRoleAssignments.remove(id);
  return noContent();
}

function unbound(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([member]) => !member.includes("@")));
}
