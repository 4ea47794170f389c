import { type Call, type Operation, ok, param, type Reply } from "../api";
import { refuse } from "../errors";
import type { PermissionRule } from "../permissions";
import { counted, type EntitySet, entity, list, sourceOf } from "../respond";
import type { Json } from "../schema";
import { type LinkKind, OBJECT_KINDS } from "./directory";
import { linked, mixedDefaults, navigated, SETS } from "./sets";

/** A collection of objects of several kinds, each with its `@odata.type`. */
export const MIXED_SET: EntitySet<Json> = {
  context: "directoryObjects",
  type: "directoryObject-of-any-kind",
  service: "directory",
  isAdvanced: true,
  toWire: (value) => value,
  filter: { id: "eq in", displayName: "eq startswith" },
  defaultsOf: mixedDefaults,
};

/** GET of a collection that mixes kinds: the whole of it, one of it, one kind of it, references, and how many. */
export function mixedOperations(
  path: string,
  permission: PermissionRule,
  rows: (call: Call) => Json[],
): Operation[] {
  return [
    {
      method: "GET",
      path,
      permission,
      run: (call) => list(call, MIXED_SET, sourceOf(rows(call))),
    },
    {
      method: "GET",
      path: `${path}/$count`,
      permission,
      run: (call) => counted(call, MIXED_SET, sourceOf(rows(call))),
    },
    {
      method: "GET",
      path: `${path}/$ref`,
      permission,
      run: (call) => references(call, rows(call)),
    },
    {
      method: "GET",
      path: `${path}/microsoft.graph.{kind}`,
      permission,
      run: (call) => listKind(call, rows(call)),
    },
    {
      method: "GET",
      path: `${path}/microsoft.graph.{kind}/$count`,
      permission,
      run: (call) => {
        const { set, values } = ofKind(call, rows(call));
        return counted(call, set, sourceOf(values));
      },
    },
    {
      method: "GET",
      path: `${path}/{object}`,
      permission,
      run: (call) => entity(call, MIXED_SET, oneOf(call, rows(call))),
    },
  ];
}

function references(call: Call, rows: readonly Json[]): Reply {
  const objects = `${call.origin}/${call.version}/directoryObjects`;
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#Collection($ref)`,
    value: rows.map((row) => ({ "@odata.id": `${objects}/${String(row["id"])}` })),
  });
}

function oneOf(call: Call, rows: readonly Json[]): Json {
  const id = param(call, "object");
  const found = rows.find((row) => String(row["id"]).toLowerCase() === id.toLowerCase());
  if (found === undefined) throw refuse.resourceNotFound(id);
  return found;
}

/** The objects that link to this one, directly or through groups. */
export function linkingTo(call: Call, to: string, kind: LinkKind, isTransitive = false): Json[] {
  const found = new Map<string, Json>();
  const visit = (id: string) => {
    for (const { value } of call.tenant.directory.links.scan({
      key: "to",
      value: `${id} ${kind}`,
    })) {
      const source = navigated(call, value.from);
      if (source === null || found.has(value.from)) continue;
      found.set(value.from, source);
      if (isTransitive) visit(value.from);
    }
  };
  visit(to);
  return [...found.values()];
}

/** Members of a group, those of the groups in it included. */
export function transitiveMembers(call: Call, groupId: string): Json[] {
  const found = new Map<string, Json>();
  const visit = (id: string) => {
    for (const member of linked(call, id, "members")) {
      const memberId = String(member["id"]);
      if (found.has(memberId)) continue;
      found.set(memberId, member);
      if (member["@odata.type"] === "#microsoft.graph.group") visit(memberId);
    }
  };
  visit(groupId);
  return [...found.values()];
}

function listKind(call: Call, rows: readonly Json[]): Reply {
  const { set, values } = ofKind(call, rows);
  return list(call, set, sourceOf(values));
}

// A cast says the type of every value, so that none says it again.
function ofKind(call: Call, rows: readonly Json[]): { set: EntitySet<Json>; values: Json[] } {
  const named = (call.params["kind"] ?? "").toLowerCase();
  const kind = OBJECT_KINDS.find((known) => known.toLowerCase() === named);
  if (kind === undefined && named !== "directoryrole")
    throw refuse.notFoundSegment(`microsoft.graph.${call.params["kind"]}`);
  const values = rows
    .filter((row) => String(row["@odata.type"]).toLowerCase() === `#microsoft.graph.${named}`)
    .map(({ "@odata.type": _, ...value }) => value);
  const set =
    kind === undefined
      ? { ...MIXED_SET, context: "directoryRoles" }
      : (SETS[kind] as EntitySet<never>);
  return { set: set as EntitySet<Json>, values };
}
