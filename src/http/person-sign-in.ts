import type { TokenCredential } from "@azure/core-auth";
import type * as Identity from "@azure/identity";
import { cloudOfAuthority } from "./clouds";
import { CredentialError } from "./credential-error";
import { audienceOf, type CredentialSettings } from "./credentials";
import { type AskPerson, askEmulatedPerson, type PersonParts } from "./emulated-person";
import type { TokenCache } from "./token-cache";
import type { AccessToken, FetchToken } from "./token-source";

/** A token that ends sooner than this is not worth keeping, in milliseconds. */
const LEAST_LIFE_MS = 300_000;

/**
 * Tokens of a person who signs in with a browser or a device code. One question at a time: two services asked at the
 * same moment must not ask the person twice.
 */
export function personTokens(
  settings: CredentialSettings,
  parts: PersonParts & { tokenCache?: TokenCache | undefined },
): FetchToken {
  const plain = settings.authorityHost.startsWith("http:");
  const ask = plain ? askEmulatedPerson(settings, parts) : askLibrary(settings, parts);
  const given = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  const fetchToken = async (service: "graph" | "arm", claims: string | undefined) => {
    const key = (asked: string) => cacheKey(settings, service, asked);
    // What was handed out before was refused, or has ended: else nobody would ask again.
    const kept = parts.tokenCache?.read(key(claims ?? ""));
    if (kept !== undefined && isFresh(kept, parts.clock()) && !given.has(kept.token)) return kept;
    const token = await ask(service, claims);
    parts.tokenCache?.write(key(claims ?? ""), token);
    // What satisfies more serves wherever less is asked for.
    if (claims !== undefined) parts.tokenCache?.write(key(""), token);
    return token;
  };

  return (service, claims) => {
    const next = turn.then(async () => {
      const token = await fetchToken(service, claims);
      given.add(token.token);
      return token;
    });
    turn = next.catch(() => undefined);
    return next;
  };
}

function isFresh({ expiresOnTimestamp }: AccessToken, now: number): boolean {
  return expiresOnTimestamp - now > LEAST_LIFE_MS;
}

function cacheKey(settings: CredentialSettings, service: string, claims: string): string {
  const { authorityHost, tenantId, clientId, armFromCli } = settings;
  const audience = audienceOf(settings, service === "arm" ? "arm" : "graph");
  return [authorityHost, tenantId, clientId, service, audience, armFromCli ?? "", claims].join(
    "\n",
  );
}

/** One credential for as long as the process lives: its memory holds what renews a token without a question. */
function askLibrary(settings: CredentialSettings, parts: PersonParts): AskPerson {
  let person: TokenCredential | undefined;
  let cli: TokenCredential | undefined;
  return async (service, claims) => {
    // Loading it takes longer than most commands run before they need a token.
    const identity: typeof Identity = require("@azure/identity");
    const isCli = service === "arm" && settings.armFromCli === true;
    if (isCli) cli ??= azureCli(identity, settings);
    else person ??= createCredential(identity, settings, parts);
    const credential = isCli ? cli : person;
    const scope = `${audienceOf(settings, service)}/.default`;
    // Continuous access evaluation is declared always: a token that is asked for without it is another one.
    const token = await credential?.getToken(scope, {
      enableCae: true,
      ...(claims !== undefined && { claims }),
    });
    if (!token) throw new CredentialError("the sign-in gave no token");
    return token;
  };
}

function azureCli(identity: typeof Identity, { tenantId }: CredentialSettings): TokenCredential {
  return new identity.AzureCliCredential(tenantId === undefined ? {} : { tenantId });
}

function createCredential(
  identity: typeof Identity,
  { method, tenantId = "", clientId = "", authorityHost }: CredentialSettings,
  { prompt }: PersonParts,
): TokenCredential {
  const disableInstanceDiscovery = cloudOfAuthority(authorityHost) === undefined;
  const options = { tenantId, clientId, authorityHost, disableInstanceDiscovery };
  if (method === "device") {
    const userPromptCallback = ({ message }: { message: string }) => prompt(message);
    return new identity.DeviceCodeCredential({ ...options, userPromptCallback });
  }
  return new identity.InteractiveBrowserCredential({
    ...options,
    redirectUri: "http://localhost",
  });
}
