import type { Input } from "@pulumi/pulumi";
import { Tier } from "../model/constants";
import { GLOBAL_ADMINISTRATOR } from "../model/lockout";
import { EntraRole } from "../model/roles-entra";
import { tierOf } from "../model/roles-tier";
import { mergeSettings } from "../resources/merge-settings";
import { preset } from "../resources/preset";
import type { PrincipalArgs } from "../resources/principal-args";
import type { NotificationSettingsArgs, SettingsArgs } from "../resources/settings-args";
import type { DirectoryRoleArgs } from "./directory-role-args";
import type { TenantBaselineArgs } from "./tenant-baseline-args";

/** One role of a baseline with its settings complete. */
export interface BaselineRole {
  /** `roles/<key>` for those that were named, `other/<Role>` for the rest. */
  place: string;
  /** The place that the role has while it is not named, so that naming it is a rename to the engine. */
  formerPlace?: string;
  isGlobalAdministrator: boolean;
  args: DirectoryRoleArgs;
}

/** Every role that a baseline manages, Global Administrator first. */
export function baselineRoles(args: TenantBaselineArgs): BaselineRole[] {
  const named = Object.entries(args.roles).map(([key, { tier, ...role }]) => {
    const text = role.role as string;
    const id = roleIdOf(text);
    const settings = baselineSettings(args, tier ?? tierOf(id ?? text), id, role.settings);
    const other = builtInName(id);
    return {
      place: `roles/${key}`,
      ...(other === undefined ? {} : { formerPlace: `other/${other}` }),
      isGlobalAdministrator: id === GLOBAL_ADMINISTRATOR,
      args: { ...role, settings },
    };
  });
  return [...named, ...otherRoles(args)].sort(
    (a, b) => Number(b.isGlobalAdministrator) - Number(a.isGlobalAdministrator),
  );
}

/** The template id that a role's text means; undefined for a role that is not built in. */
export function roleIdOf(text: string): string | undefined {
  const wanted = text.trim().toLowerCase();
  const joined = wanted.replace(/[^a-z0-9]/g, "");
  return Object.entries(EntraRole).find(
    ([name, id]) => id === wanted || name.toLowerCase() === joined,
  )?.[1];
}

function otherRoles(args: TenantBaselineArgs): BaselineRole[] {
  if (args.otherRoles === "unmanaged") return [];
  const named = new Set(Object.values(args.roles).map(({ role }) => roleIdOf(role as string)));
  return Object.entries(EntraRole)
    .filter(([, id]) => !named.has(id))
    .map(([name, id]) => ({
      place: `other/${name}`,
      isGlobalAdministrator: id === GLOBAL_ADMINISTRATOR,
      args: { role: id, settings: baselineSettings(args, tierOf(id), id, undefined) },
    }));
}

/** Later ones win: profile, tier, who decides and who is told, the emergency accounts, the role's own. */
function baselineSettings(
  args: TenantBaselineArgs,
  tier: Tier,
  id: string | undefined,
  own: SettingsArgs | undefined,
): SettingsArgs {
  const profile = preset(args.profile, tier, args.tiers?.[tier]);
  const asked = mergeSettings(profile, alerts(tier, args.alertRecipients));
  const decided = mergeSettings(asked, decisions(asked, own, args.approvers));
  const kept = keepsPermanent(args, id) ? { activeAssignment: { allowPermanent: true } } : {};
  return mergeSettings(mergeSettings(decided, kept), own ?? {});
}

/** Emergency accounts hold Global Administrator permanently: a policy that forbids it would refuse their repair. */
export function keepsPermanent(
  { breakGlass }: TenantBaselineArgs,
  id: string | undefined,
): boolean {
  return breakGlass !== undefined && id === GLOBAL_ADMINISTRATOR;
}

function decisions(
  settings: SettingsArgs,
  own: SettingsArgs | undefined,
  approvers: PrincipalArgs[],
): SettingsArgs {
  const required = own?.activation?.requireApproval ?? settings.activation?.requireApproval;
  const named = settings.activation?.approvers ?? [];
  return required === undefined || required === false || named.length > 0
    ? {}
    : { activation: { approvers } };
}

/** Whom to tell of roles that can harm: the deployment plan tells nobody of a Helpdesk Administrator. */
function alerts(tier: Tier, additionalRecipients: Input<string>[]): SettingsArgs {
  if (tier === Tier.Standard) return {};
  const mails = { admin: { additionalRecipients } };
  const notifications: NotificationSettingsArgs = {
    eligibleAssignment: mails, // CISA MS.AAD.7.7
    activeAssignment: mails, // CISA MS.AAD.7.7
    activation: mails, // CISA MS.AAD.7.8, 7.9
  };
  return { notifications };
}

function builtInName(id: string | undefined): string | undefined {
  return Object.entries(EntraRole).find(([, known]) => known === id)?.[0];
}
