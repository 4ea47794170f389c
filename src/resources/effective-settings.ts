import { declaredLeaves } from "../model/declared-settings";
import { DELIVERED_MAILS } from "../model/default-settings";
import type { Approver } from "../model/policy-rules";
import { type RoleInput, surfaceOf } from "../model/role-target";
import { leavesOf, type SettingsTree, treeOf } from "../model/settings-tree";

/** Settings of a role in plain values, in the shape of `SettingsArgs`. A missing property is not known. */
export interface SettingsValues {
  activation?: ActivationValues;
  eligibleAssignment?: AssignmentStageValues;
  activeAssignment?: AssignmentStageValues;
  notifications?: NotificationValues;
}

/** Conditions of an activation, in plain values. */
export interface ActivationValues {
  maximumDuration?: string;
  requireMfa?: boolean;
  /** "" for none. */
  authenticationContext?: string;
  requireJustification?: boolean;
  requireTicket?: boolean;
  requireApproval?: boolean;
  approvers?: Approver[];
}

/** Conditions of an assignment, in plain values. */
export interface AssignmentStageValues {
  allowPermanent?: boolean;
  maximumDuration?: string;
  requireMfa?: boolean;
  requireJustification?: boolean;
}

/** Mails by occasion and recipient, in plain values. */
export interface NotificationValues {
  eligibleAssignment?: MailsValues;
  activeAssignment?: MailsValues;
  activation?: MailsValues;
}

/** Mails by recipient, in plain values. */
export interface MailsValues {
  admin?: MailValues;
  assignee?: MailValues;
  approver?: MailValues;
}

/** One mail, in plain values. */
export interface MailValues {
  level?: string;
  defaultRecipients?: boolean;
  additionalRecipients?: string[];
}

/** What the outputs of settings say of their values. */
export interface SettingsParts extends RoleInput, SettingsTree {
  unspecified?: string;
  approverIds?: Record<string, string>;
  observed?: SettingsTree;
}

/** All settings: what is declared over what is observed, over Microsoft's defaults where these are asked for. */
export function effectiveSettings(parts: SettingsParts): SettingsValues {
  const surface = surfaceOf(definedParts(parts));
  const declared = surface === undefined ? {} : declaredLeaves(surface, parts, parts.approverIds);
  return treeOf({
    ...DELIVERED_MAILS,
    ...leavesOf(parts.observed ?? {}),
    ...declared,
  }) as SettingsValues;
}

function definedParts({ directoryRole, group, azureRole }: RoleInput): RoleInput {
  return {
    ...(directoryRole ? { directoryRole } : {}),
    ...(group ? { group } : {}),
    ...(azureRole ? { azureRole } : {}),
  };
}
