import { type Operation, ok, type Reply } from "../api";
import { guidOf } from "../ids";
import { activePrincipals } from "../roles/directory-book";
import { permissionsAt } from "./access";
import { armOperation, atScope, TYPES } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { ACCESS_ROLES } from "./azure-roles";
import { assignAzureRole } from "./role-assignments";

const LEGACY = { name: "classicAdministrators", versions: ["2015-06-01", "2015-07-01"] };
const METADATA = {
  name: "providerOperations",
  versions: ["2015-07-01", "2018-01-01-preview", "2022-04-01"],
};

/** What stands beside roles and assignments and is asked for by the same clients. */
export const neighbourOperations: readonly Operation[] = [
  ...atScope("GET", "permissions", TYPES.permissions, (arm) =>
    ok({ value: permissionsAt(arm.call.tenant, arm.call.caller, arm.scope.id) }),
  ),
  ...atScope("GET", "denyAssignments", TYPES.denyAssignments, () => ok({ value: [] })),
  ...atScope("GET", "denyAssignments/{name}", TYPES.denyAssignments, (arm) => {
    throw refuseArm.scheduleNotFound("DenyAssignment", arm.call.params["name"] ?? "");
  }),
  ...atScope("GET", "classicAdministrators", LEGACY, () => ok({ value: [] })),
  ...atScope("GET", "providerOperations", METADATA, () =>
    ok({ value: [authorizationOperations()] }),
  ),
  ...atScope("GET", "providerOperations/{name}", METADATA, () => ok(authorizationOperations())),
  armOperation(
    "POST",
    "/providers/Microsoft.Authorization/elevateAccess",
    TYPES.elevateAccess,
    (call): Reply => {
      const { tenant, caller } = call;
      // A Global Administrator takes User Access Administrator over everything.
      const isGlobal = activePrincipals(tenant, ["Global Administrator"]).includes(caller.id);
      if (!isGlobal)
        throw refuseArm.authorizationFailed(
          caller.appId,
          caller.id,
          "Microsoft.Authorization/elevateAccess/action",
          "/",
        );
      const tuple = {
        principalId: caller.id,
        roleId: ACCESS_ROLES.userAccessAdministrator,
        scopeId: "/",
        isAppScope: false,
      };
      if (tenant.arm.pim.of("active", tuple).length === 0)
        assignAzureRole(tenant, tuple, guidOf(`elevated ${caller.id}`));
      return { status: 200 };
    },
  ),
];

function authorizationOperations() {
  return {
    displayName: "Microsoft Authorization",
    id: "/providers/Microsoft.Authorization/providerOperations/Microsoft.Authorization",
    name: "Microsoft.Authorization",
    operations: [],
    resourceTypes: [{ name: "roleAssignments", displayName: "Role assignments", operations: [] }],
    type: "Microsoft.Authorization/providerOperations",
  };
}
