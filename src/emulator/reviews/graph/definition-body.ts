import { type Call, objectBody } from "../../api";
import { refuse } from "../../errors";
import { type Json, readAs } from "../../schema";
import type { Review, StagePlan } from "../review";
import { daysMs, readSettings, recurrenceOf, rulesOf } from "./review-settings";

/** What a body says about a review, and what follows from it. */
export type ReviewBody = Pick<Review, "facts" | "rules" | "recurrence" | "stages">;

/** Reads the body of a new definition. */
export function readDefinition(call: Call): ReviewBody {
  const body = objectBody(call);
  if (body["displayName"] == null) throw refuse.missingProperty("displayName");
  if (body["scope"] == null) throw refuse.missingProperty("scope");
  const settings = readSettings(call.version, body["settings"]);
  const facts: Json = {
    ...textsOf(call, body),
    scope: readScope(body["scope"]),
    instanceEnumerationScope: readScope(body["instanceEnumerationScope"] ?? null),
    ...readReviewers(call, body),
    settings,
    stageSettings: readStages(call, body["stageSettings"]),
    additionalNotificationRecipients: readRecipients(call, body),
  };
  return planOf(facts, call.tenant.clock.now());
}

/** Reads the body of a change: the whole object is sent, what cannot change is left as it is. */
export function readChange(call: Call, review: Review): ReviewBody {
  const body = objectBody(call);
  const settings = readSettings(call.version, body["settings"] ?? review.facts["settings"]);
  const reviewers = readReviewers(call, body);
  const arePeople = (review.facts["reviewers"] as Json[]).every(({ query }) =>
    /^\/users\//.test(String(query)),
  );
  const facts: Json = {
    ...review.facts,
    ...textsOf(call, body),
    ...(arePeople && { reviewers: reviewers.reviewers }),
    fallbackReviewers: reviewers.fallbackReviewers,
    settings,
  };
  return planOf(facts, review.createdAt);
}

/** Reads who reviews, and who does where they find nobody. The older name of the latter counts where the newer is absent. */
export function readReviewers(call: Call, body: Json) {
  const fallback = body["fallbackReviewers"] ?? body["backupReviewers"];
  return {
    reviewers: readReviewerScopes(call, body["reviewers"]),
    fallbackReviewers: readReviewerScopes(call, fallback),
  };
}

function textsOf(call: Call, body: Json): Json {
  const { displayName, descriptionForAdmins, descriptionForReviewers } = readAs(
    call.version,
    "accessReviewScheduleDefinition",
    Object.fromEntries(Object.entries(body).filter(([member]) => TEXTS.includes(member))),
  );
  return {
    displayName: displayName ?? null,
    descriptionForAdmins: descriptionForAdmins ?? null,
    descriptionForReviewers: descriptionForReviewers ?? null,
  };
}

const TEXTS = ["displayName", "descriptionForAdmins", "descriptionForReviewers"];

// Scopes keep their type; each query gains a root.
function readScope(value: unknown): Json | null {
  if (value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) throw refuse.invalidValue("scope");
  const scope = value as Json;
  if (typeof scope["query"] === "string")
    return { "@odata.type": "#microsoft.graph.accessReviewQueryScope", ...scope, ...rootOf(scope) };
  const { principalScopes, resourceScopes } = scope;
  if (!Array.isArray(principalScopes) || !Array.isArray(resourceScopes))
    throw refuse.invalidValue("scope");
  // One resource per review, as documented for roles.
  if (resourceScopes.length !== 1) throw refuse.invalidValue("resourceScopes");
  return {
    ...scope,
    principalScopes: principalScopes.map(readScope),
    resourceScopes: resourceScopes.map(readScope),
  };
}

function rootOf(scope: Json): Json {
  return {
    queryType: scope["queryType"] ?? "MicrosoftGraph",
    queryRoot: scope["queryRoot"] ?? null,
  };
}

function readReviewerScopes(call: Call, value: unknown): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refuse.invalidValue("reviewers");
  return value.map((item) => {
    const read = readAs(call.version, "accessReviewReviewerScope", item);
    if (typeof read["query"] !== "string") throw refuse.missingProperty("query");
    return { ...read, ...rootOf(read) };
  });
}

function readStages(call: Call, value: unknown): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 3) throw refuse.invalidValue("stageSettings");
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null) throw refuse.invalidValue("stageSettings");
    const { recommendationInsightSettings, reviewers, fallbackReviewers, ...rest } = item as Json;
    return {
      dependsOn: [],
      decisionsThatWillMoveToNextStage: [],
      recommendationsEnabled: false,
      ...readAs(call.version, "accessReviewStageSettings", rest),
      ...readReviewers(call, { reviewers, fallbackReviewers }),
      recommendationInsightSettings: recommendationInsightSettings ?? [],
    };
  });
}

function readRecipients(call: Call, body: Json): unknown {
  const additionalNotificationRecipients = body["additionalNotificationRecipients"] ?? [];
  const read = readAs(call.version, "accessReviewScheduleDefinition", {
    additionalNotificationRecipients,
  });
  return read["additionalNotificationRecipients"];
}

function planOf(facts: Json, notBefore: number): ReviewBody {
  const settings = facts["settings"] as Json;
  return {
    facts,
    rules: rulesOf(settings),
    recurrence: recurrenceOf(settings, notBefore),
    stages: stagesOf(facts, settings),
  };
}

// What moves on is said by the stage before; nothing said moves everything.
function stagesOf(facts: Json, settings: Json): StagePlan[] {
  const stages = facts["stageSettings"] as Json[];
  if (stages.length === 0) {
    const durationMs = daysMs(settings["instanceDurationInDays"]);
    return [{ id: "", durationMs, takes: null, facts: {} }];
  }
  return stages.map((stage, index) => {
    const moving = stages[index - 1]?.["decisionsThatWillMoveToNextStage"] as string[] | undefined;
    const { reviewers, fallbackReviewers } = stage;
    return {
      id: String(stage["stageId"]),
      durationMs: daysMs(stage["durationInDays"]),
      takes: moving === undefined || moving.length === 0 ? null : moving,
      facts: { reviewers, fallbackReviewers },
    };
  });
}
