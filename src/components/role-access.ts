import * as pulumi from "@pulumi/pulumi";
import { type AssignmentLimits, limitsOf } from "../model/assignment-limits";
import type { AssignmentKind, Surface } from "../model/constants";
import { defaultSettings } from "../model/default-settings";
import { leavesOf, type SettingsTree } from "../model/settings-tree";
import { ActiveAssignment } from "../resources/active-assignment";
import type { AssignmentArgs } from "../resources/assignment-args";
import { EligibleAssignment } from "../resources/eligible-assignment";
import { type HiddenInputs, withHidden } from "../resources/hidden-inputs";
import type { RoleReferenceArgs } from "../resources/role-reference-args";
import { RoleSettings } from "../resources/role-settings";
import type { SettingsArgs } from "../resources/settings-args";

/** Settings and assignments of one role, as a component declares them. */
export interface RoleAccess {
  surface: Surface;
  /** The role, for an assignment at the given scope of its own. */
  roleAt(scope: pulumi.Input<string> | undefined): RoleReferenceArgs;
  settings?: SettingsArgs;
  eligibleAssignments?: Record<string, ScopedAssignmentArgs>;
  activeAssignments?: Record<string, ScopedAssignmentArgs>;
}

/** An assignment of any surface. */
export interface ScopedAssignmentArgs extends AssignmentArgs {
  scope?: pulumi.Input<string>;
  condition?: pulumi.Input<string>;
}

/** Where and when the children of a role are made. */
export interface ChildOptions {
  /** Tells the two sides of a group apart in the children's names: `/member`, `/owner`. @default - none */
  side?: string;
  /** What the component waits for; Pulumi does not hand it on to the children. @default - nothing */
  dependsOn?: pulumi.ComponentResourceOptions["dependsOn"] | undefined;
  /** What to tell the children of a group that the component makes. @default - it is there already */
  made?: Pick<HiddenInputs, "ownGroup" | "newGroup"> | undefined;
}

/** What was made for one role. */
export interface RoleAccessChildren {
  settings?: RoleSettings;
  /** By `eligible/<key>` and `active/<key>`. */
  assignments: Record<string, EligibleAssignment | ActiveAssignment>;
}

/**
 * Makes settings first and then the assignments, which wait for them; on destroy it is the reverse. The children's
 * names are frozen: renaming one makes a new resource of it.
 */
export function createRoleAccess(
  component: pulumi.ComponentResource,
  name: string,
  access: RoleAccess,
  { side = "", dependsOn, made = {} }: ChildOptions = {},
): RoleAccessChildren {
  const parent = childOptions(component, dependsOn);
  const settings =
    access.settings === undefined
      ? undefined
      : new RoleSettings(
          `${name}/settings${side}`,
          withHidden({ ...access.roleAt(undefined), ...access.settings }, made),
          parent,
        );
  const opts = settings === undefined ? parent : childOptions(component, dependsOn, settings);
  const assignments: RoleAccessChildren["assignments"] = {};
  for (const kind of ["eligible", "active"] as const) {
    const limits = declaredLimits(access.surface, access.settings, kind);
    for (const [key, { scope, ...args }] of Object.entries(access[DECLARED[kind]] ?? {})) {
      const place = `${kind}${side}/${key}`;
      const declared = withHidden({ ...access.roleAt(scope), ...args }, { limits, ...made });
      assignments[place] = new ASSIGNMENTS[kind](`${name}/${place}`, declared, opts);
    }
  }
  return settings === undefined ? { assignments } : { settings, assignments };
}

/** Where the assignments of a kind are declared. */
const DECLARED = { eligible: "eligibleAssignments", active: "activeAssignments" } as const;

const ASSIGNMENTS = { eligible: EligibleAssignment, active: ActiveAssignment } as const;

/** Options of a child: under the component, after what the component waits for and after its own settings. */
export function childOptions(
  component: pulumi.ComponentResource,
  dependsOn: ChildOptions["dependsOn"],
  ...before: pulumi.Resource[]
): pulumi.CustomResourceOptions {
  const waited = dependsOn === undefined ? [] : Array.isArray(dependsOn) ? dependsOn : [dependsOn];
  const all = [...waited, ...before] as pulumi.Input<pulumi.Resource>[];
  return all.length === 0 ? { parent: component } : { parent: component, dependsOn: all };
}

/** The ids of assignments, by `eligible/<key>` and `active/<key>`. */
export function assignmentIds(
  children: readonly RoleAccessChildren[],
): pulumi.Output<Record<string, string>> {
  return pulumi.output(mapValues(assignmentsOf(children), ({ id }) => id));
}

/** Which assignments have reached their own end. */
export function expiredAssignments(
  children: readonly RoleAccessChildren[],
): pulumi.Output<string[]> {
  return pulumi
    .output(mapValues(assignmentsOf(children), ({ status }) => status))
    .apply(expiredKeys);
}

/** The role definition that the children are about. */
export function roleDefinitionIdOf({
  settings,
  assignments,
}: RoleAccessChildren): pulumi.Output<string> {
  const [child] = settings === undefined ? Object.values(assignments) : [settings];
  return pulumi.output(child?.roleDefinitionId).apply((id) => id ?? "");
}

/** The limits that declared settings put on assignments; the values may be Outputs. */
export function declaredLimits(
  surface: Surface,
  settings: object | undefined,
  kind: AssignmentKind,
): AssignmentLimits {
  const tree: SettingsTree = { ...settings };
  const defaults = tree["unspecified"] === "defaults" ? defaultSettings(surface) : undefined;
  return limitsOf({ ...defaults, ...leavesOf(tree) }, kind);
}

function assignmentsOf(children: readonly RoleAccessChildren[]): RoleAccessChildren["assignments"] {
  return Object.assign({}, ...children.map(({ assignments }) => assignments));
}

function expiredKeys(statuses: Record<string, string>): string[] {
  return Object.keys(statuses).filter((key) => statuses[key] === "expired");
}

function mapValues<From, To>(
  record: Record<string, From>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
