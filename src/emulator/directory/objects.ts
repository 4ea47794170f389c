import { type Call, noContent, type Operation, objectBody, ok, param } from "../api";
import { refuse } from "../errors";
import { PERMISSIONS } from "../permissions";
import { selectMembers } from "../respond";
import { type Json, readAs } from "../schema";
import { type DirectoryObject, type LinkKind, OBJECT_KINDS, type ObjectKind } from "./directory";
import { mixedDefaults, navigated, SETS, shownObject } from "./sets";

/** Objects of any kind: by id, many at once, and the collections that mix kinds. */
export const directoryObjectOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/directoryObjects/{id}",
    permission: PERMISSIONS.objectsRead,
    run: getObject,
  },
  {
    method: "POST",
    path: "/directoryObjects/getByIds",
    permission: PERMISSIONS.objectsRead,
    run: getByIds,
  },
  {
    method: "POST",
    path: "/directoryObjects/validateProperties",
    permission: PERMISSIONS.groupsRead,
    run: validateProperties,
  },
];

/** The object of a kind with this id, as a reader sees it, or Graph's 404. */
export function found(call: Call, kind: ObjectKind, id: string): DirectoryObject {
  const value = call.tenant.directory.of(kind).read(id);
  if (value === undefined) throw refuse.resourceNotFound(id);
  return value;
}

/** Refuses to let an application change what is in a restricted management unit. */
export function checkUnrestricted(call: Call, id: string): void {
  if (call.caller.kind === "app" && call.tenant.directory.isRestricted(id))
    throw refuse.restrictedUnit();
}

/** Adds a reference from a body's `@odata.id`. */
export function addReference(
  call: Call,
  from: string,
  kind: LinkKind,
  allowed: readonly ObjectKind[],
) {
  const id = referencedId(objectBody(call)["@odata.id"]);
  addLink(call, from, kind, id, allowed);
  return noContent();
}

/** Adds one reference, checked as Graph does. */
export function addLink(
  call: Call,
  from: string,
  kind: LinkKind,
  id: string,
  allowed: readonly ObjectKind[],
): void {
  checkLink(call, from, kind, id, allowed);
  call.tenant.directory.link(from, kind, id);
}

/** Refuses a reference to what is not there, of a wrong kind, or there already. */
export function checkLink(
  call: Call,
  from: string,
  kind: LinkKind,
  id: string,
  allowed: readonly ObjectKind[],
): void {
  const { directory } = call.tenant;
  const targetKind = directory.kindOf(id);
  if (targetKind === undefined) throw refuse.resourceNotFound(id);
  if (!allowed.includes(targetKind)) throw refuse.invalidValue(kind);
  if (directory.hasLink(from, kind, id))
    throw refuse.referenceExists(kind === "unitMembers" ? "members" : kind);
}

/** Takes a reference away. */
export function removeReference(call: Call, from: string, kind: LinkKind, to: string) {
  if (!call.tenant.directory.hasLink(from, kind, to)) throw refuse.resourceNotFound(to);
  call.tenant.directory.unlink(from, kind, to);
  return noContent();
}

/** The id at the end of an `@odata.id` or `…@odata.bind` url. */
export function referencedId(url: unknown): string {
  const id = typeof url === "string" ? /\/([^/()']+)(?:'\))?$/.exec(url)?.[1] : undefined;
  if (id === undefined) throw refuse.invalidValue("@odata.id");
  return id;
}

/** Ids of a body's `name@odata.bind`. */
export function boundIds(body: Json, name: string): string[] {
  const bound = body[`${name}@odata.bind`];
  return Array.isArray(bound) ? bound.map(referencedId) : [];
}

/** A body read as an object of a kind: members that the kind does not have, and wrong types, are refused. */
export function objectOf(call: Call, kind: ObjectKind): Json {
  return readAs(call.version, kind, objectBody(call));
}

/** A body's own members, without `@odata.bind` and other annotations. */
export function unbound(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([member]) => !member.includes("@")));
}

function getObject(call: Call) {
  const id = param(call, "id");
  const value = navigated(call, id);
  if (value === null) throw refuse.resourceNotFound(id);
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects/$entity`,
    ...selectMembers(value, call.query.select ?? defaultsOf(value)),
  });
}

function defaultsOf(value: Json): readonly string[] | undefined {
  const kind = String(value["@odata.type"]).replace("#microsoft.graph.", "") as ObjectKind;
  return SETS[kind]?.defaults;
}

const MAXIMUM_IDS = 1000;

function getByIds(call: Call) {
  const { ids, types } = objectBody(call);
  if (!Array.isArray(ids)) throw refuse.missingProperty("ids");
  if (ids.length > MAXIMUM_IDS)
    throw refuse.directoryBadRequest(
      "Too many ids are specified. The maximum number of ids is 1000.",
    );
  const wanted =
    Array.isArray(types) && types.length > 0
      ? types.map((type) => String(type).toLowerCase())
      : undefined;
  const value: Json[] = [];
  for (const id of new Set(ids.map(String))) {
    const object = call.tenant.directory.read(id);
    if (object === undefined) continue;
    if (
      wanted !== undefined &&
      !wanted.includes(object.kind.toLowerCase()) &&
      !wanted.includes("directoryobject")
    )
      continue;
    // Not every member is filled by this call: a user comes with the default ones.
    const members = shownObject(call, object.kind, object.value);
    value.push(selectMembers(members, mixedDefaults(members)));
  }
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#directoryObjects`,
    value,
  });
}

// The tenant has no naming policy: every name is fine, so long as one is given.
function validateProperties(call: Call) {
  const { entityType, displayName, mailNickname } = objectBody(call);
  if (String(entityType).toLowerCase() !== "group") throw refuse.invalidValue("entityType");
  if (displayName === undefined && mailNickname === undefined)
    throw refuse.missingProperty("displayName");
  return noContent();
}

/** Kinds that may be a member of a group. */
export const MEMBER_KINDS: readonly ObjectKind[] = OBJECT_KINDS.filter(
  (kind) => kind !== "application" && kind !== "administrativeUnit",
);
