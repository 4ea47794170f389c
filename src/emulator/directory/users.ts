import { type Call, noContent, type Operation, param } from "../api";
import { refuse } from "../errors";
import { securityIdentifier } from "../ids";
import { PERMISSIONS } from "../permissions";
import { counted, entity, list } from "../respond";
import type { Json } from "../schema";
import { appRoleOperations } from "./app-roles";
import type { DirectoryObject } from "./directory";
import { membershipOperations } from "./memberships";
import { checkUnrestricted, objectOf } from "./objects";
import { permissionGrantsAt } from "./permission-grants";
import { SETS } from "./sets";

/** Users. */
export const userOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/users",
    permission: PERMISSIONS.usersRead,
    run: (call) => list(call, SETS.user, call.tenant.directory.users),
  },
  {
    method: "GET",
    path: "/users/$count",
    permission: PERMISSIONS.usersRead,
    run: (call) => counted(call, SETS.user, call.tenant.directory.users),
  },
  { method: "POST", path: "/users", permission: PERMISSIONS.usersWrite, run: create },
  {
    method: "GET",
    path: "/users/{id}",
    permission: PERMISSIONS.usersRead,
    run: (call) => entity(call, SETS.user, userOf(call)),
  },
  { method: "PATCH", path: "/users/{id}", permission: PERMISSIONS.usersWrite, run: update },
  { method: "DELETE", path: "/users/{id}", permission: PERMISSIONS.usersWrite, run: remove },
  ...membershipOperations("/users/{id}", PERMISSIONS.usersRead, (call) => userOf(call).id),
  ...appRoleOperations("/users/{id}", userOf),
  permissionGrantsAt("/users/{id}", "principalId", (call) => userOf(call).id),
  { method: "GET", path: "/users/{id}/manager", permission: PERMISSIONS.usersRead, run: manager },
  {
    method: "GET",
    path: "/me",
    permission: PERMISSIONS.meRead,
    run: (call) => entity(call, SETS.user, me(call)),
  },
  ...membershipOperations("/me", PERMISSIONS.meRead, (call) => me(call).id),
  permissionGrantsAt("/me", "principalId", (call) => me(call).id),
];

/** A whole user from the members that somebody gave. */
export function userFrom(given: Json, id: string, createdAt: string): DirectoryObject {
  const userPrincipalName = String(
    given["userPrincipalName"] ?? `user-${id.slice(0, 8)}@contoso.com`,
  );
  const mail = given["mail"] === null ? null : (given["mail"] ?? userPrincipalName);
  return {
    accountEnabled: true,
    businessPhones: [],
    createdDateTime: createdAt,
    creationType: null,
    deletedDateTime: null,
    displayName: userPrincipalName.split("@")[0],
    employeeId: null,
    givenName: null,
    identities: [
      {
        signInType: "userPrincipalName",
        issuer: userPrincipalName.split("@").at(-1),
        issuerAssignedId: userPrincipalName,
      },
    ],
    imAddresses: mail === null ? [] : [mail],
    jobTitle: null,
    mail,
    mailNickname: userPrincipalName.split("@")[0],
    mobilePhone: null,
    officeLocation: null,
    onPremisesSyncEnabled: null,
    otherMails: [],
    preferredLanguage: null,
    proxyAddresses: [],
    securityIdentifier: securityIdentifier(id),
    surname: null,
    userType: "Member",
    ...given,
    userPrincipalName,
    id,
  };
}

function userOf(call: Call): DirectoryObject {
  const id = param(call, "id");
  const { users } = call.tenant.directory;
  const byId = users.read(id);
  if (byId !== undefined) return byId;
  for (const { value } of users.scan({ key: "userPrincipalName", value: id })) {
    if (String(value["userPrincipalName"]).toLowerCase() === id.toLowerCase()) return value;
  }
  throw refuse.resourceNotFound(id);
}

function create(call: Call) {
  const { passwordProfile, ...body } = objectOf(call, "user");
  for (const required of ["accountEnabled", "displayName", "mailNickname", "userPrincipalName"]) {
    if (body[required] === undefined) throw refuse.missingProperty(required);
  }
  if (passwordProfile === undefined)
    throw refuse.directoryBadRequest("A password must be specified to create a new user.");
  checkNameFree(call, String(body["userPrincipalName"]), undefined);
  const at = new Date(call.tenant.clock.now()).toISOString();
  const user = userFrom({ mail: null, ...body }, call.tenant.newId(), at);
  return entity(call, SETS.user, call.tenant.directory.users.put(user), 201);
}

function update(call: Call) {
  const user = userOf(call);
  checkUnrestricted(call, user.id);
  const { passwordProfile: _, ...body } = objectOf(call, "user");
  if (typeof body["userPrincipalName"] === "string")
    checkNameFree(call, body["userPrincipalName"], user.id);
  call.tenant.directory.users.put({ ...user, ...body, id: user.id });
  return noContent();
}

function remove(call: Call) {
  const user = userOf(call);
  checkUnrestricted(call, user.id);
  call.tenant.directory.delete("user", user.id);
  return noContent();
}

function manager(call: Call): never {
  throw refuse.resourceNotFound(`manager' of '${userOf(call).id}`);
}

function me(call: Call): DirectoryObject {
  const user = call.tenant.directory.users.read(call.caller.id);
  if (user === undefined)
    throw refuse.directoryBadRequest(
      "/me request is only valid with delegated authentication flow.",
    );
  return user;
}

function checkNameFree(call: Call, userPrincipalName: string, own: string | undefined): void {
  for (const other of call.tenant.directory.users.by("userPrincipalName", userPrincipalName)) {
    if (other.id !== own) throw refuse.conflictingObject("userPrincipalName");
  }
}
