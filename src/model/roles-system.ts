import type { Problem } from "./problem";
import type { RoleInput } from "./role-target";

/**
 * Roles that the service gives by itself: they have no settings and take no assignment.
 * Source: Cloud-Architekt/AzurePrivilegedIAM, 2026-08-21, assignment mode "systemAssigned".
 */
const SYSTEM_ASSIGNED_ROLES: Readonly<Record<string, string>> = {
  "10dae51f-b6af-4016-8d66-8c2a99b929b3": "Guest User",
  "2af84b1e-32c8-42b7-82bc-daa82404023b": "Restricted Guest User",
  "a0b1b346-4d3e-4e8b-98f8-753987be4970": "User",
};

/** A role that nobody can be assigned to. */
export function systemRoleProblems({ directoryRole }: RoleInput): Problem[] {
  const id = directoryRole?.role;
  const name = typeof id === "string" ? SYSTEM_ASSIGNED_ROLES[id.trim().toLowerCase()] : undefined;
  if (name === undefined) return [];
  return [
    {
      path: "directoryRole.role",
      got: id,
      expected: "a role that can be assigned",
      fix: `the service gives ${name} by itself; it has no settings and takes no assignment`,
    },
  ];
}
