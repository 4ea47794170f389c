import type { Input } from "@pulumi/pulumi";
import type { Adopt, OnAssignmentDelete, OnExpired, OnRemoved } from "../model/constants";
import type { PrincipalArgs } from "./principal-args";
import type { RoleReferenceArgs } from "./role-reference-args";
import type { TimeoutsArgs } from "./timeouts-args";

/** An assignment of one role to one principal, whichever surface the role is on. */
export interface AssignmentArgs {
  /** Who holds the assignment. */
  principal: PrincipalArgs;
  /** When it ends. */
  expiration: ExpirationArgs;
  /**
   * When it begins: an RFC 3339 instant, such as "2027-01-04T08:00:00Z". An instant in the past is refused when it is
   * new or changed. A start that lies ahead can be moved, and the end of a duration moves with it.
   * @default - when the assignment is made
   */
  startsAt?: Input<string>;
  /**
   * Why the access is given, for the audit log. Sent with every request; a change of it alone changes nothing.
   * @default - none, refused where the role's settings require one
   */
  justification?: Input<string>;
  /** The ticket behind the assignment, for the audit log; like the justification never a change by itself. @default - none */
  ticket?: TicketArgs;
  /**
   * What happens once the assignment has reached its own end: `keep` leaves it ended without an error, `renew` grants
   * a new window of the same duration from then on. `renew` needs `expiration.duration`.
   * @default "keep"
   */
  onExpired?: Input<OnExpired>;
  /**
   * What happens when somebody removed the assignment before its end: `restore` grants it again until the recorded
   * end, `keep` accepts the removal.
   * @default "restore"
   */
  onRemoved?: Input<OnRemoved>;
  /**
   * What deleting the resource does to the access: `remove` ends it, `keep` leaves it in the tenant.
   * @default "remove"
   */
  onDelete?: Input<OnAssignmentDelete>;
  /**
   * What happens when the same assignment is in the tenant already: `always` takes it over with a warning, never moving
   * a found end later for a `duration`; `refuse` fails.
   * @default "always"
   */
  adopt?: Input<Adopt>;
  /** How long to wait for the service. @default - ten minutes for each operation */
  timeouts?: TimeoutsArgs;
}

/** When access ends: exactly one property, none and two are errors. Windows shorter than five minutes are refused. */
export interface ExpirationArgs {
  /**
   * Length from the start of the assignment: an ISO 8601 duration in days and hours, "P90D", "PT8H". It becomes a fixed
   * end when the assignment is first granted; repairs and retries send that end again. Years, months and weeks are
   * refused, as the service refuses them. Editing it counts from the recorded start.
   * @default - another way to end
   */
  duration?: Input<string>;
  /** The end itself: an RFC 3339 instant, "2027-06-30T00:00:00Z". @default - another way to end */
  endsAt?: Input<string>;
  /** No end. Only `true` is allowed; refused where the role's settings do not allow permanent assignments. @default - another way to end */
  permanent?: Input<boolean>;
}

/** A ticket as the audit log shows it; the service does not verify it. */
export interface TicketArgs {
  /** The ticket's number, not empty. */
  number: Input<string>;
  /** The system that the ticket is in. @default - none */
  system?: Input<string>;
}

/** An assignment of a directory role. */
export interface DirectoryAssignmentArgs extends AssignmentArgs {
  /** "/", "/administrativeUnits/{id}" or "/{object id}". @default "/" */
  scope?: Input<string>;
}

/** An assignment of an Azure role. */
export interface AzureAssignmentArgs extends AssignmentArgs {
  /**
   * ABAC condition, version 2.0, in Azure's condition language. Refused on other surfaces. A grant that reads back
   * without its condition is removed at once and reported.
   * @default - none
   */
  condition?: Input<string>;
}

/**
 * Arguments of {@link EligibleAssignment}: who may activate a role. Users and groups only; a service principal cannot
 * be eligible ({@link https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-add-role-to-user | Microsoft}).
 */
export interface EligibleAssignmentArgs extends RoleReferenceArgs, AzureAssignmentArgs {}

/** Arguments of {@link ActiveAssignment}: who holds a role without activating it. */
export interface ActiveAssignmentArgs extends RoleReferenceArgs, AzureAssignmentArgs {}
