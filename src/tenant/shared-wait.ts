import { type Clock, growingPauses } from "./clock";

/** Questions of one moment wait together, although the engine sends them one by one. */
const GATHERING_MS = 5;

/**
 * Waits for answers that only time brings: one look for all who wait, with growing pauses in between. Whoever comes
 * later joins the next look, so that a thousand wait as long as one.
 */
export class SharedWait<Question, Answer> {
  private readonly waiting = new Set<Waiting<Question, Answer>>();
  private isPolling = false;

  constructor(
    private readonly look: (
      questions: readonly Question[],
    ) => Promise<readonly (Answer | Error | undefined)[]>,
    private readonly clock: Clock,
    private readonly pauses: { firstMs: number; longestMs?: number },
  ) {}

  /** The answer; undefined when there is none by then. A moment that has passed still gets one look. */
  wait(question: Question, until: number): Promise<Answer | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.add({ question, until, resolve, reject });
      if (!this.isPolling) void this.poll();
    });
  }

  private async poll(): Promise<void> {
    this.isPolling = true;
    await new Promise((resolve) => setTimeout(resolve, GATHERING_MS));
    for (const pause of growingPauses(this.pauses.firstMs, this.pauses.longestMs)) {
      const left = Math.min(...[...this.waiting].map(({ until }) => until)) - this.clock.now();
      if (left > 0) await this.clock.sleep(Math.min(pause, left));
      await this.lookFor([...this.waiting]);
      if (this.waiting.size === 0) break;
    }
    this.isPolling = false;
  }

  private async lookFor(asked: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.look(asked.map(({ question }) => question));
      for (const [index, waiting] of asked.entries()) this.settle(waiting, answers[index]);
    } catch (error) {
      for (const waiting of asked) {
        this.waiting.delete(waiting);
        waiting.reject(error);
      }
    }
  }

  private settle(waiting: Waiting<Question, Answer>, answer: Answer | Error | undefined): void {
    if (answer === undefined && this.clock.now() < waiting.until) return;
    this.waiting.delete(waiting);
    if (answer instanceof Error) waiting.reject(answer);
    else waiting.resolve(answer);
  }
}

interface Waiting<Question, Answer> {
  question: Question;
  until: number;
  resolve(answer: Answer | undefined): void;
  reject(error: unknown): void;
}

/** An answer for each, errors as values: one that cannot be read fails alone. */
export function each<Question, Answer>(
  questions: readonly Question[],
  answer: (question: Question) => Promise<Answer>,
): Promise<(Answer | Error)[]> {
  return Promise.all(
    questions.map((question) =>
      answer(question).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      ),
    ),
  );
}
