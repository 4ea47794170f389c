import type { Requestor } from "../../pim/grant";
import { ReviewBook } from "../../reviews/review-book";
import type { Json } from "../../schema";
import { Collection, type Visibility } from "../../store";
import type { Tenant } from "../../tenant";
import type { AzureReviewSettings } from "./review-settings";
import { azureReviewSurface } from "./subjects";

/** An order for a report of what was decided; its one instance has the same name. */
export interface ReviewHistory {
  readonly id: string;
  readonly scopeId: string;
  readonly createdAt: number;
  readonly createdBy: Requestor;
  readonly facts: Json;
  /** When a link to the report was last handed out. */
  linkedAt: number | null;
}

/** Access reviews of Azure roles, with their reports and the settings that new ones begin with. */
export class AzureReviews {
  readonly book: ReviewBook;
  readonly histories: Collection<ReviewHistory>;
  /** By scope in lower case; a scope without an entry has the settings of a fresh one. */
  readonly settings = new Map<string, AzureReviewSettings>();

  constructor(tenant: Tenant, visibility: Visibility) {
    this.book = new ReviewBook(tenant, visibility, azureReviewSurface(tenant));
    this.histories = new Collection<ReviewHistory>(visibility, { scopeId: (row) => row.scopeId });
  }
}
