/** The three places where Privileged Identity Management governs access. */
export const Surface = {
  DirectoryRoles: "directoryRoles",
  Groups: "groups",
  AzureRoles: "azureRoles",
} as const;
export type Surface = (typeof Surface)[keyof typeof Surface];

/** The side of a group that an assignment or a setting is about. */
export const GroupAccess = { Member: "member", Owner: "owner" } as const;
export type GroupAccess = (typeof GroupAccess)[keyof typeof GroupAccess];

/** What happens to an assignment that reached its own end: `keep` leaves it ended, `renew` grants a new window from now. */
export const OnExpired = { Keep: "keep", Renew: "renew" } as const;
export type OnExpired = (typeof OnExpired)[keyof typeof OnExpired];

/** What happens to an assignment that somebody removed before its end: `restore` grants it again, `keep` leaves it removed. */
export const OnRemoved = { Restore: "restore", Keep: "keep" } as const;
export type OnRemoved = (typeof OnRemoved)[keyof typeof OnRemoved];

/** What deleting an assignment from the program does to the access: `remove` ends it, `keep` leaves it. */
export const OnAssignmentDelete = { Remove: "remove", Keep: "keep" } as const;
export type OnAssignmentDelete = (typeof OnAssignmentDelete)[keyof typeof OnAssignmentDelete];

/** What deleting settings does: `restore` gives back what was found, `defaults` gives Microsoft's defaults, `keep` leaves them. */
export const OnSettingsDelete = { Restore: "restore", Defaults: "defaults", Keep: "keep" } as const;
export type OnSettingsDelete = (typeof OnSettingsDelete)[keyof typeof OnSettingsDelete];

/** What happens when the same assignment is there already: `always` takes it over, `refuse` fails. */
export const Adopt = { Always: "always", Refuse: "refuse" } as const;
export type Adopt = (typeof Adopt)[keyof typeof Adopt];

/** What happens to settings that are not declared: `observe` reports them, `defaults` declares them with Microsoft's defaults. */
export const Unspecified = { Observe: "observe", Defaults: "defaults" } as const;
export type Unspecified = (typeof Unspecified)[keyof typeof Unspecified];

/** Which mails a recipient gets. */
export const MailLevel = { All: "all", Critical: "critical", None: "none" } as const;
export type MailLevel = (typeof MailLevel)[keyof typeof MailLevel];

/** Whether a role may be assigned outside PIM: `reportOnly` lets it happen and tells of it, `enabled` refuses it. */
export const PimOnlyMode = {
  Disabled: "disabled",
  ReportOnly: "reportOnly",
  Enabled: "enabled",
} as const;
export type PimOnlyMode = (typeof PimOnlyMode)[keyof typeof PimOnlyMode];

/** Assignments that PIM-only mode lets pass: to service principals, or by service principals. */
export const ExcludedAssignmentType = {
  ServicePrincipalsAsTarget: "servicePrincipalsAsTarget",
  ServicePrincipalsAsRequestor: "servicePrincipalsAsRequestor",
} as const;
export type ExcludedAssignmentType =
  (typeof ExcludedAssignmentType)[keyof typeof ExcludedAssignmentType];

/** What an approver decides. */
export const Decision = { Approve: "approve", Deny: "deny" } as const;
export type Decision = (typeof Decision)[keyof typeof Decision];

/** The Microsoft cloud that a tenant lives in. */
export const Cloud = {
  Public: "public",
  USGovernment: "usgovernment",
  DoD: "dod",
  China: "china",
} as const;
export type Cloud = (typeof Cloud)[keyof typeof Cloud];

/** How much harm a role can do, as the profiles count it. */
export const Tier = {
  Critical: "critical",
  High: "high",
  Privileged: "privileged",
  Standard: "standard",
} as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

/** A published recommendation for role settings. */
export const Profile = {
  Microsoft: "microsoft",
  Cisa: "cisa",
  CisM365: "cis-m365",
  Strict: "strict",
} as const;
export type Profile = (typeof Profile)[keyof typeof Profile];

/** What a baseline does with roles that it does not name. */
export const OtherRoles = { Settings: "settings", Unmanaged: "unmanaged" } as const;
export type OtherRoles = (typeof OtherRoles)[keyof typeof OtherRoles];

/** Whether an assignment makes somebody eligible or active. */
export type AssignmentKind = "eligible" | "active";

/** What a principal is. */
export type PrincipalKind = "user" | "group" | "servicePrincipal";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the text has the form of an object id. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}
