import { isGuid, type Tier } from "../model/constants";
import { declaredLeaves } from "../model/declared-settings";
import type { Problem } from "../model/problem";
import { tierOf } from "../model/roles-tier";
import type { Leaves } from "../model/settings-leaves";
import type { SettingsInput } from "../model/settings-rules";
import { isUnknown } from "../model/unknown";
import { AZURE_ROLE_SHAPE, DIRECTORY_ROLE_SHAPE } from "../resources/arg-shapes";
import { readArgs } from "../resources/read-args";
import type { AzureRoleArgs } from "./azure-role-args";
import { touchedEmergencyProblems } from "./checked-access";
import type { DirectoryRoleArgs } from "./directory-role-args";
import { declaredLimits, type RoleAccess } from "./role-access";
import { type PlainAccess, type PlainAssignment, roleAccessProblems } from "./role-access-problems";

/** A role's access that was read: to be made, what is wrong with it, and its settings in plain values. */
export interface ReadAccess {
  access: RoleAccess;
  problems: Problem[];
  settings: Leaves;
}

/** Settings and assignments in plain values. */
export interface PlainParts {
  settings?: SettingsInput;
  eligibleAssignments?: Record<string, PlainAssignment>;
  activeAssignments?: Record<string, PlainAssignment>;
}

/** The access of a directory role or an Azure role. */
export interface ReadRole extends ReadAccess {
  /** undefined: an Azure role, or one that is not known by its id */
  tier: Tier | undefined;
}

/** Reads the arguments of a directory role. */
export function readDirectoryRole(args: DirectoryRoleArgs): ReadRole {
  const { plain, sent, problems } = readArgs<PlainParts & { role: string }>(
    args,
    DIRECTORY_ROLE_SHAPE,
  );
  const { role, ...parts } = sent as unknown as DirectoryRoleArgs;
  const { role: text, ...plainParts } = plain;
  const read = toReadAccess(
    { surface: "directoryRoles", roleAt: (scope) => directoryRole(role, scope), ...parts },
    { surface: "directoryRoles", roleAt: (scope) => directoryRole(text, scope), ...plainParts },
    problems,
  );
  const isKnownId = typeof text === "string" && !isUnknown(text) && isGuid(text);
  return { ...read, tier: isKnownId ? tierOf(text) : undefined };
}

/** Reads the arguments of an Azure role. */
export function readAzureRole(args: AzureRoleArgs): ReadRole {
  const { plain, sent, problems } = readArgs<PlainParts & { role: string; scope: string }>(
    args,
    AZURE_ROLE_SHAPE,
  );
  const { role, scope, ...parts } = sent as unknown as AzureRoleArgs;
  const { role: text, scope: place, ...plainParts } = plain;
  const read = toReadAccess(
    { surface: "azureRoles", roleAt: () => ({ azureRole: { role, scope } }), ...parts },
    {
      surface: "azureRoles",
      roleAt: () => ({ azureRole: { role: text, scope: place } }),
      ...plainParts,
    },
    problems,
  );
  return { ...read, tier: undefined };
}

/** Puts both forms of a part together with everything that is wrong with it. */
export function toReadAccess(
  access: RoleAccess,
  plain: Omit<PlainAccess, "limits">,
  problems: readonly Problem[],
): ReadAccess {
  const settings = plain.settings === undefined || isUnknown(plain.settings) ? {} : plain.settings;
  const withLimits = {
    ...plain,
    limits: (kind: "eligible" | "active") => declaredLimits(plain.surface, settings, kind),
  };
  return {
    access,
    problems: [...problems, ...roleAccessProblems(withLimits), ...touchedEmergencyProblems(access)],
    settings: declaredLeaves(plain.surface, settings),
  };
}

function directoryRole<Text>(role: Text, scope: Text | undefined) {
  return { directoryRole: scope === undefined ? { role } : { role, scope } };
}
