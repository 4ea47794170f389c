import type { AccessPrincipal, AccessRole } from "../model/access";
import type { NativeGrant } from "../model/access-change";
import { accessPrincipal, type PrincipalNames } from "../model/access-names";
import type { Reading } from "../model/access-reading";
import { accessRole, known } from "../model/access-role";
import { builtInRoleId } from "../model/access-role-names";
import { MEMBERS, type NativeType, nativeType } from "./native-types";
import { kindOfType } from "./plan-kinds";
import type { Plan, PlanState, PlanStep } from "./read-plan";

/** What a plan does to access by resources of other packages, which no rule of settings and windows can judge. */
export function nativeGrants(plan: Plan, reading: Reading): NativeGrant[] {
  const roles = directoryRoles(plan);
  return [...changing(plan).values()].flatMap((step) => nativeGrant(step, reading, roles) ?? []);
}

const SILENT = ["same", "read", "refresh", "discard"];

/** One step per resource: the parts of a replacement are one. */
function changing(plan: Plan): Map<string, PlanStep> {
  const steps = new Map<string, PlanStep>();
  for (const step of plan.steps) {
    if (SILENT.includes(step.op) || kindOfType(step.type) !== undefined) continue;
    const first = steps.get(step.urn);
    const before = first?.before ?? step.before;
    const after = step.after ?? first?.after;
    const op = first === undefined ? step.op : "replace";
    steps.set(step.urn, { ...step, op, before, after });
  }
  return steps;
}

function nativeGrant(
  step: PlanStep,
  reading: Reading,
  roles: DirectoryRoles,
): NativeGrant | undefined {
  const { type, urn, name, op } = step;
  const native = nativeType(type);
  const state = op === "delete" ? step.before : (step.after ?? step.before);
  if (native === undefined || state === undefined) return undefined;
  if (native.what === "members of a group" && !changesMembers(step)) return undefined;
  const role = roleOf(native, step, state, reading, roles);
  const principal = principalOf(native, urn, state, reading.names);
  const source = reading.source?.(urn);
  const { what, isJudged, isStanding } = native;
  return {
    urn,
    type,
    name,
    op,
    what,
    isJudged,
    isStanding: isStanding === true,
    ...(role === undefined ? {} : { role }),
    ...(principal === undefined ? {} : { principal }),
    ...(source === undefined ? {} : { source }),
  };
}

/** Groups say their members themselves, and most do not. */
function changesMembers({ before, after }: PlanStep): boolean {
  const members = (state: PlanState | undefined) => JSON.stringify(state?.inputs[MEMBERS] ?? []);
  return members(before) !== members(after);
}

function roleOf(
  native: NativeType,
  step: PlanStep,
  state: PlanState,
  reading: Reading,
  roles: DirectoryRoles,
): AccessRole | undefined {
  switch (native.surface) {
    case undefined:
      return undefined;
    case "groups":
      return groupOf(native, step, state, reading);
    case "azureRoles":
      return azureRoleOf(native, state, reading);
    default:
      return directoryRoleOf(native, state, reading, roles);
  }
}

/** A group says itself what it is called; whoever is put into one names it by its id. */
function groupOf(
  { role, access }: NativeType,
  { urn }: PlanStep,
  { inputs }: PlanState,
  reading: Reading,
): AccessRole {
  const groupId = textIn(inputs, role);
  const groupName = reading.names.origin(urn, role ?? "")?.displayName;
  return accessRole(
    {
      group: {
        group: groupId ?? textIn(inputs, "displayName") ?? "",
        access: textIn(inputs, access) ?? "member",
      },
      ...(groupId === undefined ? {} : { groupId }),
      ...(groupName === undefined ? {} : { groupName }),
    },
    reading,
  );
}

function azureRoleOf(
  { role, scope }: NativeType,
  { inputs }: PlanState,
  reading: Reading,
): AccessRole {
  const said = textIn(inputs, role);
  return accessRole(
    {
      azureRole: { role: said ?? "", scope: textIn(inputs, scope) ?? "" },
      ...resolved(said?.split("/").pop()),
    },
    reading,
  );
}

function directoryRoleOf(
  { role, scope }: NativeType,
  { inputs, propertyDependencies }: PlanState,
  reading: Reading,
  roles: DirectoryRoles,
): AccessRole {
  const said = textIn(inputs, role);
  const from = propertyDependencies[role ?? ""] ?? [];
  const made = from.flatMap((urn) => roles.byUrn.get(urn) ?? [])[0];
  const template = made ?? roles.byObjectId.get(said?.toLowerCase() ?? "") ?? said;
  const place = directoryScope(scope === undefined ? undefined : inputs[scope]);
  return accessRole(
    { directoryRole: { role: said ?? "", scope: place }, ...resolved(template) },
    reading,
  );
}

function textIn(
  inputs: Readonly<Record<string, unknown>>,
  property: string | undefined,
): string | undefined {
  return property === undefined ? undefined : known(inputs[property]);
}

function resolved(roleDefinitionId: string | undefined): { roleDefinitionId?: string } {
  return roleDefinitionId === undefined ? {} : { roleDefinitionId };
}

/** A unit is named by its id alone; a scope that is left out is the whole directory. */
function directoryScope(scope: unknown): string {
  if (scope === undefined) return "/";
  const text = known(scope);
  if (text === undefined) return "";
  return text.startsWith("/") ? text : `/administrativeUnits/${text}`;
}

function principalOf(
  { principal: property }: NativeType,
  urn: string,
  { inputs }: PlanState,
  names: PrincipalNames,
): AccessPrincipal | undefined {
  if (property === undefined) return undefined;
  const text = inputs[property] as string | undefined;
  const principalId = known(text);
  const given = {
    principal: text === undefined ? {} : { user: text },
    ...(principalId === undefined ? {} : { principalId }),
  };
  return accessPrincipal(urn, given, {
    byId: names.byId,
    origin: () => names.origin(urn, property),
  });
}

/** Directory roles that the same program activates: their object ids say nothing, their templates do. */
interface DirectoryRoles {
  byUrn: Map<string, string>;
  byObjectId: Map<string, string>;
}

function directoryRoles({ steps }: Plan): DirectoryRoles {
  const byUrn = new Map<string, string>();
  const byObjectId = new Map<string, string>();
  for (const { type, urn, before, after } of steps) {
    if (type !== "azuread:index/directoryRole:DirectoryRole") continue;
    const values = { ...before?.outputs, ...after?.inputs, ...after?.outputs };
    const template =
      known(values["templateId"]) ?? builtInRoleId(known(values["displayName"]) ?? "");
    const objectId = known(values["objectId"]);
    if (template === undefined) continue;
    byUrn.set(urn, template);
    if (objectId !== undefined) byObjectId.set(objectId.toLowerCase(), template);
  }
  return { byUrn, byObjectId };
}
