/**
 * Collects what is asked for within a few milliseconds and answers it with one call, so that reads which the engine
 * sends side by side travel in one batch.
 */
export class Coalescer<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];

  constructor(
    private readonly answerAll: (questions: Question[]) => Promise<(Answer | Error)[]>,
    private readonly pauseMs = 5,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.waiting.length === 1) setTimeout(() => void this.flush(), this.pauseMs);
    });
  }

  private async flush(): Promise<void> {
    const asked = this.waiting;
    this.waiting = [];
    try {
      const answers = await this.answerAll(asked.map(({ question }) => question));
      for (const [index, { resolve, reject }] of asked.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer as Answer);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

interface Waiting<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}
