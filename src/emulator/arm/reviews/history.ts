import { noContent, type Operation, ok, param, type Reply } from "../../api";
import { isGuid } from "../../ids";
import type { Json } from "../../schema";
import { type ArmCall, filterOf, folded, listReply, propertiesOf, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import { instant, resource } from "../wire";
import type { ReviewHistory } from "./azure-reviews";
import { REVIEW_ACTIONS, reviewOperation } from "./review-call";
import { readScope } from "./review-scope";
import { readRecurrence } from "./review-settings";
import { actorToWire } from "./review-wire";

const PATH = "accessReviewHistoryDefinitions";
const ONE = `${PATH}/{history}`;
const DAY_MS = 86_400_000;

/** Reports of what was decided: ordered by a definition, made by its one instance, fetched by a link. */
export const reviewHistoryOperations: readonly Operation[] = [
  reviewOperation("GET", PATH, REVIEW_ACTIONS.readHistory, list),
  reviewOperation("GET", ONE, REVIEW_ACTIONS.readHistory, (arm) =>
    ok(toWire(arm, historyOf(arm), "Done")),
  ),
  reviewOperation("PUT", ONE, REVIEW_ACTIONS.writeHistory, put),
  reviewOperation("DELETE", ONE, REVIEW_ACTIONS.writeHistory, remove),
  reviewOperation("GET", `${ONE}/instances`, REVIEW_ACTIONS.readHistory, listInstances),
  reviewOperation(
    "POST",
    `${ONE}/instances/{instance}/generateDownloadUri`,
    REVIEW_ACTIONS.readHistory,
    link,
  ),
];

const DECISIONS = ["Approve", "Deny", "NotReviewed", "DontKnow", "NotNotified"];

function list(arm: ArmCall): Reply {
  const names = filterOf(arm.call, ["displayName"]).equals.get("displayname");
  const { histories } = arm.call.tenant.arm.reviews;
  const rows = [...histories.scan({ key: "scopeId", value: arm.scope.id })].filter(
    ({ value }) => names?.includes(String(value.facts["displayName"])) ?? true,
  );
  return listReply(
    arm.call,
    rows.map(({ seq, value }) => ({ seq, wire: () => toWire(arm, value, "Done") })),
  );
}

function historyOf(arm: ArmCall): ReviewHistory {
  const name = param(arm.call, "history");
  const history = arm.call.tenant.arm.reviews.histories.read(name);
  if (history === undefined || history.scopeId !== arm.scope.id)
    throw refuseArm.resourceNotFound(name);
  return history;
}

// As published, a last page says so with a null.
function listInstances(arm: ArmCall): Reply {
  const history = historyOf(arm);
  const value = isExpired(arm, history) ? [] : [instanceToWire(arm, history)];
  return ok({ value, nextLink: null });
}

// The report is made before it is asked for again.
function put(arm: ArmCall): Reply {
  const { tenant, caller } = arm.call;
  const { histories } = tenant.arm.reviews;
  const name = param(arm.call, "history").toLowerCase();
  if (!isGuid(name)) throw refuseArm.invalidName("AccessReviewHistoryDefinition", name);
  const facts = readHistory(arm);
  const known = histories.get(name);
  if (known !== undefined && known.scopeId !== arm.scope.id) throw refuseArm.requestExists(name);
  const history = histories.put({
    id: name,
    scopeId: arm.scope.id,
    createdAt: tenant.clock.now(),
    createdBy: { kind: caller.kind, id: caller.id },
    facts,
    linkedAt: null,
  });
  return ok(toWire(arm, history, "Requested"));
}

function readHistory(arm: ArmCall): Json {
  const properties = propertiesOf(arm.call, true);
  const scopes = properties.get("scopes") ?? [];
  const decisions = properties.get("decisions") ?? DECISIONS;
  if (!Array.isArray(scopes) || !Array.isArray(decisions))
    throw refuseArm.invalidContent("'scopes' and 'decisions' must be lists.");
  const unknown = decisions.find((decision) => !DECISIONS.includes(String(decision)));
  if (unknown !== undefined)
    throw refuseArm.invalidContent(`'${String(unknown)}' is no value of 'decisions'.`);
  const settings = properties.get("settings") ?? null;
  return {
    displayName: textOf(properties, "displayName"),
    reviewHistoryPeriodStartDateTime: textOf(properties, "reviewHistoryPeriodStartDateTime"),
    reviewHistoryPeriodEndDateTime: textOf(properties, "reviewHistoryPeriodEndDateTime"),
    decisions,
    scopes: scopes.map((scope) => scopeToWire(scope, arm.scope.id)),
    settings: settings === null ? null : readRecurrence(settings),
  };
}

// No type of principal means users, as published.
function scopeToWire(value: unknown, scopeId: string): Json {
  const scope = readScope(value, scopeId);
  return {
    resourceId: scope.resourceId,
    roleDefinitionId: scope.roleDefinitionId,
    principalType: scope.principalType ?? "user",
    assignmentState: scope.assignmentState,
    inactiveDuration: scope.inactiveDuration,
    expandNestedMemberships: folded(value).get("expandnestedmemberships") ?? false,
  };
}

function remove(arm: ArmCall): Reply {
  const { histories } = arm.call.tenant.arm.reviews;
  const known = histories.get(param(arm.call, "history"));
  if (known === undefined || known.scopeId !== arm.scope.id) return noContent();
  histories.remove(known.id);
  return { status: 200 };
}

// A link works for a day.
function link(arm: ArmCall): Reply {
  const history = historyOf(arm);
  const name = param(arm.call, "instance").toLowerCase();
  if (name !== history.id || isExpired(arm, history)) throw refuseArm.resourceNotFound(name);
  history.linkedAt = arm.call.tenant.clock.now();
  return ok(instanceToWire(arm, history));
}

// What was reported is deleted after 30 days.
function isExpired(arm: ArmCall, history: ReviewHistory): boolean {
  return arm.call.tenant.clock.now() >= history.createdAt + 30 * DAY_MS;
}

function toWire(arm: ArmCall, history: ReviewHistory, status: string): Json {
  const isDone = status === "Done" && !isExpired(arm, history);
  const wire = resource(history.scopeId, PATH, history.id, {
    ...history.facts,
    status,
    createdDateTime: instant(history.createdAt),
    createdBy: actorToWire(arm.call.tenant, history.createdBy),
    instances: isDone ? [instanceToWire(arm, history)] : null,
  });
  return { ...wire, type: "Microsoft.Authorization/accessReviewHistoryDefinition" };
}

// As published, an instance has its name as id.
function instanceToWire(arm: ArmCall, history: ReviewHistory): Json {
  const { displayName, reviewHistoryPeriodStartDateTime, reviewHistoryPeriodEndDateTime } =
    history.facts;
  const { linkedAt } = history;
  const isLinked = linkedAt !== null && arm.call.tenant.clock.now() < linkedAt + DAY_MS;
  return {
    id: history.id,
    name: history.id,
    type: "Microsoft.Authorization/accessReviewHistoryInstance",
    properties: {
      reviewHistoryPeriodStartDateTime,
      reviewHistoryPeriodEndDateTime,
      displayName,
      status: "Done",
      runDateTime: instant(history.createdAt),
      fulfilledDateTime: instant(history.createdAt),
      ...(isLinked && { downloadUri: downloadUri(arm, history, linkedAt) }),
      expiration: instant(history.createdAt + 30 * DAY_MS),
    },
  };
}

// Where the service keeps its reports is a storage account; what is in them is published nowhere.
function downloadUri(arm: ArmCall, history: ReviewHistory, at: number): string {
  const query = new URLSearchParams({
    st: new Date(at).toISOString(),
    se: new Date(at + DAY_MS).toISOString(),
    sp: "rl",
    sig: Buffer.from(history.id).toString("base64url"),
  });
  return `${arm.call.origin}/reports/${history.id}.csv?${query.toString()}`;
}
