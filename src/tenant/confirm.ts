import type { AssignmentKey } from "../model/identity";
import type { PimSurface, RequestReference, RequestRow } from "../surfaces/surface";
import type { Clock } from "./clock";
import { progressOf } from "./request-status";
import { SharedWait } from "./shared-wait";

const PAUSES = { firstMs: 1_000 };

/** Waits for requests that were accepted but are not in force yet. */
export class Confirm {
  private readonly decided: SharedWait<RequestReference, RequestRow>;

  constructor(surface: PimSurface, clock: Clock) {
    this.decided = new SharedWait(
      async (requests) => (await surface.readRequests(requests)).map(ifDecided),
      clock,
      PAUSES,
    );
  }

  /** The request once it is decided; undefined when it is not by then. */
  wait(key: AssignmentKey, requestId: string, until: number): Promise<RequestRow | undefined> {
    return this.decided.wait({ key, requestId }, until);
  }
}

/** A request that is not visible yet is as unfinished as one that is. */
function ifDecided(row: RequestRow | Error | undefined): RequestRow | Error | undefined {
  const isWaiting =
    row !== undefined && !(row instanceof Error) && progressOf(row.status) === "waiting";
  return isWaiting ? undefined : row;
}
