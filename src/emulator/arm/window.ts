import { refuse } from "../errors";
import type { GrantKind, Window } from "../pim/grant";
import { readWindow } from "../pim/window";
import { folded } from "./arm-api";

const TYPES: Readonly<Record<string, Window["type"]>> = {
  noexpiration: "noExpiration",
  afterdatetime: "afterDateTime",
  afterduration: "afterDuration",
};

/** Reads `scheduleInfo` as Azure Resource Manager takes it: any case, nulls, and what is absent has no end. */
export function readArmWindow(scheduleInfo: unknown, kind: GrantKind, now: number): Window {
  const info = folded(scheduleInfo);
  const startDateTime = info.get("startdatetime") ?? undefined;
  if (startDateTime !== undefined && Number.isNaN(Date.parse(String(startDateTime))))
    throw refuse.invalidSchedule();
  const expiration = folded(info.get("expiration"));
  const read = readWindow({ startDateTime, expiration: expirationOf(expiration, kind) }, now);
  if (read.endAt !== null && Number.isNaN(read.endAt)) throw refuse.invalidSchedule();
  return read;
}

// `AfterDuration` without a duration means permanent where it is an eligibility, and nothing elsewhere.
function expirationOf(expiration: ReadonlyMap<string, unknown>, kind: GrantKind) {
  const named = expiration.get("type");
  const duration = expiration.get("duration") ?? undefined;
  const endDateTime = expiration.get("enddatetime") ?? undefined;
  if (named === undefined || named === null) {
    if (duration !== undefined) return { type: "afterDuration", duration };
    return endDateTime === undefined
      ? { type: "noExpiration" }
      : { type: "afterDateTime", endDateTime };
  }
  const type = TYPES[String(named).toLowerCase()];
  if (type === undefined) throw refuse.invalidSchedule();
  if (type === "afterDuration" && duration === undefined && kind === "eligible")
    return { type: "noExpiration" };
  return { type, duration, endDateTime };
}
