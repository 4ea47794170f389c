import type { Input } from "@pulumi/pulumi";
import type { OtherRoles, Profile, Tier } from "../model/constants";
import type { PrincipalArgs } from "../resources/principal-args";
import type { SettingsArgs } from "../resources/settings-args";
import type { BreakGlassArgs } from "./break-glass-args";
import type { DirectoryRoleArgs } from "./directory-role-args";

/** Arguments of {@link TenantBaseline}. */
export interface TenantBaselineArgs {
  /** Whose recommendation the settings follow. */
  profile: Profile;
  /** Emergency accounts; Global Administrator then keeps allowing permanent active assignments. @default - none */
  breakGlass?: BreakGlassArgs;
  /** Who decides where the profile asks for approval: two people at least, or a group with two active members. */
  approvers: PrincipalArgs[];
  /**
   * Mail addresses that are told when somebody is made eligible, is made active or activates a critical, high or
   * privileged role (CISA MS.AAD.7.7 to 7.9). An address need not belong to the tenant.
   */
  alertRecipients: Input<string>[];
  /** Settings laid over the profile's, by tier: critical, high, privileged, standard. @default - the profile's */
  tiers?: Record<string, SettingsArgs>;
  /** Roles with assignments, settings or a tier of their own, by a key of your own. */
  roles: Record<string, BaselineRoleArgs>;
  /**
   * What happens to built-in roles that are not named in `roles`: `settings` gives them the profile's settings by their
   * tier, `unmanaged` leaves them alone. Roles that the service gives by itself are always left out.
   * @default "settings"
   */
  otherRoles?: OtherRoles;
}

/** One role of a baseline: its settings are laid over the profile's. The role is plain text, because its tier follows from it. */
export interface BaselineRoleArgs extends DirectoryRoleArgs {
  /** How much harm the role can do. @default - by the role's template id; a custom role counts as privileged */
  tier?: Tier;
}
