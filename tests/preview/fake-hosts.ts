// Local stand-ins for the APIs of three code hosts, as far as comments go: pages, refusals, races.

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeComment {
  id: number;
  body: string;
  author: string;
}

/** What a fake refuses or does besides. */
export interface FakeOptions {
  me?: string;
  longest?: number;
  forbidsWrites?: boolean;
  /** Answers the first requests with this status. */
  fails?: { status: number; times: number };
  /** Called before a write is answered: another job's doing. */
  beforeWrite?: (comments: FakeComment[]) => void;
  /** Bots may not ask who they are. */
  hidesUser?: boolean;
}

export class FakeHost {
  readonly comments: FakeComment[] = [];
  readonly requests: string[] = [];
  /** The tokens that came, as each host wants them. */
  readonly tokens = new Set<string>();
  private nextId = 1;
  private failures = 0;

  static async start(
    kind: "github" | "gitlab" | "azure-devops",
    options: FakeOptions = {},
  ): Promise<FakeHost> {
    const host = new FakeHost(kind, options);
    await new Promise<void>((resolve) => {
      host.server.listen(0, "127.0.0.1", resolve);
    });
    return host;
  }

  private readonly server: Server;

  private constructor(
    private readonly kind: "github" | "gitlab" | "azure-devops",
    private readonly options: FakeOptions,
  ) {
    this.server = createServer((request, response) => {
      void textOf(request).then((text) => {
        const { status, body, headers } = this.answer(request, text === "" ? {} : JSON.parse(text));
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(body === undefined ? "" : JSON.stringify(body));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get me(): string {
    return this.options.me ?? "github-actions[bot]";
  }

  add(author: string, body: string): FakeComment {
    const comment = { id: this.nextId++, author, body };
    this.comments.push(comment);
    return comment;
  }

  close(): void {
    this.server.close();
  }

  private answer(request: IncomingMessage, given: Record<string, unknown>): Answer {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const method = request.method ?? "GET";
    this.requests.push(`${method} ${pathname}`);
    const token = tokenOf(this.kind, request);
    if (token === undefined) return { status: 401, body: { message: "Requires authentication" } };
    this.tokens.add(token);
    const { fails, forbidsWrites, longest, beforeWrite } = this.options;
    if (fails !== undefined && this.failures < fails.times) {
      this.failures += 1;
      return {
        status: fails.status,
        body: { message: "try later" },
        headers: { "retry-after": "0" },
      };
    }
    if (/\/user$|connectionData$/.test(pathname)) return this.whoAmI();
    if (method === "GET")
      return this.list(
        Number(searchParams.get("page") ?? 1),
        Number(searchParams.get("per_page") ?? 100),
      );
    if (forbidsWrites === true)
      return { status: 403, body: { message: "Resource not accessible by integration" } };
    beforeWrite?.(this.comments);
    const text = contentOf(given);
    if (longest !== undefined && text !== undefined && text.length > longest) {
      return TOO_LONG[this.kind];
    }
    if (method === "POST") return { status: 201, body: this.wire(this.add(this.me, text ?? "")) };
    return this.change(method, pathname, text);
  }

  private change(method: string, path: string, text: string | undefined): Answer {
    const id = Number(path.match(/(?:threads|comments|notes)\/(\d+)/)?.[1]);
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (comment === undefined) return { status: 404, body: { message: "Not Found" } };
    if (method === "DELETE") this.comments.splice(index, 1);
    else comment.body = text ?? "";
    return { status: 200, body: this.wire(comment) };
  }

  private list(page: number, size: number): Answer {
    if (this.kind === "azure-devops")
      return { status: 200, body: { value: this.comments.map((comment) => this.wire(comment)) } };
    const start = (page - 1) * size;
    const next = start + size < this.comments.length ? String(page + 1) : "";
    return {
      status: 200,
      body: this.comments.slice(start, start + size).map((comment) => this.wire(comment)),
      headers: { "x-next-page": next },
    };
  }

  private whoAmI(): Answer {
    if (this.options.hidesUser === true)
      return { status: 403, body: { message: "Resource not accessible by integration" } };
    return {
      status: 200,
      body: { login: this.me, username: this.me, authenticatedUser: { id: this.me } },
    };
  }

  private wire({ id, author, body }: FakeComment): object {
    if (this.kind === "azure-devops")
      return { id, comments: [{ id: 1, content: body, author: { id: author } }] };
    return { id, body, user: { login: author }, author: { username: author } };
  }
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** How each host says that a text is too long. */
const TOO_LONG: Readonly<Record<"github" | "gitlab" | "azure-devops", Answer>> = {
  github: {
    status: 422,
    body: {
      message: "Validation Failed",
      errors: [{ message: "body is too long (maximum is 65536 characters)" }],
    },
  },
  gitlab: {
    status: 400,
    body: {
      message: '400 Bad request - Note {:note=>["is too long (maximum is 1000000 characters)"]}',
    },
  },
  "azure-devops": {
    status: 400,
    body: {
      message:
        "A discussion comment cannot be longer than 150000 characters.\r\nParameter name: comment.Content",
    },
  },
};

function tokenOf(kind: string, { headers }: IncomingMessage): string | undefined {
  if (kind === "gitlab") return [headers["private-token"]].flat()[0];
  return /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
}

function contentOf(given: Record<string, unknown>): string | undefined {
  const comments = given["comments"] as { content?: string }[] | undefined;
  const text = given["body"] ?? given["content"] ?? comments?.[0]?.content;
  return text === undefined ? undefined : String(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
