/** When reviews of a series begin. */
export interface Recurrence {
  /** The first begin. */
  startAt: number;
  /** Null for a review that does not recur. */
  every: { unit: "week" | "month"; interval: number } | null;
  /** No review begins after this. */
  endAt: number | null;
  /** How many there are. */
  count: number | null;
}

const WEEK_MS = 7 * 86_400_000;

/** Begin of the review with this index, counted from 0; null where the series has ended before. */
export function occurrence(recurrence: Recurrence, index: number): number | null {
  const { startAt, every, endAt, count } = recurrence;
  if (index === 0) return startAt;
  if (every === null || (count !== null && index >= count)) return null;
  const at =
    every.unit === "week"
      ? startAt + index * every.interval * WEEK_MS
      : monthsLater(startAt, index * every.interval);
  // Beyond the calendar there is nothing either.
  return Number.isNaN(at) || (endAt !== null && at > endAt) ? null : at;
}

// A month that is too short has its last day instead.
function monthsLater(from: number, months: number): number {
  const date = new Date(from);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}
