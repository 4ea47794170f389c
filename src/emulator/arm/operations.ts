import type { Operation } from "../api";
import { azureAlertOperations } from "./alerts";
import { azureApprovalOperations } from "./approvals";
import { childResourceOperations } from "./child-resources";
import { managementGroupOperations } from "./management-groups";
import { neighbourOperations } from "./neighbours";
import { azurePolicyOperations } from "./policies";
import { azureRequestOperations } from "./requests";
import { azureReviewOperations } from "./reviews/operations";
import { azureRoleAssignmentOperations } from "./role-assignments";
import { azureRoleDefinitionOperations } from "./role-definitions";
import { azureScheduleOperations } from "./schedules";
import { subscriptionOperations } from "./subscriptions";

/** Every operation of Azure Resource Manager that is emulated: a new family adds its table here. */
export const armOperations: readonly Operation[] = [
  ...azureRequestOperations,
  ...azureScheduleOperations,
  ...azurePolicyOperations,
  ...azureApprovalOperations,
  ...azureAlertOperations,
  ...azureReviewOperations,
  ...childResourceOperations,
  ...azureRoleAssignmentOperations,
  ...azureRoleDefinitionOperations,
  ...neighbourOperations,
  ...managementGroupOperations,
  ...subscriptionOperations,
];
