import type { Operation } from "../api";
import { azureAlertOperations } from "./alerts";
import { azureApprovalOperations } from "./approvals";
import { attributeNamespaceOperations } from "./attribute-namespaces";
import { childResourceOperations } from "./child-resources";
import { denyAssignmentOperations } from "./deny-assignments";
import { managementGroupOperations } from "./management-groups";
import { neighbourOperations } from "./neighbours";
import { azurePolicyOperations } from "./policies";
import { providerOperations } from "./provider-operations";
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
  ...denyAssignmentOperations,
  ...attributeNamespaceOperations,
  ...providerOperations,
  ...neighbourOperations,
  ...managementGroupOperations,
  ...subscriptionOperations,
];
