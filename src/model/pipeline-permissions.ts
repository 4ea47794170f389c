import type { Surface } from "./constants";

/** Reading for previews, writing for deployments. */
export type PipelineAccess = "read" | "write";

/**
 * Application permissions of Microsoft Graph that a pipeline needs: value and app role id.
 * Source: https://learn.microsoft.com/graph/permissions-reference, ids as of 2026-08.
 */
const IDS: Readonly<Record<string, string>> = {
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
  "User.ReadBasic.All": "97235f07-e226-4f63-ace3-39588e11d3a1",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "RoleManagement.Read.Directory": "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
  "RoleManagementPolicy.Read.Directory": "fdc4c997-9942-4479-bfcb-75a36d1138df",
  "RoleManagementPolicy.ReadWrite.Directory": "31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad",
  "RoleEligibilitySchedule.Read.Directory": "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
  "RoleEligibilitySchedule.ReadWrite.Directory": "fee28b28-e1f3-4841-818e-2704dc62245f",
  "RoleAssignmentSchedule.Read.Directory": "d5fe8ce8-684c-4c83-a52c-46e882ce4be1",
  "RoleAssignmentSchedule.ReadWrite.Directory": "dd199f4a-f148-40a4-a2ec-f0069cc799ec",
  "AuthenticationContext.Read.All": "381f742f-e1f8-4309-b4ab-e3d91ae4c5c1",
  "RoleManagementPolicy.Read.AzureADGroup": "69e67828-780e-47fd-b28c-7b27d14864e6",
  "RoleManagementPolicy.ReadWrite.AzureADGroup": "b38dcc4d-a239-4ed6-aa84-6c65b284f97c",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup": "edb419d6-7edc-42a3-9345-509bfdf5d87c",
  "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": "618b6020-bca8-4de6-99f6-ef445fa4d857",
  "PrivilegedAssignmentSchedule.Read.AzureADGroup": "cd4161cb-f098-48f8-a884-1eda9a42434c",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": "41202f2c-f7ab-45be-b001-85c9728b9d69",
};

/** What is needed for a surface; `{access}` is Read or ReadWrite. */
const NEEDED: Record<Surface, readonly string[]> = {
  directoryRoles: [
    "User.Read.All", // whether a Global Administrator is enabled and cloud-only: ReadBasic does not show it
    "RoleManagement.Read.Directory", // role definitions by name
    "RoleManagementPolicy.{access}.Directory",
    "RoleEligibilitySchedule.{access}.Directory",
    "RoleAssignmentSchedule.{access}.Directory",
    "AuthenticationContext.Read.All", // whether a context exists before a role asks for it
  ],
  groups: [
    "User.ReadBasic.All", // people by name
    "RoleManagementPolicy.{access}.AzureADGroup",
    "PrivilegedEligibilitySchedule.{access}.AzureADGroup",
    "PrivilegedAssignmentSchedule.{access}.AzureADGroup",
  ],
  azureRoles: ["User.ReadBasic.All"],
};

/** Principals by name, whatever the surface. */
const ALWAYS: readonly string[] = ["GroupMember.Read.All", "Application.Read.All"];

/** The least Graph permissions for managing these surfaces, by value, with their app role ids. */
export function pipelinePermissions(
  surfaces: readonly Surface[],
  access: PipelineAccess,
): [value: string, appRoleId: string][] {
  const verb = access === "read" ? "Read" : "ReadWrite";
  const values = [...ALWAYS, ...surfaces.flatMap((surface) => NEEDED[surface])].map((value) =>
    value.replace("{access}", verb),
  );
  const distinct = [...new Set(values)].filter(
    (value) => value !== "User.ReadBasic.All" || !values.includes("User.Read.All"),
  );
  return distinct.sort().map((value) => [value, IDS[value] ?? ""]);
}
