import { declaredLeaves } from "../model/declared-settings";
import { DELIVERED_MAILS } from "../model/default-settings";
import type { Approver, NamedPrincipal } from "../model/policy-rules";
import { type RoleInput, surfaceOf } from "../model/role-target";
import { leavesOf, type SettingsTree, treeOf } from "../model/settings-tree";

/** Settings of a role in plain values, in the shape of `SettingsArgs`. A missing property is not known. */
export interface SettingsValues {
  /** What activating the role asks for. */
  activation?: ActivationValues;
  /** What making somebody eligible asks for. */
  eligibleAssignment?: AssignmentStageValues;
  /** What an active assignment asks for. */
  activeAssignment?: AssignmentStageValues;
  /** Who is told of what. */
  notifications?: NotificationValues;
  /** Whether an Azure role may be assigned outside PIM; known where it is declared. */
  pimOnlyMode?: PimOnlyModeValues;
}

/** Conditions of an activation, in plain values. */
export interface ActivationValues {
  /** ISO 8601 duration. */
  maximumDuration?: string;
  /** Whether multifactor authentication is asked for. */
  requireMfa?: boolean;
  /** Id of the authentication context, such as `c1`; "" for none. */
  authenticationContext?: string;
  /** Whether a reason is asked for. */
  requireJustification?: boolean;
  /** Whether a ticket's number is asked for. */
  requireTicket?: boolean;
  /** Whether somebody must approve. */
  requireApproval?: boolean;
  /** Who can approve, by object id. */
  approvers?: Approver[];
}

/** Conditions of an assignment, in plain values. */
export interface AssignmentStageValues {
  /** Whether an assignment may have no end. */
  allowPermanent?: boolean;
  /** ISO 8601 duration. */
  maximumDuration?: string;
  /** Whether the administrator needs multifactor authentication. */
  requireMfa?: boolean;
  /** Whether the administrator must give a reason. */
  requireJustification?: boolean;
}

/** Mails by occasion and recipient, in plain values. */
export interface NotificationValues {
  /** Mails when somebody is made eligible. */
  eligibleAssignment?: MailsValues;
  /** Mails when somebody is assigned actively. */
  activeAssignment?: MailsValues;
  /** Mails when somebody activates. */
  activation?: MailsValues;
}

/** Mails by recipient, in plain values. */
export interface MailsValues {
  /** The mail to administrators. */
  admin?: MailValues;
  /** The mail to whom the assignment or activation is about. */
  assignee?: MailValues;
  /** The mail to approvers. */
  approver?: MailValues;
}

/** One mail, in plain values. */
export interface MailValues {
  /** A {@link MailLevel}. */
  level?: string;
  /** Whether those get it whom Microsoft's default names. */
  defaultRecipients?: boolean;
  /** Mail addresses beside them. */
  additionalRecipients?: string[];
}

/** PIM-only mode of an Azure role, in plain values. */
export interface PimOnlyModeValues {
  /** A {@link PimOnlyMode}. */
  mode?: string;
  /** Who may be assigned outside PIM all the same, by object id. */
  excludedPrincipals?: NamedPrincipal[];
  /** Each an {@link ExcludedAssignmentType}. */
  excludedAssignmentTypes?: string[];
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
