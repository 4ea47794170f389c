import { parseDuration } from "../../clock";
import { refuse } from "../../errors";
import { type Json, readAs, type Version } from "../../schema";
import type { Recurrence } from "../recurrence";
import type { ReviewRules } from "../review";

const DAY_MS = 86_400_000;

/** What settings are where nothing was said. */
const DEFAULTS: Json = {
  mailNotificationsEnabled: false,
  reminderNotificationsEnabled: false,
  justificationRequiredOnApproval: false,
  defaultDecisionEnabled: false,
  defaultDecision: "None",
  instanceDurationInDays: 0,
  autoApplyDecisionsEnabled: false,
  recommendationsEnabled: false,
  recommendationLookBackDuration: null,
  decisionHistoriesForReviewersEnabled: false,
  recurrence: null,
};

const DECISIONS = ["Approve", "Deny", "Recommendation", "None"];

/** Reads settings as the service answers them: with every member, its recurrence filled up. */
export function readSettings(version: Version, value: unknown): Json {
  if (value === undefined || value === null) throw refuse.missingProperty("settings");
  const { applyActions, recommendationInsightSettings, ...rest } = value as Json;
  const read = readAs(version, "accessReviewScheduleSettings", rest);
  const given = Object.fromEntries(Object.entries(read).filter(([, member]) => member !== null));
  const settings: Json = { ...DEFAULTS, ...given };
  const decision = String(settings["defaultDecision"]);
  const spelled = DECISIONS.find((known) => known.toLowerCase() === decision.toLowerCase());
  if (spelled === undefined) throw refuse.invalidValue("defaultDecision");
  return {
    ...settings,
    defaultDecision: spelled,
    recurrence: fullRecurrence(settings["recurrence"] as Json | null),
    applyActions: applyActions ?? [],
    recommendationInsightSettings: recommendationInsightSettings ?? [],
  };
}

/** What settings ask of reviewers. */
export function rulesOf(settings: Json): ReviewRules {
  const named = settings["defaultDecision"] as ReviewRules["defaultDecision"] | "None";
  const isDecided = settings["defaultDecisionEnabled"] === true && named !== "None";
  return {
    mails: settings["mailNotificationsEnabled"] === true,
    reminders: settings["reminderNotificationsEnabled"] === true,
    needsJustification: settings["justificationRequiredOnApproval"] === true,
    defaultDecision: isDecided ? named : null,
    appliesByItself: settings["autoApplyDecisionsEnabled"] === true,
    recommends: settings["recommendationsEnabled"] === true,
    lookBackMs: parseDuration(settings["recommendationLookBackDuration"]) ?? 30 * DAY_MS,
  };
}

/** Days as a duration; a review lasts a day at least, and a hundred years at most. */
export function daysMs(days: unknown): number {
  return Math.min(Math.max(1, Number(days) || 0), 36_525) * DAY_MS;
}

/** When occurrences begin: what should have begun before the review was made begins with it. */
export function recurrenceOf(settings: Json, notBefore: number): Recurrence {
  const { pattern, range } = (settings["recurrence"] ?? {}) as { pattern?: Json; range?: Json };
  const startAt = Math.max(Date.parse(String(range?.["startDate"])) || 0, notBefore);
  const every = pattern == null ? null : everyOf(pattern);
  const end = range?.["endDate"];
  const count = Number(range?.["numberOfOccurrences"] ?? 0);
  return {
    startAt,
    every,
    endAt: typeof end === "string" ? Date.parse(end) + DAY_MS - 1 : null,
    count: count > 0 ? count : null,
  };
}

function everyOf(pattern: Json): Recurrence["every"] {
  return {
    unit: pattern["type"] === "weekly" ? "week" : "month",
    interval: Math.max(1, Number(pattern["interval"])),
  };
}

// The service fills in what reviews do not use, and cuts times from dates.
function fullRecurrence(recurrence: Json | null): Json | null {
  if (recurrence === null) return null;
  const { pattern, range } = recurrence as { pattern?: Json | null; range?: Json | null };
  if (range == null) throw refuse.missingProperty("range");
  return { pattern: pattern == null ? null : fullPattern(pattern), range: fullRange(range) };
}

function fullPattern(pattern: Json): Json {
  const type = pattern["type"];
  if (type !== "weekly" && type !== "absoluteMonthly") throw refuse.invalidValue("type");
  return {
    month: 0,
    dayOfMonth: 0,
    daysOfWeek: [],
    firstDayOfWeek: "sunday",
    index: "first",
    ...pattern,
    interval: pattern["interval"] ?? 1,
  };
}

function fullRange(range: Json): Json {
  const startDate = dateOf(range["startDate"]);
  if (startDate === null) throw refuse.missingProperty("startDate");
  const endDate = dateOf(range["endDate"]);
  if (range["type"] === "endDate" && endDate === null) throw refuse.missingProperty("endDate");
  return { numberOfOccurrences: 0, recurrenceTimeZone: null, ...range, startDate, endDate };
}

function dateOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value);
  if (Number.isNaN(Date.parse(text))) throw refuse.invalidValue("startDate");
  return text.slice(0, 10);
}
