import type { Tier } from "../model/constants";
import type { Leaves } from "../model/settings-leaves";
import type { InputIdentity } from "../resources/input-identity";
import { perRun } from "../resources/per-run";

/** A role or a group, as far as other components must know of it. */
export interface DeclaredAccess {
  /** Who declares it, for messages: `DirectoryRole "exchange"`. */
  subject: string;
  kind: "role" | "group";
  /** Plain declared settings (of a group: its member side); values inside Outputs are left out. */
  settings: Leaves;
  /** Where these settings stand in the component's arguments. */
  settingsPath: string;
  /** Groups that decide about activations. */
  approvers: InputIdentity[];
  /** Groups that hold the role, and where in the arguments they are named. */
  holders: { group: InputIdentity; path: string }[];
}

/** A directory role or an Azure role. */
export interface DeclaredRole extends DeclaredAccess {
  kind: "role";
  isDirectoryRole: boolean;
  tier: Tier | undefined;
}

/** A group with privileged access. */
export interface DeclaredGroup extends DeclaredAccess {
  kind: "group";
  /** Every way in which the program may name it: id, name, Outputs. */
  identities: InputIdentity[];
  /** Made by this component, so that all its members are declared here. */
  isNew: boolean;
  /** undefined: not known to the program */
  isAssignableToRole: boolean | undefined;
  activeMembers: number;
  hasOwners: boolean;
}

/** What the components of this run have declared so far. */
export interface Declared {
  roles: DeclaredRole[];
  groups: DeclaredGroup[];
}

export const declaredAccess = perRun<Declared>(() => ({ roles: [], groups: [] }));

/** The declared group that an argument names; undefined for groups that are managed elsewhere. */
export function groupNamed(
  identity: InputIdentity,
  { groups }: Declared,
): DeclaredGroup | undefined {
  return groups.find(({ identities }) => identities.includes(identity));
}
