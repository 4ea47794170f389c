import type { AssignmentKind, GroupAccess, PrincipalKind, Surface, Tier } from "./constants";
import type { LeafPath, Leaves } from "./settings-leaves";
import type { Window } from "./window";

/** Who may do what in the tenant: what preview, guard rails and reports speak about, whatever resources declare it. */
export interface AccessModel {
  grants: Grant[];
  conditions: Conditions[];
}

/** A role as a reader knows it. */
export interface AccessRole {
  surface: Surface;
  /** Role definition id, or the group's object id; undefined while it is not known. */
  id: string | undefined;
  /** Built-in roles carry Microsoft's name, whatever the program calls them. */
  name: string;
  isBuiltIn: boolean;
  /** Groups: the side of the group. */
  access?: GroupAccess;
  /** `/` for the whole directory and for groups. */
  scope: string;
  scopeName?: string;
  tier: Tier;
  /** A custom role whose name can be taken for this built-in one. */
  looksLike?: string;
}

/** Somebody who holds access, with what is known of them. */
export interface AccessPrincipal {
  kind: PrincipalKind;
  /** Object id; undefined while it is not known. */
  id: string | undefined;
  displayName?: string;
  userPrincipalName?: string;
  /** The program keeps the name secret, so no report says it. */
  isSecret?: boolean;
  /** The resource that an unknown principal comes from. */
  from?: string;
  isGuest?: boolean;
  isSynced?: boolean;
  /** Groups: how many people it means, and who, where that was asked. */
  members?: GroupMembers;
}

/** The people behind a group. */
export interface GroupMembers {
  count: number;
  names?: readonly string[];
}

/** How long access lasts, as far as it can be said without a clock. */
export type GrantWindow =
  | { type: "permanent"; startsAt?: string }
  | { type: "until"; endsAt: string; startsAt?: string }
  | { type: "for"; duration: string; startsAt?: string }
  | { type: "unknown"; isSecret?: true };

/** Whether the access is there: an assignment that ended, or that somebody removed, grants nothing. */
export type GrantStanding = "held" | "expired" | "removed";

/** One principal's access to one role. */
export interface Grant {
  /** Equal for the same assignment of the same tenant; the URN while a part of it is not known. */
  key: string;
  tenantId: string | undefined;
  urn: string;
  kind: AssignmentKind;
  role: AccessRole;
  principal: AccessPrincipal;
  window: GrantWindow;
  standing: GrantStanding;
  /** The window that was held before it was declared. */
  existing?: Window;
  /** An ABAC condition on an Azure role. */
  condition?: string;
  /** What happens to the access when it leaves the program. */
  staysOnDelete: boolean;
  /** What the declared settings ask of it. */
  limits: { allowPermanent?: boolean; maximumDuration?: string };
  /** Property paths that are known only after the update. */
  unknown: readonly string[];
  /** Those of them that the program keeps secret. */
  secret?: readonly string[];
  source?: SourcePosition;
}

/** What activating and assigning a role asks for. */
export interface Conditions {
  key: string;
  tenantId: string | undefined;
  urn: string;
  role: AccessRole;
  /** Declared leaves. */
  declared: Leaves;
  /** Leaves that are not declared and whose live values are known. */
  observed: Leaves;
  /** Live values at first contact; undefined while the settings cannot be seen. */
  found: Leaves | undefined;
  /** What we last wrote: a leaf that differs live is no longer ours to give back. */
  written: Leaves;
  /** Declared leaves whose values are known only after the update. */
  unknown: readonly LeafPath[];
  /** Those of them that the program keeps secret. */
  secret?: readonly LeafPath[];
  /** Printable names of approvers, by object id. */
  approverNames: Readonly<Record<string, string>>;
  onDelete: "restore" | "defaults" | "keep";
  source?: SourcePosition;
}

/** Where in the program something is declared. */
export interface SourcePosition {
  file: string;
  line: number;
}

/** Every leaf whose value is known: what is declared, over what is observed. */
export function effectiveLeaves(conditions: Pick<Conditions, "declared" | "observed">): Leaves {
  return { ...conditions.observed, ...conditions.declared };
}
