import { choiceProblems } from "../model/assignment-rules";
import { Profile, Tier } from "../model/constants";
import { presetLeaves } from "../model/presets/preset-leaves";
import { treeOf } from "../model/settings-tree";
import { mergeSettings } from "./merge-settings";
import { refuseProblems } from "./new-refusal";
import type { SettingsArgs } from "./settings-args";

/**
 * Complete settings of a published recommendation, for any surface: every activation, assignment and notification
 * setting is declared. What only a tenant knows comes by the override: approvers (required by critical tiers on groups
 * and Azure roles), recipients of alerts, an authentication context in place of MFA.
 *
 * @param profile - `microsoft`: deployment plan; `cisa`: SCuBA MS.AAD.7; `cis-m365`: benchmark 5.3; `strict`: all of them
 * @param tier - how much harm the role can do; {@link TenantBaseline} chooses it by the role
 * @param override - settings that win over the profile's, value by value
 * @example
 * pim.preset("cisa", "critical", {
 *   activation: { approvers: [{ group: approvers.groupId }] },
 *   notifications: { activation: { admin: { additionalRecipients: ["soc@contoso.com"] } } },
 * })
 */
export function preset(profile: Profile, tier: Tier, override: SettingsArgs = {}): SettingsArgs {
  refuseProblems("preset", [
    ...choiceProblems("profile", profile, Profile),
    ...choiceProblems("tier", tier, Tier),
  ]);
  return mergeSettings(treeOf(presetLeaves(profile, tier)), override);
}
