import { durationFix, parseDuration } from "../model/duration";
import { parseInstant } from "../model/instant";
import { PersonRequestError } from "./people-errors";

/** Times as a person typed them. */
export interface Times {
  duration?: string;
  startsAt?: string | undefined;
  timeout?: string;
}

/** Checks durations and instants before anything is asked. */
export function checkTimes(times: Times): void {
  assertDuration("--for", times.duration);
  assertDuration("--timeout", times.timeout);
  if (times.startsAt === undefined || parseInstant(times.startsAt) !== undefined) return;
  throw new PersonRequestError(
    `--at: got ${JSON.stringify(times.startsAt)}, expected an RFC 3339 instant such as 2027-01-04T08:00:00Z`,
    "refused",
  );
}

function assertDuration(option: string, text: string | undefined): void {
  if (text === undefined || (parseDuration(text) ?? 0) > 0) return;
  const fix = durationFix(text);
  const what = `${option}: got ${JSON.stringify(text)}, expected an ISO 8601 duration such as PT1H or P30D`;
  throw new PersonRequestError(fix === undefined ? what : `${what}; ${fix}`, "refused");
}
