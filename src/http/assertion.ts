import { readFile } from "node:fs/promises";
import { CLOUDS } from "./clouds";
import { CredentialError } from "./credential-error";
import type { CredentialSettings } from "./credentials";

/**
 * Gets the assertion with which a federated identity signs in. It lives for minutes, so a file is read and
 * a pipeline is asked each time; only a token that was given as such cannot be renewed.
 */
export async function fetchAssertion(
  settings: CredentialSettings,
  send: typeof fetch = fetch,
): Promise<string> {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken } = settings;
  if (oidcToken) return oidcToken;
  if (oidcTokenFilePath) return readAssertion(oidcTokenFilePath);
  if (!oidcRequestUrl || !oidcRequestToken) throw new CredentialError("no assertion is configured");
  const request = isDevOps(settings) ? devOpsRequest : gitHubRequest;
  return requestAssertion(request(settings, oidcRequestUrl, oidcRequestToken), send);
}

async function readAssertion(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CredentialError(`cannot read the assertion file ${path}`, { cause });
  });
  const assertion = text.trim();
  if (!assertion) throw new CredentialError(`the assertion file ${path} is empty`);
  return assertion;
}

function isDevOps({ adoPipelineServiceConnectionId, origins }: CredentialSettings): boolean {
  return (
    adoPipelineServiceConnectionId !== undefined ||
    origins.oidcRequestUrl === "SYSTEM_OIDCREQUESTURI"
  );
}

interface AssertionRequest {
  url: string;
  init: RequestInit;
  /** Member of the answer that holds the assertion. */
  member: "value" | "oidcToken";
  who: string;
}

function gitHubRequest(
  settings: CredentialSettings,
  base: string,
  token: string,
): AssertionRequest {
  const url = new URL(base);
  url.searchParams.set("audience", CLOUDS[settings.cloud].assertionAudience);
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
  return { url: url.href, init: { headers }, member: "value", who: "GitHub" };
}

function devOpsRequest(
  settings: CredentialSettings,
  base: string,
  token: string,
): AssertionRequest {
  const connection = settings.adoPipelineServiceConnectionId;
  if (!connection) {
    throw new CredentialError(
      "Azure DevOps needs a service connection: set entra-pim:adoPipelineServiceConnectionId or ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    );
  }
  const url = new URL(base);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", connection);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    // Without it an expired token is answered with a sign-in page.
    "x-tfs-fedauthredirect": "Suppress",
  };
  return {
    url: url.href,
    init: { method: "POST", headers },
    member: "oidcToken",
    who: "Azure DevOps",
  };
}

async function requestAssertion(
  { url, init, member, who }: AssertionRequest,
  send: typeof fetch,
): Promise<string> {
  const response = await send(url, { ...init, redirect: "error" }).catch((cause: unknown) => {
    throw new CredentialError(`${who} gave no assertion: no answer`, { cause });
  });
  if (!response.ok)
    throw new CredentialError(`${who} gave no assertion: status ${response.status}`);
  const body: unknown = await response.json().catch(() => undefined);
  const assertion = (body as Record<string, unknown> | undefined)?.[member];
  if (typeof assertion !== "string" || assertion === "") {
    throw new CredentialError(`${who} gave no assertion: its answer has no "${member}"`);
  }
  return assertion;
}
