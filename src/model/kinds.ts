import type { AssignmentInput, TimeoutsInput } from "./assignment-input";
import type { AssignmentLimits } from "./assignment-limits";
import type { AssignmentKind, PrincipalKind } from "./constants";
import type { RoleInput } from "./role-target";
import type { SettingsInput } from "./settings-rules";
import type { SettingsTree } from "./settings-tree";
import type { ExpirationInput, Window } from "./window";

/** Version of the state that this release writes. A state of a newer version is refused by name, never guessed at. */
export const SCHEMA_VERSION = 1;

/** The kinds of dynamic resource. Their names are part of every state and never change. */
export const KINDS = [
  "RoleSettings",
  "EligibleAssignment",
  "ActiveAssignment",
  "Activation",
  "ApprovalDecision",
] as const;
export type Kind = (typeof KINDS)[number];

/** The type token of a dynamic resource. */
export function typeToken(kind: Kind): string {
  return `pulumi-nodejs:dynamic/entra-pim:${kind}`;
}

/** What every resource of ours carries. */
export interface CommonInputs {
  schemaVersion: number;
  /** Who declares it: project/stack/type/name. Hidden, write-only. */
  owner: string;
  /** The tenant it belongs to; put there by `check`. */
  tenantId?: string;
  /** Names of the arguments that hold a secret. Hidden. */
  secretArgs?: string[];
  /** Whether its component makes its group, which then goes with it. Hidden. */
  ownGroup?: boolean;
  /** The component that makes its group, role-assignable. Hidden; `check` takes it out, so no state holds it. */
  newGroup?: string;
}

/** What `check` adds once names are resolved. */
export interface ResolvedRole {
  roleDefinitionId?: string;
  roleName?: string;
  groupId?: string;
  groupName?: string;
}

/** Settings as they stand in the inputs of a state. */
export interface RoleSettingsInputs extends CommonInputs, RoleInput, ResolvedRole, SettingsInput {
  /** Object ids of those whom the settings name, approvers first of all, by kind and text. */
  approverIds?: Record<string, string>;
  /** The live value, at first contact, of each declared leaf; `"atCreate"` when the policy could not be seen yet. */
  found?: SettingsTree | typeof FOUND_AT_CREATE;
}

export const FOUND_AT_CREATE = "atCreate";

/** Settings as they stand in the outputs of a state. */
export interface RoleSettingsOutputs extends RoleSettingsInputs {
  policyId: string;
  /** What we last wrote, by leaf; changed by writes only, so that delete can tell what is still ours. */
  written: SettingsTree;
  /** When the service says that we last wrote: it shows a write only after a while. */
  changedAt?: string;
  /** Live values of the leaves that are not declared, without mails that are as Microsoft delivers them. */
  observed: SettingsTree;
}

/** An assignment as it stands in the inputs of a state. */
export interface AssignmentInputs extends CommonInputs, ResolvedRole, AssignmentInput {
  principalId?: string;
  principalName?: string;
  principalKind?: PrincipalKind;
  /** What the settings declared beside it ask for. Hidden. */
  limits?: AssignmentLimits;
  /** Names to look up together with the principal's. Hidden; `check` takes it out, so no state holds it. */
  beside?: string;
  /** Held by BreakGlass: the account must be enabled, cloud-only and a member. Hidden. */
  emergency?: boolean;
  /** The live window met at first contact: it was held before it was declared. */
  existing?: Window;
  /** `"removed"` after a refresh that saw that somebody removed it. */
  live?: LiveState;
}

/** Whether the assignment is as declared, or was taken away. */
export type LiveState = "held" | "removed";

/** What was granted, and for which declaration: repair sends this end again. */
export interface Granted extends Window {
  declared: { expiration: ExpirationInput; startsAt?: string };
  /** When we last wrote it: the service shows a write only after a while. */
  at: string;
}

/** An assignment as it stands in the outputs of a state. */
export interface AssignmentOutputs extends Omit<AssignmentInputs, "startsAt"> {
  /** Start and end as they are now; null where there is none. */
  startsAt: string | null;
  endsAt: string | null;
  granted: Granted;
  scheduleId: string;
  /** provisioned | pending | expired | removed | scheduled */
  status: string;
  /** Whether it was held before it was declared. */
  adopted: boolean;
}

/** Kinds that grant a role to a principal. */
export function assignmentKindOf(kind: Kind): AssignmentKind | undefined {
  if (kind === "EligibleAssignment") return "eligible";
  return kind === "ActiveAssignment" ? "active" : undefined;
}

export type { TimeoutsInput };
