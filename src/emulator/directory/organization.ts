import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { type EntitySet, entity, list, sourceOf } from "../respond";
import { type Json, readAs } from "../schema";
import type { DirectoryObject } from "./directory";

const CONTEXTS_PATH = "/identity/conditionalAccess/authenticationContextClassReferences";

/** The tenant itself, its licences, and its authentication contexts. */
export const organizationOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/organization",
    permission: PERMISSIONS.organizationRead,
    run: (call) => list(call, ORGANIZATION_SET, sourceOf([organization(call)])),
  },
  {
    method: "GET",
    path: "/organization/{id}",
    permission: PERMISSIONS.organizationRead,
    run: (call) => entity(call, ORGANIZATION_SET, withId(call, [organization(call)])),
  },
  {
    method: "GET",
    path: "/subscribedSkus",
    permission: PERMISSIONS.organizationRead,
    run: (call) => list(call, SKU_SET, sourceOf(subscribedSkus(call))),
  },
  {
    method: "GET",
    path: "/subscribedSkus/{id}",
    permission: PERMISSIONS.organizationRead,
    run: (call) => entity(call, SKU_SET, withId(call, subscribedSkus(call))),
  },
  {
    method: "GET",
    path: "/domains",
    permission: PERMISSIONS.organizationRead,
    run: (call) => list(call, DOMAIN_SET, sourceOf(domains(call))),
  },
  {
    method: "GET",
    path: "/domains/{id}",
    permission: PERMISSIONS.organizationRead,
    run: (call) => entity(call, DOMAIN_SET, withId(call, domains(call))),
  },
  {
    method: "GET",
    path: CONTEXTS_PATH,
    permission: PERMISSIONS.contextsRead,
    run: (call) => list(call, CONTEXT_SET, call.tenant.directory.authenticationContexts),
  },
  {
    method: "POST",
    path: CONTEXTS_PATH,
    permission: PERMISSIONS.contextsWrite,
    run: createContext,
  },
  {
    method: "GET",
    path: `${CONTEXTS_PATH}/{id}`,
    permission: PERMISSIONS.contextsRead,
    run: (call) => entity(call, CONTEXT_SET, contextOf(call)),
  },
  {
    method: "PATCH",
    path: `${CONTEXTS_PATH}/{id}`,
    permission: PERMISSIONS.contextsWrite,
    run: updateContext,
  },
  {
    method: "DELETE",
    path: `${CONTEXTS_PATH}/{id}`,
    permission: PERMISSIONS.contextsWrite,
    run: removeContext,
  },
];

const CONTEXT_SET: EntitySet<DirectoryObject> = {
  context: "identity/conditionalAccess/authenticationContextClassReferences",
  type: "authenticationContextClassReference",
  service: "directory",
  toWire: (value) => value,
  filter: { id: "eq in", displayName: "eq startswith", isAvailable: "eq" },
};

const ORGANIZATION_SET = setOf("organization", "organization");
const SKU_SET = setOf("subscribedSkus", "subscribedSku");
const DOMAIN_SET = {
  ...setOf("domains", "domain"),
  filter: { id: "eq", isDefault: "eq", isInitial: "eq", isVerified: "eq" },
};

function setOf(context: string, type: string): EntitySet<Json> {
  return { context, type, service: "directory", toWire: (value) => value, filter: {} };
}

function withId(call: Call, values: readonly Json[]): Json {
  const found = values.find((value) => value["id"] === param(call, "id"));
  if (found === undefined) throw refuse.resourceNotFound(param(call, "id"));
  return found;
}

function organization(call: Call): Json {
  const { tenant } = call;
  return {
    id: tenant.id,
    deletedDateTime: null,
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: "NL",
    createdDateTime: "2024-01-01T00:00:00Z",
    defaultUsageLocation: null,
    directorySizeQuota: { used: 100, total: 50_000 },
    displayName: tenant.displayName,
    isMultipleDataLocationsForServicesEnabled: null,
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: null,
    partnerTenantType: null,
    postalCode: null,
    preferredLanguage: "en",
    privacyProfile: { contactEmail: null, statementUrl: null },
    provisionedPlans: tenant.settings.licensed
      ? [{ capabilityStatus: "Enabled", provisioningStatus: "Success", service: "AAD_PREMIUM_P2" }]
      : [],
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    tenantType: "AAD",
    technicalNotificationMails: [`admin@${tenant.domain}`],
    assignedPlans: tenant.settings.licensed ? [assignedPlan("AAD_PREMIUM_P2")] : [],
    verifiedDomains: [
      {
        capabilities: "Email, OfficeCommunicationsOnline",
        isDefault: true,
        isInitial: false,
        name: tenant.domain,
        type: "Managed",
      },
      {
        capabilities: "Email",
        isDefault: false,
        isInitial: true,
        name: "contoso.onmicrosoft.com",
        type: "Managed",
      },
    ],
  };
}

const P2_PLAN = "eec0eb4f-6444-4f95-aba0-50c24d67f998";

function assignedPlan(service: string): Json {
  return {
    assignedDateTime: "2024-01-01T00:00:00Z",
    capabilityStatus: "Enabled",
    service,
    servicePlanId: P2_PLAN,
  };
}

function subscribedSkus(call: Call): Json[] {
  const { tenant } = call;
  const p2 = {
    id: `${tenant.id}_84a661c4-e949-4bd2-a560-ed7766fcaf2b`,
    accountId: tenant.id,
    accountName: tenant.displayName,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 10,
    prepaidUnits: { enabled: 100, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: [
      {
        servicePlanId: P2_PLAN,
        servicePlanName: "AAD_PREMIUM_P2",
        provisioningStatus: "Success",
        appliesTo: "User",
      },
    ],
    skuId: "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
    skuPartNumber: "AAD_PREMIUM_P2",
    subscriptionIds: [tenant.id],
  };
  return tenant.settings.licensed ? [p2] : [];
}

function domains(call: Call): Json[] {
  const { domain } = call.tenant;
  return [domain, "contoso.onmicrosoft.com"].map((id) => ({
    id,
    authenticationType: "Managed",
    isAdminManaged: true,
    isDefault: id === domain,
    isInitial: id !== domain,
    isRoot: true,
    isVerified: true,
    supportedServices: ["Email"],
  }));
}

function contextOf(call: Call): DirectoryObject {
  const found = call.tenant.directory.authenticationContexts.read(param(call, "id"));
  if (found === undefined) throw refuse.resourceNotFound(param(call, "id"));
  return found;
}

function createContext(call: Call) {
  const body = readAs(call.version, "authenticationContextClassReference", objectBody(call));
  const { id } = body;
  if (typeof id !== "string" || !/^c([1-9]|[1-9]\d)$/.test(id)) throw refuse.invalidValue("id");
  const made = { displayName: id, description: null, isAvailable: true, ...body, id };
  return entity(call, CONTEXT_SET, call.tenant.directory.authenticationContexts.put(made), 201);
}

function updateContext(call: Call) {
  const found = call.tenant.directory.authenticationContexts.read(param(call, "id"));
  const body = readAs(call.version, "authenticationContextClassReference", objectBody(call));
  const base = found ?? {
    description: null,
    displayName: param(call, "id"),
    isAvailable: false,
    id: param(call, "id"),
  };
  call.tenant.directory.authenticationContexts.put({ ...base, ...body, id: base.id });
  return noContent();
}

function removeContext(call: Call) {
  call.tenant.directory.authenticationContexts.remove(contextOf(call).id);
  return noContent();
}
