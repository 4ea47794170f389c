import { created, noContent, type Operation, ok, param, type Reply } from "../api";
import { isGuid } from "../ids";
import type { Json } from "../schema";
import { ACTIONS, authorize } from "./access";
import {
  type ArmCall,
  atScope,
  filterOf,
  folded,
  listReply,
  propertiesOf,
  TYPES,
  textOf,
} from "./arm-api";
import { refuseArm } from "./arm-errors";
import type { ArmFilter } from "./arm-filter";
import type { DeniedPrincipal, DenyAssignment } from "./deny-book";
import { shownAt } from "./listing";
import { readPermission } from "./role-definitions";
import { idOf, instant } from "./wire";

const NAME = "denyAssignments";
const WRITABLE = { ...TYPES.denyAssignments, versions: ["2024-07-01-preview", "2026-09-01"] };

/** Deny assignments: read in every version, written in those that let people make their own. */
export const denyAssignmentOperations: readonly Operation[] = [
  ...atScope("GET", NAME, TYPES.denyAssignments, list),
  ...atScope("GET", `${NAME}/{name}`, TYPES.denyAssignments, (arm) =>
    ok(toWire(arm, denialOf(arm))),
  ),
  ...atScope("PUT", `${NAME}/{name}`, WRITABLE, put),
  ...atScope("DELETE", `${NAME}/{name}`, WRITABLE, remove),
];

function list(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.readDenials, arm.scope.id);
  const filter = filterOf(arm.call, [
    "atScope()",
    "denyAssignmentName",
    "principalId",
    "gdprExportPrincipalId",
  ]);
  const rows = [...tenant.arm.denials.scan()].filter(({ value }) => isAsked(arm, filter, value));
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({ seq, wire: () => toWire(arm, value) })),
  );
}

function isAsked(arm: ArmCall, filter: ArmFilter, denial: DenyAssignment): boolean {
  const relation = arm.call.tenant.arm.tree.relation(arm.scope.id, denial.scopeId);
  if (relation === "none") return false;
  if (relation === "below" && filter.functions.has("atscope")) return false;
  const wants = (member: string, values: readonly string[]) => {
    const wanted = filter.equals.get(member)?.map((text) => text.toLowerCase());
    return wanted === undefined || values.some((value) => wanted.includes(value.toLowerCase()));
  };
  const principals = denial.principals.map(({ id }) => id);
  const excluded = denial.excludePrincipals.map(({ id }) => id);
  return (
    wants("denyassignmentname", [denial.name]) &&
    wants("principalid", principals) &&
    wants("gdprexportprincipalid", [...principals, ...excluded])
  );
}

function denialOf(arm: ArmCall): DenyAssignment {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.readDenials, arm.scope.id);
  const name = param(arm.call, "name");
  const found = shown(arm, tenant.arm.denials.read(name));
  if (found === undefined) throw refuseArm.scheduleNotFound("DenyAssignment", name);
  return found;
}

function shown(arm: ArmCall, denial: DenyAssignment | undefined): DenyAssignment | undefined {
  const place = denial && {
    principalId: "",
    roleId: "",
    scopeId: denial.scopeId,
    isAppScope: false,
  };
  return shownAt(arm, place) === undefined ? undefined : denial;
}

function put(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.writeDenials, arm.scope.id);
  const name = param(arm.call, "name").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("DenyAssignment", name);
  const known = tenant.arm.denials.get(name);
  if (known?.isSystemProtected === true) throw refuseArm.systemProtected();
  const said = readDenial(propertiesOf(arm.call));
  if (said.name === "" || said.permissions.length === 0 || said.principals.length === 0)
    throw refuseArm.invalidContent(
      "Required property 'denyAssignmentName', 'permissions' or 'principals' not found in JSON.",
    );
  const now = tenant.clock.now();
  const denial = tenant.arm.denials.put({
    ...said,
    id: name,
    scopeId: arm.scope.id,
    isSystemProtected: false,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    createdBy: known?.createdBy ?? caller.id,
  });
  return known === undefined ? created(toWire(arm, denial)) : ok(toWire(arm, denial));
}

/** What a deny assignment says, as it was sent. */
export function readDenial(properties: ReadonlyMap<string, unknown>) {
  const permissions = properties.get("permissions") ?? [];
  if (!Array.isArray(permissions))
    throw refuseArm.invalidContent("The value of 'permissions' must be a list.");
  return {
    name: textOf(properties, "denyAssignmentName") ?? "",
    description: textOf(properties, "description"),
    permissions: permissions.map(readPermission),
    principals: readPrincipals(properties, "principals"),
    excludePrincipals: readPrincipals(properties, "excludePrincipals"),
    isOnlyHere: properties.get("donotapplytochildscopes") === true,
  };
}

function readPrincipals(
  properties: ReadonlyMap<string, unknown>,
  member: string,
): DeniedPrincipal[] {
  const given = properties.get(member.toLowerCase()) ?? [];
  if (!Array.isArray(given))
    throw refuseArm.invalidContent(`The value of '${member}' must be a list.`);
  return given.map((item) => {
    const principal = folded(item);
    return { id: textOf(principal, "id") ?? "", type: textOf(principal, "type") ?? "" };
  });
}

function remove(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  authorize(tenant, caller, ACTIONS.deleteDenials, arm.scope.id);
  const known = tenant.arm.denials.get(param(arm.call, "name"));
  if (known === undefined || known.scopeId !== arm.scope.id) return noContent();
  if (known.isSystemProtected) throw refuseArm.systemProtected();
  tenant.arm.denials.remove(known.id);
  return { status: 200 };
}

function toWire(arm: ArmCall, denial: DenyAssignment): Json {
  const { createdBy } = denial;
  const isRecent = WRITABLE.versions.includes(arm.apiVersion);
  const dates = { createdOn: instant(denial.createdAt), updatedOn: instant(denial.updatedAt) };
  return {
    properties: {
      denyAssignmentName: denial.name,
      description: denial.description,
      permissions: denial.permissions,
      scope: denial.scopeId,
      doNotApplyToChildScopes: denial.isOnlyHere,
      principals: denial.principals,
      excludePrincipals: denial.excludePrincipals,
      isSystemProtected: denial.isSystemProtected,
      ...(isRecent && {
        denyAssignmentEffect: "enforced",
        ...dates,
        createdBy,
        updatedBy: createdBy,
      }),
    },
    id: idOf(denial.scopeId, NAME, denial.id),
    type: `Microsoft.Authorization/${NAME}`,
    name: denial.id,
    ...(isRecent && { systemData: systemData(arm, denial) }),
  };
}

function systemData(arm: ArmCall, { createdBy, createdAt, updatedAt }: DenyAssignment): Json {
  const found = arm.call.tenant.directory.read(createdBy ?? "");
  const isPerson = found?.kind === "user";
  const who = isPerson ? found.value["userPrincipalName"] : (found?.value["appId"] ?? createdBy);
  const type = isPerson ? "User" : "Application";
  return {
    createdBy: who,
    createdByType: type,
    createdAt: instant(createdAt),
    lastModifiedBy: who,
    lastModifiedByType: type,
    lastModifiedAt: instant(updatedAt),
  };
}
