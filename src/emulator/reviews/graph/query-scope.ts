import { parseDuration } from "../../clock";
import type { Json } from "../../schema";
import type { Subject } from "../review";

/** What the query of a scope means: which access, and whose. */
export interface ReviewTarget {
  resource: { kind: "role" | "group"; id: string };
  /** Side of a group; roles have none. */
  side: "member" | "owner";
  /** Absent means both. */
  state?: "eligible" | "active";
  kinds: readonly Subject["kind"][];
  guestsOnly: boolean;
  /** Whether the people in groups are looked at one by one. */
  isTransitive: boolean;
  /** Without a sign-in for so long; 0 for all. */
  inactiveMs: number;
}

/** Reads the scope of a review; undefined for access that is not emulated: applications, packages, all groups. */
export function targetOf(scope: Json, enumeration: Json | null): ReviewTarget | undefined {
  const inactiveMs = parseDuration(scope["inactiveDuration"]) ?? 0;
  const found = Array.isArray(scope["resourceScopes"])
    ? membershipTarget(scope)
    : queryTarget(queryOf(scope), queryOf(enumeration));
  return found === undefined ? undefined : { ...found, inactiveMs };
}

/** The query of a scope without version; empty for a scope that has none. */
export function queryOf(scope: unknown): string {
  const query = typeof scope === "object" && scope !== null ? (scope as Json)["query"] : undefined;
  return typeof query === "string" ? query.replace(/^\/(v1\.0|beta)(?=\/)/i, "") : "";
}

type Target = Omit<ReviewTarget, "inactiveMs">;

const ROLE = /^\/roleManagement\/directory\/roleDefinitions\/([^/?]+)/i;
const ROWS =
  /^\/roleManagement\/directory\/role(Eligibility|Assignment)ScheduleInstances\?.*roleDefinitionId eq '([^']+)'/i;
const GROUP = /^\/groups\/([^/?]+)(?:\/(transitiveMembers|members|owners))?/i;

function queryTarget(query: string, enumeration: string): Target | undefined {
  const role = ROLE.exec(query);
  if (role !== null) return roleTarget(role[1], ["user"], query);
  const rows = ROWS.exec(query);
  if (rows !== null) {
    const state = rows[1]?.toLowerCase() === "eligibility" ? "eligible" : "active";
    return { ...roleTarget(rows[2], kindsIn(query, ["user", "group"]), query), state };
  }
  // "./members" is of the group that the enumeration names.
  const rooted = query.startsWith("./") ? `${enumeration}${query.slice(1)}` : query;
  return groupTarget(rooted, kindsIn(query, ["user", "group", "servicePrincipal"]));
}

function membershipTarget(scope: Json): Target | undefined {
  const [resource] = (scope["resourceScopes"] as unknown[]).map(queryOf);
  const principals = (scope["principalScopes"] as unknown[] | undefined)?.map(queryOf) ?? [];
  const kinds = KINDS.filter(({ path }) => principals.some((query) => query.startsWith(path)));
  const names = kinds.map(({ kind }) => kind);
  const role = ROLE.exec(resource ?? "");
  const asked = principals.join(" ");
  if (role !== null) return roleTarget(role[1], names, asked);
  const found = groupTarget(resource ?? "", names);
  return found === undefined ? undefined : { ...found, guestsOnly: isForGuests(asked) };
}

const KINDS = [
  { path: "/users", kind: "user" },
  { path: "/groups", kind: "group" },
  { path: "/servicePrincipals", kind: "servicePrincipal" },
] as const;

function roleTarget(id = "", kinds: readonly Subject["kind"][], query: string): Target {
  const resource = { kind: "role" as const, id: id.toLowerCase() };
  const guestsOnly = isForGuests(query);
  return { resource, side: "member", kinds, guestsOnly, isTransitive: false };
}

// No page publishes a query for owners: it is read by analogy.
function groupTarget(query: string, kinds: readonly Subject["kind"][]): Target | undefined {
  const [, id, path] = GROUP.exec(query) ?? [];
  if (id === undefined) return undefined;
  const isTransitive = path?.toLowerCase() === "transitivemembers";
  return {
    resource: { kind: "group", id: id.toLowerCase() },
    side: path?.toLowerCase() === "owners" ? "owner" : "member",
    kinds: isTransitive ? kinds.filter((kind) => kind !== "group") : kinds,
    guestsOnly: isForGuests(query),
    isTransitive,
  };
}

// A cast names one type; without one all of these are meant.
function kindsIn(query: string, all: readonly Subject["kind"][]): readonly Subject["kind"][] {
  const named = /microsoft\.graph\.(user|group|servicePrincipal)/i.exec(query)?.[1]?.toLowerCase();
  return named === undefined ? all : all.filter((kind) => kind.toLowerCase() === named);
}

function isForGuests(query: string): boolean {
  return /userType eq 'Guest'/i.test(query);
}
