import { type Call, type Operation, objectBody, ok, param, type Reply } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS, type PermissionRule } from "../permissions";
import { rolesHeldBy } from "../roles/directory-roles";
import type { Json } from "../schema";
import { linkingTo, mixedOperations } from "./collections";

/** What an object is in (groups, administrative units, directory roles) and what it owns. */
export function membershipOperations(
  path: string,
  permission: PermissionRule,
  idOf: (call: Call) => string,
): Operation[] {
  return [
    ...mixedOperations(`${path}/memberOf`, permission, (call) => containing(call, idOf(call))),
    ...mixedOperations(`${path}/transitiveMemberOf`, permission, (call) =>
      containing(call, idOf(call), true),
    ),
    ...mixedOperations(`${path}/ownedObjects`, permission, (call) =>
      linkingTo(call, idOf(call), "owners"),
    ),
    ...idOperations(path, permission, idOf),
  ];
}

/** The same for `/directoryObjects/{id}`, which has the actions only. */
export const membershipActions: readonly Operation[] = idOperations(
  "/directoryObjects/{id}",
  PERMISSIONS.objectsRead,
  (call) => {
    const id = param(call, "id");
    if (call.tenant.directory.read(id) === undefined) throw refuse.resourceNotFound(id);
    return id;
  },
);

function idOperations(
  path: string,
  permission: PermissionRule,
  idOf: (call: Call) => string,
): Operation[] {
  const post = (name: string, run: (call: Call, id: string) => string[]): Operation => ({
    method: "POST",
    path: `${path}/${name}`,
    permission,
    run: (call) => ids(call, run(call, idOf(call))),
  });
  return [
    post("getMemberGroups", groupsOf),
    post("checkMemberGroups", (call, id) => among(call, "groupIds", groupsOf(call, id))),
    post("getMemberObjects", objectsOf),
    post("checkMemberObjects", (call, id) => among(call, "ids", namesOf(call, id))),
  ];
}

function containing(call: Call, id: string, isTransitive = false): Json[] {
  const groups = linkingTo(call, id, "members", isTransitive);
  const units = linkingTo(call, id, "unitMembers");
  const holders = isTransitive ? [id, ...groups.map((group) => String(group["id"]))] : [id];
  return [...groups, ...units, ...holders.flatMap((holder) => rolesHeldBy(call, holder))];
}

function groupsOf(call: Call, id: string): string[] {
  const isSecurity = objectBody(call)["securityEnabledOnly"] === true;
  return linkingTo(call, id, "members", true)
    .filter((group) => !isSecurity || group["securityEnabled"] === true)
    .map((group) => String(group["id"]));
}

function objectsOf(call: Call, id: string): string[] {
  if (objectBody(call)["securityEnabledOnly"] === true) return groupsOf(call, id);
  return containing(call, id, true).map((object) => String(object["id"]));
}

// A directory role may be asked for by the id of its template too.
function namesOf(call: Call, id: string): string[] {
  return containing(call, id, true).flatMap((object) =>
    [object["id"], object["roleTemplateId"]].filter((name) => name !== undefined).map(String),
  );
}

function among(call: Call, name: string, held: readonly string[]): string[] {
  const asked = objectBody(call)[name];
  if (!Array.isArray(asked)) throw refuse.missingProperty(name);
  return asked.map(String).filter((id) => held.includes(id));
}

function ids(call: Call, value: readonly string[]): Reply {
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#Collection(Edm.String)`,
    value,
  });
}
