import type { Operation } from "../../api";
import { reviewDefinitionOperations } from "./definitions";
import { reviewHistoryOperations } from "./history";
import { reviewInstanceOperations } from "./instances";
import { ownReviewOperations } from "./own";
import { reviewSettingsOperations } from "./settings";

/** Access reviews of Azure roles: an administrator's at every scope, a reviewer's own at the tenant. */
export const azureReviewOperations: readonly Operation[] = [
  ...ownReviewOperations,
  ...reviewDefinitionOperations,
  ...reviewInstanceOperations,
  ...reviewHistoryOperations,
  ...reviewSettingsOperations,
];
