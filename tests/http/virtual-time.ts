/** Time that passes only when everybody waits. */
export class VirtualTime {
  private moment: number;
  private readonly alarms: { at: number; ring: () => void }[] = [];
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[] = [];

  constructor(start = Date.UTC(2026, 10, 22)) {
    this.moment = start;
  }

  readonly now = (): number => this.moment;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      this.pauses.push(ms);
      const alarm = { at: this.moment + Math.max(0, ms), ring: resolve };
      this.alarms.push(alarm);
      signal?.addEventListener("abort", () => {
        const index = this.alarms.indexOf(alarm);
        if (index >= 0) this.alarms.splice(index, 1);
        reject(signal.reason);
      });
    });

  advance(ms: number): void {
    this.moment += ms;
  }

  /** Lets time pass until the work is done; `idle` tells when nothing but time can help. */
  async run<T>(work: Promise<T>, idle: () => boolean = () => true): Promise<T> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => undefined);
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done || !idle()) continue;
      this.ringNext();
    }
    return finished;
  }

  private ringNext(): void {
    this.alarms.sort((a, b) => a.at - b.at);
    const next = this.alarms.shift();
    if (!next) return;
    this.moment = Math.max(this.moment, next.at);
    next.ring();
  }
}
