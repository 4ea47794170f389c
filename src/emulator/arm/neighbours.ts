import { type Operation, ok, type Reply } from "../api";
import { guidOf } from "../ids";
import { activePrincipals } from "../roles/directory-book";
import { permissionsAt } from "./access";
import { type ArmCall, armOperation, atScope, type ResourceType, TYPES } from "./arm-api";
import { refuseArm } from "./arm-errors";
import { ACCESS_ROLES, permissionsIn } from "./azure-roles";
import { assignAzureRole } from "./role-assignments";

const LEGACY = { name: "classicAdministrators", versions: ["2015-06-01", "2015-07-01"] };
const METRICS: ResourceType = {
  name: "roleAssignmentsUsageMetrics",
  versions: ["2019-08-01-preview", "2020-03-01-preview"],
};

/** What stands beside roles and assignments and is asked for by the same clients. */
export const neighbourOperations: readonly Operation[] = [
  ...atScope("GET", "permissions", TYPES.permissions, (arm) =>
    ok({
      value: permissionsIn(
        arm.apiVersion,
        permissionsAt(arm.call.tenant, arm.call.caller, arm.scope.id),
      ),
    }),
  ),
  ...atScope("GET", "classicAdministrators", LEGACY, () => ok({ value: [] })),
  ...atScope("GET", "roleAssignmentsUsageMetrics", METRICS, usage),
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

// Assignments in a subscription as Azure limits them: at it and below, those above are not counted.
const LIMIT = 4000;

function usage(arm: ArmCall): Reply {
  const { tree, pim } = arm.call.tenant.arm;
  if (arm.scope.kind !== "subscription") throw refuseArm.resourceNotFound(arm.scope.name);
  const count = [...pim.schedules.active.all()].filter((row) => {
    const relation = tree.relation(arm.scope.id, row.scopeId);
    return row.status === "Provisioned" && (relation === "at" || relation === "below");
  }).length;
  return ok({
    subscriptionId: arm.scope.name,
    roleAssignmentsLimit: LIMIT,
    roleAssignmentsCurrentCount: count,
    roleAssignmentsRemainingCount: LIMIT - count,
  });
}
