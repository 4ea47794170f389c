import { type Call, ok, type Reply } from "../api";
import { refuse } from "../errors";
import { guidOf } from "../ids";
import { matches } from "../odata-filter";
import { checkOptions } from "../query-check";
import { type EntitySet, render } from "../respond";
import type { Json } from "../schema";
import type { RoleDefinition } from "./catalog";

/** Who had which directory role at a time: ids of roles, then of members with what they are. */
export type RoleMembers = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Answers what changed since the token of an answer before: roles with who came and who went; all without one. */
export function roleDelta(
  call: Call,
  set: EntitySet<RoleDefinition>,
  roles: readonly RoleDefinition[],
  membersOf: (role: RoleDefinition) => readonly Json[],
): Reply {
  checkOptions(call, set);
  const before = earlierMembers(call);
  const now = new Map(roles.map((role) => [role.id, typesById(membersOf(role))]));
  const { filter } = call.query;
  const isAsked = (role: RoleDefinition) =>
    filter === undefined || matches(filter, set.toWire(role, call), () => false);
  const value = roles.filter(isAsked).flatMap((role) => {
    const changes = changesOf(before?.get(role.id), now.get(role.id));
    if (before !== undefined && changes.length === 0) return [];
    const changed = changes.length === 0 ? {} : { "members@delta": changes };
    return [{ ...render(call, set, role), id: set.toWire(role, call)["id"], ...changed }];
  });
  return ok({
    "@odata.context": `${call.origin}/${call.version}/$metadata#${set.context}`,
    "@odata.deltaLink": deltaLink(call, now),
    value,
  });
}

function earlierMembers(call: Call): RoleMembers | undefined {
  const { deltaToken } = call.query;
  if (deltaToken === undefined) return undefined;
  const found = call.tenant.roleDeltas.get(deltaToken);
  if (found === undefined) throw refuse.badSkipToken();
  return found;
}

function deltaLink(call: Call, members: RoleMembers): string {
  const { roleDeltas, id } = call.tenant;
  const token = guidOf(`delta ${id} ${roleDeltas.size}`);
  roleDeltas.set(token, members);
  const options = new URLSearchParams(call.search);
  for (const name of [...options.keys()]) {
    if (name.toLowerCase() === "$deltatoken") options.delete(name);
  }
  options.set("$deltatoken", token);
  const query = options.toString().replaceAll("%24", "$").replaceAll("+", "%20");
  return `${call.origin}/${call.version}${call.path}?${query}`;
}

function changesOf(
  before: ReadonlyMap<string, string> = new Map(),
  now: ReadonlyMap<string, string> = new Map(),
): Json[] {
  const came = [...now].filter(([id]) => !before.has(id));
  const went = [...before].filter(([id]) => !now.has(id));
  return [
    ...came.map(([id, type]) => ({ "@odata.type": type, id })),
    ...went.map(([id, type]) => ({ "@odata.type": type, id, "@removed": { reason: "deleted" } })),
  ];
}

function typesById(members: readonly Json[]): Map<string, string> {
  return new Map(members.map((member) => [String(member["id"]), String(member["@odata.type"])]));
}
