import { type Call, created, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { counted, type EntitySet, entity, list, render } from "../respond";
import { type Json, readAs } from "../schema";
import { mixedOperations } from "./collections";
import type { DirectoryObject } from "./directory";
import { makeGroup } from "./groups";
import { addLink, addReference, found, removeReference } from "./objects";
import { linked, SETS } from "./sets";

const PREFIXES = ["/directory/administrativeUnits", "/administrativeUnits"];

/** Administrative units with their members; the short path is beta's. */
export const unitOperations: readonly Operation[] = PREFIXES.flatMap((prefix): Operation[] => {
  const set = { ...SETS.administrativeUnit, context: prefix.slice(1) };
  const operations: Operation[] = [
    {
      method: "GET",
      path: prefix,
      permission: PERMISSIONS.unitsRead,
      run: (call) => list(call, set, call.tenant.directory.units),
    },
    {
      method: "POST",
      path: prefix,
      permission: PERMISSIONS.unitsWrite,
      run: (call) => create(call, set),
    },
    {
      method: "GET",
      path: `${prefix}/$count`,
      permission: PERMISSIONS.unitsRead,
      run: (call) => counted(call, set, call.tenant.directory.units),
    },
    {
      method: "GET",
      path: `${prefix}/{id}`,
      permission: PERMISSIONS.unitsRead,
      run: (call) => entity(call, set, unitOf(call)),
    },
    { method: "PATCH", path: `${prefix}/{id}`, permission: PERMISSIONS.unitsWrite, run: update },
    { method: "DELETE", path: `${prefix}/{id}`, permission: PERMISSIONS.unitsWrite, run: remove },
    ...mixedOperations(`${prefix}/{id}/members`, PERMISSIONS.unitsRead, (call) =>
      linked(call, unitOf(call).id, "unitMembers"),
    ),
    {
      method: "POST",
      path: `${prefix}/{id}/members/$ref`,
      permission: PERMISSIONS.unitsWrite,
      run: (call) => addReference(call, unitOf(call).id, "unitMembers", ["user", "group"]),
    },
    {
      method: "POST",
      path: `${prefix}/{id}/members`,
      permission: PERMISSIONS.unitsWrite,
      run: createMember,
    },
    {
      method: "DELETE",
      path: `${prefix}/{id}/members/{member}/$ref`,
      permission: PERMISSIONS.unitsWrite,
      run: (call) => removeReference(call, unitOf(call).id, "unitMembers", param(call, "member")),
    },
  ];
  return prefix === "/administrativeUnits"
    ? operations.map((operation) => ({ ...operation, versions: ["beta"] }))
    : operations;
});

/** A whole administrative unit from the members that somebody gave. */
export function unitFrom(given: Json, id: string): DirectoryObject {
  return {
    deletedDateTime: null,
    description: null,
    displayName: `unit-${id.slice(0, 8)}`,
    isMemberManagementRestricted: false,
    membershipRule: null,
    membershipRuleProcessingState: null,
    membershipType: null,
    visibility: null,
    ...given,
    id,
  };
}

function unitOf(call: Call): DirectoryObject {
  return found(call, "administrativeUnit", param(call, "id"));
}

function create(call: Call, set: EntitySet<DirectoryObject>) {
  const body = readAs(call.version, "administrativeUnit", objectBody(call));
  if (typeof body["displayName"] !== "string") throw refuse.missingProperty("displayName");
  const unit = unitFrom(body, call.tenant.newId());
  return entity(call, set, call.tenant.directory.units.put(unit), 201);
}

// A group can be made right in a unit: so does who may only administer what is in it.
function createMember(call: Call) {
  const unit = unitOf(call);
  const { "@odata.type": type, ...body } = objectBody(call);
  if (String(type).toLowerCase() !== "#microsoft.graph.group")
    throw refuse.invalidValue("@odata.type");
  const group = makeGroup({ ...call, body });
  addLink(call, unit.id, "unitMembers", group.id, ["group"]);
  return created({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects/$entity`,
    ...render(call, SETS.group, group),
  });
}

function update(call: Call) {
  const unit = unitOf(call);
  const body = readAs(call.version, "administrativeUnit", objectBody(call));
  // The flag is fixed when the unit is made.
  const flag = body["isMemberManagementRestricted"];
  if (flag !== undefined && flag !== unit["isMemberManagementRestricted"])
    throw refuse.invalidValue("isMemberManagementRestricted");
  call.tenant.directory.units.put({ ...unit, ...body, id: unit.id });
  return noContent();
}

function remove(call: Call) {
  call.tenant.directory.delete("administrativeUnit", unitOf(call).id);
  return noContent();
}
