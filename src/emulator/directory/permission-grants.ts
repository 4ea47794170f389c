import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { joinedGuids } from "../ids";
import { PERMISSIONS } from "../permissions";
import { type EntitySet, entity, list, type Source, sourceOf } from "../respond";
import { type Json, readAs } from "../schema";
import type { PermissionGrant } from "./directory";

const PATH = "/oauth2PermissionGrants";

/** Delegated permissions granted to service principals, for everybody or for one person. */
export const permissionGrantOperations: readonly Operation[] = [
  {
    method: "GET",
    path: PATH,
    permission: PERMISSIONS.permissionGrantsRead,
    run: (call) => list(call, SET, call.tenant.directory.permissionGrants),
  },
  { method: "POST", path: PATH, permission: PERMISSIONS.permissionGrantsWrite, run: create },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.permissionGrantsRead,
    run: (call) => entity(call, SET, grantOf(call)),
  },
  {
    method: "PATCH",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.permissionGrantsWrite,
    run: update,
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.permissionGrantsWrite,
    run: (call) => {
      call.tenant.directory.permissionGrants.remove(grantOf(call).id);
      return noContent();
    },
  },
];

/** The same grants as a client's service principal, or a person, has them. */
export function permissionGrantsAt(
  path: string,
  key: "clientId" | "principalId",
  idOf: (call: Call) => string,
): Operation {
  return {
    method: "GET",
    path: `${path}${PATH}`,
    permission: PERMISSIONS.permissionGrantsRead,
    run: (call) => list(call, SET, grantsBy(call, key, idOf(call))),
  };
}

const SET: EntitySet<PermissionGrant> = {
  context: "oauth2PermissionGrants",
  type: "oAuth2PermissionGrant",
  service: "directory",
  toWire: (grant) => ({ ...grant, ...TIMES }),
  filter: {
    id: "eq",
    clientId: "eq",
    consentType: "eq",
    principalId: "eq",
    resourceId: "eq",
    scope: "eq",
  },
  indexed: { clientId: "clientId", principalId: "principalId" },
};

// Only beta has these, and nothing follows from them.
const TIMES = { startTime: "0001-01-01T00:00:00Z", expiryTime: "9999-12-31T23:59:59Z" };

function grantsBy(call: Call, key: string, id: string): Source<PermissionGrant> {
  const { permissionGrants } = call.tenant.directory;
  return sourceOf([...permissionGrants.scan({ key, value: id })].map((row) => row.value));
}

// An id is base64: unlike others it is compared as written.
function grantOf(call: Call): PermissionGrant {
  const grant = call.tenant.directory.permissionGrants.read(param(call, "id"));
  if (grant === undefined || grant.id !== param(call, "id"))
    throw refuse.resourceNotFound(param(call, "id"));
  return grant;
}

function create(call: Call) {
  const grant = grantFrom(call, readAs(call.version, "oAuth2PermissionGrant", objectBody(call)));
  const { permissionGrants } = call.tenant.directory;
  if (permissionGrants.get(grant.id) !== undefined) throw refuse.grantExists();
  return entity(call, SET, permissionGrants.put(grant), 201);
}

function grantFrom(call: Call, body: Json): PermissionGrant {
  const { servicePrincipals, users } = call.tenant.directory;
  const { consentType, principalId, scope } = body;
  const clientId = known(body, "clientId", (id) => servicePrincipals.get(id) !== undefined);
  const resourceId = known(body, "resourceId", (id) => servicePrincipals.get(id) !== undefined);
  if (consentType !== "AllPrincipals" && consentType !== "Principal")
    throw refuse.invalidValue("consentType");
  const isForAll = consentType === "AllPrincipals";
  if (isForAll && typeof principalId === "string") throw refuse.invalidValue("principalId");
  const person = isForAll ? [] : [known(body, "principalId", (id) => users.get(id) !== undefined)];
  return {
    clientId,
    consentType,
    id: joinedGuids([clientId, resourceId, ...person]),
    principalId: person[0] ?? null,
    resourceId,
    scope: typeof scope === "string" ? scope : "",
  };
}

function known(body: Json, name: string, exists: (id: string) => boolean): string {
  const id = body[name];
  if (typeof id !== "string") throw refuse.missingProperty(name);
  if (!exists(id)) throw refuse.resourceNotFound(id);
  return id;
}

// Who may do what to whom is the key of a grant: only the scopes change.
function update(call: Call) {
  const grant = grantOf(call);
  const { scope } = readAs(call.version, "oAuth2PermissionGrant", objectBody(call));
  if (typeof scope === "string") call.tenant.directory.permissionGrants.put({ ...grant, scope });
  return noContent();
}
