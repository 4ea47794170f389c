import type { Requestor } from "../../pim/grant";
import type { Json } from "../../schema";
import { Collection, type Visibility } from "../../store";
import type { Tenant } from "../../tenant";
import { ReviewBook } from "../review-book";
import { graphReviewSurface } from "./subjects";

/** An order for a report of what was decided; its one instance has the same id. */
export interface GraphHistory {
  readonly id: string;
  readonly createdAt: number;
  readonly createdBy: Requestor;
  readonly facts: Json;
  /** When a link to the report was last handed out. */
  linkedAt: number | null;
}

/** Access reviews of directory roles and groups, their reports, and the tenant's policy. */
export class GraphReviews {
  readonly book: ReviewBook;
  readonly histories: Collection<GraphHistory>;
  /** Whether owners may review their groups. */
  isGroupOwnerManagementEnabled = false;

  constructor(tenant: Tenant, visibility: Visibility) {
    this.book = new ReviewBook(tenant, visibility, graphReviewSurface(tenant));
    this.histories = new Collection<GraphHistory>(visibility);
  }
}
