import { parseDuration } from "../../clock";
import type { Recurrence } from "../../reviews/recurrence";
import type { ReviewRules } from "../../reviews/review";
import type { Json } from "../../schema";
import { folded, textOf } from "../arm-api";
import { refuseArm } from "../arm-errors";
import { choiceOf, flagOf } from "./review-scope";

/** Settings of a review as they are told. */
export interface AzureReviewSettings {
  mailNotificationsEnabled: boolean;
  reminderNotificationsEnabled: boolean;
  justificationRequiredOnApproval: boolean;
  recommendationsEnabled: boolean;
  recommendationLookBackDuration: string;
  instanceDurationInDays: number;
  recurrence: { pattern?: Json; range: Json };
  defaultDecisionEnabled: boolean;
  defaultDecision: "Approve" | "Deny" | "Recommendation";
  autoApplyDecisionsEnabled: boolean;
}

const DAY_MS = 86_400_000;
/** Days in a hundred years: nothing here lasts or waits longer. */
const MOST = 36_525;

/** The settings that new reviews of a scope begin with, before anybody changed them. */
export function freshSettings(now: number): AzureReviewSettings {
  const days = 30;
  return {
    mailNotificationsEnabled: true,
    reminderNotificationsEnabled: true,
    justificationRequiredOnApproval: true,
    recommendationsEnabled: true,
    recommendationLookBackDuration: "P30D",
    instanceDurationInDays: days,
    recurrence: { range: onceFrom(now, days) },
    defaultDecisionEnabled: false,
    defaultDecision: "Approve",
    autoApplyDecisionsEnabled: false,
  };
}

/** Reads settings; what is absent is as before. Members that are not known say nothing. */
export function readSettings(
  value: unknown,
  before: AzureReviewSettings,
  now: number,
): AzureReviewSettings {
  const members = folded(value);
  const flag = (name: string, otherwise: boolean) => flagOf(members, name) ?? otherwise;
  const lookBack = textOf(members, "recommendationLookBackDuration");
  if (lookBack !== null && parseDuration(lookBack) === undefined)
    throw refuseArm.invalidContent("'recommendationLookBackDuration' must be a duration.");
  const days = countOf(members, "instanceDurationInDays") ?? before.instanceDurationInDays;
  const recurrence = members.get("recurrence") ?? null;
  return {
    mailNotificationsEnabled: flag("mailNotificationsEnabled", before.mailNotificationsEnabled),
    reminderNotificationsEnabled: flag(
      "reminderNotificationsEnabled",
      before.reminderNotificationsEnabled,
    ),
    justificationRequiredOnApproval: flag(
      "justificationRequiredOnApproval",
      before.justificationRequiredOnApproval,
    ),
    recommendationsEnabled: flag("recommendationsEnabled", before.recommendationsEnabled),
    recommendationLookBackDuration: lookBack ?? before.recommendationLookBackDuration,
    instanceDurationInDays: days,
    recurrence: recurrence === null ? { range: onceFrom(now, days) } : readRecurrence(recurrence),
    defaultDecisionEnabled: flag("defaultDecisionEnabled", before.defaultDecisionEnabled),
    defaultDecision:
      choiceOf(members, "defaultDecision", ["Approve", "Deny", "Recommendation"] as const) ??
      before.defaultDecision,
    autoApplyDecisionsEnabled: flag("autoApplyDecisionsEnabled", before.autoApplyDecisionsEnabled),
  };
}

/** What settings ask of reviewers. */
export function rulesOf(settings: AzureReviewSettings): ReviewRules {
  return {
    mails: settings.mailNotificationsEnabled,
    reminders: settings.reminderNotificationsEnabled,
    needsJustification: settings.justificationRequiredOnApproval,
    defaultDecision: settings.defaultDecisionEnabled ? settings.defaultDecision : null,
    appliesByItself: settings.autoApplyDecisionsEnabled,
    recommends: settings.recommendationsEnabled,
    lookBackMs: parseDuration(settings.recommendationLookBackDuration) ?? 30 * DAY_MS,
  };
}

/** How long one occurrence lasts. */
export function durationOf(settings: AzureReviewSettings): number {
  return settings.instanceDurationInDays * DAY_MS;
}

/** When occurrences begin: what should have begun before the review was made begins with it. */
export function recurrenceOf({ recurrence }: AzureReviewSettings, notBefore: number): Recurrence {
  const { pattern, range } = recurrence;
  const type = String(range["type"]);
  return {
    startAt: Math.max(Date.parse(String(range["startDate"])), notBefore),
    every:
      pattern === undefined
        ? null
        : {
            unit: pattern["type"] === "weekly" ? "week" : "month",
            interval: Number(pattern["interval"]),
          },
    endAt: type === "endDate" ? Date.parse(String(range["endDate"])) : null,
    count: type === "numbered" ? Number(range["numberOfOccurrences"]) : null,
  };
}

function onceFrom(now: number, days: number): Json {
  return {
    type: "endDate",
    numberOfOccurrences: 1,
    startDate: new Date(now).toISOString(),
    endDate: new Date(now + days * DAY_MS).toISOString(),
  };
}

/** Reads a recurrence: what its range needs depends on its type. */
export function readRecurrence(value: unknown): { pattern?: Json; range: Json } {
  const members = folded(value);
  const pattern = readPattern(members.get("pattern"));
  return { ...(pattern && { pattern }), range: readRange(members.get("range")) };
}

function readPattern(value: unknown): Json | undefined {
  const members = folded(value);
  const type = choiceOf(members, "type", ["weekly", "absoluteMonthly"] as const);
  if (type === null) return undefined;
  return { type, interval: countOf(members, "interval") ?? 1 };
}

function readRange(value: unknown): Json {
  const members = folded(value);
  const type = choiceOf(members, "type", ["endDate", "noEnd", "numbered"] as const) ?? "noEnd";
  const startDate = dateOf(members, "startDate");
  if (startDate === null) throw missing("startDate");
  const endDate = dateOf(members, "endDate");
  if (type === "endDate" && endDate === null) throw missing("endDate");
  const given = members.get("numberofoccurrences") ?? 0;
  if (type === "numbered") countOf(members, "numberOfOccurrences", true);
  return { type, numberOfOccurrences: Number(given), startDate, endDate };
}

function dateOf(members: ReadonlyMap<string, unknown>, name: string): string | null {
  const text = textOf(members, name);
  if (text !== null && Number.isNaN(Date.parse(text)))
    throw refuseArm.invalidContent(`The value of '${name}' must be a date and time.`);
  return text;
}

function countOf(
  members: ReadonlyMap<string, unknown>,
  name: string,
  isRequired = false,
): number | null {
  const value = members.get(name.toLowerCase()) ?? null;
  if (value === null && isRequired) throw missing(name);
  if (value === null) return null;
  if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > MOST)
    throw refuseArm.invalidContent(
      `The value of '${name}' must be a whole number from 1 to ${MOST}.`,
    );
  return Number(value);
}

function missing(name: string): Error {
  return refuseArm.invalidContent(`Required property '${name}' not found in JSON.`);
}
