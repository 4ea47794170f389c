import { parseDuration } from "../model/duration";

/** Where the time comes from, and how to let it pass. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Local time, moved by `ENTRA_PIM_CLOCK_OFFSET` (an ISO 8601 duration, `-` before it for the past): tests follow the emulator's clock with it. */
export function localClock(offset: string | undefined): Clock {
  const shift = offsetMs(offset ?? "");
  return {
    now: () => Date.now() + shift,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

function offsetMs(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  return sign * (parseDuration(text.replace(/^-/, "")) ?? 0);
}
