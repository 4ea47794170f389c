import { isGuid, type PrincipalKind, type Surface } from "../model/constants";
import type { RoleKey } from "../model/identity";
import type { ResolvedRole } from "../model/kinds";
import { lookAlikes, nearestNames } from "../model/nearest";
import {
  objectIdIn,
  type PrincipalInput,
  type PrincipalReference,
  principalReference,
  referenceKey,
} from "../model/principal";
import type { Problem } from "../model/problem";
import { builtInRoleName } from "../model/role-names";
import { azureRoleGuid, type RoleInput, type RoleTarget, roleTarget } from "../model/role-target";
import { systemRoleProblems } from "../model/roles-system";
import type { PrincipalFound, RoleFound } from "../tenant/rows";
import type { Tenant } from "../tenant/tenant";
import { Memory } from "./memory";

/** A name that was turned into an object, or what is wrong with it. */
export interface Resolved<T> {
  value?: T;
  problems: Problem[];
}

/** A principal with its object id. */
export interface ResolvedPrincipal {
  principalId: string;
  principalName?: string;
  principalKind?: PrincipalKind;
  facts?: PrincipalFound;
}

const principals = new Memory<ResolvedPrincipal>();
const roles = new Memory<ResolvedRole>();

/**
 * The object that a principal's text means. A text that stands in the old inputs keeps the id that it had: a name that
 * was given to somebody else since must not hand over the access. `beside` are names that the program gives too.
 */
export async function resolvePrincipal(
  tenant: Tenant,
  owner: string,
  reference: PrincipalReference,
  known: ResolvedPrincipal | undefined,
  path: string,
  beside: readonly PrincipalReference[] = [],
): Promise<Resolved<ResolvedPrincipal>> {
  const subject = referenceKey(reference);
  const kept = known ?? principals.get(tenant, owner, subject);
  if (kept !== undefined) {
    principals.set(tenant, owner, subject, kept);
    return { value: kept, problems: [] };
  }
  const id = objectIdIn(reference.text);
  if (id !== undefined) return { value: { principalId: id }, problems: [] };
  const found = await tenant.principals.find(reference, beside);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    return { problems: [hitsProblem(`${path}.${reference.kind}`, reference, found)] };
  }
  const value: ResolvedPrincipal = {
    principalId: only.id,
    principalName: only.name,
    principalKind: reference.kind,
    facts: only,
  };
  principals.set(tenant, owner, subject, value);
  return { value, problems: [] };
}

/** The role that the arguments mean. A text that stands in the old inputs keeps its id. */
export async function resolveRole(
  tenant: Tenant,
  owner: string,
  input: RoleInput,
  old: (RoleInput & ResolvedRole) | undefined,
): Promise<Resolved<ResolvedRole>> {
  const target = roleTarget(input);
  if (target === undefined) return { problems: [] };
  const subject = roleSubject(target);
  const kept = keptRole(target, old) ?? roles.get(tenant, owner, subject);
  if (kept !== undefined) {
    roles.set(tenant, owner, subject, kept);
    return { value: kept, problems: [] };
  }
  const id = idIn(target);
  if (id !== undefined) return { value: roleById(target.surface, id), problems: [] };
  const surface = tenant.snapshot(target.surface).surface;
  const found = await surface.findRoles(target);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    const names =
      only === undefined ? nearestNames(nameIn(target), await surface.roleNames(target)) : [];
    return { problems: [roleProblem(target, found, names)] };
  }
  const value = resolvedRole(only);
  roles.set(tenant, owner, subject, value);
  return { value, problems: unfitRoleProblems(target, only) };
}

/** A role that is there, but that nobody can be assigned to. */
function unfitRoleProblems(target: RoleTarget, { role, isAssignable }: RoleFound): Problem[] {
  if (target.surface !== "directoryRoles" || role.surface !== "directoryRoles") return [];
  const got = target.role;
  const system = systemRoleProblems({ directoryRole: { role: role.roleDefinitionId } });
  if (system.length > 0) return system.map((problem) => ({ ...problem, got }));
  if (isAssignable) return [];
  return [
    { path: "directoryRole.role", got, expected: "a role that is enabled", fix: "enable it first" },
  ];
}

/** The key of a role whose names are resolved; undefined while they are not. */
export function roleKeyOf(input: RoleInput & ResolvedRole): RoleKey | undefined {
  const target = roleTarget(input);
  if (target === undefined) return undefined;
  if (target.surface === "groups") {
    return input.groupId === undefined
      ? undefined
      : { surface: "groups", groupId: input.groupId, access: target.access };
  }
  if (input.roleDefinitionId === undefined) return undefined;
  return { surface: target.surface, roleDefinitionId: input.roleDefinitionId, scope: target.scope };
}

/** What a state says of the names in it. */
export interface NamedObjects extends RoleInput, ResolvedRole {
  owner: string;
  principal?: PrincipalInput;
  principalId?: string;
  approverIds?: Record<string, string>;
}

/**
 * Says which names in a replaced state this run resolved to other objects. A replacement that was asked for
 * (`--replace`) has no old inputs, so its names are looked up anew; the old state is seen only when it is deleted.
 */
export function sayMovedNames(tenant: Tenant, what: string, state: NamedObjects): void {
  const moved = movedNames(tenant, state);
  if (moved.length > 0)
    tenant.voice(`${what}: replaced by what its names mean now: ${moved.join("; ")}`);
}

function movedNames(tenant: Tenant, state: NamedObjects): string[] {
  const { owner, principalId, approverIds = {} } = state;
  const reference = principalReference(state.principal ?? {});
  const before = new Map(Object.entries(approverIds));
  if (reference !== undefined && principalId !== undefined)
    before.set(referenceKey(reference), principalId);
  const moved = [...before].flatMap(([subject, id]) =>
    moveOf(subject, id, meaningsOf(tenant, owner, subject)),
  );
  const target = roleTarget(state);
  if (target === undefined) return moved;
  const subject = roleSubject(target);
  const now = roles.get(tenant, owner, subject);
  return [...moved, ...moveOf(subject, idOf(state), now === undefined ? [] : [idOf(now)])];
}

/** The ids that a principal's name has in this run: to the resource of a state, or to any where that is called otherwise now. */
function meaningsOf(tenant: Tenant, owner: string, subject: string): string[] {
  const own = principals.get(tenant, owner, subject);
  const all = own === undefined ? principals.all(tenant, subject) : [own];
  return all.map(({ principalId }) => principalId);
}

function moveOf(
  subject: string,
  before: string | undefined,
  ids: readonly (string | undefined)[],
): string[] {
  const now = ids.find((id) => id !== undefined && id !== before);
  if (before === undefined || now === undefined) return [];
  const at = subject.indexOf(":");
  const [kind, text] = [subject.slice(0, at), subject.slice(at + 1)];
  return [`the ${kind} named ${JSON.stringify(text)} was ${before} and is ${now} now`];
}

function idOf({ roleDefinitionId, groupId }: ResolvedRole): string | undefined {
  return roleDefinitionId ?? groupId;
}

function roleSubject(target: RoleTarget): string {
  const kind = target.surface === "groups" ? "group" : "role";
  return `${kind}:${nameIn(target).toLowerCase()}`;
}

function keptRole(
  target: RoleTarget,
  old: (RoleInput & ResolvedRole) | undefined,
): ResolvedRole | undefined {
  const before = old === undefined ? undefined : roleTarget(old);
  if (old === undefined || before === undefined || before.surface !== target.surface)
    return undefined;
  if (nameIn(before).toLowerCase() !== nameIn(target).toLowerCase()) return undefined;
  const { roleDefinitionId, roleName, groupId, groupName } = old;
  if (roleDefinitionId === undefined && groupId === undefined) return undefined;
  return {
    ...(roleDefinitionId === undefined ? {} : { roleDefinitionId }),
    ...(roleName === undefined ? {} : { roleName }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(groupName === undefined ? {} : { groupName }),
  };
}

function idIn(target: RoleTarget): string | undefined {
  if (target.surface === "groups") return objectIdIn(target.group);
  if (target.surface === "azureRoles") return azureRoleGuid(target.role);
  return isGuid(target.role) ? target.role.toLowerCase() : undefined;
}

/** An id is not looked up; a built-in role's name is known without asking. */
function roleById(surface: Surface, id: string): ResolvedRole {
  if (surface === "groups") return { groupId: id };
  const name = builtInRoleName(surface, id);
  return name === undefined ? { roleDefinitionId: id } : { roleDefinitionId: id, roleName: name };
}

function nameIn(target: RoleTarget): string {
  return target.surface === "groups" ? target.group : target.role;
}

function resolvedRole({ role, name }: RoleFound): ResolvedRole {
  return role.surface === "groups"
    ? { groupId: role.groupId, groupName: name }
    : { roleDefinitionId: role.roleDefinitionId, roleName: name };
}

function hitsProblem(
  path: string,
  { kind, text }: PrincipalReference,
  found: PrincipalFound[],
): Problem {
  if (found.length === 0) {
    return {
      path,
      got: text,
      expected: `the name or object id of a ${kind} in this tenant`,
      fix: "check the spelling",
    };
  }
  const list = found.map(({ id, name }) => `${name} (${id})`).join(", ");
  return {
    path,
    got: text,
    expected: `a name that only one ${kind} has`,
    fix: `use an object id: ${list}`,
  };
}

function roleProblem(target: RoleTarget, found: RoleFound[], nearest: string[]): Problem {
  const path = {
    directoryRoles: "directoryRole.role",
    groups: "group.group",
    azureRoles: "azureRole.role",
  }[target.surface];
  const got = nameIn(target);
  if (found.length > 0) {
    const ids = found
      .map(({ role }) => (role.surface === "groups" ? role.groupId : role.roleDefinitionId))
      .join(", ");
    return { path, got, expected: "a name that only one has", fix: `use an id: ${ids}` };
  }
  const expected = {
    directoryRoles: () => "the name or id of a role in this tenant",
    groups: () => "the name or object id of a group in this tenant",
    azureRoles: (scope: string) => `the name or id of a role that can be assigned at ${scope}`,
  }[target.surface]("scope" in target ? target.scope : "");
  return {
    path,
    got,
    expected,
    ...(nearest.length === 0 ? {} : { fix: nearestFix(got, nearest) }),
  };
}

function nearestFix(got: string, nearest: readonly string[]): string {
  const [best = ""] = nearest;
  const foreign = lookAlikes(got, best).map(
    (letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  const question = `did you mean ${nearest.map((name) => `"${name}"`).join(" or ")}?`;
  return foreign.length === 0
    ? question
    : `${question} ${foreign.join(" and ")} only looks like a letter of it`;
}
