import type { BatchRequest, BatchResponse } from "../../src/http/batch";
import type { GraphClient } from "../../src/http/graph";

/** Answers one request inside or outside a batch; an error is thrown, or is the item's error. */
export type Answer = (request: {
  method: string;
  path: string;
  body?: unknown;
  version: string;
}) => unknown;

/** A Graph client that counts as the real one does: requests of HTTP, and requests inside batches. */
export class FakeGraph implements GraphClient {
  readonly counters = { http: 0, batchItems: 0 };
  readonly sent: string[] = [];

  constructor(
    private readonly answer: Answer,
    /** How long an answer takes. */
    private readonly latencyMs = 1,
  ) {}

  async get<T>(path: string, options?: { version?: string | undefined }): Promise<T> {
    return (await this.single("GET", path, undefined, options?.version)) as T;
  }

  async list<T>(path: string): Promise<T[]> {
    return ((await this.single("GET", path)) as { value: T[] }).value;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.single("POST", path, body)) as T;
  }

  async patch<T>(path: string, body: unknown): Promise<T> {
    return (await this.single("PATCH", path, body)) as T;
  }

  async delete(path: string): Promise<void> {
    await this.single("DELETE", path);
  }

  async batch(
    requests: readonly BatchRequest[],
    options?: { version?: string | undefined },
  ): Promise<BatchResponse[]> {
    this.counters.http += Math.ceil(requests.length / 20);
    this.counters.batchItems += requests.length;
    await this.pause();
    return requests.map((request) => {
      this.sent.push(`${request.method} ${decodeURIComponent(request.path)}`);
      try {
        const body = this.answer({ ...request, version: options?.version ?? "v1.0" });
        return { status: 200, headers: {}, body };
      } catch (error) {
        return { status: 400, headers: {}, body: undefined, error: error as never };
      }
    });
  }

  async batchList<T>(): Promise<T[][]> {
    throw new Error("not used by the surfaces");
  }

  async pages<T>(
    paths: readonly string[],
    options?: { version?: string | undefined },
  ): Promise<({ value: T[]; next?: string } | never)[]> {
    const [only, ...others] = paths;
    if (only === undefined) return [];
    if (others.length === 0) return [page<T>(await this.get(only, options))];
    const answers = await this.batch(
      paths.map((path) => ({ method: "GET", path })),
      options,
    );
    return answers.map(({ body, error }) =>
      error === undefined ? page<T>(body) : (error as never),
    );
  }

  private async single(
    method: string,
    path: string,
    body?: unknown,
    version = "v1.0",
  ): Promise<unknown> {
    this.counters.http += 1;
    this.sent.push(`${method} ${decodeURIComponent(path)}`);
    await this.pause();
    return this.answer({ method, path, body, version });
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.latencyMs));
  }
}

function page<T>(body: unknown): { value: T[]; next?: string } {
  const { value, "@odata.nextLink": next } = body as { value: T[]; "@odata.nextLink"?: string };
  return next === undefined ? { value } : { value, next };
}
