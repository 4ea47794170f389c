// How the stand-ins reach a service: credentials and addresses from where the real plugins take them.

import { setTimeout as pause } from "node:timers/promises";

/** A signed-in connection to Microsoft Graph or Azure Resource Manager. */
export interface Connection {
  readonly tenantId: string;
  readonly clientId: string;
  /** Object id of the service principal that is signed in. */
  readonly objectId: string;
  readonly subscriptionId: string | undefined;
  /** Where the service answers, without a final slash. */
  readonly endpoint: string;
  /** Sends a request; throws an `HttpError` for every answer but 2xx. */
  send<Answer = Record<string, unknown>>(
    method: string,
    path: string,
    options?: { query?: Record<string, string>; body?: unknown },
  ): Promise<Answer>;
}

/** An answer that is none of success. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Signs in by configuration, then by environment; both real plugins know the same names. */
export async function connect(
  service: "graph" | "arm",
  config: Record<string, unknown>,
): Promise<Connection> {
  const setting = (name: string, variable: string) =>
    text(config[name]) ?? text(process.env[variable]);
  const tenantId = required(setting("tenantId", "ARM_TENANT_ID"), "tenantId");
  const clientId = required(setting("clientId", "ARM_CLIENT_ID"), "clientId");
  const secret = required(setting("clientSecret", "ARM_CLIENT_SECRET"), "clientSecret");
  const host = required(setting("metadataHost", "ARM_METADATA_HOSTNAME"), "metadataHost");
  const subscriptionId = setting("subscriptionId", "ARM_SUBSCRIPTION_ID");
  if (service === "arm") required(subscriptionId, "subscriptionId");
  const cloud = await metadataOf(host);
  const endpoint = service === "graph" ? cloud.microsoftGraphResourceId : cloud.resourceManager;
  const token = await tokenOf(`${cloud.authentication.loginEndpoint}/${tenantId}`, {
    client_id: clientId,
    client_secret: secret,
    scope: `${endpoint}/.default`,
  });
  return {
    tenantId,
    clientId,
    objectId: claimOf(token, "oid"),
    subscriptionId,
    endpoint,
    send: (method, path, options) => send(endpoint, token, method, path, options),
  };
}

/** Asks until the service knows what was just made, as the real plugins do; some refusals mean the same as 404. */
export async function untilFound<Answer>(
  ask: () => Promise<Answer>,
  early?: RegExp,
): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const isEarly = isGone(error) || (error instanceof HttpError && early?.test(error.message));
      if (!isEarly || tries === 240) throw error;
      await pause(500);
    }
  }
}

/** Undefined where the service says that there is none. */
export async function orUndefined<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404;
}

interface CloudMetadata {
  resourceManager: string;
  microsoftGraphResourceId: string;
  authentication: { loginEndpoint: string };
}

async function metadataOf(host: string): Promise<CloudMetadata> {
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  const response = await fetch(url).catch((cause: unknown) => {
    throw new Error(`no metadata from ${url}: ${reasonOf(cause)}`);
  });
  if (response.status !== 200) throw new Error(`no metadata from ${url}: ${response.status}`);
  return (await response.json()) as CloudMetadata;
}

async function tokenOf(authority: string, form: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...form });
  const response = await fetch(`${authority}/oauth2/v2.0/token`, { method: "POST", body });
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token === undefined)
    throw new Error(`sign-in failed: ${answer.error_description}`);
  return answer.access_token;
}

async function send<Answer>(
  endpoint: string,
  token: string,
  method: string,
  path: string,
  { query = {}, body }: { query?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  // Form-encoded, as Go's url.Values write it: a plus for a space, "%24filter".
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${endpoint}${path}${search === "" ? "" : `?${search}`}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok)
    throw new HttpError(
      response.status,
      `${method} ${path}: unexpected status ${response.status} with response: ${answer}`,
    );
  return (answer === "" ? {} : JSON.parse(answer)) as Answer;
}

function claimOf(token: string, name: string): string {
  const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return String((JSON.parse(claims) as Record<string, unknown>)[name]);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`no ${name} in configuration or environment`);
  return value;
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause;
  return inner instanceof Error ? inner.message : String(inner);
}
