import type { Call } from "../api";
import type { EntitySet } from "../respond";
import { type Json, project } from "../schema";
import type { DirectoryObject, ObjectKind } from "./directory";

// What each property can be filtered by is of the resource pages of Microsoft's reference.
const TEXT = "eq ne in not startswith ge le";
const MAIL = `${TEXT} endswith`;
const FLAG = "eq ne not in";
const DATE = "eq ne not ge le in";

/** How each kind of directory object is listed: defaults, filters, expands. */
export const SETS: Readonly<Record<ObjectKind, EntitySet<DirectoryObject>>> = {
  user: {
    context: "users",
    type: "user",
    service: "directory",
    isAdvanced: true,
    toWire: withRestriction,
    filter: {
      id: "eq in",
      displayName: MAIL,
      userPrincipalName: MAIL,
      mail: MAIL,
      mailNickname: TEXT,
      givenName: TEXT,
      surname: TEXT,
      employeeId: TEXT,
      employeeType: TEXT,
      userType: TEXT,
      city: TEXT,
      companyName: TEXT,
      country: TEXT,
      department: TEXT,
      jobTitle: TEXT,
      mobilePhone: TEXT,
      officeLocation: TEXT,
      postalCode: TEXT,
      preferredLanguage: TEXT,
      state: TEXT,
      streetAddress: TEXT,
      usageLocation: TEXT,
      externalUserState: FLAG,
      accountEnabled: FLAG,
      onPremisesSyncEnabled: FLAG,
      onPremisesImmutableId: TEXT,
      onPremisesSamAccountName: TEXT,
      onPremisesSecurityIdentifier: "eq",
      createdDateTime: DATE,
      employeeHireDate: DATE,
      lastPasswordChangeDateTime: DATE,
      "signInActivity/lastSignInDateTime": DATE,
      identities: "any",
      imAddresses: "any not",
      otherMails: "any not",
      proxyAddresses: "any not",
    },
    indexed: { userPrincipalName: "userPrincipalName", displayName: "displayName", mail: "mail" },
    expand: { manager: () => undefined },
    defaults: [
      "businessPhones",
      "displayName",
      "givenName",
      "jobTitle",
      "mail",
      "mobilePhone",
      "officeLocation",
      "preferredLanguage",
      "surname",
      "userPrincipalName",
      "id",
    ],
  },
  group: {
    context: "groups",
    type: "group",
    service: "directory",
    isAdvanced: true,
    toWire: (value, call) => ({
      ...withRestriction(value, call),
      organizationId: call.tenant.id,
    }),
    filter: {
      id: "eq in",
      displayName: TEXT,
      description: TEXT,
      mail: TEXT,
      mailNickname: TEXT,
      isAssignableToRole: FLAG,
      securityEnabled: FLAG,
      mailEnabled: FLAG,
      onPremisesSyncEnabled: FLAG,
      onPremisesSamAccountName: TEXT,
      onPremisesSecurityIdentifier: "eq",
      membershipRule: TEXT,
      createdDateTime: DATE,
      expirationDateTime: DATE,
      hasMembersWithLicenseErrors: "eq",
      groupTypes: "any not",
      proxyAddresses: "any not",
      resourceProvisioningOptions: "any not",
      uniqueName: "eq",
    },
    indexed: { displayName: "displayName", uniqueName: "uniqueName" },
    expand: {
      members: (value, call) => linked(call, value.id, "members"),
      owners: (value, call) => linked(call, value.id, "owners"),
    },
  },
  servicePrincipal: {
    context: "servicePrincipals",
    type: "servicePrincipal",
    service: "directory",
    isAdvanced: true,
    toWire: withoutSecrets,
    filter: {
      id: "eq in",
      appId: "eq in",
      displayName: TEXT,
      servicePrincipalType: TEXT,
      accountEnabled: FLAG,
      appOwnerOrganizationId: TEXT,
      alternativeNames: "any not",
      servicePrincipalNames: "any not",
      tags: "any not",
    },
    indexed: { appId: "appId", displayName: "displayName" },
    expand: { owners: (value, call) => linked(call, value.id, "owners") },
  },
  application: {
    context: "applications",
    type: "application",
    service: "directory",
    isAdvanced: true,
    toWire: applicationToWire,
    filter: {
      id: "eq in",
      appId: "eq in",
      displayName: TEXT,
      uniqueName: "eq",
      signInAudience: FLAG,
      createdDateTime: DATE,
      identifierUris: "any not",
      tags: "any not",
    },
    indexed: { appId: "appId", displayName: "displayName" },
    expand: { owners: (value, call) => linked(call, value.id, "owners") },
  },
  administrativeUnit: {
    context: "directory/administrativeUnits",
    type: "administrativeUnit",
    service: "directory",
    isAdvanced: true,
    toWire: (value) => value,
    filter: { id: "eq in", displayName: TEXT, description: TEXT },
    indexed: { displayName: "displayName" },
    expand: { members: (value, call) => linked(call, value.id, "unitMembers") },
  },
};

// delegatedScopes is the emulator's own.
function applicationToWire(value: DirectoryObject): Json {
  const { delegatedScopes: _, ...shown } = value;
  return withoutSecrets(shown);
}

// Secrets are told once, when they are made.
function withoutSecrets(value: Json): Json {
  const credentials = Array.isArray(value["passwordCredentials"])
    ? value["passwordCredentials"]
    : [];
  const passwordCredentials = credentials.map((credential: Json) => ({
    ...credential,
    secretText: null,
  }));
  return { ...value, passwordCredentials };
}

/** Members of an object that collections of several kinds tell without `$select`: of people, more than their own list. */
export function mixedDefaults(wire: Json): readonly string[] | undefined {
  const kind = String(wire["@odata.type"]).replace("#microsoft.graph.", "") as ObjectKind;
  const defaults = SETS[kind]?.defaults;
  return kind === "user" && defaults !== undefined ? [...defaults, "accountEnabled"] : defaults;
}

/** What an object navigates to, by id: null for what is gone. */
export function navigated(call: Call, id: string): Json | null {
  const found = call.tenant.directory.read(id);
  return found === undefined ? null : shownObject(call, found.kind, found.value);
}

/** An object as this version knows it, with its kind. */
export function shownObject(call: Call, kind: ObjectKind, value: DirectoryObject): Json {
  const wire = project(call.version, kind, SETS[kind].toWire(value, call));
  return { "@odata.type": `#microsoft.graph.${kind}`, ...wire };
}

/** The objects that an object links to, as a reader sees them. */
export function linked(
  call: Call,
  from: string,
  kind: "members" | "owners" | "unitMembers",
): Json[] {
  const found: Json[] = [];
  for (const { value } of call.tenant.directory.links.scan({
    key: "from",
    value: `${from} ${kind}`,
  })) {
    const target = navigated(call, value.to);
    if (target !== null) found.push(target);
  }
  return found;
}

/** A user or group as it is sent: whether a restricted management unit holds it follows from the units. */
function withRestriction(value: DirectoryObject, call: Call): Json {
  return { ...value, isManagementRestricted: call.tenant.directory.isRestricted(value.id) || null };
}
