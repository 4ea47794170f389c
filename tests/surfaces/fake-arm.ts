import type { ArmCallOptions, ArmClient } from "../../src/http/arm";

/** A request as it was sent; the path is decoded. */
export interface Sent {
  method: string;
  path: string;
  body?: unknown;
  options: ArmCallOptions;
}

/** An ARM client whose service is a function. */
export class FakeArm implements ArmClient {
  readonly counters = { http: 0, batchItems: 0 };
  readonly sent: Sent[] = [];

  constructor(private readonly answer: (request: Sent) => unknown) {}

  async get<T>(path: string, options: ArmCallOptions): Promise<T> {
    return this.send<T>("GET", path, undefined, options);
  }

  async list<T>(path: string, options: ArmCallOptions): Promise<T[]> {
    return (await this.send<{ value: T[] }>("GET", path, undefined, options)).value;
  }

  async put<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T> {
    return this.send<T>("PUT", path, body, options);
  }

  async patch<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T> {
    return this.send<T>("PATCH", path, body, options);
  }

  async post<T>(path: string, body: unknown, options: ArmCallOptions): Promise<T> {
    return this.send<T>("POST", path, body, options);
  }

  async delete(path: string, options: ArmCallOptions): Promise<void> {
    await this.send("DELETE", path, undefined, options);
  }

  private async send<T>(
    method: string,
    path: string,
    body: unknown,
    options: ArmCallOptions,
  ): Promise<T> {
    const request = { method, path: decodeURIComponent(path), body, options };
    this.counters.http += 1;
    this.sent.push(request);
    return this.answer(request) as T;
  }
}
