import type { Input } from "@pulumi/pulumi";
import type { GroupAccess } from "../model/constants";

/** The role meant: exactly one of the three properties, none and two are errors. */
export interface RoleReferenceArgs {
  /** A Microsoft Entra directory role. @default - the role is on another surface */
  directoryRole?: DirectoryRoleReferenceArgs;
  /** Membership or ownership of a group (PIM for Groups). @default - the role is on another surface */
  group?: GroupAccessReferenceArgs;
  /** An Azure role at a scope. @default - the role is on another surface */
  azureRole?: AzureRoleReferenceArgs;
}

/** A Microsoft Entra directory role, built-in or custom. */
export interface DirectoryRoleReferenceArgs {
  /**
   * `EntraRole.ExchangeAdministrator`, a role definition id, or a display name. A name is looked up once, when it is
   * first declared; no role or several of that name are an error that lists the nearest.
   */
  role: Input<string>;
  /**
   * Where the role is held: "/" for the tenant, "/administrativeUnits/{id}", or "/{object id}" of an application or
   * another object. Refused for settings, which hold for the whole tenant.
   * @default "/"
   */
  scope?: Input<string>;
}

/** One side of a group that Privileged Identity Management governs. */
export interface GroupAccessReferenceArgs {
  /**
   * The group's object id, azuread's `id` ("/groups/{id}"), or a display name that only one group has. A group with
   * dynamic membership or synced from on-premises is refused: PIM cannot manage it.
   */
  group: Input<string>;
  /** Whether the assignment or setting is about members or owners. */
  access: Input<GroupAccess>;
}

/** An Azure role at one scope. */
export interface AzureRoleReferenceArgs {
  /** `AzureBuiltInRole.Owner`, the role's GUID, its full ARM id, or its name. */
  role: Input<string>;
  /**
   * ARM id of a management group, subscription, resource group or resource. Scopes below have settings of their own:
   * Azure role settings are not inherited.
   */
  scope: Input<string>;
}
