import type { Requestor } from "../pim/grant";
import { Collection, type Visibility } from "../store";
import type { Tenant } from "../tenant";
import { reviewByDefault } from "./decisions";
import { recommendationOf } from "./recommendation";
import { occurrence } from "./recurrence";
import { refuseReview } from "./refusals";
import {
  type ApplyResult,
  type DecisionItem,
  itemsOf,
  openStage,
  type Review,
  type ReviewInstance,
  type ReviewStage,
  type ReviewStatus,
  type StagePlan,
  type Subject,
  statusOf,
} from "./review";

/** What differs between reviews of one kind of access and of another. */
export interface ReviewSurface {
  /** Whose access is to be reviewed, as it is now. */
  subjects(review: Review): Subject[];
  /** Ids of the people who decide about a subject. */
  reviewers(instance: ReviewInstance, stage: ReviewStage, of: Subject): string[];
  /** Takes the access away. */
  remove(instance: ReviewInstance, item: DecisionItem, by: Requestor | null): ApplyResult;
}

/** Reviews of one surface, kept true to the clock. */
export class ReviewBook {
  readonly reviews: Collection<Review>;

  constructor(
    private readonly tenant: Tenant,
    visibility: Visibility,
    private readonly surface: ReviewSurface,
  ) {
    this.reviews = new Collection<Review>(visibility, { place: (review) => review.place });
  }

  /** Enters a review; one whose time has come begins at once. */
  add(review: Review): Review {
    this.reviews.put(review);
    this.planAtOnce(review);
    return review;
  }

  /** Takes a changed schedule over for the occurrences to come. */
  change(review: Review): void {
    review.revision += 1;
    review.modifiedAt = this.tenant.clock.now();
    this.reviews.put(review);
    this.planAtOnce(review);
  }

  /** Takes a review away; what was decided in it changes nothing any more. */
  remove(review: Review): void {
    review.isStopped = true;
    for (const instance of review.instances)
      if (instance.status === "InProgress") instance.status = "Completed";
    this.reviews.remove(review.id);
  }

  statusOf(review: Review): ReviewStatus {
    return statusOf(review, !review.isStopped && this.next(review) !== null);
  }

  /** Ends what is in progress, and the series with it. */
  stopSeries(review: Review): void {
    review.isStopped = true;
    for (const instance of review.instances) this.stop(instance);
  }

  /** Ends an occurrence before its time. */
  stop(instance: ReviewInstance): void {
    if (instance.status !== "InProgress") return;
    const now = this.tenant.clock.now();
    for (const stage of instance.stages) {
      if (stage.status === "InProgress") Object.assign(stage, { status: "Completed", endAt: now });
    }
    instance.endAt = now;
    this.complete(instance, now);
  }

  /** Ends the open round; the next one begins, or the occurrence is over. */
  closeStage(review: Review, instance: ReviewInstance, stage: ReviewStage, at: number): void {
    if (stage.status !== "InProgress" || instance.status !== "InProgress") return;
    Object.assign(stage, { status: "Completed", endAt: Math.min(stage.endAt, at) });
    const plan = instance.plans[instance.stages.length];
    if (plan === undefined) this.complete(instance, at);
    else this.openStage(review, instance, plan, at, movingOn(stage, plan));
  }

  /** Makes the decisions of a completed occurrence true. */
  apply(instance: ReviewInstance, by: Requestor | null, at: number): void {
    if (instance.status === "Applied") return;
    if (instance.status !== "Completed") throw refuseReview.notCompleted();
    for (const item of itemsOf(instance)) {
      if (item.decision !== "Deny") continue;
      const applyResult = this.surface.remove(instance, item, by);
      Object.assign(item, { applyResult, appliedBy: by, appliedAt: at });
    }
    instance.status = "Applied";
  }

  /** Finds out anew who reviews what is open. */
  reassign(instance: ReviewInstance, stage = openStage(instance)): void {
    if (stage === undefined) return;
    for (const item of stage.items) item.reviewers = this.surface.reviewers(instance, stage, item);
  }

  /** Reminds reviewers of what they have not decided yet. */
  remind(review: Review, instance: ReviewInstance, at: number): void {
    const items = openStage(instance)?.items ?? [];
    this.mail(
      review,
      "reviewReminded",
      items.filter(({ decision }) => decision === "NotReviewed"),
      at,
    );
  }

  // The occurrence that comes next, by those that were.
  private next(review: Review): number | null {
    const last = review.instances.at(-1)?.startAt ?? Number.NEGATIVE_INFINITY;
    for (let index = 0; ; index += 1) {
      const at = occurrence(review.recurrence, index);
      if (at === null || at > last) return at;
    }
  }

  // What is due is not left for the next request.
  private planAtOnce(review: Review): void {
    const at = this.next(review);
    if (at !== null && !review.isStopped && at <= this.tenant.clock.now()) this.begin(review, at);
    else this.plan(review);
  }

  // In its turn: what ends before it has ended then, also where the clock leaps.
  private plan(review: Review): void {
    const at = this.next(review);
    if (at === null || review.isStopped) return;
    const { revision } = review;
    this.tenant.timeline.add(at, () => {
      if (!review.isStopped && review.revision === revision) this.begin(review, at);
    });
  }

  private begin(review: Review, at: number): void {
    const instance: ReviewInstance = {
      id: this.tenant.newId(),
      startAt: at,
      endAt: at + review.stages.reduce((sum, stage) => sum + stage.durationMs, 0),
      status: "InProgress",
      stages: [],
      rules: review.rules,
      plans: review.stages,
      facts: { ...review.facts },
    };
    review.instances.push(instance);
    const [first] = review.stages;
    if (first !== undefined)
      this.openStage(review, instance, first, at, this.surface.subjects(review));
    this.plan(review);
  }

  private openStage(
    review: Review,
    instance: ReviewInstance,
    plan: StagePlan,
    at: number,
    subjects: readonly (Subject & { id?: string })[],
  ): void {
    const stage: ReviewStage = {
      id: this.tenant.newId(),
      plan,
      startAt: at,
      endAt: at + plan.durationMs,
      status: "InProgress",
      items: [],
      facts: {},
    };
    instance.stages.push(stage);
    stage.items = subjects.map((subject) => this.itemOf(instance, stage, subject));
    if (instance.rules.mails) this.mail(review, "reviewRequested", stage.items, at);
    this.tenant.timeline.add(stage.endAt, (due) => this.closeStage(review, instance, stage, due));
    if (instance.rules.mails && instance.rules.reminders)
      this.tenant.timeline.add(at + plan.durationMs / 2, (due) => {
        if (stage.status === "InProgress") this.remind(review, instance, due);
      });
  }

  private itemOf(
    instance: ReviewInstance,
    stage: ReviewStage,
    subject: Subject & { id?: string },
  ): DecisionItem {
    const { principalId, kind, resourceId, membership } = subject;
    const of = { principalId, kind, resourceId, membership };
    return {
      ...of,
      id: subject.id ?? this.tenant.newId(),
      reviewers: this.surface.reviewers(instance, stage, of),
      recommendation: recommendationOf(this.tenant, instance.rules, of, stage.startAt),
      decision: "NotReviewed",
      justification: null,
      reviewedBy: null,
      reviewedAt: null,
      applyResult: "New",
      appliedBy: null,
      appliedAt: null,
    };
  }

  private complete(instance: ReviewInstance, at: number): void {
    instance.status = "Completed";
    reviewByDefault(instance, at);
    if (instance.rules.appliesByItself) this.apply(instance, null, at);
  }

  private mail(
    review: Review,
    event: "reviewRequested" | "reviewReminded",
    items: readonly DecisionItem[],
    at: number,
  ): void {
    for (const to of new Set(items.flatMap(({ reviewers }) => reviewers))) {
      const user = this.tenant.directory.users.get(to);
      this.tenant.mails.push({
        at: new Date(at).toISOString(),
        to: String(user?.["mail"] ?? user?.["userPrincipalName"] ?? to),
        rule: "mailNotificationsEnabled",
        event,
        role: String(review.facts["displayName"] ?? ""),
        principalId: to,
        requestId: review.id,
      });
    }
  }
}

function movingOn(stage: ReviewStage, plan: StagePlan): DecisionItem[] {
  return stage.items.filter(({ decision }) => plan.takes?.includes(decision) ?? true);
}
