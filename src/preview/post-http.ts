/** A code host refused or could not be reached. Never carries a token or a body of ours. */
export class PostError extends Error {
  override name = "PostError" as const;

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** What a host answered. */
export interface ApiAnswer {
  status: number;
  body: unknown;
  headers: Headers;
}

/** Where a host's API is and who asks. */
export interface ApiSettings {
  base: string;
  headers: Readonly<Record<string, string>>;
  /** @default - Node's own */
  fetch?: typeof fetch;
  /** Milliseconds before the first retry. @default 1000 */
  pause?: number;
}

const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 30_000;

/** Calls a code host. Reads are tried again on 5xx and dropped connections, writes only where nothing was done. */
export class Api {
  constructor(private readonly settings: ApiSettings) {}

  async call(method: string, path: string, body?: object): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.attempt(method, path, body).catch((error: unknown) => {
        if (method === "GET" && attempt < ATTEMPTS) return undefined;
        throw new PostError(`${method} ${pathText(path)}: ${reasonOf(error)}`, 0);
      });
      if (answer !== undefined && !mayRetry(method, answer.status, attempt)) {
        if (answer.status < 400) return answer;
        throw new PostError(
          `${method} ${pathText(path)}: ${answer.status} ${messageIn(answer.body)}`,
          answer.status,
        );
      }
      await this.wait(answer?.headers.get("retry-after") ?? null, attempt);
    }
  }

  private async attempt(method: string, path: string, body?: object): Promise<ApiAnswer> {
    const { base, headers } = this.settings;
    const response = await (this.settings.fetch ?? fetch)(`${base}${path}`, {
      method,
      headers: {
        accept: "application/json",
        "user-agent": "entra-pim",
        ...jsonHeader(body),
        ...headers,
      },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), headers: response.headers };
  }

  private async wait(retryAfter: string | null, attempt: number): Promise<void> {
    const asked = Number(retryAfter ?? "") * 1000;
    const pause = asked > 0 ? asked : (this.settings.pause ?? 1000) * 2 ** (attempt - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, LONGEST_PAUSE_MS)));
  }
}

function mayRetry(method: string, status: number, attempt: number): boolean {
  if (attempt >= ATTEMPTS) return false;
  return status === 429 || (status >= 500 && method !== "POST");
}

function jsonHeader(body: object | undefined): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

function messageIn(body: unknown): string {
  const bag = body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  const said = bag["message"] ?? bag["error"] ?? body;
  const errors = Array.isArray(bag["errors"]) ? ` ${JSON.stringify(bag["errors"])}` : "";
  return `${typeof said === "string" ? said : JSON.stringify(said ?? "")}${errors}`.slice(0, 400);
}

function reasonOf(error: unknown): string {
  const cause =
    error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error instanceof Error ? error.message : String(error)}${cause}`;
}

/** Queries may carry what nobody should read in a log. */
function pathText(path: string): string {
  return path.split("?")[0] ?? path;
}
