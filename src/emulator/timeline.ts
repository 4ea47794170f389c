/** Something that happens when the clock reaches an instant. */
export interface TimelineEvent {
  at: number;
  run(at: number): void;
}

/** Events in order of time, run when the clock has passed them: starts, ends, purges, time-outs. */
export class Timeline {
  private readonly heap: TimelineEvent[] = [];

  add(at: number, run: (at: number) => void): void {
    this.heap.push({ at, run });
    this.rise(this.heap.length - 1);
  }

  /** Runs everything due, oldest first. Costs nothing when nothing is due. */
  settle(now: number): void {
    for (let first = this.heap[0]; first !== undefined && first.at <= now; first = this.heap[0]) {
      this.takeFirst();
      first.run(first.at);
    }
  }

  private takeFirst(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >>> 1;
      if (this.atOf(parent) <= this.atOf(index)) return;
      this.swap(parent, index);
      index = parent;
    }
  }

  private sink(from: number): void {
    for (let index = from; ; ) {
      const left = 2 * index + 1;
      const smaller = this.atOf(left + 1) < this.atOf(left) ? left + 1 : left;
      if (this.atOf(smaller) >= this.atOf(index)) return;
      this.swap(smaller, index);
      index = smaller;
    }
  }

  private atOf(index: number): number {
    return this.heap[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  private swap(left: number, right: number): void {
    const [a, b] = [this.heap[left], this.heap[right]];
    if (a === undefined || b === undefined) return;
    this.heap[left] = b;
    this.heap[right] = a;
  }
}
