import type { TokenCredential } from "@azure/core-auth";
import type * as Identity from "@azure/identity";
import { fetchAssertion } from "./assertion";
import { requestToken, type SignInParts } from "./client-credentials";
import { cloudOfAuthority } from "./clouds";
import { CredentialError } from "./credential-error";
import { audienceOf, type CredentialSettings, describeCredentials, isPerson } from "./credentials";
import { Dropped, orDropped } from "./dropped";
import { personTokens } from "./person-sign-in";
import { sleep } from "./time";
import type { TokenCache } from "./token-cache";
import { type AccessToken, cacheTokens, type FetchToken, type TokenSource } from "./token-source";

/** What only the sign-in of a person needs. */
export interface PersonOptions {
  /** Tells the person what to do. @default - standard error */
  prompt?: (message: string) => void;
  /** Keeps tokens from one process to the next. @default - they are kept in this process only */
  tokenCache?: TokenCache | undefined;
}

/** Makes the source of tokens for these settings; nothing is loaded or asked before the first token. */
export function createTokenSource(
  settings: CredentialSettings,
  parts: Partial<SignInParts> & PersonOptions = {},
): TokenSource {
  const whole = {
    clock: Date.now,
    sleep,
    random: Math.random,
    fetch,
    prompt: toStandardError,
    ...parts,
  };
  const plain = settings.authorityHost.startsWith("http:");
  const person = isPerson(settings.method) ? personTokens(settings, whole) : undefined;
  const ofApplication: FetchToken = plain
    ? (service, claims) => requestToken(settings, service, claims, whole)
    : (service, claims) =>
        askLibrary(settings, `${audienceOf(settings, service)}/.default`, claims, whole);
  const fetchToken = person ?? ofApplication;
  return cacheTokens(
    (service, claims) =>
      fetchToken(service, claims).catch((error) => fail(settings, service, error, whole.fetch)),
    whole.clock,
  );
}

/** A fresh credential each time: the library would answer from its own memory what the service just refused. */
async function askLibrary(
  settings: CredentialSettings,
  scope: string,
  claims: string | undefined,
  { fetch: send }: SignInParts,
): Promise<AccessToken> {
  // Loading it takes longer than most programs run before they need a token.
  const identity: typeof Identity = require("@azure/identity");
  const credential = createCredential(identity, settings, send);
  const asked = claims === undefined ? {} : { claims, enableCae: true };
  const token = await credential.getToken(scope, asked);
  if (!token) throw new CredentialError("the credential gave no token");
  return token;
}

function createCredential(
  identity: typeof Identity,
  settings: CredentialSettings,
  send: typeof fetch,
): TokenCredential {
  const { tenantId = "", clientId = "", authorityHost } = settings;
  // Only Microsoft's own login addresses can be looked up in Microsoft's directory of them.
  const disableInstanceDiscovery = cloudOfAuthority(authorityHost) === undefined;
  const options = { authorityHost, disableInstanceDiscovery };
  switch (settings.method) {
    case "secret": {
      const { clientSecret = "" } = settings;
      return new identity.ClientSecretCredential(tenantId, clientId, clientSecret, options);
    }
    case "certificate":
      return createCertificateCredential(identity, settings, options);
    case "oidc": {
      const assertion = () => fetchAssertion(settings, send);
      return new identity.ClientAssertionCredential(tenantId, clientId, assertion, options);
    }
    case "msi":
      return clientId
        ? new identity.ManagedIdentityCredential({ clientId })
        : new identity.ManagedIdentityCredential();
    case "cli":
      return new identity.AzureCliCredential(tenantId ? { tenantId } : {});
    case "browser":
    case "device":
      throw new CredentialError("a person signs in by a way of their own");
    case "default":
      return new identity.DefaultAzureCredential({
        authorityHost,
        ...(tenantId && { tenantId }),
        ...(clientId && { managedIdentityClientId: clientId }),
      });
  }
}

type AuthorityOptions = { authorityHost: string; disableInstanceDiscovery: boolean };

function createCertificateCredential(
  identity: typeof Identity,
  settings: CredentialSettings,
  options: AuthorityOptions,
): TokenCredential {
  const { tenantId = "", clientId = "" } = settings;
  const { clientCertificatePath: certificatePath = "", clientCertificatePassword } = settings;
  if (/\.(pfx|p12)$/i.test(certificatePath)) {
    throw new CredentialError(
      `${certificatePath} is a PKCS #12 file, expected PEM; convert it: openssl pkcs12 -in FILE -out FILE.pem -nodes`,
    );
  }
  const certificate = {
    certificatePath,
    ...(clientCertificatePassword && { certificatePassword: clientCertificatePassword }),
  };
  return new identity.ClientCertificateCredential(tenantId, clientId, certificate, options);
}

function toStandardError(message: string): void {
  process.stderr.write(`${message}\n`);
}

const SERVICES = { graph: "Microsoft Graph", arm: "Azure Resource Manager" } as const;

async function fail(
  settings: CredentialSettings,
  service: "graph" | "arm",
  cause: unknown,
  send: typeof fetch,
): Promise<never> {
  const who = settings.clientId ? ` as client ${settings.clientId}` : "";
  const where = settings.tenantId ? ` of tenant ${settings.tenantId}` : "";
  const reason = reasonOf(cause);
  const behind = LIBRARY_HIDES.test(reason) ? await whyNotReached(settings, send) : "";
  throw new CredentialError(
    `no token for ${SERVICES[service]}${where}${who} (${describeCredentials(settings)}): ${reason}${behind}`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown reason";
  const isNobody = /^ChainedTokenCredential/.test(cause.message) && !/AADSTS/.test(cause.message);
  return isNobody ? NOBODY : oneLine(cause.message);
}

const NOBODY =
  "nothing is signed in: no variables, no managed identity, no Azure CLI; name an identity: a pipeline's by ARM_CLIENT_ID or entra-pim:clientId, a person's by --client-id or ENTRA_PIM_CLIENT_ID";

/** Codes of the library that stand for any failure on the way to the sign-in. */
const LIBRARY_HIDES = /endpoints_resolution_error|openid_config_error|network_error/;

const PROBE_TIMEOUT_MS = 10_000;

async function whyNotReached(
  { authorityHost }: CredentialSettings,
  send: typeof fetch,
): Promise<string> {
  try {
    await orDropped(PROBE_TIMEOUT_MS, undefined, (signal) =>
      send(authorityHost, { redirect: "manual", signal }),
    );
    return "";
  } catch (error) {
    return error instanceof Dropped ? `; ${authorityHost}: ${error.message}` : "";
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
