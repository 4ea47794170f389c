import type { Input } from "@pulumi/pulumi";
import type {
  ExcludedAssignmentType,
  MailLevel,
  OnSettingsDelete,
  PimOnlyMode,
  Unspecified,
} from "../model/constants";
import type { PrincipalArgs } from "./principal-args";
import type { RoleReferenceArgs } from "./role-reference-args";
import type { TimeoutsArgs } from "./timeouts-args";

/**
 * What the portal calls role settings. Only what is declared is written; a setting that is left out stays as it is,
 * and a change of it by somebody else is reported, not repaired.
 */
export interface SettingsArgs {
  /** What is asked when an eligible principal activates the role. @default - as found */
  activation?: ActivationSettingsArgs;
  /** What is asked when somebody is made eligible. @default - as found */
  eligibleAssignment?: AssignmentSettingsArgs;
  /** What is asked when somebody is made active. @default - as found */
  activeAssignment?: AssignmentSettingsArgs;
  /** Who is told by mail. @default - as found */
  notifications?: NotificationSettingsArgs;
  /**
   * Whether the role may be assigned outside PIM, at this scope. Azure roles only, by the service's api-version
   * 2024-09-01-preview; a cloud that does not have it yet answers with an error.
   * @default - as found, and not looked at
   */
  pimOnlyMode?: PimOnlyModeArgs;
  /**
   * What happens to settings that are not declared: `observe` reports changes, `defaults` declares them with
   * Microsoft's documented defaults. `defaults` is refused on Azure roles, which have none that hold everywhere.
   * @default "observe"
   */
  unspecified?: Input<Unspecified>;
  /**
   * What deleting the resource does: `restore` gives each declared setting that still has our value the value that was
   * found, `defaults` gives Microsoft's defaults (not on Azure roles), `keep` leaves all as it is.
   * @default "restore"
   */
  onDelete?: Input<OnSettingsDelete>;
  /** How long to wait for the service. @default - ten minutes for each operation */
  timeouts?: TimeoutsArgs;
}

/** Conditions of an activation. */
export interface ActivationSettingsArgs {
  /** Longest activation: "PT30M" to "PT24H" in steps of half an hour. @default - as found */
  maximumDuration?: Input<string>;
  /**
   * Whether activating asks for multifactor authentication. A session that has it already is enough for the service;
   * `authenticationContext` is the stronger form. Not together with a context.
   * @default - as found
   */
  requireMfa?: Input<boolean>;
  /**
   * Conditional Access authentication context that the activation must satisfy: "c1" to "c99", "" for none. Declares
   * `requireMfa: false`, because the service refuses both (`MfaAndAcrsConflict`). The context must exist.
   * @default - as found
   */
  authenticationContext?: Input<string>;
  /** Whether a reason must be given. @default - as found */
  requireJustification?: Input<boolean>;
  /** Whether a ticket number must be given; nobody verifies it. @default - as found */
  requireTicket?: Input<boolean>;
  /**
   * Whether an approver decides. On groups and Azure roles it needs approvers; on directory roles Global and Privileged
   * Role Administrators decide when none is named.
   * @default - as found
   */
  requireApproval?: Input<boolean>;
  /** Who decides: users and groups. Needs `requireApproval` to be declared too. @default - as found */
  approvers?: PrincipalArgs[];
}

/** Conditions of an assignment by an administrator. */
export interface AssignmentSettingsArgs {
  /** Whether an assignment may have no end. @default - as found */
  allowPermanent?: Input<boolean>;
  /**
   * Longest assignment where permanence is not allowed: whole days, such as "P15D", "P30D", "P90D", "P180D", "P365D".
   * @default - as found
   */
  maximumDuration?: Input<string>;
  /**
   * Whether whoever assigns must have used multifactor authentication. An application never can: an app-only identity
   * that assigns the role itself must not declare it. The portal does not show this for eligible assignments.
   * @default - as found
   */
  requireMfa?: Input<boolean>;
  /** Whether whoever assigns must give a reason. The portal does not show this for eligible assignments. @default - as found */
  requireJustification?: Input<boolean>;
}

/** Mails that are sent when somebody is made eligible, is made active, or activates. */
export interface NotificationSettingsArgs {
  /** When somebody is made eligible. @default - as found */
  eligibleAssignment?: MailsArgs;
  /** When somebody is made active. @default - as found */
  activeAssignment?: MailsArgs;
  /** When somebody activates. @default - as found */
  activation?: MailsArgs;
}

/** Mails by who receives them. */
export interface MailsArgs {
  /** The alert to administrators. @default - as found */
  admin?: MailArgs;
  /** The note to whom the assignment is about. @default - as found */
  assignee?: MailArgs;
  /** The request to approvers. @default - as found */
  approver?: MailArgs;
}

/** One mail. */
export interface MailArgs {
  /** Which mails are sent: all, critical ones only, none. @default - as found */
  level?: Input<MailLevel>;
  /** Whether the usual recipients get it. @default - as found */
  defaultRecipients?: Input<boolean>;
  /** Further mail addresses; the list replaces what is there. @default - as found */
  additionalRecipients?: Input<string>[];
}

/**
 * PIM-only mode: assignments of an Azure role that are made without PIM are refused or reported. What is assigned
 * already stays.
 * https://learn.microsoft.com/rest/api/authorization/role-management-policies/update
 */
export interface PimOnlyModeArgs {
  /** `enabled` refuses, `reportOnly` lets it happen and tells of it, `disabled` does neither. @default - as found */
  mode?: Input<PimOnlyMode>;
  /**
   * Who may be assigned without PIM all the same: users, groups and service principals; the list replaces what is there.
   * @default - as found
   */
  excludedPrincipals?: PrincipalArgs[];
  /**
   * Assignments that pass: to service principals (`servicePrincipalsAsTarget`), by service principals
   * (`servicePrincipalsAsRequestor`); the list replaces what is there.
   * @default - as found
   */
  excludedAssignmentTypes?: Input<ExcludedAssignmentType>[];
}

/** Arguments of {@link RoleSettings}. */
export interface RoleSettingsArgs extends RoleReferenceArgs, SettingsArgs {}
