import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

/** An answer, or the connection cut without one. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: unknown; text?: string }
  | "drop";

/** A service on this machine that answers what the test says, in order or by request. */
export class LocalServer {
  readonly received: Received[] = [];
  private busy = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(
    answer: (request: Received, count: number, url: string) => Answer,
  ): Promise<LocalServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const local = new LocalServer(server, `http://127.0.0.1:${port}`);
    server.on("request", (request, response) => {
      local.busy += 1;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const received = {
          method: request.method ?? "",
          path: request.url ?? "",
          headers: request.headers,
          body: parse(text),
        };
        local.received.push(received);
        const reply = answer(received, local.received.length, local.url);
        local.busy -= 1;
        if (reply === "drop") return request.socket.destroy();
        const body = reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
        const headers = { "content-type": "application/json", ...reply.headers };
        response.writeHead(reply.status ?? 200, headers).end(body);
      });
    });
    return local;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Answers one after the other; the last one stays. */
export function inOrder(...answers: Answer[]): (request: Received, count: number) => Answer {
  return (_request, count) => answers[Math.min(count, answers.length) - 1] ?? "drop";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
