import type { Surface } from "../model/constants";
import { roleText } from "../model/identity";
import { nearestNames } from "../model/nearest";
import { sameScope } from "../model/role-target";
import type { Standing } from "../surfaces/people";
import { PersonRequestError } from "./people-errors";
import { describeRole } from "./people-words";

/**
 * The one role that a text means among those that a person has: a name in any letter case, an id, for a group also
 * `name:owner`. Several are refused with their scopes, none with what is near.
 */
export function chooseStanding<Row extends Standing>(
  text: string,
  scope: string | undefined,
  rows: readonly Row[],
  what: "eligible" | "active",
): Row {
  const named = rows.filter((row) => isNamed(text, row));
  const matches = scope === undefined ? named : named.filter((row) => isAt(scope, row));
  const distinct = [...new Map(matches.map((row) => [roleText(row.role), row])).values()];
  const [only, ...others] = distinct;
  if (only === undefined) throw noneOf(text, scope, named, rows, what);
  if (others.length > 0) {
    const list = distinct.map((row) => describeStanding(row)).join(", ");
    throw new PersonRequestError(
      `${text}: you are ${what} for several: ${list}; say which with --scope, --surface or an id`,
      "refused",
    );
  }
  const same = matches.filter((row) => roleText(row.role) === roleText(only.role));
  return same.find(({ memberType }) => memberType === "direct") ?? only;
}

/** A role as it can be typed again. */
export function describeStanding({ role, roleName, scopeName }: Standing): string {
  return describeRole(role, roleName, scopeName);
}

function noneOf(
  text: string,
  scope: string | undefined,
  named: readonly Standing[],
  rows: readonly Standing[],
  what: string,
): PersonRequestError {
  if (named.length > 0 && scope !== undefined) {
    const list = named.map((row) => describeStanding(row)).join(", ");
    return new PersonRequestError(
      `${text}: you are not ${what} for it at ${scope}, only: ${list}`,
      "refused",
    );
  }
  const near = nearestNames(
    text,
    rows.flatMap(({ roleName }) => roleName ?? []),
  );
  const hint =
    near.length > 0
      ? `did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`
      : `entra-pim ${what} lists what there is`;
  return new PersonRequestError(`${text}: you are not ${what} for it; ${hint}`, "refused");
}

function isNamed(text: string, { role, roleName }: Standing): boolean {
  const wanted = text.trim().toLowerCase();
  if (role.surface !== "groups")
    return role.roleDefinitionId === wanted || roleName?.toLowerCase() === wanted;
  const [, name = wanted, access] = /^(.*?)(?::(member|owner))?$/.exec(wanted) ?? [];
  if (access !== undefined && access !== role.access) return false;
  return role.groupId === name || roleName?.toLowerCase() === name;
}

function isAt(scope: string, { role, scopeName }: Standing): boolean {
  if (role.surface === "groups") return false;
  return sameScope(role.scope, scope) || scopeName?.toLowerCase() === scope.trim().toLowerCase();
}

/** The surfaces that a word of the command line means. */
export function surfacesOf(word: string | undefined): Surface[] {
  switch (word ?? "all") {
    case "entra":
      return ["directoryRoles"];
    case "groups":
      return ["groups"];
    case "azure":
      return ["azureRoles"];
    default:
      return ["directoryRoles", "groups", "azureRoles"];
  }
}
