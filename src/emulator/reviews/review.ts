import type { Requestor } from "../pim/grant";
import type { Json } from "../schema";
import type { Recurrence } from "./recurrence";

/** What a reviewer may say, or has not said yet. */
export type Decision = "Approve" | "Deny" | "DontKnow" | "NotReviewed";

/** How far a review or one of its stages is. What the service does in between is done before it is asked again. */
export type ReviewStatus = "NotStarted" | "InProgress" | "Completed" | "Applied";

/** What became of a decision. */
export type ApplyResult =
  | "New"
  | "AppliedSuccessfully"
  | "AppliedWithUnknownFailure"
  | "AppliedSuccessfullyButObjectNotFound"
  | "ApplyNotSupported";

/** What a review asks of its reviewers, and what happens at its end. */
export interface ReviewRules {
  mails: boolean;
  reminders: boolean;
  needsJustification: boolean;
  /** What counts where nobody decided; null keeps it undecided. */
  defaultDecision: "Approve" | "Deny" | "Recommendation" | null;
  appliesByItself: boolean;
  recommends: boolean;
  /** How long ago a sign-in may be that speaks for the access. */
  lookBackMs: number;
}

/** One round of a review. */
export interface StagePlan {
  id: string;
  durationMs: number;
  /** Decisions of the round before that are looked at again; null for all. */
  takes: readonly string[] | null;
  /** The surface's own words about its reviewers. */
  facts: Json;
}

/** A series of reviews, or a single one, as an administrator defined it. */
export interface Review {
  readonly id: string;
  /** Scope in Azure; empty in Microsoft Graph. */
  readonly place: string;
  readonly createdAt: number;
  readonly createdBy: Requestor;
  modifiedAt: number;
  recurrence: Recurrence;
  rules: ReviewRules;
  stages: readonly StagePlan[];
  /** The definition in the words of its surface. */
  facts: Json;
  instances: ReviewInstance[];
  isStopped: boolean;
  /** Counts the changes of its schedule: what was planned before one does not happen. */
  revision: number;
}

/** One occurrence of a review: what its definition said when it began stays, whatever is changed later. */
export interface ReviewInstance {
  readonly id: string;
  readonly rules: ReviewRules;
  readonly plans: readonly StagePlan[];
  readonly startAt: number;
  endAt: number;
  status: ReviewStatus;
  stages: ReviewStage[];
  /** The definition's words as they were, and its own reviewers. */
  facts: Json;
}

/** One round of an occurrence, there from its begin. */
export interface ReviewStage {
  readonly id: string;
  readonly plan: StagePlan;
  readonly startAt: number;
  endAt: number;
  status: ReviewStatus;
  items: DecisionItem[];
  facts: Json;
}

/** Whose access to what is looked at. */
export interface Subject {
  principalId: string;
  kind: "user" | "group" | "servicePrincipal";
  resourceId: string;
  membership: "direct" | "indirect";
}

/** One decision to make. */
export interface DecisionItem extends Subject {
  /** The same in every round. */
  readonly id: string;
  /** Ids of those who may decide, frozen when the review began. */
  reviewers: readonly string[];
  recommendation: "Approve" | "Deny" | "NoInfoAvailable";
  decision: Decision;
  justification: string | null;
  reviewedBy: Requestor | null;
  reviewedAt: number | null;
  applyResult: ApplyResult;
  appliedBy: Requestor | null;
  appliedAt: number | null;
}

/** The decisions of an occurrence: of each subject the last that was recorded in any round. */
export function itemsOf(instance: ReviewInstance): DecisionItem[] {
  const latest = new Map<string, DecisionItem>();
  for (const item of instance.stages.flatMap(({ items }) => items)) {
    if (item.decision !== "NotReviewed" || !latest.has(item.id)) latest.set(item.id, item);
  }
  return [...latest.values()];
}

/** The round that is open now. */
export function openStage(instance: ReviewInstance): ReviewStage | undefined {
  return instance.stages.find((stage) => stage.status === "InProgress");
}

/** How far a definition is: its last occurrence tells, unless more are to come. */
export function statusOf(review: Review, hasMore: boolean): ReviewStatus {
  const last = review.instances.at(-1);
  if (last === undefined) return review.isStopped ? "Completed" : "NotStarted";
  return hasMore ? "InProgress" : last.status;
}

/** Whether somebody is among the reviewers of an occurrence, open or over. */
export function isReviewer(instance: ReviewInstance, userId: string): boolean {
  return instance.stages.some((stage) =>
    stage.items.some(({ reviewers }) => reviewers.includes(userId)),
  );
}
