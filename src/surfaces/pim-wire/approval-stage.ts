import type { LivePolicy } from "../surface";

/** What the first stage of an approval asks of its approvers; the same on every surface. */
export interface ApprovalStage {
  /** Days after which nobody having decided means no. */
  timeoutDays: number;
  /** Whether a decision needs a reason. */
  wantsReason: boolean;
}

/** Microsoft's defaults, for a policy that cannot be read. */
export const USUAL_STAGE: ApprovalStage = { timeoutDays: 1, wantsReason: true };

interface WireApprovalRule {
  id?: string;
  setting?: {
    approvalStages?:
      | {
          approvalStageTimeOutInDays?: number | null;
          isApproverJustificationRequired?: boolean | null;
        }[]
      | null;
  } | null;
}

/** The stage that a policy's wire rules describe. */
export function approvalStage({ wire }: LivePolicy): ApprovalStage {
  const rules = Array.isArray(wire) ? (wire as WireApprovalRule[]) : [];
  const rule = rules.find(({ id }) => id === "Approval_EndUser_Assignment");
  const [stage] = rule?.setting?.approvalStages ?? [];
  return {
    timeoutDays: stage?.approvalStageTimeOutInDays ?? USUAL_STAGE.timeoutDays,
    wantsReason: stage?.isApproverJustificationRequired ?? USUAL_STAGE.wantsReason,
  };
}
