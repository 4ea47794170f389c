import { type Call, noContent, type Operation, objectBody, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { entity, list } from "../respond";
import { type Json, readAs } from "../schema";
import { mixedOperations } from "./collections";
import type { DirectoryObject } from "./directory";
import { addReference, found, removeReference } from "./objects";
import { linked, SETS } from "./sets";

const PREFIXES = ["/directory/administrativeUnits", "/administrativeUnits"];

/** Administrative units with their members; the short path is beta's. */
export const unitOperations: readonly Operation[] = PREFIXES.flatMap((prefix): Operation[] => {
  const operations: Operation[] = [
    {
      method: "GET",
      path: prefix,
      permission: PERMISSIONS.unitsRead,
      run: (call) => list(call, SETS.administrativeUnit, call.tenant.directory.units),
    },
    { method: "POST", path: prefix, permission: PERMISSIONS.unitsWrite, run: create },
    {
      method: "GET",
      path: `${prefix}/{id}`,
      permission: PERMISSIONS.unitsRead,
      run: (call) => entity(call, SETS.administrativeUnit, unitOf(call)),
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

function create(call: Call) {
  const body = readAs(call.version, "administrativeUnit", objectBody(call));
  if (typeof body["displayName"] !== "string") throw refuse.missingProperty("displayName");
  const unit = unitFrom(body, call.tenant.newId());
  return entity(call, SETS.administrativeUnit, call.tenant.directory.units.put(unit), 201);
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
