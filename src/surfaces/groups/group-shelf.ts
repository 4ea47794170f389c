/** One collection of many groups, some of them read before anybody asked. */
export class GroupShelf<Page> {
  private readonly asked = new Set<string>();
  private readonly refused = new Set<string>();
  private readonly ahead = new Map<string, Promise<Page>>();
  private readonly underWay = new Map<string, Promise<Page>>();

  /** Whether anybody asked for this collection of any group. */
  get isWanted(): boolean {
    return this.asked.size > 0;
  }

  /**
   * How many groups may be read ahead now. What was read ahead and not asked for never outnumbers what was asked for:
   * whoever asks of many groups soon gets all of them in full batches, and a wrong guess at most doubles the reads.
   */
  get allowance(): number {
    return Math.max(0, this.asked.size - this.ahead.size);
  }

  /** Takes what was read ahead, or is being read; undefined when it must be read. */
  take(groupId: string): Promise<Page> | undefined {
    this.asked.add(groupId);
    const ahead = this.ahead.get(groupId);
    this.ahead.delete(groupId);
    return ahead ?? this.underWay.get(groupId);
  }

  /** A read that somebody asked for. */
  start(groupId: string, page: Promise<Page>): void {
    this.underWay.set(groupId, page);
    const end = () => {
      if (this.underWay.get(groupId) === page) this.underWay.delete(groupId);
    };
    page.then(end, end);
  }

  /** A read that nobody asked for yet. One that fails says nothing: whoever asks reads it again. */
  keep(groupId: string, page: Promise<Page>): void {
    this.ahead.set(groupId, page);
    page.catch(() => {
      this.refused.add(groupId);
      if (this.ahead.get(groupId) === page) this.ahead.delete(groupId);
    });
  }

  /** Whether reading this group ahead could be of use. */
  isOpen(groupId: string): boolean {
    return ![this.asked, this.refused, this.ahead].some((known) => known.has(groupId));
  }

  /** A write makes everything stale that was read before it. */
  forget(groupId: string): void {
    this.ahead.delete(groupId);
    this.underWay.delete(groupId);
  }
}
