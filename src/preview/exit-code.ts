import type { Report } from "./report";

/** From where on a report stops the pipeline. */
export const FAIL_ON = ["block", "warn", "broadening", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** What a pipeline stops at. */
export interface Threshold {
  failOn: FailOn;
  /** Exits with 3 when something is known only after the update. */
  failOnUnknown?: boolean;
  /** Counts what was there before the change too. */
  failOnExisting?: boolean;
}

/** 0 nothing at the threshold, 2 something is, 3 something cannot be judged before the update, 4 the preview failed. */
export function exitCode(
  { verdict, policies }: Report,
  { failOn, failOnUnknown = false, failOnExisting = false }: Threshold,
): number {
  if (verdict.failed) return 4;
  const { existing, direction } = verdict;
  const block = verdict.block + (failOnExisting ? existing.block : 0);
  const warn = verdict.warn + (failOnExisting ? existing.warn : 0);
  const isStopped = block > 0 || policies.some(({ level }) => level === "mandatory");
  const reached: Record<FailOn, boolean> = {
    never: false,
    block: isStopped,
    warn: isStopped || warn > 0,
    broadening: isStopped || direction === "broadening",
  };
  if (reached[failOn]) return 2;
  return failOnUnknown && verdict.hasUnknown ? 3 : 0;
}
