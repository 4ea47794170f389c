import { type Call, noContent, type Operation, objectBody, ok, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS, type PermissionRule } from "../permissions";
import { counted, type EntitySet, list, selectMembers, sourceOf } from "../respond";
import type { Json } from "../schema";
import {
  type DeletedObject,
  type DirectoryObject,
  OBJECT_KINDS,
  type ObjectKind,
} from "./directory";
import { SETS, shownObject } from "./sets";

const PATH = "/directory/deletedItems";

/** The recycle bin of the directory: listed by kind, kept for 30 days. */
export const deletedItemOperations: readonly Operation[] = [
  {
    method: "GET",
    path: `${PATH}/microsoft.graph.{kind}`,
    permission: (call) => READ[kindOf(call)],
    run: (call) => list(call, setOf(call), sourceOf(valuesOf(call, kindOf(call)))),
  },
  {
    method: "GET",
    path: `${PATH}/microsoft.graph.{kind}/$count`,
    permission: (call) => READ[kindOf(call)],
    run: (call) => counted(call, setOf(call), sourceOf(valuesOf(call, kindOf(call)))),
  },
  {
    method: "POST",
    path: `${PATH}/getUserOwnedObjects`,
    permission: PERMISSIONS.objectsRead,
    run: ownedObjects,
  },
  {
    method: "GET",
    path: `${PATH}/{id}`,
    permission: PERMISSIONS.objectsRead,
    run: (call) => {
      const item = itemOf(call);
      return objectReply(call, item.kind, shown(item));
    },
  },
  {
    method: "DELETE",
    path: `${PATH}/{id}`,
    permission: (call) => WRITE[itemOf(call).kind],
    run: (call) => {
      call.tenant.directory.purge(itemOf(call));
      return noContent();
    },
  },
  {
    method: "POST",
    path: `${PATH}/{id}/restore`,
    permission: (call) => WRITE[itemOf(call).kind],
    run: restore,
  },
];

const READ: Readonly<Record<ObjectKind, PermissionRule>> = {
  user: PERMISSIONS.usersRead,
  group: PERMISSIONS.groupsRead,
  servicePrincipal: PERMISSIONS.applicationsRead,
  application: PERMISSIONS.applicationsRead,
  administrativeUnit: PERMISSIONS.unitsRead,
};

const WRITE: Readonly<Record<ObjectKind, PermissionRule>> = {
  user: PERMISSIONS.usersWrite,
  group: PERMISSIONS.groupsWrite,
  servicePrincipal: PERMISSIONS.applicationsWrite,
  application: PERMISSIONS.applicationsWrite,
  administrativeUnit: PERMISSIONS.unitsWrite,
};

function kindOf(call: Call): ObjectKind {
  const named = param(call, "kind").toLowerCase();
  const kind = OBJECT_KINDS.find((known) => known.toLowerCase() === named);
  if (kind === undefined) throw refuse.notFoundSegment(`microsoft.graph.${param(call, "kind")}`);
  return kind;
}

function setOf(call: Call): EntitySet<DirectoryObject> {
  const kind = kindOf(call);
  const set = SETS[kind];
  const defaults = defaultsOf(kind);
  return {
    ...set,
    filter: { ...set.filter, deletedDateTime: "eq ge le gt lt" },
    ...(defaults !== undefined && { defaults }),
  };
}

function valuesOf(call: Call, kind: ObjectKind): DirectoryObject[] {
  return [...call.tenant.directory.deleted()].filter((item) => item.kind === kind).map(shown);
}

// The name of a deleted user is free for others: the object keeps it behind its own id.
function shown({ kind, value, at }: DeletedObject): DirectoryObject {
  const name = value["userPrincipalName"];
  return {
    ...value,
    ...(kind === "user" && { userPrincipalName: `${value.id.replaceAll("-", "")}${String(name)}` }),
    deletedDateTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
  };
}

function itemOf(call: Call): DeletedObject {
  const id = param(call, "id").toLowerCase();
  for (const item of call.tenant.directory.deleted()) {
    if (item.id.toLowerCase() === id) return item;
  }
  throw refuse.resourceNotFound(param(call, "id"));
}

function objectReply(call: Call, kind: ObjectKind, value: DirectoryObject) {
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects/$entity`,
    ...selectMembers(shownObject(call, kind, value), call.query.select ?? defaultsOf(kind)),
  });
}

function defaultsOf(kind: ObjectKind): readonly string[] | undefined {
  const { defaults } = SETS[kind];
  return defaults === undefined ? undefined : [...defaults, "deletedDateTime"];
}

function restore(call: Call) {
  const item = itemOf(call);
  const { directory } = call.tenant;
  if (item.kind === "user") checkNameFree(call, String(item.value["userPrincipalName"]));
  directory.restore(item);
  return objectReply(call, item.kind, item.value);
}

function checkNameFree(call: Call, userPrincipalName: string): void {
  for (const _ of call.tenant.directory.users.by("userPrincipalName", userPrincipalName))
    throw refuse.conflictingObject("userPrincipalName");
}

function ownedObjects(call: Call) {
  const { userId, type } = objectBody(call);
  if (typeof userId !== "string") throw refuse.missingProperty("userId");
  const wanted = String(type ?? "group").toLowerCase();
  const value: Json[] = [];
  for (const item of call.tenant.directory.deleted()) {
    const isOwned = item.links.some((link) => link.kind === "owners" && link.to === userId);
    if (isOwned && item.kind.toLowerCase() === wanted)
      value.push(shownObject(call, item.kind, shown(item)));
  }
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects`,
    value,
  });
}
