import * as pulumi from "@pulumi/pulumi";
import { GroupAccess } from "../model/constants";
import { type Problem, under } from "../model/problem";
import { UNKNOWN } from "../model/unknown";
import { PRIVILEGED_GROUP_SHAPE } from "../resources/arg-shapes";
import { identityOf } from "../resources/input-identity";
import { readArgs } from "../resources/read-args";
import { approverGroups, refuseOrWarn } from "./checked-access";
import { checkGroup } from "./cross-checks";
import { type DeclaredGroup, declaredAccess } from "./declared-access";
import { nativeProblems } from "./native-packages";
import { createGroup } from "./new-group";
import type { PrivilegedGroupArgs } from "./privileged-group-args";
import { groupProblems, type PlainPrivilegedGroup } from "./privileged-group-problems";
import { type ReadAccess, toReadAccess } from "./read-role-access";
import {
  assignmentIds,
  type ChildOptions,
  createRoleAccess,
  expiredAssignments,
  type RoleAccessChildren,
} from "./role-access";

type Side = "member" | "owner";

/**
 * Manages privileged access to a group: who is, or may become, its member or owner. Puts an existing group under PIM,
 * which cannot be undone, or makes a new one. Destroying removes assignments and restores settings.
 *
 * @example
 * const approvers = new pim.PrivilegedGroup("pim-approvers", {
 *   newGroup: { displayName: "PIM approvers", assignableToRole: true, owners: [{ user: "ann@contoso.com" }] },
 *   member: {
 *     activeAssignments: {
 *       ann: { principal: { user: "ann@contoso.com" }, expiration: { duration: "P180D" }, justification: "approver" },
 *       bob: { principal: { user: "bob@contoso.com" }, expiration: { duration: "P180D" }, justification: "approver" },
 *     },
 *   },
 * });
 */
export class PrivilegedGroup extends pulumi.ComponentResource {
  /** Object id of the group. Whoever uses it waits for the active members too, so that a group of approvers can decide. */
  public readonly groupId: pulumi.Output<string>;
  /** Ids of the assignments, by `eligible/member/<key>`, `active/member/<key>` and the same for `owner`. */
  public readonly assignmentIds: pulumi.Output<Record<string, string>>;
  /** Which assignments have reached their own end, by the same keys. */
  public readonly expired: pulumi.Output<string[]>;

  constructor(name: string, args: PrivilegedGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    // The children's inputs say it all: arguments sent here too would be stored, and shown, twice.
    super("pulumi-entra-pim:index:PrivilegedGroup", name, {}, opts);
    const { declared, existing, newGroup, sides } = checked(this, name, args);
    const made =
      newGroup === undefined ? undefined : createGroup(this, name, newGroup, opts?.dependsOn);
    const children = createSides(this, name, made?.objectId ?? existing, sides, {
      dependsOn: opts?.dependsOn,
      made: hiddenOf(declared),
    });
    this.groupId = groupIdOf(made?.objectId, children);
    this.assignmentIds = assignmentIds(children);
    this.expired = expiredAssignments(children);
    declared.identities.push(this.groupId, ...(made === undefined ? [] : [made.id, made.objectId]));
    this.registerOutputs({
      groupId: this.groupId,
      assignmentIds: this.assignmentIds,
      expired: this.expired,
    });
  }
}

interface Checked {
  declared: DeclaredGroup;
  existing: pulumi.Input<string>;
  newGroup: PrivilegedGroupArgs["newGroup"] | undefined;
  sides: Partial<Record<Side, ReadAccess>>;
}

/** The group's access; throws with everything that is wrong, also together with what was declared before. */
function checked(component: PrivilegedGroup, name: string, args: PrivilegedGroupArgs): Checked {
  const subject = `PrivilegedGroup "${name}"`;
  const { plain, sent, problems } = readArgs<PlainPrivilegedGroup>(args, PRIVILEGED_GROUP_SHAPE);
  const { group = "", newGroup, ...rest } = sent as unknown as PrivilegedGroupArgs;
  const sides = readSides(rest, plain);
  const declared = toDeclared(subject, group, plain, sides);
  const all: Problem[] = [
    ...problems,
    ...groupProblems(plain),
    ...(newGroup === undefined ? [] : nativeProblems(component, "@pulumi/azuread", "newGroup")),
    ...Object.entries(sides).flatMap(([side, read]) => under(side, read.problems)),
  ];
  const before = declaredAccess();
  refuseOrWarn(component, subject, all, checkGroup(declared, before));
  before.groups.push(declared);
  return { declared, existing: group, newGroup, sides };
}

function readSides(sent: PrivilegedGroupArgs, plain: PlainPrivilegedGroup): Checked["sides"] {
  const sides: Checked["sides"] = {};
  for (const side of ["member", "owner"] as const) {
    const parts = sent[side];
    if (parts === undefined) continue;
    // The group itself is checked once, for the component.
    const role = () => ({
      group: { group: UNKNOWN, access: GroupAccess[side === "member" ? "Member" : "Owner"] },
    });
    sides[side] = toReadAccess(
      { surface: "groups", roleAt: role, ...parts },
      { surface: "groups", roleAt: role, ...plain[side] },
      [],
    );
  }
  return sides;
}

function createSides(
  component: PrivilegedGroup,
  name: string,
  group: pulumi.Input<string>,
  sides: Checked["sides"],
  options: ChildOptions,
): RoleAccessChildren[] {
  return (["member", "owner"] as const).flatMap((access) => {
    const read = sides[access];
    if (read === undefined) return [];
    const roleAt = () => ({ group: { group, access } });
    const ofSide = { ...options, side: `/${access}` };
    return [createRoleAccess(component, name, { ...read.access, roleAt }, ofSide)];
  });
}

function groupIdOf(
  made: pulumi.Output<string> | undefined,
  children: readonly RoleAccessChildren[],
): pulumi.Output<string> {
  const all = children.flatMap(({ settings, assignments }) => [
    ...(settings === undefined ? [] : [settings]),
    ...Object.values(assignments),
  ]);
  const id = made ?? pulumi.output(all[0]?.groupId).apply((known) => known ?? "");
  const members = children.flatMap(({ assignments }) =>
    Object.entries(assignments).flatMap(([place, { urn }]) =>
      place.startsWith("active/member/") ? [urn] : [],
    ),
  );
  // A URN is known in previews too: users of the id wait for the members without making the id unknown.
  return pulumi.all([id, ...members]).apply(([known = ""]) => known);
}

function hiddenOf({ subject, isNew, isAssignableToRole }: DeclaredGroup): ChildOptions["made"] {
  if (!isNew) return {};
  return { ownGroup: true, ...(isAssignableToRole === true ? { newGroup: subject } : {}) };
}

function toDeclared(
  subject: string,
  group: pulumi.Input<string>,
  { newGroup }: PlainPrivilegedGroup,
  { member, owner }: Checked["sides"],
): DeclaredGroup {
  const identity = newGroup === undefined ? identityOf(group) : undefined;
  const assignable: unknown = newGroup?.assignableToRole ?? false;
  const approvers = [member, owner].flatMap((side) => approverGroups(side?.access.settings));
  return {
    subject,
    kind: "group",
    settings: member?.settings ?? {},
    settingsPath: "member.settings",
    approvers,
    holders: [],
    identities: identity === undefined ? [] : [identity],
    isNew: newGroup !== undefined,
    isAssignableToRole:
      newGroup === undefined || typeof assignable !== "boolean" ? undefined : assignable,
    activeMembers: Object.keys(member?.access.activeAssignments ?? {}).length,
    hasOwners: newGroup !== undefined || owner !== undefined,
  };
}
