import { setTimeout as delay } from "node:timers/promises";

/** The time, in milliseconds since 1970. */
export type Clock = () => number;

/** Waits; rejects when the signal is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Waits in real time. */
export const sleep: Sleep = async (ms, signal) => {
  // A timer may fire a moment early; a limit that is reset on the second must not be met before it.
  await delay(Math.max(0, Math.ceil(ms) + 1), undefined, signal ? { signal } : undefined);
};
