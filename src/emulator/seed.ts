import { type AzureSeed, seedAzure } from "./arm/seed";
import appPermissions from "./data/graph-application-permissions.json";
import delegatedPermissions from "./data/graph-delegated-permissions.json";
import { applicationFrom } from "./directory/applications";
import type { DirectoryObject } from "./directory/directory";
import { groupFrom } from "./directory/groups";
import { boundIds, unbound } from "./directory/objects";
import { servicePrincipalFrom } from "./directory/service-principals";
import { unitFrom } from "./directory/units";
import { userFrom } from "./directory/users";
import { guidOf } from "./ids";
import type { EmulatorOptions } from "./options";
import { PIPELINE_PERMISSIONS } from "./permissions";
import { assignOutsidePim } from "./roles/role-assignments";
import type { Json } from "./schema";
import { checkSeed } from "./seed-check";
import type { Tenant } from "./tenant";

/** Application id of Microsoft Graph, in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Objects to enter: Graph-shaped, ids optional. */
export interface Seed extends AzureSeed {
  users?: Json[];
  /** Besides Graph's members: `members` and `owners`, lists of ids. */
  groups?: Json[];
  /** Without `appId`, one of its own. */
  servicePrincipals?: Json[];
  /** Besides Graph's members: `permissions` (names of Graph application permissions), `scopes` (delegated ones) and `secret`; its service principal is made too. */
  applications?: Json[];
  /** Besides Graph's members: `members`, a list of ids. */
  administrativeUnits?: Json[];
  authenticationContexts?: Json[];
  /** Custom role definitions. */
  roleDefinitions?: Json[];
  /** Assignments outside PIM: `principalId`, `roleDefinitionId`, `directoryScopeId`. */
  roleAssignments?: Json[];
}

/** What was entered, with ids. */
export type Seeded = Record<keyof Seed, Json[]>;

/** The first administrator, the pipeline's application, some people and groups: a fresh tenant. */
export function freshTenant(
  tenant: Tenant,
  options: EmulatorOptions,
): { clientId: string; clientSecret: string } {
  const domain = tenant.domain;
  const graph = servicePrincipalFrom(
    {
      displayName: "Microsoft Graph",
      appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
      appRoles: graphAppRoles(),
      oauth2PermissionScopes: graphScopes(),
    },
    tenant.newId(),
    GRAPH_APP_ID,
  );
  tenant.directory.servicePrincipals.put(graph, true);
  const admin = {
    displayName: "Tenant Administrator",
    userPrincipalName: `admin@${domain}`,
    givenName: "Tenant",
    surname: "Administrator",
  };
  const people = Array.from({ length: options.users ?? 10 }, (_, index) => personOf(index, domain));
  const [first] = seed(tenant, { users: [admin, ...people] }).users;
  const globalAdministrator = tenant.roles.named("Global Administrator");
  if (first !== undefined && globalAdministrator !== undefined) {
    const tuple = {
      principalId: String(first["id"]),
      roleId: globalAdministrator.id,
      scopeId: "/",
      isAppScope: false,
    };
    assignOutsidePim(tenant, tuple, true);
  }
  const groups = Array.from({ length: options.groups ?? 2 }, (_, index) => ({
    displayName: `Role group ${index + 1}`,
    isAssignableToRole: true,
  }));
  seed(tenant, {
    groups,
    authenticationContexts: [{ id: "c1", displayName: "Require phishing-resistant MFA" }],
  });
  const clientSecret = `emu~${guidOf(`secret ${tenant.id}`)}`;
  const [application] = seed(tenant, {
    applications: [
      { displayName: "Pipeline", permissions: PIPELINE_PERMISSIONS, secret: clientSecret },
    ],
  }).applications;
  return { clientId: String(application?.["appId"]), clientSecret };
}

/** Enters objects at once, visible to readers without delay. */
export function seed(tenant: Tenant, given: Seed): Seeded {
  checkSeed(tenant, given);
  const { directory } = tenant;
  const at = new Date(tenant.clock.now()).toISOString();
  return {
    users: (given.users ?? []).map((user) =>
      directory.users.put(userFrom(user, idOf(tenant, user), at), true),
    ),
    groups: (given.groups ?? []).map((group) => seedGroup(tenant, group, at)),
    administrativeUnits: (given.administrativeUnits ?? []).map((unit) => seedUnit(tenant, unit)),
    applications: (given.applications ?? []).map((application) =>
      seedApplication(tenant, application, at),
    ),
    servicePrincipals: (given.servicePrincipals ?? []).map((principal) => {
      const appId = String(principal["appId"] ?? tenant.newId());
      return directory.servicePrincipals.put(
        servicePrincipalFrom(principal, idOf(tenant, principal), appId),
        true,
      );
    }),
    authenticationContexts: (given.authenticationContexts ?? []).map((context) =>
      directory.authenticationContexts.put(
        {
          description: null,
          displayName: String(context["id"]),
          isAvailable: true,
          ...context,
          id: String(context["id"]),
        },
        true,
      ),
    ),
    roleDefinitions: (given.roleDefinitions ?? []).map((role) => seedRole(tenant, role)),
    roleAssignments: (given.roleAssignments ?? []).map((row) => {
      const tuple = {
        principalId: String(row["principalId"]),
        roleId: roleIdOf(tenant, String(row["roleDefinitionId"])),
        scopeId: String(row["directoryScopeId"] ?? "/"),
        isAppScope: false,
      };
      return { ...row, id: assignOutsidePim(tenant, tuple, true).id };
    }),
    ...seedAzure(tenant, given),
  };
}

/** Id of a role given by id or display name. */
export function roleIdOf(tenant: Tenant, idOrName: string): string {
  const role = tenant.roles.definitions.get(idOrName) ?? tenant.roles.named(idOrName);
  if (role === undefined) throw new RangeError(`unknown role: ${idOrName}`);
  return role.id;
}

function seedGroup(tenant: Tenant, given: Json, at: string): DirectoryObject {
  const { members, owners, ...shape } = given;
  const group = groupFrom(unbound(shape), idOf(tenant, given), at);
  tenant.directory.groups.put(group, true);
  for (const id of [...idList(members), ...boundIds(given, "members")])
    tenant.directory.link(group.id, "members", id, true);
  for (const id of [...idList(owners), ...boundIds(given, "owners")])
    tenant.directory.link(group.id, "owners", id, true);
  return group;
}

function seedUnit(tenant: Tenant, given: Json): DirectoryObject {
  const { members, ...shape } = given;
  const unit = unitFrom(shape, idOf(tenant, given));
  tenant.directory.units.put(unit, true);
  for (const id of idList(members)) tenant.directory.link(unit.id, "unitMembers", id, true);
  return unit;
}

function seedApplication(tenant: Tenant, given: Json, at: string): DirectoryObject {
  const { permissions, secret, roles, scopes, ...shape } = given;
  const appId = String(given["appId"] ?? tenant.newId());
  const credentials = [...((shape["passwordCredentials"] as Json[] | undefined) ?? [])];
  if (typeof secret === "string")
    credentials.push({ keyId: tenant.newId(), displayName: "seed", secretText: secret });
  const application = applicationFrom(
    { ...shape, passwordCredentials: credentials, delegatedScopes: idList(scopes) },
    idOf(tenant, given),
    appId,
    at,
  );
  tenant.directory.applications.put(application, true);
  const principal = servicePrincipalFrom(
    { displayName: application["displayName"], appOwnerOrganizationId: tenant.id },
    tenant.newId(),
    appId,
  );
  tenant.directory.servicePrincipals.put(principal, true);
  const [graph] = [...tenant.directory.servicePrincipals.by("appId", GRAPH_APP_ID)];
  for (const name of idList(permissions ?? roles)) {
    const role = appPermissions.find((permission) => permission.value === name);
    if (role === undefined) throw new RangeError(`unknown Graph application permission: ${name}`);
    tenant.directory.appRoleAssignments.put(
      {
        id: tenant.newId(),
        principalId: principal.id,
        resourceId: graph?.id ?? "",
        appRoleId: role.id,
        createdAt: tenant.clock.now(),
      },
      true,
    );
  }
  return { ...application, servicePrincipalId: principal.id };
}

function seedRole(tenant: Tenant, given: Json): Json {
  const id = idOf(tenant, given);
  tenant.roles.definitions.put(
    {
      id,
      templateId: String(given["templateId"] ?? tenant.newId()),
      displayName: String(given["displayName"]),
      description: typeof given["description"] === "string" ? given["description"] : null,
      isBuiltIn: false,
      isEnabled: given["isEnabled"] !== false,
      isPrivileged: false,
      isSystemAssigned: false,
      version: null,
      rolePermissions: Array.isArray(given["rolePermissions"]) ? given["rolePermissions"] : [],
    },
    true,
  );
  return { ...given, ...tenant.roles.definitions.get(id) };
}

const GIVEN_NAMES = [
  "Ann",
  "Bob",
  "Carla",
  "David",
  "Eva",
  "Frank",
  "Grace",
  "Henri",
  "Ines",
  "Jonas",
];

function personOf(index: number, domain: string): Json {
  const given = GIVEN_NAMES[index] ?? `User ${index + 1}`;
  const name = GIVEN_NAMES[index] === undefined ? `user${index + 1}` : given.toLowerCase();
  return {
    displayName: given,
    givenName: given,
    surname: "Contoso",
    userPrincipalName: `${name}@${domain}`,
  };
}

function graphAppRoles(): Json[] {
  return appPermissions.map(({ id, value }) => ({
    id,
    value,
    allowedMemberTypes: ["Application"],
    displayName: value,
    description: value,
    isEnabled: true,
    origin: "Application",
  }));
}

function graphScopes(): Json[] {
  return delegatedPermissions.map(({ id, value }) => ({
    id,
    value,
    type: "Admin",
    adminConsentDisplayName: value,
    adminConsentDescription: value,
    userConsentDisplayName: null,
    userConsentDescription: null,
    isEnabled: true,
  }));
}

function idOf(tenant: Tenant, given: Json): string {
  return typeof given["id"] === "string" ? given["id"] : tenant.newId();
}

function idList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
