import type { AssignmentKey } from "../model/identity";
import type { PimSurface, RequestRow } from "../surfaces/surface";
import { type Clock, growingPauses } from "./clock";
import { progressOf } from "./request-status";

const FIRST_PAUSE_MS = 1_000;

/** Waits for requests that were accepted but are not in force yet: one poll for all who wait, with growing pauses. */
export class Confirm {
  private readonly waiting = new Set<Waiting>();
  private isPolling = false;

  constructor(
    private readonly surface: PimSurface,
    private readonly clock: Clock,
  ) {}

  /** The request once it is decided; undefined when it is not by then. */
  wait(key: AssignmentKey, requestId: string, until: number): Promise<RequestRow | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.add({ key, requestId, until, resolve, reject });
      if (!this.isPolling) void this.poll();
    });
  }

  private async poll(): Promise<void> {
    this.isPolling = true;
    for (const pause of growingPauses(FIRST_PAUSE_MS)) {
      await this.clock.sleep(pause);
      await this.look([...this.waiting]);
      if (this.waiting.size === 0) break;
    }
    this.isPolling = false;
  }

  private async look(asked: Waiting[]): Promise<void> {
    let rows: (RequestRow | Error | undefined)[];
    try {
      rows = await this.surface.readRequests(
        asked.map(({ key, requestId }) => ({ key, requestId })),
      );
    } catch (error) {
      for (const waiting of asked) this.settle(waiting, () => waiting.reject(error));
      return;
    }
    for (const [index, waiting] of asked.entries()) this.judge(waiting, rows[index]);
  }

  private judge(waiting: Waiting, row: RequestRow | Error | undefined): void {
    if (row instanceof Error) {
      this.settle(waiting, () => waiting.reject(row));
    } else if (row !== undefined && progressOf(row.status) !== "waiting") {
      this.settle(waiting, () => waiting.resolve(row));
    } else if (this.clock.now() >= waiting.until) {
      // A request that is not visible yet is as unfinished as one that is.
      this.settle(waiting, () => waiting.resolve(undefined));
    }
  }

  private settle(waiting: Waiting, how: () => void): void {
    this.waiting.delete(waiting);
    how();
  }
}

interface Waiting {
  key: AssignmentKey;
  requestId: string;
  until: number;
  resolve(row: RequestRow | undefined): void;
  reject(error: unknown): void;
}
