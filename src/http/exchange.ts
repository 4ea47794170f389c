/** The two services that we call. */
export type Service = "graph" | "arm";

/** What every failure of this folder knows: which call it was. */
export interface CallFacts {
  method: string;
  /** Path and query as sent; only the harmless part of it reaches a message. */
  path: string;
  /** What the call is for, in words, such as "reading the settings of Exchange Administrator". */
  purpose?: string | undefined;
}

/** What the service answered, before it is understood. */
export interface ReplyFacts {
  status: number;
  /** Header names in lower case. */
  headers: Readonly<Record<string, string>>;
  text: string;
}
