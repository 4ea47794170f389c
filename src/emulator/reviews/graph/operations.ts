import type { Operation } from "../../api";
import { decisionOperations } from "./decisions";
import { definitionOperations } from "./definitions";
import { historyOperations } from "./history";
import { instanceOperations } from "./instances";
import { policyOperations } from "./policy";
import { stageOperations } from "./stages";

/** Access reviews of directory roles and groups: everything under `/identityGovernance/accessReviews`. */
export const reviewOperations: readonly Operation[] = [
  ...definitionOperations,
  ...instanceOperations,
  ...stageOperations,
  ...decisionOperations,
  ...historyOperations,
  ...policyOperations,
];
