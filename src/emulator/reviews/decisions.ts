import type { Requestor } from "../pim/grant";
import { refuseReview } from "./refusals";
import {
  type Decision,
  type DecisionItem,
  itemsOf,
  openStage,
  type ReviewInstance,
} from "./review";

/** What somebody says about one or many subjects. */
export interface Verdict {
  decision: Decision;
  justification: string | null;
}

const DECISIONS: readonly Decision[] = ["Approve", "Deny", "DontKnow", "NotReviewed"];

/** Reads a decision, whatever its case. */
export function readDecision(value: unknown): Decision {
  const text = String(value ?? "");
  const found = DECISIONS.find((known) => known.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw refuseReview.invalidDecision(text);
  return found;
}

/** Writes down what a reviewer decided about items that are open. */
export function record(
  { rules }: ReviewInstance,
  items: readonly DecisionItem[],
  verdict: Verdict,
  by: Requestor,
  at: number,
): void {
  const isMissing = verdict.justification === null || verdict.justification.trim() === "";
  if (rules.needsJustification && verdict.decision === "Approve" && isMissing)
    throw refuseReview.noJustification();
  for (const item of items) Object.assign(item, { ...verdict, reviewedBy: by, reviewedAt: at });
}

/** The items that can be decided about now. */
export function openItems(instance: ReviewInstance): DecisionItem[] {
  const stage = openStage(instance);
  if (stage === undefined) throw refuseReview.notOpen();
  return stage.items;
}

/** Takes recommendations over where nobody decided yet. */
export function acceptRecommendations(
  items: readonly DecisionItem[],
  by: Requestor,
  at: number,
): void {
  for (const item of items) {
    if (item.decision !== "NotReviewed" || item.recommendation === "NoInfoAvailable") continue;
    Object.assign(item, { decision: item.recommendation, reviewedBy: by, reviewedAt: at });
  }
}

/** Makes every open item undecided again. */
export function reset(instance: ReviewInstance): void {
  for (const item of openItems(instance))
    Object.assign(item, {
      decision: "NotReviewed",
      justification: null,
      reviewedBy: null,
      reviewedAt: null,
    });
}

/** Decides for those who did not, where the review says what counts then. */
export function reviewByDefault(instance: ReviewInstance, at: number): void {
  const { rules } = instance;
  if (rules.defaultDecision === null) return;
  for (const item of itemsOf(instance)) {
    if (item.decision !== "NotReviewed") continue;
    const decision =
      rules.defaultDecision === "Recommendation" ? item.recommendation : rules.defaultDecision;
    if (decision !== "NoInfoAvailable") Object.assign(item, { decision, reviewedAt: at });
  }
}
