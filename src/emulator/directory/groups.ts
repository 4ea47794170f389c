import { type Call, noContent, type Operation, objectBody, param, prefers } from "../api";
import { refuse } from "../errors";
import { securityIdentifier } from "../ids";
import { PERMISSIONS, type PermissionRule } from "../permissions";
import { counted, entity, list } from "../respond";
import type { Json } from "../schema";
import { appRoleOperations } from "./app-roles";
import { mixedOperations, transitiveMembers } from "./collections";
import {
  type Directory,
  type DirectoryObject,
  isUnified,
  type LinkKind,
  type ObjectKind,
} from "./directory";
import { membershipOperations } from "./memberships";
import {
  addLink,
  addReference,
  boundIds,
  checkLink,
  checkUnrestricted,
  found,
  MEMBER_KINDS,
  objectOf,
  removeReference,
} from "./objects";
import { linked, SETS } from "./sets";

const BY_NAME = "/groups(uniqueName='{uniqueName}')";

/** Groups with their members and owners. */
export const groupOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/groups",
    permission: PERMISSIONS.groupsRead,
    run: (call) => list(call, SETS.group, call.tenant.directory.groups),
  },
  {
    method: "GET",
    path: "/groups/$count",
    permission: PERMISSIONS.groupsRead,
    run: (call) => counted(call, SETS.group, call.tenant.directory.groups),
  },
  {
    method: "POST",
    path: "/groups",
    permission: PERMISSIONS.groupsCreate,
    run: (call) => create(call),
  },
  {
    method: "GET",
    path: "/groups/{id}",
    permission: PERMISSIONS.groupsRead,
    run: (call) => entity(call, SETS.group, groupOf(call)),
  },
  { method: "PATCH", path: "/groups/{id}", permission: PERMISSIONS.groupsWrite, run: update },
  { method: "DELETE", path: "/groups/{id}", permission: PERMISSIONS.groupsWrite, run: remove },
  ...[BY_NAME, BY_NAME.replace("groups", "groups/")].flatMap((path): Operation[] => [
    {
      method: "GET",
      path,
      permission: PERMISSIONS.groupsRead,
      run: (call) => entity(call, SETS.group, groupOf(call)),
    },
    { method: "PATCH", path, permission: PERMISSIONS.groupsWrite, run: upsert },
    { method: "DELETE", path, permission: PERMISSIONS.groupsWrite, run: remove },
  ]),
  ...references("members", PERMISSIONS.groupMembersWrite, MEMBER_KINDS),
  ...references("owners", PERMISSIONS.groupsWrite, ["user", "servicePrincipal"]),
  ...mixedOperations("/groups/{id}/transitiveMembers", PERMISSIONS.groupsRead, (call) =>
    transitiveMembers(call, groupOf(call).id),
  ),
  ...appRoleOperations("/groups/{id}", groupOf),
  ...membershipOperations("/groups/{id}", PERMISSIONS.groupsRead, (call) => groupOf(call).id),
];

/** A whole group from the members that somebody gave. */
export function groupFrom(given: Json, id: string, createdAt: string): DirectoryObject {
  const displayName = String(given["displayName"] ?? `group-${id.slice(0, 8)}`);
  const mailNickname = String(given["mailNickname"] ?? displayName.replace(/[^A-Za-z0-9]/g, ""));
  return {
    classification: null,
    createdDateTime: createdAt,
    deletedDateTime: null,
    description: null,
    expirationDateTime: null,
    groupTypes: [],
    infoCatalogs: [],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesDomainName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesNetBiosName: null,
    onPremisesProvisioningErrors: [],
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    preferredDataLocation: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: createdAt,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityEnabled: true,
    securityIdentifier: securityIdentifier(id),
    serviceProvisioningErrors: [],
    theme: null,
    uniqueName: null,
    // A group that may hold roles shows its members to nobody else.
    visibility: given["isAssignableToRole"] === true ? "Private" : null,
    writebackConfiguration: { isEnabled: null, onPremisesGroupType: null },
    ...(isUnified(given) && mailboxOf(mailNickname, given)),
    ...given,
    mailNickname,
    displayName,
    id,
  };
}

// A Microsoft 365 group has a mailbox, and is private where it may hold roles.
function mailboxOf(mailNickname: string, given: Json): Json {
  const mail = `${mailNickname}@contoso.com`;
  const visibility = given["isAssignableToRole"] === true ? "Private" : "Public";
  return { mail, proxyAddresses: [`SMTP:${mail}`], visibility };
}

function references(
  kind: LinkKind & ("members" | "owners"),
  write: PermissionRule,
  allowed: readonly ObjectKind[],
): Operation[] {
  return [
    ...mixedOperations(`/groups/{id}/${kind}`, PERMISSIONS.groupsRead, (call) =>
      linked(call, groupOf(call).id, kind),
    ),
    {
      method: "POST",
      path: `/groups/{id}/${kind}/$ref`,
      permission: write,
      run: (call) => {
        const group = writableGroup(call);
        const kinds = kind === "members" ? memberKinds(group) : allowed;
        return addReference(call, group.id, kind, kinds);
      },
    },
    {
      method: "DELETE",
      path: `/groups/{id}/${kind}/{member}/$ref`,
      permission: write,
      run: (call) => removeReference(call, writableGroup(call).id, kind, param(call, "member")),
    },
  ];
}

function groupOf(call: Call): DirectoryObject {
  const uniqueName = call.params["uniqueName"];
  if (uniqueName === undefined) return found(call, "group", param(call, "id"));
  for (const { value } of call.tenant.directory.groups.scan({
    key: "uniqueName",
    value: uniqueName,
  }))
    return value;
  throw refuse.resourceNotFound(uniqueName);
}

// Under a name of its own a group is made where there is none, if the caller prefers so.
function upsert(call: Call) {
  const uniqueName = param(call, "uniqueName");
  const [known] = [...call.tenant.directory.groups.by("uniqueName", uniqueName)];
  if (known !== undefined || !prefers(call, "create-if-missing")) return update(call);
  return create(call, { uniqueName });
}

// Members and owners of a role-assignable group decide who holds the role: ReadWrite on groups is not enough.
function writableGroup(call: Call): DirectoryObject {
  const group = groupOf(call);
  if (group["isAssignableToRole"] === true) checkRoleManagement(call);
  checkUnrestricted(call, group.id);
  return group;
}

// A group that may hold roles has no groups in it: who is in it must be plain to see.
function memberKinds(group: DirectoryObject): readonly ObjectKind[] {
  if (group["isAssignableToRole"] !== true) return MEMBER_KINDS;
  return MEMBER_KINDS.filter((kind) => kind !== "group");
}

function checkRoleManagement(call: Call): void {
  if (!call.caller.permissions.has("RoleManagement.ReadWrite.Directory")) throw refuse.denied();
}

function create(call: Call, more: Json = {}) {
  return entity(call, SETS.group, makeGroup(call, more), 201);
}

/** Makes the group that a body describes. */
export function makeGroup(call: Call, more: Json = {}): DirectoryObject {
  const body = objectBody(call);
  const given = { ...objectOf(call, "group"), ...more };
  checkUniqueName(call, given["uniqueName"]);
  for (const required of ["displayName", "mailEnabled", "mailNickname", "securityEnabled"]) {
    if (body[required] === undefined) throw refuse.missingProperty(required);
  }
  if (body["isAssignableToRole"] === true) checkAssignableToRole(call, body);
  const owners = boundIds(body, "owners");
  const members = boundIds(body, "members");
  const { directory } = call.tenant;
  for (const id of [...owners, ...members]) {
    if (directory.kindOf(id) === undefined) throw refuse.resourceNotFound(id);
  }
  const at = new Date(call.tenant.clock.now()).toISOString();
  const createdByAppId = call.caller.appId;
  const whole = groupFrom({ createdByAppId, ...given }, call.tenant.newId(), at);
  const group = directory.groups.put(whole);
  call.tenant.freshGroups.set(group.id, call.tenant.clock.now());
  for (const id of owners) addLink(call, group.id, "owners", id, ["user", "servicePrincipal"]);
  for (const id of members) addLink(call, group.id, "members", id, memberKinds(group));
  return group;
}

function checkUniqueName(call: Call, uniqueName: unknown): void {
  if (typeof uniqueName !== "string") return;
  for (const _ of call.tenant.directory.groups.by("uniqueName", uniqueName))
    throw refuse.conflictingObject("uniqueName");
}

function checkAssignableToRole(call: Call, body: Json): void {
  checkRoleManagement(call);
  const types = body["groupTypes"];
  const isDynamic = Array.isArray(types) && types.includes("DynamicMembership");
  if (body["securityEnabled"] !== true || isDynamic)
    throw refuse.invalidValue("isAssignableToRole");
  checkAssignableQuota(call.tenant.directory);
}

const MAXIMUM_ASSIGNABLE = 500;

function checkAssignableQuota(directory: Directory): void {
  let count = 0;
  for (const group of directory.groups.all()) {
    if (group["isAssignableToRole"] === true) count += 1;
  }
  if (count >= MAXIMUM_ASSIGNABLE)
    throw refuse.directoryBadRequest(
      `The number of groups that are assignable to roles has reached the limit of ${MAXIMUM_ASSIGNABLE} for this tenant.`,
    );
}

function update(call: Call) {
  const group = writableGroup(call);
  const body = objectBody(call);
  const isFlag = body["isAssignableToRole"];
  if (
    isFlag !== undefined &&
    isFlag !== null &&
    isFlag !== (group["isAssignableToRole"] ?? false)
  ) {
    throw refuse.assignableToRoleFixed();
  }
  const members = boundIds(body, "members");
  if (members.length > MAXIMUM_BOUND) throw refuse.invalidValue("members");
  // All of them or none.
  for (const id of members) checkLink(call, group.id, "members", id, memberKinds(group));
  for (const id of members) addLink(call, group.id, "members", id, memberKinds(group));
  const given = objectOf(call, "group");
  if (Object.keys(given).length > 0)
    call.tenant.directory.groups.put({ ...group, ...given, id: group.id });
  return noContent();
}

const MAXIMUM_BOUND = 20;

function remove(call: Call) {
  call.tenant.directory.delete("group", writableGroup(call).id);
  return noContent();
}
