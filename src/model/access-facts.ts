import type { PrincipalKind } from "./constants";
import type { Holder } from "./lockout";
import type { Leaves } from "./settings-leaves";

/** What was asked of the tenant, or exported from it, beside the program; a missing part was not asked. */
export interface LiveFacts {
  /** The tenant that was asked; of others it says nothing. */
  tenantId?: string;
  /** By object id, lower case. */
  principals?: Readonly<Record<string, PrincipalFacts>>;
  /** Settings by the role's text (model/identity.ts, `roleText`). */
  settings?: Readonly<Record<string, Leaves>>;
  /** Direct active holders of the two roles that a tenant cannot be without. */
  holders?: readonly Holder[];
  /** Who holds Global Administrator in any way, groups expanded. */
  globalAdministrators?: readonly string[];
  /** Active assignments of directory roles that PIM does not know. */
  outsidePim?: readonly OutsidePim[];
  /** What PIM's own alerts say: unused or stale assignments. */
  unused?: readonly UnusedAssignment[];
  /** Why alerts were asked for and not told. */
  unusedReason?: string;
}

/** What the directory says of a principal. */
export interface PrincipalFacts {
  kind?: PrincipalKind;
  displayName?: string;
  userPrincipalName?: string;
  isGuest?: boolean;
  isSynced?: boolean;
  /** Groups: how many people it means. */
  memberCount?: number;
  /** Groups: names of those people, when there are not too many. */
  memberNames?: readonly string[];
}

/** An assignment that was made past PIM. */
export interface OutsidePim {
  principalId: string;
  principalName: string;
  roleDefinitionId: string;
}

/** An assignment that nobody uses. */
export interface UnusedAssignment {
  principalId: string;
  principalName: string;
  roleDefinitionId: string;
  /** What it lacks: an activation, or its holder a sign-in. */
  alert: "notActivated" | "notSignedIn";
  /** When there was one last; absent for never. */
  lastAt?: string;
}
