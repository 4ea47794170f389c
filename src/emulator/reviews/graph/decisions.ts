import { type Call, noContent, type Operation, objectBody, type Reply } from "../../api";
import type { Expand } from "../../odata-query";
import { type EntitySet, entity, functionResult, sourceOf } from "../../respond";
import { record } from "../decisions";
import { refuseReview } from "../refusals";
import {
  type DecisionItem,
  itemsOf,
  openStage,
  type Review,
  type ReviewInstance,
  type ReviewStage,
} from "../review";
import { azureInstanceToWire, azureItemToWire, isOfAzure } from "./azure-decisions";
import { insightsOf } from "./decision-wire";
import { chosenItems, verdictOf } from "./instances";
import { REVIEW_PERMISSIONS } from "./permissions";
import {
  callerOf,
  checkOn,
  instanceOf,
  isMine,
  itemOf,
  listAll,
  reviewOperation,
  stageOf,
} from "./review-call";
import { DECISION_FILTER, decisionSet, insightSet } from "./review-sets";

const INSTANCE = "definitions/{definition}/instances/{instance}";
const { read, mine, review: asReviewer } = REVIEW_PERMISSIONS;

/** Decisions: of an occurrence, of one of its rounds, and on beta a reviewer's own of all reviews. */
export const decisionOperations: readonly Operation[] = [
  ...decisionsAt(`${INSTANCE}/decisions`, (call) => {
    const { review, instance } = instanceOf(call);
    return { review, instance, items: itemsOf(instance) };
  }),
  ...decisionsAt(`${INSTANCE}/stages/{stage}/decisions`, (call) => {
    const { review, instance, stage } = stageOf(call);
    return { review, instance, stage, items: stage.items };
  }),
  ...[
    reviewOperation("GET", "decisions/filterByCurrentUser(on='{on}')", mine, listAllMine),
    reviewOperation(
      "POST",
      "decisions/filterByCurrentUser(on='{on}')/recordAllDecisions",
      asReviewer,
      recordAllMine,
    ),
  ].map((operation): Operation => ({ ...operation, versions: ["beta"] })),
];

interface Place {
  review: Review;
  instance: ReviewInstance;
  stage?: ReviewStage;
  items: readonly DecisionItem[];
}

function decisionsAt(path: string, placeOf: (call: Call) => Place): Operation[] {
  const setOf = ({ review, instance, stage }: Place) => decisionSet(review, instance, stage);
  return [
    reviewOperation("GET", path, read, (call) => {
      const place = placeOf(call);
      return listAll(call, setOf(place), sourceOf(place.items));
    }),
    reviewOperation("GET", `${path}/filterByCurrentUser(on='{on}')`, mine, (call) => {
      checkOn(call);
      const place = placeOf(call);
      const set = functionResult(setOf(place));
      return listAll(withoutTarget(call), set, sourceOf(place.items), isMine(call));
    }),
    reviewOperation("GET", `${path}/{decision}`, read, (call) => {
      const place = placeOf(call);
      return entity(call, setOf(place), itemOf(call, place.items));
    }),
    reviewOperation("GET", `${path}/{decision}/insights`, read, (call) => {
      const place = placeOf(call);
      const item = itemOf(call, place.items);
      return listAll(call, insightSet(setOf(place), item), sourceOf(insightsOf(call, item)));
    }),
    // The reference says PATCH, the tutorial of role assignments POST.
    ...(["PATCH", "POST"] as const).map((method) =>
      reviewOperation(method, `${path}/{decision}`, asReviewer, (call) =>
        decide(call, placeOf(call)),
      ),
    ),
  ];
}

// The page of the function chooses a member that v1.0 does not have.
function withoutTarget(call: Call): Call {
  const select = call.query.select?.filter((member) => member !== "target");
  if (call.version === "beta" || select === undefined) return call;
  return { ...call, query: { ...call.query, select } };
}

// Only in the round that is open, and only by its reviewers.
function decide(call: Call, { instance, stage, items }: Place): Reply {
  const { id } = itemOf(call, items);
  const open = openStage(instance);
  if (open === undefined || (stage !== undefined && stage !== open)) throw refuseReview.notOpen();
  const item = open.items.find((one) => one.id === id);
  if (item === undefined) throw refuseReview.notOpen();
  if (!isMine(call)(item)) throw refuseReview.notReviewer();
  const verdict = verdictOf(objectBody(call));
  record(instance, [item], verdict, callerOf(call), call.tenant.clock.now());
  return noContent();
}

interface Placed extends Place {
  item: DecisionItem;
}

// Each is told by the set of its own occurrence.
function listAllMine(call: Call): Reply {
  checkOn(call);
  const placed = occurrences(call).flatMap((place) =>
    itemsOf(place.instance)
      .filter(isMine(call))
      .map((item) => ({ ...place, item })),
  );
  const setOf = ({ review, instance }: Placed) => decisionSet(review, instance);
  const set: EntitySet<Placed> = {
    type: "accessReviewInstanceDecisionItem",
    service: "directory",
    filter: DECISION_FILTER,
    context: "accessReviewInstanceDecisionItems",
    toWire: (one, call) =>
      isOfAzure(one.review)
        ? azureItemToWire(call, one.review, one.instance, one.item)
        : setOf(one).toWire(one.item, call),
    expand: {
      insights: (one, call, nested) => setOf(one).expand?.["insights"]?.(one.item, call, nested),
      instance: (one, call, nested) =>
        isOfAzure(one.review)
          ? azureInstanceToWire(call, one.review, one.instance, isNamed(nested, "definition"))
          : setOf(one).expand?.["instance"]?.(one.item, call, nested),
    },
  };
  return listAll(call, functionResult(set), sourceOf(placed));
}

function isNamed(nested: Expand, name: string): boolean {
  return nested.expand.some((inner) => inner.name === name);
}

function recordAllMine(call: Call): Reply {
  checkOn(call);
  const body = objectBody(call);
  const verdict = verdictOf(body);
  for (const { instance } of occurrences(call)) {
    const items = chosenItems((openStage(instance)?.items ?? []).filter(isMine(call)), body);
    record(instance, items, verdict, callerOf(call), call.tenant.clock.now());
  }
  return noContent();
}

// Those of Azure roles among them.
function occurrences(call: Call): Omit<Placed, "item">[] {
  const { reviews, arm } = call.tenant;
  return [reviews.book, arm.reviews.book]
    .flatMap((book) => [...book.reviews.scan()])
    .flatMap(({ value: review }) =>
      review.instances.map((instance) => ({ review, instance, items: [] })),
    );
}
