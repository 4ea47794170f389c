import { type Call, noContent, type Operation, objectBody, param, prefers } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { counted, entity, list } from "../respond";
import type { Json } from "../schema";
import { mixedOperations } from "./collections";
import type { DirectoryObject } from "./directory";
import { addLink, addReference, boundIds, found, objectOf, removeReference } from "./objects";
import { passwordOperations } from "./passwords";
import { linked, SETS } from "./sets";

const BY_NAME = "/applications(uniqueName='{uniqueName}')";

/** Application registrations with their secrets and owners. */
export const applicationOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/applications",
    permission: PERMISSIONS.applicationsRead,
    run: (call) => list(call, SETS.application, call.tenant.directory.applications),
  },
  {
    method: "POST",
    path: "/applications",
    permission: PERMISSIONS.applicationsWrite,
    run: (call) => createApplication(call),
  },
  {
    method: "GET",
    path: "/applications/$count",
    permission: PERMISSIONS.applicationsRead,
    run: (call) => counted(call, SETS.application, call.tenant.directory.applications),
  },
  ...operationsAt("/applications(appId='{appId}')"),
  {
    method: "GET",
    path: BY_NAME,
    permission: PERMISSIONS.applicationsRead,
    run: (call) => entity(call, SETS.application, applicationOf(call)),
  },
  { method: "PATCH", path: BY_NAME, permission: PERMISSIONS.applicationsWrite, run: upsert },
  ...operationsAt("/applications/{id}"),
];

function operationsAt(path: string): Operation[] {
  return [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.applicationsRead,
      run: (call) => entity(call, SETS.application, applicationOf(call)),
    },
    {
      method: "PATCH",
      path,
      permission: PERMISSIONS.applicationsWrite,
      run: updateApplication,
    },
    {
      method: "DELETE",
      path,
      permission: PERMISSIONS.applicationsWrite,
      run: removeApplication,
    },
    ...passwordOperations(path, "application", applicationOf),
    ...mixedOperations(`${path}/owners`, PERMISSIONS.applicationsRead, (call) =>
      linked(call, applicationOf(call).id, "owners"),
    ),
    {
      method: "POST",
      path: `${path}/owners/$ref`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) =>
        addReference(call, applicationOf(call).id, "owners", ["user", "servicePrincipal"]),
    },
    {
      method: "DELETE",
      path: `${path}/owners/{owner}/$ref`,
      permission: PERMISSIONS.applicationsWrite,
      run: (call) => removeReference(call, applicationOf(call).id, "owners", param(call, "owner")),
    },
  ];
}

/** A whole application from the members that somebody gave. */
export function applicationFrom(
  given: Json,
  id: string,
  appId: string,
  createdAt: string,
): DirectoryObject {
  return {
    addIns: [],
    api: {
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      acceptMappedClaims: null,
    },
    appRoles: [],
    applicationTemplateId: null,
    createdDateTime: createdAt,
    defaultRedirectUri: null,
    deletedDateTime: null,
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: `application-${appId.slice(0, 8)}`,
    groupMembershipClaims: null,
    identifierUris: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    keyCredentials: [],
    notes: null,
    optionalClaims: null,
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
    passwordCredentials: [],
    publicClient: { redirectUris: [] },
    publisherDomain: "contoso.com",
    requestSignatureVerification: null,
    requiredResourceAccess: [],
    samlMetadataUrl: null,
    serviceManagementReference: null,
    servicePrincipalLockConfiguration: null,
    signInAudience: "AzureADMyOrg",
    spa: { redirectUris: [] },
    tags: [],
    tokenEncryptionKeyId: null,
    uniqueName: null,
    verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
    web: {
      redirectUris: [],
      homePageUrl: null,
      logoutUrl: null,
      implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
    },
    ...given,
    appId,
    id,
  };
}

function applicationOf(call: Call): DirectoryObject {
  const [key] = (["appId", "uniqueName"] as const).filter((name) => name in call.params);
  if (key === undefined) return found(call, "application", param(call, "id"));
  const value = param(call, key);
  const { applications } = call.tenant.directory;
  for (const row of applications.scan({ key, value })) return row.value;
  throw refuse.resourceNotFound(value);
}

// Under a name of its own an application is made where there is none, if the caller prefers so.
function upsert(call: Call) {
  const uniqueName = param(call, "uniqueName");
  const [known] = [...call.tenant.directory.applications.by("uniqueName", uniqueName)];
  if (known !== undefined || !prefers(call, "create-if-missing")) return updateApplication(call);
  return createApplication(call, { uniqueName });
}

function createApplication(call: Call, more: Json = {}) {
  const body = objectBody(call);
  if (typeof body["displayName"] !== "string") throw refuse.missingProperty("displayName");
  const { tenant } = call;
  const application = applicationFrom(
    { ...objectOf(call, "application"), ...more },
    tenant.newId(),
    tenant.newId(),
    new Date(tenant.clock.now()).toISOString(),
  );
  tenant.directory.applications.put(application);
  for (const id of boundIds(body, "owners"))
    addLink(call, application.id, "owners", id, ["user", "servicePrincipal"]);
  return entity(call, SETS.application, application, 201);
}

function updateApplication(call: Call) {
  const application = applicationOf(call);
  call.tenant.directory.applications.put({
    ...application,
    ...objectOf(call, "application"),
    id: application.id,
  });
  return noContent();
}

function removeApplication(call: Call) {
  call.tenant.directory.delete("application", applicationOf(call).id);
  return noContent();
}
