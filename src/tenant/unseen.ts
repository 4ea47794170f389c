import type { AssignmentKey, RoleKey } from "../model/identity";
import { parseInstant } from "../model/instant";
import type { AssignmentRow, LivePolicy } from "../surfaces/surface";
import type { Clock } from "./clock";
import { isForbidden } from "./errors";
import { unlessScopeIsGone } from "./gone";
import { each, SharedWait } from "./shared-wait";
import type { Snapshot } from "./snapshot";

/** How long a write of ours may stay invisible: until then, not seeing it says nothing. */
export const SETTLING_MS = 10 * 60_000;

const LONGEST_LOOK_MS = 60_000;
const PAUSES = { firstMs: 2_000, longestMs: 8_000 };
/** Answers carry more digits than later reads. */
const ROUNDING_MS = 1_000;

/**
 * When this process began to look for what it had not seen. Everything written before that moment is looked for until
 * the same end: the engine reads a few objects at a time, and those it reads last have had their time as well.
 */
export class Looks {
  private readonly began: number[] = [];

  constructor(private readonly clock: Clock) {}

  /** Until when to look for what was written at a moment. */
  until(writtenAt: number): number {
    const known = this.began.find((at) => at >= writtenAt);
    const began = known ?? this.clock.now();
    if (known === undefined) this.began.push(began);
    return began + LONGEST_LOOK_MS;
  }
}

/** Finds on one surface what was written a moment ago and may not be shown yet. */
export class Unseen {
  private readonly rows: SharedWait<WrittenRow, Settled<AssignmentRow>>;
  private readonly policies: SharedWait<WrittenPolicy, Settled<LivePolicy>>;
  private readonly hidden = new Set<string>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly clock: Clock,
    private readonly looks: Looks,
  ) {
    this.rows = new SharedWait((asked) => this.lookForRows(asked), clock, PAUSES);
    this.policies = new SharedWait((asked) => this.lookForPolicies(asked), clock, PAUSES);
  }

  /** The row of an assignment that we last wrote at a moment; undefined when it is gone. */
  async row(key: AssignmentKey, writtenAt: number): Promise<AssignmentRow | undefined> {
    const seen = await this.snapshot.assignment(key);
    if (seen !== undefined || this.clock.now() - writtenAt >= SETTLING_MS) return seen;
    const written = { key, writtenAt };
    if (await this.wasRemoved(written)) return undefined;
    const until = this.looks.until(writtenAt);
    if (this.snapshot.readAt(key) >= until) return undefined;
    return (await this.rows.wait(written, until))?.found;
  }

  /** The settings of a role that we last wrote at a moment, but not as they were before that. */
  async policy(role: RoleKey, writtenAt: string | undefined): Promise<LivePolicy | undefined> {
    const at = parseInstant(writtenAt ?? "");
    const seen = await unlessScopeIsGone(this.snapshot.policies.of(role));
    if (at === undefined || seen === undefined || !isOlder(seen, at)) return seen;
    if (this.clock.now() - at >= SETTLING_MS) return seen;
    const settled = await this.policies.wait({ role, writtenAt: at }, this.looks.until(at));
    return settled === undefined ? this.snapshot.policies.of(role) : settled.found;
  }

  private async lookForRows(
    asked: readonly WrittenRow[],
  ): Promise<(Settled<AssignmentRow> | Error | undefined)[]> {
    this.snapshot.renew(asked.map(({ key }) => key));
    return each(asked, async (written) => {
      const found = await this.snapshot.assignment(written.key);
      return found !== undefined || (await this.wasRemoved(written)) ? { found } : undefined;
    });
  }

  private async lookForPolicies(
    asked: readonly WrittenPolicy[],
  ): Promise<(Settled<LivePolicy> | Error | undefined)[]> {
    const { policies } = this.snapshot;
    policies.renew(asked.map(({ role }) => role));
    return each(asked, async ({ role, writtenAt }) => {
      const found = await unlessScopeIsGone(policies.of(role));
      return found !== undefined && isOlder(found, writtenAt) ? undefined : { found };
    });
  }

  /** Whether somebody asked for its removal since. Requests are shown only to those who may make some. */
  private async wasRemoved({ key, writtenAt }: WrittenRow): Promise<boolean> {
    const listing = `${key.kind} ${this.snapshot.surface.partitionOf(key.role)}`;
    if (this.hidden.has(listing)) return false;
    try {
      const requests = await this.snapshot.requests(key);
      const removal = requests.find(({ action }) => action === "adminremove");
      return (parseInstant(removal?.createdAt ?? "") ?? 0) > writtenAt;
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.hidden.add(listing);
      return false;
    }
  }
}

interface WrittenRow {
  key: AssignmentKey;
  writtenAt: number;
}

interface WrittenPolicy {
  role: RoleKey;
  writtenAt: number;
}

/** What is certain: there it is, or there is none. */
interface Settled<T> {
  found: T | undefined;
}

function isOlder({ changedAt }: LivePolicy, writtenAt: number): boolean {
  return (parseInstant(changedAt ?? "") ?? 0) < writtenAt - ROUNDING_MS;
}
