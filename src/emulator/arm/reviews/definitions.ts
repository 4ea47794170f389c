import { noContent, type Operation, ok, param, type Reply } from "../../api";
import { refuse } from "../../errors";
import { isGuid } from "../../ids";
import type { Review } from "../../reviews/review";
import { type ArmCall, listReply, propertiesOf, queryOf, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import {
  isOwnOrReader,
  REVIEW_ACTIONS,
  reviewOf,
  reviewOperation,
  reviewsAny,
} from "./review-call";
import { readScope } from "./review-scope";
import { durationOf, readSettings, recurrenceOf, rulesOf } from "./review-settings";
import { DEFINITIONS, definitionToWire } from "./review-wire";
import { readReviewers } from "./reviewers";
import { settingsAt } from "./settings";

/** Definitions of reviews, at a scope. */
export const reviewDefinitionOperations: readonly Operation[] = [
  reviewOperation("GET", DEFINITIONS, null, list),
  reviewOperation("GET", `${DEFINITIONS}/{definition}`, REVIEW_ACTIONS.read, (arm) =>
    answer(arm, reviewOf(arm)),
  ),
  reviewOperation("PUT", `${DEFINITIONS}/{definition}`, REVIEW_ACTIONS.write, put),
  reviewOperation("DELETE", `${DEFINITIONS}/{definition}`, REVIEW_ACTIONS.delete, remove),
  reviewOperation("POST", `${DEFINITIONS}/{definition}/stop`, REVIEW_ACTIONS.write, (arm) => {
    arm.call.tenant.arm.reviews.book.stopSeries(reviewOf(arm));
    return noContent();
  }),
];

function list(arm: ArmCall): Reply {
  const { reviews } = arm.call.tenant.arm.reviews.book;
  const isOwn = isOwnOrReader(arm);
  const rows = [...reviews.scan({ key: "place", value: arm.scope.id })].filter(
    ({ value }) => !isOwn || reviewsAny(arm, value),
  );
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({ seq, wire: () => toWire(arm, value) })),
  );
}

function answer(arm: ArmCall, review: Review): Reply {
  return ok(toWire(arm, review));
}

function toWire(arm: ArmCall, review: Review) {
  const isExpanded = queryOf(arm.call, "$expand")?.toLowerCase() === "instances";
  return definitionToWire(arm.call.tenant, review, arm.scope.id, isExpanded);
}

// 200 also for a new one: no 201 is published.
function put(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const { book } = tenant.arm.reviews;
  const name = param(arm.call, "definition").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("AccessReviewScheduleDefinition", name);
  if (!tenant.settings.licensed) throw refuse.licence();
  const known = book.reviews.get(name);
  if (known !== undefined && known.place !== arm.scope.id) throw refuseArm.requestExists(name);
  const now = tenant.clock.now();
  const asked = readDefinition(arm, known?.createdAt ?? now);
  if (known !== undefined) {
    book.change(Object.assign(known, asked));
    return answer(arm, known);
  }
  const review: Review = {
    ...asked,
    id: name,
    place: arm.scope.id,
    createdAt: now,
    createdBy: { kind: caller.kind, id: caller.id },
    modifiedAt: now,
    instances: [],
    isStopped: false,
    revision: 0,
  };
  return answer(arm, book.add(review));
}

function readDefinition(
  arm: ArmCall,
  notBefore: number,
): Pick<Review, "facts" | "rules" | "recurrence" | "stages"> {
  const { tenant } = arm.call;
  const properties = propertiesOf(arm.call, true);
  const scope = readScope(properties.get("scope"), arm.scope.id);
  const relation = tenant.arm.tree.relation(arm.scope.id, scope.resourceId);
  if (relation !== "at" && relation !== "below")
    throw refuseArm.invalidContent(`'${scope.resourceId}' is not at or below '${arm.scope.id}'.`);
  const before = settingsAt(tenant, arm.scope.id);
  const settings = readSettings(properties.get("settings"), before, tenant.clock.now());
  return {
    facts: {
      displayName: textOf(properties, "displayName"),
      descriptionForAdmins: textOf(properties, "descriptionForAdmins"),
      descriptionForReviewers: textOf(properties, "descriptionForReviewers"),
      scope,
      ...readReviewers(tenant, properties),
      settings,
    },
    rules: rulesOf(settings),
    recurrence: recurrenceOf(settings, notBefore),
    stages: [{ id: "1", durationMs: durationOf(settings), takes: null, facts: {} }],
  };
}

function remove(arm: ArmCall): Reply {
  const { book } = arm.call.tenant.arm.reviews;
  const review = book.reviews.get(param(arm.call, "definition"));
  if (review === undefined || review.place !== arm.scope.id) return noContent();
  book.remove(review);
  return { status: 200 };
}
