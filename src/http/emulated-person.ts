import { CredentialError } from "./credential-error";
import { audienceOf, type CredentialSettings } from "./credentials";
import { readErrorBody } from "./error-body";
import type { Service } from "./exchange";
import type { Clock, Sleep } from "./time";
import type { AccessToken } from "./token-source";

/** What a person's sign-in needs besides its settings. */
export interface PersonParts {
  clock: Clock;
  sleep: Sleep;
  fetch: typeof fetch;
  /** Tells the person what to do. */
  prompt: (message: string) => void;
}

/** Signs a person in, as often as it is asked. */
export type AskPerson = (service: Service, claims: string | undefined) => Promise<AccessToken>;

/**
 * The device code and authorization code grants of OAuth 2.0 in their plainest form. Only for an emulator on this
 * machine: Azure's library refuses plain HTTP, and everywhere else it is the one to use.
 */
export function askEmulatedPerson(settings: CredentialSettings, parts: PersonParts): AskPerson {
  let refreshToken: string | undefined;
  const signIn = settings.method === "device" ? byDevice : byBrowser;
  return async (service, claims) => {
    const form = {
      client_id: settings.clientId ?? "",
      scope: `${audienceOf(settings, service)}/.default offline_access`,
      ...(claims !== undefined && { claims }),
    };
    const kept = refreshToken;
    const silent =
      kept === undefined
        ? undefined
        : await token(settings, parts, {
            ...form,
            grant_type: "refresh_token",
            refresh_token: kept,
          });
    const answer =
      silent?.access_token === undefined ? await signIn(settings, parts, form) : silent;
    if (answer.access_token === undefined) throw new CredentialError(answer.problem);
    refreshToken = answer.refresh_token ?? refreshToken;
    const seconds = Number(answer.expires_in ?? 3600);
    return { token: answer.access_token, expiresOnTimestamp: parts.clock() + seconds * 1000 };
  };
}

interface Answer {
  access_token?: string;
  refresh_token?: string;
  expires_in?: number;
  /** OAuth's code of an error. */
  error?: string;
  problem: string;
}

type Form = Record<string, string>;
type SignIn = (settings: CredentialSettings, parts: PersonParts, form: Form) => Promise<Answer>;

const byDevice: SignIn = async (settings, parts, form) => {
  const device = (await post(settings, parts, "devicecode", form)) as Answer &
    Record<string, unknown>;
  if (typeof device["device_code"] !== "string") return device;
  parts.prompt(String(device["message"]));
  const until = parts.clock() + Number(device["expires_in"] ?? 900) * 1000;
  const pauseMs = Number(device["interval"] ?? 5) * 1000;
  const grant = {
    ...form,
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: device["device_code"],
  };
  for (;;) {
    const answer = await token(settings, parts, grant);
    if (answer.error !== "authorization_pending") return answer;
    if (parts.clock() + pauseMs > until)
      return { problem: "nobody entered the code before it ran out; run again" };
    await parts.sleep(pauseMs);
  }
};

/** The emulator has no page: whoever it has seated at the browser is sent back at once. */
const byBrowser: SignIn = async (settings, parts, form) => {
  const asked = new URLSearchParams({
    ...form,
    response_type: "code",
    redirect_uri: "http://localhost",
  });
  const url = `${base(settings)}/authorize?${asked}`;
  const page = await parts.fetch(url, { redirect: "manual" });
  const code = new URL(page.headers.get("location") ?? "http://localhost").searchParams.get("code");
  if (code === null)
    return { problem: "no browser could be opened for the sign-in; use a device code instead" };
  return token(settings, parts, { ...form, grant_type: "authorization_code", code });
};

function token(settings: CredentialSettings, parts: PersonParts, form: Form): Promise<Answer> {
  return post(settings, parts, "token", form);
}

async function post(
  settings: CredentialSettings,
  { fetch: send }: PersonParts,
  what: string,
  form: Form,
): Promise<Answer> {
  const url = `${base(settings)}/${what}`;
  const response = await send(url, {
    method: "POST",
    body: new URLSearchParams(form),
    redirect: "error",
  }).catch((cause: unknown) => {
    throw new CredentialError(`no answer from ${settings.authorityHost}`, { cause });
  });
  const text = await response.text();
  const body = parse(text);
  const headers = Object.fromEntries(response.headers);
  const { code, message } = readErrorBody({ status: response.status, headers, text });
  return { ...body, problem: `the sign-in answered ${response.status} ${code}: ${message}` };
}

function parse(text: string): Partial<Answer> {
  try {
    return JSON.parse(text) as Partial<Answer>;
  } catch {
    return {}; // no sign-in service: the status says the rest
  }
}

function base(settings: CredentialSettings): string {
  return `${settings.authorityHost}/${settings.tenantId}/oauth2/v2.0`;
}
