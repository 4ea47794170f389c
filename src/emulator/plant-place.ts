import { azureRoleGuid, knownScope } from "./arm/seed";
import { groupScheduleId } from "./groups/membership";
import { onboardGroup } from "./groups/onboarding";
import { guidOf } from "./ids";
import type { PimBook } from "./pim/book";
import type { Tuple } from "./pim/grant";
import { roleIdOf } from "./seed";
import type { Tenant } from "./tenant";

/** Where a planted row goes: a directory role, one side of a group, or an Azure role at a scope. */
export interface PlantedPlace {
  principalId: string;
  /** Role of the directory or of Azure: id or name. */
  roleDefinitionId?: string;
  /** @default "/" */
  directoryScopeId?: string;
  /** Group id, in place of a role. */
  groupId?: string;
  /** @default "member" */
  accessId?: "member" | "owner";
  /** Scope of an Azure role. */
  scope?: string;
}

/** A place with the book that keeps its rows, and how its schedules are called. */
export interface Place {
  book: PimBook;
  tuple: Tuple;
  scheduleId(requestId: string): string;
}

/** The book and the tuple that a planted row means. */
export function placeOf(tenant: Tenant, planted: PlantedPlace): Place {
  const principalId = planted.principalId.toLowerCase();
  const { roleDefinitionId = "", groupId, scope } = planted;
  if (groupId !== undefined) {
    const tuple = {
      principalId,
      roleId: planted.accessId ?? "member",
      scopeId: groupId.toLowerCase(),
      isAppScope: false,
    };
    onboardGroup(tenant, groupId, { kind: "user", id: principalId });
    return { book: tenant.groupPim, tuple, scheduleId: (guid) => groupScheduleId(tuple, guid) };
  }
  if (scope !== undefined) {
    const roleId = azureRoleGuid(tenant, roleDefinitionId);
    const tuple = { principalId, roleId, scopeId: knownScope(tenant, scope), isAppScope: false };
    return { book: tenant.arm.pim, tuple, scheduleId: (guid) => guidOf(`schedule ${guid}`) };
  }
  const tuple = {
    principalId,
    roleId: roleIdOf(tenant, roleDefinitionId),
    scopeId: planted.directoryScopeId ?? "/",
    isAppScope: false,
  };
  return { book: tenant.directoryPim, tuple, scheduleId: (guid) => guid };
}
