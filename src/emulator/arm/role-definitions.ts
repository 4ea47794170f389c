import { created, noContent, type Operation, ok, param, type Reply } from "../api";
import { isGuid } from "../ids";
import { ACTIONS, authorize } from "./access";
import {
  type ArmCall,
  atScope,
  filterOf,
  folded,
  listReply,
  type Placed,
  propertiesOf,
  TYPES,
  textOf,
} from "./arm-api";
import { refuseArm } from "./arm-errors";
import {
  type AzureRole,
  isAssignableAt,
  type Permission,
  permissionsIn,
  roleIdAt,
} from "./azure-roles";
import { normalScope } from "./scopes";
import { instant } from "./wire";

const NAME = "roleDefinitions";

/** Role definitions: built-in ones everywhere, custom ones where they can be assigned. */
export const azureRoleDefinitionOperations: readonly Operation[] = [
  ...atScope("GET", NAME, TYPES.roleDefinitions, list),
  ...atScope("GET", `${NAME}/{name}`, TYPES.roleDefinitions, (arm) => ok(toWire(arm, roleOf(arm)))),
  ...atScope("PUT", `${NAME}/{name}`, TYPES.roleDefinitions, put),
  ...atScope("DELETE", `${NAME}/{name}`, TYPES.roleDefinitions, remove),
];

function list(arm: ArmCall): Reply {
  const filter = filterOf(arm.call, ["roleName", "type", "atScopeAndBelow()", "atScope()"]);
  const names = filter.equals.get("rolename")?.map((name) => name.toLowerCase());
  const types = filter.equals.get("type")?.map((type) => type.toLowerCase());
  const withBelow = filter.functions.has("atscopeandbelow");
  return listReply(
    arm.call,
    shown(arm, withBelow, (role) => {
      const type = role.isBuiltIn ? "builtinrole" : "customrole";
      return (
        (names?.includes(role.roleName.toLowerCase()) ?? true) && (types?.includes(type) ?? true)
      );
    }),
  );
}

function* shown(
  arm: ArmCall,
  withBelow: boolean,
  keep: (role: AzureRole) => boolean,
): Generator<Placed> {
  const { catalog, tree } = arm.call.tenant.arm;
  for (const { seq, value: role } of catalog.roles.scan()) {
    const isBelow =
      withBelow &&
      role.assignableScopes.some((scope) => tree.relation(arm.scope.id, scope) === "below");
    if (!isBelow && !isAssignableAt(role, tree, arm.scope.id)) continue;
    if (keep(role)) yield { seq, wire: () => toWire(arm, role) };
  }
}

// A role is found from any scope; above a subscription its id has none.
function roleOf(arm: ArmCall): AzureRole {
  const name = param(arm.call, "name");
  const role = arm.call.tenant.arm.catalog.roles.read(name);
  if (role === undefined) throw refuseArm.roleDefinitionNotFound(name);
  return role;
}

function put(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const name = param(arm.call, "name").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("RoleDefinition", name);
  authorize(tenant, caller, ACTIONS.writeRoles, arm.scope.id);
  const known = tenant.arm.catalog.roles.get(name);
  if (known?.isBuiltIn === true) throw refuseArm.builtInRole();
  const role = readRole(arm, name, known);
  checkName(arm, role);
  tenant.arm.catalog.roles.put(role);
  return created(toWire(arm, role));
}

function readRole(arm: ArmCall, name: string, known: AzureRole | undefined): AzureRole {
  const { tenant, caller } = arm.call;
  const properties = propertiesOf(arm.call);
  const roleName = textOf(properties, "roleName");
  if (roleName === null)
    throw refuseArm.invalidContent("Required property 'roleName' not found in JSON.");
  const permissions = properties.get("permissions");
  const scopes = properties.get("assignablescopes") ?? [arm.scope.id];
  if (!Array.isArray(permissions) || !Array.isArray(scopes) || scopes.length === 0)
    throw refuseArm.invalidContent(
      "Required property 'permissions' or 'assignableScopes' not found in JSON.",
    );
  const now = tenant.clock.now();
  return {
    id: name,
    roleName,
    description: textOf(properties, "description") ?? "",
    isBuiltIn: false,
    permissions: permissions.map(readPermission),
    assignableScopes: scopes.map((scope) => knownScope(arm, String(scope))),
    createdOn: known?.createdOn ?? now,
    updatedOn: now,
    createdBy: known?.createdBy ?? caller.id,
  };
}

function knownScope(arm: ArmCall, text: string): string {
  const scope = arm.call.tenant.arm.tree.scopes.get(normalScope(text));
  if (scope === undefined)
    throw refuseArm.authorizationFailed(
      arm.call.caller.appId,
      arm.call.caller.id,
      ACTIONS.writeRoles,
      text,
    );
  return scope.id;
}

/** The permissions of a role or of a deny assignment, each list of them there or empty. */
export function readPermission(value: unknown): Permission {
  const members = folded(value);
  const list = (name: string) => {
    const given = members.get(name.toLowerCase()) ?? [];
    if (!Array.isArray(given))
      throw refuseArm.invalidContent(`The value of '${name}' must be a list.`);
    return given.map(String);
  };
  return {
    actions: list("actions"),
    notActions: list("notActions"),
    dataActions: list("dataActions"),
    notDataActions: list("notDataActions"),
  };
}

function checkName(arm: ArmCall, role: AzureRole): void {
  for (const other of arm.call.tenant.arm.catalog.roles.by("roleName", role.roleName)) {
    if (other.id !== role.id) throw refuseArm.roleNameTaken(role.roleName);
  }
}

function remove(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const role = tenant.arm.catalog.roles.get(param(arm.call, "name"));
  authorize(tenant, caller, ACTIONS.deleteRoles, arm.scope.id);
  if (role === undefined) return noContent();
  if (role.isBuiltIn) throw refuseArm.builtInRole();
  const { eligible, active } = tenant.arm.pim.schedules;
  for (const _ of [...eligible.by("roleId", role.id), ...active.by("roleId", role.id)])
    throw refuseArm.roleInUse();
  const body = toWire(arm, role);
  tenant.arm.catalog.roles.remove(role.id);
  return ok(body);
}

function toWire(arm: ArmCall, role: AzureRole) {
  return {
    properties: {
      roleName: role.roleName,
      type: role.isBuiltIn ? "BuiltInRole" : "CustomRole",
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: permissionsIn(arm.apiVersion, role.permissions),
      createdOn: instant(role.createdOn),
      updatedOn: instant(role.updatedOn),
      createdBy: role.createdBy,
      updatedBy: role.createdBy,
    },
    id: roleIdAt(role.id, arm.scope.id),
    type: "Microsoft.Authorization/roleDefinitions",
    name: role.id,
  };
}
