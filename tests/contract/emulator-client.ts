import type { Emulator, TokenRequest } from "../../src/emulator";

/** An answer with its body parsed. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: raw answers of every shape, read by tests only
  body: any;
}

/** Calls the emulator with a token over HTTP, as any client would. */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** A client with the pipeline's own sign-in, or with a token of the control API. */
export async function clientOf(emulator: Emulator, token?: TokenRequest): Promise<Send> {
  const { info, control } = emulator;
  const authorization = `Bearer ${token === undefined ? await signIn(info) : (await control.token(token)).access_token}`;
  return (method, path, body, headers = {}) =>
    send(info.graph + path, method, { authorization, ...headers }, body);
}

/** Sends without a token of its own. */
export async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

async function signIn(info: Emulator["info"]): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: info.clientId,
    client_secret: info.clientSecret,
    scope: `${info.graph}/.default`,
  });
  const response = await fetch(`${info.authority}/${info.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body,
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

/** The code of an error, taken out of whichever encoding it came in. */
export function codeOf(answer: Answer): string {
  const { code, message } = answer.body.error;
  return code === "UnknownError" ? JSON.parse(message).errorCode : code;
}
