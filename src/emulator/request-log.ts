/** A request as it was recorded. */
export interface RequestRecord {
  method: string;
  /** Path and query as received. */
  path: string;
  /** 0 where the connection was dropped. */
  status: number;
  ms: number;
  /** Object id of the caller; null without a token. */
  caller: string | null;
  at: string;
  requestId: string;
  batchItems?: { id: string; method: string; path: string; status: number }[];
}

/** An answer kept for inspection, with `keepAnswers`. */
export interface KeptAnswer {
  method: string;
  path: string;
  status: number;
  body: unknown;
}

/** What came in and what was answered. */
export class RequestLog {
  readonly records: RequestRecord[] = [];
  readonly answers: KeptAnswer[] = [];

  constructor(readonly keepsAnswers: boolean) {}

  add(record: RequestRecord): void {
    this.records.push(record);
  }

  keep(answer: KeptAnswer): void {
    if (this.keepsAnswers) this.answers.push(structuredClone(answer));
  }

  clear(): void {
    this.records.length = 0;
  }
}
