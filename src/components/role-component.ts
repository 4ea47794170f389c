import type * as pulumi from "@pulumi/pulumi";
import { approverGroups, holdersOf, refuseOrWarn } from "./checked-access";
import { checkRole } from "./cross-checks";
import { type DeclaredRole, declaredAccess } from "./declared-access";
import type { ReadRole } from "./read-role-access";
import {
  assignmentIds,
  createRoleAccess,
  expiredAssignments,
  roleDefinitionIdOf,
} from "./role-access";

/** What a component of one role shows. */
export interface RoleOutputs {
  roleDefinitionId: pulumi.Output<string>;
  assignmentIds: pulumi.Output<Record<string, string>>;
  expired: pulumi.Output<string[]>;
}

/** Makes one role's access; throws with everything that is wrong, also together with what was declared before. */
export function createRole(
  component: pulumi.ComponentResource,
  kind: "DirectoryRole" | "AzureRole",
  name: string,
  read: ReadRole,
  opts: pulumi.ComponentResourceOptions | undefined,
): RoleOutputs {
  check(component, `${kind} "${name}"`, read);
  const children = createRoleAccess(component, name, read.access, { dependsOn: opts?.dependsOn });
  return {
    roleDefinitionId: roleDefinitionIdOf(children),
    assignmentIds: assignmentIds([children]),
    expired: expiredAssignments([children]),
  };
}

function check(component: pulumi.ComponentResource, subject: string, read: ReadRole): void {
  const { access, settings, tier } = read;
  const role: DeclaredRole = {
    subject,
    kind: "role",
    isDirectoryRole: access.surface === "directoryRoles",
    tier,
    settings,
    settingsPath: "settings",
    approvers: approverGroups(access.settings),
    holders: holdersOf(access),
  };
  const declared = declaredAccess();
  refuseOrWarn(component, subject, read.problems, checkRole(role, declared));
  declared.roles.push(role);
}
