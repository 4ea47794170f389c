import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { counted, entity, list } from "../respond";
import type { Json } from "../schema";
import { appRoleOperations, BOTH_SIDES } from "./app-roles";
import { mixedOperations } from "./collections";
import type { DirectoryObject, ObjectKind } from "./directory";
import { membershipOperations } from "./memberships";
import { addLink, addReference, boundIds, found, objectOf, removeReference } from "./objects";
import { passwordOperations } from "./passwords";
import { permissionGrantsAt } from "./permission-grants";
import { linked, SETS } from "./sets";

/** Service principals, by object id or by application id. */
export const servicePrincipalOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/servicePrincipals",
    permission: PERMISSIONS.applicationsRead,
    run: (call) => list(call, SETS.servicePrincipal, call.tenant.directory.servicePrincipals),
  },
  {
    method: "POST",
    path: "/servicePrincipals",
    permission: PERMISSIONS.applicationsWrite,
    run: createServicePrincipal,
  },
  {
    method: "GET",
    path: "/servicePrincipals/$count",
    permission: PERMISSIONS.applicationsRead,
    run: (call) => counted(call, SETS.servicePrincipal, call.tenant.directory.servicePrincipals),
  },
  ...operationsAt("/servicePrincipals(appId='{appId}')"),
  ...operationsAt("/servicePrincipals/{id}"),
];

/** A whole service principal from the members that somebody gave. */
export function servicePrincipalFrom(given: Json, id: string, appId: string): DirectoryObject {
  return {
    accountEnabled: true,
    addIns: [],
    alternativeNames: [],
    appDescription: null,
    appDisplayName: given["displayName"] ?? null,
    appOwnerOrganizationId: null,
    appRoleAssignmentRequired: false,
    appRoles: [],
    applicationTemplateId: null,
    deletedDateTime: null,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: `application-${appId.slice(0, 8)}`,
    homepage: null,
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: [],
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    publisherName: null,
    replyUrls: [],
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    tags: [],
    tokenEncryptionKeyId: null,
    verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
    ...given,
    appId,
    id,
  };
}

const OWNER_KINDS: readonly ObjectKind[] = ["user", "servicePrincipal"];

function operationsAt(path: string): Operation[] {
  return [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.applicationsRead,
      run: (call) => entity(call, SETS.servicePrincipal, servicePrincipalOf(call)),
    },
    {
      method: "PATCH",
      path,
      permission: PERMISSIONS.applicationsWrite,
      run: updateServicePrincipal,
    },
    {
      method: "DELETE",
      path,
      permission: PERMISSIONS.applicationsWrite,
      run: removeServicePrincipal,
    },
    ...mixedOperations(`${path}/owners`, PERMISSIONS.applicationsRead, (call) =>
      linked(call, servicePrincipalOf(call).id, "owners"),
    ),
    {
      method: "POST",
      path: `${path}/owners/$ref`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) => addReference(call, servicePrincipalOf(call).id, "owners", OWNER_KINDS),
    },
    {
      method: "DELETE",
      path: `${path}/owners/{owner}/$ref`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) =>
        removeReference(call, servicePrincipalOf(call).id, "owners", param(call, "owner")),
    },
    ...membershipOperations(
      path,
      PERMISSIONS.applicationsRead,
      (call) => servicePrincipalOf(call).id,
    ),
    ...appRoleOperations(path, servicePrincipalOf, BOTH_SIDES),
    ...passwordOperations(path, "servicePrincipal", servicePrincipalOf),
    permissionGrantsAt(path, "clientId", (call) => servicePrincipalOf(call).id),
  ];
}

function servicePrincipalOf(call: Call): DirectoryObject {
  const appId = call.params["appId"];
  if (appId === undefined) return found(call, "servicePrincipal", param(call, "id"));
  for (const { value } of call.tenant.directory.servicePrincipals.scan({
    key: "appId",
    value: appId,
  }))
    return value;
  throw refuse.resourceNotFound(appId);
}

function createServicePrincipal(call: Call) {
  const body = objectBody(call);
  const appId = body["appId"];
  if (typeof appId !== "string") throw refuse.missingProperty("appId");
  const { directory } = call.tenant;
  const [application] = [...directory.applications.by("appId", appId)];
  if (application === undefined)
    throw refuse.directoryBadRequest(
      `When using this permission, the backing application of the service principal being created must in the local tenant`,
    );
  if ([...directory.servicePrincipals.by("appId", appId)].length > 0)
    throw refuse.conflictingObject("servicePrincipalNames");
  const given = {
    displayName: application["displayName"],
    appOwnerOrganizationId: call.tenant.id,
    ...objectOf(call, "servicePrincipal"),
  };
  const principal = servicePrincipalFrom(given, call.tenant.newId(), appId);
  directory.servicePrincipals.put(principal);
  for (const id of boundIds(body, "owners")) addLink(call, principal.id, "owners", id, OWNER_KINDS);
  return entity(call, SETS.servicePrincipal, principal, 201);
}

function updateServicePrincipal(call: Call) {
  const principal = servicePrincipalOf(call);
  call.tenant.directory.servicePrincipals.put({
    ...principal,
    ...objectOf(call, "servicePrincipal"),
    id: principal.id,
  });
  return noContent();
}

function removeServicePrincipal(call: Call) {
  call.tenant.directory.delete("servicePrincipal", servicePrincipalOf(call).id);
  return noContent();
}
