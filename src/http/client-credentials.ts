import { fetchAssertion } from "./assertion";
import { CredentialError } from "./credential-error";
import { audienceOf, type CredentialSettings } from "./credentials";
import { Dropped, orDropped } from "./dropped";
import { isForPeople, readErrorBody } from "./error-body";
import type { ReplyFacts, Service } from "./exchange";
import { type Attempt, DEFAULT_BUDGETS, decide, untilReached } from "./retry";
import { parseRetryAfter } from "./retry-after";
import type { Clock, Sleep } from "./time";
import type { AccessToken } from "./token-source";

/** What a token request needs besides its settings. */
export interface SignInParts {
  clock: Clock;
  sleep: Sleep;
  random: () => number;
  fetch: typeof fetch;
}

const ATTEMPT_TIMEOUT_MS = 30_000;

/**
 * Asks for a token as the OAuth 2.0 client credentials grant says. Only for an emulator on this machine:
 * Azure's library refuses plain HTTP, and everywhere else it is the one to use.
 */
export async function requestToken(
  settings: CredentialSettings,
  service: Service,
  claims: string | undefined,
  parts: SignInParts,
): Promise<AccessToken> {
  const url = `${settings.authorityHost}/${settings.tenantId}/oauth2/v2.0/token`;
  const body = await writeForm(settings, service, claims, parts.fetch);
  const reply = await sendForm(url, body, parts);
  if (reply.status !== 200) throw new CredentialError(describe(reply));
  return readToken(reply, parts.clock());
}

async function writeForm(
  settings: CredentialSettings,
  service: Service,
  claims: string | undefined,
  send: typeof fetch,
): Promise<URLSearchParams> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: settings.clientId ?? "",
    scope: `${audienceOf(settings, service)}/.default`,
  });
  if (claims !== undefined) form.set("claims", claims);
  if (settings.clientSecret !== undefined) {
    form.set("client_secret", settings.clientSecret);
  } else {
    form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.set("client_assertion", await fetchAssertion(settings, send));
  }
  return form;
}

/** A token request changes nothing, so it may be sent again. */
async function sendForm(
  url: string,
  form: URLSearchParams,
  parts: SignInParts,
): Promise<ReplyFacts> {
  const began = parts.clock();
  for (let failures = 1; ; failures += 1) {
    const outcome = await sendOnce(url, form, parts.fetch);
    const elapsed = parts.clock() - began;
    const trouble = { failures, serverErrors: failures, throttledMs: elapsed, failingMs: elapsed };
    const attempt = describeAttempt(outcome, parts.clock());
    const isReached = !(outcome instanceof Dropped) || outcome.sent;
    const budgets = isReached ? DEFAULT_BUDGETS : untilReached(DEFAULT_BUDGETS);
    const verdict = decide(true, attempt, trouble, budgets, parts.random());
    if (verdict.kind !== "again") {
      if (outcome instanceof Dropped)
        throw new CredentialError(outcome.message, { cause: outcome });
      return outcome;
    }
    const asked = attempt.kind === "answer" ? (attempt.retryAfterMs ?? 1_000) : 0;
    await parts.sleep(Math.max(verdict.waitMs, asked));
  }
}

async function sendOnce(
  url: string,
  form: URLSearchParams,
  send: typeof fetch,
): Promise<ReplyFacts | Dropped> {
  try {
    return await orDropped(ATTEMPT_TIMEOUT_MS, undefined, async (signal) => {
      const response = await send(url, { method: "POST", body: form, signal, redirect: "error" });
      const headers = Object.fromEntries(response.headers);
      return { status: response.status, headers, text: await response.text() };
    });
  } catch (error) {
    if (error instanceof Dropped) return error;
    throw error;
  }
}

function describeAttempt(outcome: ReplyFacts | Dropped, now: number): Attempt {
  if (outcome instanceof Dropped) {
    const { sent, hopeless } = outcome;
    return { kind: "dropped", sent, hopeless };
  }
  const retryAfterMs = parseRetryAfter(outcome.headers["retry-after"], now);
  return { kind: "answer", status: outcome.status, retryAfterMs };
}

function readToken(reply: ReplyFacts, now: number): AccessToken {
  const body = readJson(reply);
  const { access_token: token, expires_in: seconds } = body;
  if (typeof token !== "string")
    throw new CredentialError("the token endpoint's answer has no token");
  return { token, expiresOnTimestamp: now + Number(seconds ?? 3600) * 1000 };
}

function readJson(reply: ReplyFacts): { access_token?: unknown; expires_in?: unknown } {
  try {
    return JSON.parse(reply.text);
  } catch (cause) {
    const what = isForPeople(reply) ? "an HTML page" : "no JSON";
    throw new CredentialError(`the token endpoint answered 200 with ${what}`, { cause });
  }
}

function describe(reply: ReplyFacts): string {
  const { code, message } = readErrorBody(reply);
  const answer = code === "" ? String(reply.status) : `${reply.status} ${code}`;
  return `the token endpoint answered ${answer}: ${message}`.replace(/: $/, "");
}
